"""Scorecards and item scores: the tables and what others see of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Integer, String, Text, UniqueConstraint, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Exact, Json, Key, Moment
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.letters import rows


class CardRow(Base):
    """The scoring of one letter; the total is stored when it is calculated, rounded to 2 places."""

    __tablename__ = "scorecard"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    self_at: Mapped[datetime | None] = mapped_column(Moment)
    self_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    self_missed: Mapped[bool] = mapped_column(Boolean, default=False)
    scored_at: Mapped[datetime | None] = mapped_column(Moment)
    scored_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    satisfaction: Mapped[Decimal | None] = mapped_column(Exact)
    indicator: Mapped[Decimal | None] = mapped_column(Exact)
    blended: Mapped[Decimal | None] = mapped_column(Exact)
    bonus: Mapped[Decimal | None] = mapped_column(Exact)
    deduction: Mapped[Decimal | None] = mapped_column(Exact)
    late: Mapped[Decimal | None] = mapped_column(Exact)
    before_veto: Mapped[Decimal | None] = mapped_column(Exact)
    final: Mapped[Decimal | None] = mapped_column(Exact)
    rest: Mapped[Decimal | None] = mapped_column(Exact)
    vetoed: Mapped[bool] = mapped_column(Boolean, default=False)
    unscored: Mapped[int] = mapped_column(Integer, default=0)
    shares: Mapped[Any] = mapped_column(Json, default=list)  # of groups: [{group, contribution}]
    grade: Mapped[str | None] = mapped_column(String(2))
    calculated_at: Mapped[datetime | None] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(Integer, default=1)


class ItemScoreRow(Base):
    """One item on a scorecard: what was said, what is known, what came out and why."""

    __tablename__ = "item_score"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    card_id: Mapped[int] = mapped_column(Key, ForeignKey("scorecard.id"), index=True)
    item_id: Mapped[int] = mapped_column(Key, ForeignKey("item.id"))
    weight: Mapped[Decimal] = mapped_column(Exact, default=Decimal(0))
    self_points: Mapped[Decimal | None] = mapped_column(Exact)
    self_note: Mapped[str] = mapped_column(Text, default="")
    actual: Mapped[Any] = mapped_column(Json, nullable=True)
    events: Mapped[Any] = mapped_column(Json, nullable=True)
    ratings: Mapped[Any] = mapped_column(Json, default=list)
    evidence: Mapped[str] = mapped_column(Text, default="")
    files: Mapped[Any] = mapped_column(Json, default=list)
    data_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    data_at: Mapped[datetime | None] = mapped_column(Moment)
    given: Mapped[Decimal | None] = mapped_column(Exact)  # points that OPS set instead of the computed ones
    reason: Mapped[str] = mapped_column(Text, default="")
    given_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    given_at: Mapped[datetime | None] = mapped_column(Moment)
    not_applicable: Mapped[bool] = mapped_column(Boolean, default=False)
    computed: Mapped[Decimal | None] = mapped_column(Exact)
    points: Mapped[Decimal | None] = mapped_column(Exact)
    contribution: Mapped[Decimal | None] = mapped_column(Exact)
    formula: Mapped[str] = mapped_column(Text, default="")
    branch: Mapped[str] = mapped_column(String(40), default="")
    missing: Mapped[str] = mapped_column(String(120), default="")
    limits: Mapped[Any] = mapped_column(Json, default=list)
    article: Mapped[str] = mapped_column(String(80), default="")
    carry_over: Mapped[bool] = mapped_column(Boolean, default=False)
    revision: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (UniqueConstraint("card_id", "item_id"),)


@dataclass(frozen=True)
class CardView:
    """A letter's scorecard; totals are None until it was calculated, `grade` until one was found."""

    id: int
    letter: int
    opened_at: datetime
    self_at: datetime | None = None
    self_by: int | None = None
    self_missed: bool = False
    scored_at: datetime | None = None
    scored_by: int | None = None
    satisfaction: Decimal | None = None
    indicator: Decimal | None = None
    blended: Decimal | None = None
    bonus: Decimal | None = None
    deduction: Decimal | None = None
    late: Decimal | None = None
    before_veto: Decimal | None = None
    final: Decimal | None = None
    rest: Decimal | None = None
    vetoed: bool = False
    unscored: int = 0
    shares: tuple[Mapping[str, Any], ...] = ()
    grade: str | None = None
    calculated_at: datetime | None = None
    published_at: datetime | None = None
    closed_at: datetime | None = None
    revision: int = 1


@dataclass(frozen=True)
class ItemScoreView:
    """One item's score. `points` is what counts: `given` where OPS set it, else `computed`; None is not scored yet.

    `events`: [{event, count, before, points, share}] or None before data came; `ratings`: [{rater, group, points,
    level, criteria, comment}]; `limits`: [[name, points]].
    """

    id: int
    card: int
    item: int
    weight: Decimal
    self_points: Decimal | None = None
    self_note: str = ""
    actual: Any = None
    events: tuple[Mapping[str, Any], ...] | None = None
    ratings: tuple[Mapping[str, Any], ...] = ()
    evidence: str = ""
    files: tuple[str, ...] = ()
    data_by: int | None = None
    data_at: datetime | None = None
    given: Decimal | None = None
    reason: str = ""
    given_by: int | None = None
    given_at: datetime | None = None
    not_applicable: bool = False
    computed: Decimal | None = None
    points: Decimal | None = None
    contribution: Decimal | None = None
    formula: str = ""
    branch: str = ""
    missing: str = ""
    limits: tuple[Any, ...] = field(default_factory=tuple)
    article: str = ""
    carry_over: bool = False
    revision: int = 1


def find(work: Work, letter: int) -> CardView | None:
    """The scorecard of a letter, None before its period ended."""
    row = work.session.execute(select(CardRow.__table__).where(CardRow.letter_id == letter)).one_or_none()
    return None if row is None else rows.view(CardView, row)


def of(work: Work, letter: int) -> CardView:
    """The scorecard of a letter. Raises NotFound."""
    card = find(work, letter)
    if card is None:
        raise NotFound(
            "score.no_card", f"letter {letter} has no scorecard yet: its period must have ended", letter=letter
        )
    return card


def add(work: Work, letter: int) -> CardView:
    """A scorecard for a letter; the one there is, where there is one."""
    known = find(work, letter)
    if known is None:
        work.session.execute(insert(CardRow).values(letter_id=letter, opened_at=work.now))
    return known or of(work, letter)


def lines(work: Work, card: int) -> Mapping[int, ItemScoreView]:
    """The item scores of a card, by item."""
    found = work.session.execute(select(ItemScoreRow.__table__).where(ItemScoreRow.card_id == card))
    return {row.item_id: rows.view(ItemScoreView, row) for row in found}


def line(work: Work, letter: int, item: int) -> ItemScoreView:
    """The score of one item of a letter. Raises NotFound."""
    found = lines(work, of(work, letter).id).get(item)
    if found is None:
        raise NotFound("score.no_line", f"item {item} is not scored in letter {letter}", item=item)
    return found


def add_lines(work: Work, card: int, items: list[int]) -> None:
    """Rows for these items where they are missing."""
    known = lines(work, card)
    missing = [{"card_id": card, "item_id": item} for item in items if item not in known]
    if missing:
        work.session.execute(insert(ItemScoreRow), missing)


def set_line(work: Work, known: ItemScoreView, **values: Any) -> None:  # columns of the table
    """Change a row. Raises Conflict where somebody was faster."""
    same = update(ItemScoreRow).where(ItemScoreRow.id == known.id, ItemScoreRow.revision == known.revision)
    changed = work.session.execute(same.values(revision=known.revision + 1, **values))
    if not changed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Conflict("score.changed", "somebody changed this score meanwhile: look at it again", item=known.item)


def set_card(work: Work, card: int, **values: Any) -> None:  # columns of the table
    """Change a scorecard."""
    work.session.execute(update(CardRow).where(CardRow.id == card).values(revision=CardRow.revision + 1, **values))
