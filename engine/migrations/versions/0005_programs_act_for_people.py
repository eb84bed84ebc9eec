"""programs act for people"""

import sqlalchemy as sa
from alembic import op

import engine.kernel.database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Personal tokens; answers that are kept beside their effect."""
    op.create_table(
        "kept_answer",
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("expires_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_kept_answer")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_answer_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "personal_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=12), nullable=False),
        sa.Column("scopes", engine.kernel.database.Json(), nullable=False),
        sa.Column("created_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.Column("used_at", engine.kernel.database.Moment(timezone=True), nullable=True),
        sa.Column("revoked_at", engine.kernel.database.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_personal_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_token_token_hash")),
    )
    with op.batch_alter_table("personal_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_personal_token_person_id"), ["person_id"], unique=False)
