"""签署: who signed a letter for which party, over which content, with which handwriting."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key, Moment
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.kinds import Party


class SignatureRow(Base):
    """One signature; a letter has at most one per party."""

    __tablename__ = "signature"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"))
    party: Mapped[str] = mapped_column(String(1))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    content_sha256: Mapped[str] = mapped_column(String(64))
    image: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (UniqueConstraint("letter_id", "party"),)


@dataclass(frozen=True)
class SignatureView:
    """A signature; `image` is the id of the handwriting's file, None where there is none."""

    party: Party
    person: int
    at: datetime
    content_sha256: str
    image: str | None


def of(work: Work, letter: int) -> tuple[SignatureView, ...]:
    """The signatures of a letter, in the order of signing."""
    wanted = select(SignatureRow.__table__).where(SignatureRow.letter_id == letter).order_by(SignatureRow.id)
    return tuple(rows.view(SignatureView, row) for row in work.session.execute(wanted))
