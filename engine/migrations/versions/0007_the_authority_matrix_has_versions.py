"""the authority matrix has versions"""

import sqlalchemy as sa
from alembic import op

import engine.kernel.database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A duty may hold under a condition; matrices are kept with the moment from which approvals follow them."""
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(sa.Column("condition", sa.String(length=12), server_default="", nullable=False))
    op.create_table(
        "authority_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("effective_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.Column("kinds", engine.kernel.database.Json(), nullable=False),
        sa.Column("rows", engine.kernel.database.Json(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=True),
        sa.Column("made_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.Column("made_by", KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_version")),
        sa.UniqueConstraint("no", name=op.f("uq_authority_version_no")),
    )
    with op.batch_alter_table("authority_version", schema=None) as batch_op:
        batch_op.create_index("ix_authority_version_due", ["status", "effective_at"], unique=False)
