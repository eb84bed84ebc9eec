"""editors of a letter see each other"""

import sqlalchemy as sa
from alembic import op

import engine.kernel.database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """A letter knows who has its editor open, and in which row."""
    op.create_table(
        "letter_editing",
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=True),
        sa.Column("seen_at", engine.kernel.database.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_editing_letter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_letter_editing_person_id")),
        sa.PrimaryKeyConstraint("letter_id", "person_id", name=op.f("pk_letter_editing")),
    )
