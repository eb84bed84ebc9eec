"""regulations are handed in and approved"""

import sqlalchemy as sa
from alembic import op

import engine.kernel.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Who asked for the approval of a regulation, when, and who gave it."""
    with op.batch_alter_table("regulation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submitted_at", engine.kernel.database.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("submitted_by_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("approved_by_id", KEY, nullable=True))
        batch_op.create_foreign_key(op.f("fk_regulation_submitted_by_id"), "person", ["submitted_by_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_regulation_approved_by_id"), "person", ["approved_by_id"], ["id"])
