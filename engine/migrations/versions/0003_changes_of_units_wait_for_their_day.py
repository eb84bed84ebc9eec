"""changes of units wait for their day"""

import sqlalchemy as sa
from alembic import op

import engine.kernel.database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What changed about units is kept with its day; what is to change waits for it."""
    op.create_table(
        "org_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("org_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("before", engine.kernel.database.Json(), nullable=False),
        sa.Column("after", engine.kernel.database.Json(), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("made_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["org.id"], name=op.f("fk_org_change_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_change")),
    )
    with op.batch_alter_table("org_change", schema=None) as batch_op:
        batch_op.create_index("ix_org_change_due", ["applied", "starts"], unique=False)
        batch_op.create_index(batch_op.f("ix_org_change_org_id"), ["org_id"], unique=False)
