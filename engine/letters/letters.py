"""Target letters: the table, what others see of one, and its moves from state to state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.database import Base, Exact, Json, Key, Moment
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.letters import rows, states
from engine.letters.kinds import Level, WeightMode
from engine.letters.states import LetterState

_ACTIVE = text("status IN (" + ", ".join(f"'{state}'" for state in sorted(states.ACTIVE)) + ")")


class LetterRow(Base):
    """One version of one letter."""

    __tablename__ = "letter"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    no: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    level: Mapped[str] = mapped_column(String(8))
    period: Mapped[str] = mapped_column(String(24))  # 2026, 2026Q1, 202611, or any word for a project's life
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[str] = mapped_column(String(16), default=LetterState.DRAFT)
    party_a_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    party_b_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)
    weight_mode: Mapped[str] = mapped_column(String(12), default=WeightMode.WEIGHTED)
    full_score: Mapped[Decimal] = mapped_column(Exact, default=Decimal(100))
    difficulty: Mapped[Decimal] = mapped_column(Exact, default=Decimal(1))
    sections: Mapped[Any] = mapped_column(Json, default=dict)
    distribution: Mapped[Any] = mapped_column(Json, default=list)
    consequences: Mapped[Any] = mapped_column(Json, default=list)
    raw: Mapped[Any] = mapped_column(Json, default=dict)
    regulation_id: Mapped[int] = mapped_column(Key, ForeignKey("regulation.id"))
    parent_id: Mapped[int | None] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    previous_id: Mapped[int | None] = mapped_column(Key, ForeignKey("letter.id"))
    instance_id: Mapped[int | None] = mapped_column(Key)  # of the drafting process; no foreign key: it may be pruned
    submitter_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    key_change: Mapped[bool] = mapped_column(Boolean, default=False)
    late_days: Mapped[int] = mapped_column(Integer, default=0)
    late_points: Mapped[Decimal] = mapped_column(Exact, default=Decimal(0))
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    verify_code: Mapped[str | None] = mapped_column(String(22), unique=True, index=True)  # on its paper
    decisive_sha256: Mapped[str | None] = mapped_column(String(64))  # of what was before the approvers last
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    effective_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(Integer, default=1)

    __table_args__ = (
        UniqueConstraint("org_id", "level", "period", "version"),
        Index("ix_letter_period_status", "level", "period", "status"),
        Index(
            "uq_letter_active",
            "org_id",
            "level",
            "period",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )


@dataclass(frozen=True)
class LetterView:
    """A letter without its items (`engine.letters.content.load` brings them).

    `sections`: authority, help, terms as texts. `distribution`: names of those who get a copy.
    `consequences`: dicts of trigger, base, formula, payee, release (shown, never scored). `raw`: as imported.
    """

    id: int
    no: str
    org: int
    level: Level
    period: str
    regulation: int
    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    version: int = 1
    status: LetterState = LetterState.DRAFT
    party_a: int | None = None
    party_b: int | None = None
    weight_mode: WeightMode = WeightMode.WEIGHTED
    full_score: Decimal = Decimal(100)
    difficulty: Decimal = Decimal(1)
    sections: Mapping[str, str] = field(default_factory=dict)
    distribution: tuple[str, ...] = ()
    consequences: tuple[Mapping[str, Any], ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)
    parent: int | None = None
    previous: int | None = None
    instance: int | None = None
    submitter: int | None = None
    submitted_at: datetime | None = None
    key_change: bool = False
    late_days: int = 0
    late_points: Decimal = Decimal(0)
    content_sha256: str | None = None
    verify_code: str | None = None
    decisive_sha256: str | None = None
    approved_at: datetime | None = None
    effective_at: datetime | None = None
    ended_at: datetime | None = None
    created_at: datetime | None = None
    created_by: int | None = None
    revision: int = 1


def view(work: Work, letter: int) -> LetterView:
    """The letter. Raises NotFound."""
    found = many(work, [letter])
    if letter not in found:
        raise NotFound("letter.unknown", f"there is no letter {letter}", letter=letter)
    return found[letter]


def many(work: Work, wanted: Iterable[int]) -> Mapping[int, LetterView]:
    """The letters with these ids; unknown ones are missing from the answer."""
    found = work.session.execute(select(LetterRow.__table__).where(LetterRow.id.in_(sorted(set(wanted)))))
    return {row.id: rows.view(LetterView, row) for row in found}


def of_code(work: Work, code: str) -> LetterView:
    """The letter whose paper carries this code. Raises NotFound."""
    row = work.session.execute(select(LetterRow.__table__).where(LetterRow.verify_code == code)).one_or_none()
    if row is None:
        raise NotFound("letter.code", "no letter carries this code: compare it with the paper")
    return rows.view(LetterView, row)


def lock(work: Work, letter: int) -> LetterView:
    """The letter, held against other writers until the end of this work. Raises NotFound."""
    work.session.execute(select(LetterRow.id).where(LetterRow.id == letter).with_for_update())
    return view(work, letter)


def versions(work: Work, org: int, level: Level, period: str) -> tuple[LetterView, ...]:
    """All versions of one letter, the newest first."""
    wanted = select(LetterRow.__table__).where(
        LetterRow.org_id == org, LetterRow.level == level, LetterRow.period == period
    )
    found = work.session.execute(wanted.order_by(LetterRow.version.desc()))
    return tuple(rows.view(LetterView, row) for row in found)


def active(work: Work, org: int, level: Level, period: str) -> LetterView | None:
    """The version that counts, None before one is effective."""
    return next((each for each in versions(work, org, level, period) if each.status in states.ACTIVE), None)


def move(  # noqa: PLR0913  (who, why, under which article: parts of one audit line)
    work: Work,
    letter: LetterView,
    to: LetterState,
    *,
    actor: int | None,
    article: str | None = None,
    detail: Mapping[str, Any] | None = None,
    **values: Any,  # columns that change with the state
) -> LetterView:
    """The letter in its new state, with one audit line.

    Raises Conflict when the move is not allowed or somebody was faster.
    """
    states.check(states.LETTER_MOVES, letter.status, to, thing="letter")
    changed = update(LetterRow).where(LetterRow.id == letter.id, LetterRow.status == letter.status)
    result = work.session.execute(changed.values(status=to, revision=LetterRow.revision + 1, **values))
    if not result.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Conflict(
            "letter.moved", f"letter {letter.no} is no longer {letter.status}: look at it again", no=letter.no
        )
    told = {"before": letter.status, "after": to, **(detail or {})}
    audit.append(work, stream(letter.id), "letter.moved", actor=actor, detail=told, article=article)
    return view(work, letter.id)


def stream(letter: int) -> str:
    """The name of the letter's audit stream; everything about its items is told there too."""
    return f"letter:{letter}"
