"""What adjustments leave behind for scoring: factors, caps, zeros, free days, deductions; each cites its adjustment."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ForeignKey, String, and_, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Key
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.kinds import EffectKind, Level
from engine.letters.letters import LetterView


class ScoreEffectRow(Base):
    """One effect: on an item of a version, or on an organisation's letter of a period (a broken promise)."""

    __tablename__ = "score_effect"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    adjustment_id: Mapped[int] = mapped_column(Key, ForeignKey("adjustment.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"), index=True)
    org_id: Mapped[int | None] = mapped_column(Key, ForeignKey("org.id"), index=True)
    level: Mapped[str | None] = mapped_column(String(8))
    period: Mapped[str | None] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[Decimal] = mapped_column(Exact)
    article: Mapped[str] = mapped_column(String(80), default="")


@dataclass(frozen=True)
class ScoreEffect:
    """An effect on scoring (`domain.md` §9).

    FACTOR: multiplies the item's score. CAP: highest score of the item, applied after the factor. ZERO: s = 0.
    BONUS: the item adds `value` points to the letter when done. FREE_LATE_DAYS: that many late days cost nothing.
    NOT_SCORED: the item is left out, its weight was given to others. PROVIDER_DEDUCTION: `value` points off the letter.
    """

    id: int
    kind: EffectKind
    value: Decimal
    adjustment: int
    letter: int | None = None
    item: int | None = None
    org: int | None = None
    article: str = ""


@dataclass(frozen=True)
class NewEffect:
    """An effect to be stored: on an item of a letter, or on an organisation in a period."""

    kind: EffectKind
    value: Decimal
    adjustment: int
    article: str
    letter: int | None = None
    item: int | None = None
    org: int | None = None
    level: Level | None = None
    period: str | None = None


def of(work: Work, letter: LetterView) -> tuple[ScoreEffect, ...]:
    """Everything that bears on the scores of this letter, oldest first."""
    on_org = and_(
        ScoreEffectRow.org_id == letter.org,
        ScoreEffectRow.level == letter.level,
        ScoreEffectRow.period == letter.period,
    )
    wanted = select(ScoreEffectRow.__table__).where(or_(ScoreEffectRow.letter_id == letter.id, on_org))
    return tuple(rows.view(ScoreEffect, row) for row in work.session.execute(wanted.order_by(ScoreEffectRow.id)))


def add(work: Work, new: NewEffect) -> None:
    """Stores an effect."""
    values = {
        "kind": new.kind,
        "value": new.value,
        "adjustment_id": new.adjustment,
        "article": new.article,
        "letter_id": new.letter,
        "item_id": new.item,
        "org_id": new.org,
        "level": new.level,
        "period": new.period,
    }
    work.session.execute(insert(ScoreEffectRow).values(**values))
