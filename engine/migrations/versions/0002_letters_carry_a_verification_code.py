"""letters carry a verification code"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LETTER = sa.table("letter", sa.column("id"), sa.column("content_sha256"), sa.column("verify_code"))


def upgrade() -> None:
    """Letters whose content is final carry the code that their paper leads to; those that are final already get one."""
    op.add_column("letter", sa.Column("verify_code", sa.String(length=22), nullable=True))
    op.create_index("ix_letter_verify_code", "letter", ["verify_code"], unique=True)
    sealed = sa.select(LETTER.c.id).where(LETTER.c.content_sha256.is_not(None))
    for letter in op.get_bind().execute(sealed).scalars().all():
        code = secrets.token_urlsafe(16)
        op.execute(sa.update(LETTER).where(LETTER.c.id == letter).values(verify_code=code))
