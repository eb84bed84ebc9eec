"""Warnings: the table, what others see of one, opening, level changes and moves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, case, func, insert, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.letters import letters, rows, states
from engine.letters.watching.levels import Facts, WarningLevel
from engine.letters.watching.states import WARNING_MOVES, WARNING_OPEN, WarningState

ITEM, LATE_DRAFT = "ITEM", "LATE_DRAFT"
"""Causes: an item in danger, or a letter whose draft was not submitted in time."""

_OPEN = text("status IN (" + ", ".join(f"'{state}'" for state in sorted(WARNING_OPEN)) + ")")


class WarningRow(Base):
    """One warning from opening to end; at most one is open per item (and per letter for LATE_DRAFT)."""

    __tablename__ = "warning"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"), index=True)
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    cause: Mapped[str] = mapped_column(String(12), default=ITEM)
    level: Mapped[str] = mapped_column(String(8))
    highest: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16), default=WarningState.OPEN)
    facts: Mapped[Any] = mapped_column(Json, default=dict)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    level_since: Mapped[datetime] = mapped_column(Moment)
    inside: Mapped[int] = mapped_column(Integer, default=0)  # updates in a row that deserved a milder level
    rank: Mapped[int] = mapped_column(Integer, default=0)  # who must answer: 0 owner, 1 head, 2 leader, 3 president
    missed: Mapped[int] = mapped_column(Integer, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    forecast_finish: Mapped[date | None] = mapped_column(Date)
    replied_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("uq_warning_item", "item_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_warning_open", "level", "opened_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


@dataclass(frozen=True)
class WarningView:
    """A warning; `highest` is the gravest level it ever had, `facts` what the level came from."""

    id: int
    letter: int
    item: int | None
    org: int
    cause: str
    level: WarningLevel
    highest: WarningLevel
    status: WarningState
    opened_at: datetime
    level_since: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    inside: int = 0
    rank: int = 0
    missed: int = 0
    reason: str = ""
    measures: str = ""
    forecast_finish: date | None = None
    replied_at: datetime | None = None
    closed_at: datetime | None = None
    closed_reason: str = ""

    @property
    def open(self) -> bool:
        return self.status in WARNING_OPEN


def view(work: Work, warning: int) -> WarningView:
    """The warning. Raises NotFound."""
    row = work.session.execute(select(WarningRow.__table__).where(WarningRow.id == warning)).one_or_none()
    if row is None:
        raise NotFound("warning.unknown", f"there is no warning {warning}", warning=warning)
    return rows.view(WarningView, row)


def open_of(work: Work, items: Iterable[int]) -> Mapping[int, WarningView]:
    """The open warning of each item that has one."""
    wanted = select(WarningRow.__table__).where(WarningRow.item_id.in_(sorted(set(items))), _OPEN)
    return {row.item_id: rows.view(WarningView, row) for row in work.session.execute(wanted)}


def gravest(work: Work, *, letters: Iterable[int] = (), warnings: Iterable[int] = ()) -> dict[str, WarningLevel]:
    """The gravest open level of each of these subjects (`letter:12`, `warning:7`); the others are missing."""
    columns = (WarningRow.id, WarningRow.letter_id, WarningRow.level)
    either = or_(WarningRow.letter_id.in_(sorted(set(letters))), WarningRow.id.in_(sorted(set(warnings))))
    found: dict[str, WarningLevel] = {}
    for row in work.session.execute(select(*columns).where(either, _OPEN)):
        level = WarningLevel(row.level)
        found[f"warning:{row.id}"] = level
        of_letter = f"letter:{row.letter_id}"
        found[of_letter] = max(level, found.get(of_letter, level), key=lambda each: each.rank)
    return found


def open_draft(work: Work, letter: int) -> WarningView | None:
    """The open warning about a letter's late draft."""
    wanted = select(WarningRow.__table__).where(WarningRow.letter_id == letter, WarningRow.cause == LATE_DRAFT, _OPEN)
    row = work.session.execute(wanted).first()
    return None if row is None else rows.view(WarningView, row)


def listed(
    work: Work, *, orgs: frozenset[int] | None = None, level: WarningLevel | None = None, limit: int = 200
) -> tuple[WarningView, ...]:
    """Open warnings, the gravest first, then the oldest; of these organisations (None: all) and this level."""
    grave = case({level.value: level.rank for level in WarningLevel}, value=WarningRow.level)
    wanted = select(WarningRow.__table__).where(_OPEN).order_by(grave.desc(), WarningRow.opened_at).limit(limit)
    if orgs is not None:
        wanted = wanted.where(WarningRow.org_id.in_(sorted(orgs)))
    if level is not None:
        wanted = wanted.where(WarningRow.level == level)
    return tuple(rows.view(WarningView, row) for row in work.session.execute(wanted))


def counts(work: Work, orgs: frozenset[int] | None = None) -> Mapping[tuple[int, WarningLevel], int]:
    """How many warnings are open, by organisation and level; of these organisations (None: all)."""
    wanted = select(WarningRow.org_id, WarningRow.level, func.count()).where(_OPEN)
    if orgs is not None:
        wanted = wanted.where(WarningRow.org_id.in_(sorted(orgs)))
    found = work.session.execute(wanted.group_by(WarningRow.org_id, WarningRow.level))
    return {(org, WarningLevel(level)): number for org, level, number in found}


def opened(  # noqa: PLR0913  (what it is about, how grave, why)
    work: Work, *, letter: int, org: int, item: int | None, cause: str, level: WarningLevel, facts: Facts
) -> WarningView:
    """A new warning with its audit line."""
    values = {
        "letter_id": letter,
        "org_id": org,
        "item_id": item,
        "cause": cause,
        "level": level,
        "highest": level,
        "facts": facts.inputs(),
        "opened_at": work.now,
        "level_since": work.now,
    }
    made = insert(WarningRow).values(**values).returning(WarningRow.id)
    warning = view(work, int(work.session.execute(made).scalar_one()))
    told = {"warning": warning.id, "item": item, "cause": cause, "level": level, "facts": facts.inputs()}
    audit.append(work, letters.stream(letter), "warning.opened", actor=None, detail=told, article="§8")
    return warning


def level_changed(work: Work, warning: WarningView, level: WarningLevel, facts: Facts) -> WarningView:
    """The warning at another level; a graver one has to be answered anew."""
    graver = level.rank > warning.level.rank
    values: dict[str, Any] = {"level": level, "level_since": work.now, "inside": 0, "facts": facts.inputs()}
    if graver:
        values |= {"status": WarningState.UPGRADED, "rank": 0}
        values["highest"] = max(level, warning.highest, key=lambda each: each.rank)
    _update(work, warning, values)
    told = {
        "warning": warning.id,
        "item": warning.item,
        "before": warning.level,
        "after": level,
        "facts": facts.inputs(),
    }
    audit.append(work, letters.stream(warning.letter), "warning.level", actor=None, detail=told, article="§8")
    return view(work, warning.id)


def noted(work: Work, warning: WarningView, **values: Any) -> WarningView:  # columns without a move
    """The warning with some columns changed and its state kept."""
    _update(work, warning, values)
    return view(work, warning.id)


def move(
    work: Work, warning: WarningView, to: WarningState, *, actor: int | None, **values: Any
) -> WarningView:  # columns that change with the state
    """The warning in its new state, with one audit line. Raises Conflict."""
    states.check(WARNING_MOVES, warning.status, to, thing="warning")
    _update(work, warning, {"status": to, **values})
    told = {"warning": warning.id, "item": warning.item, "before": warning.status, "after": to}
    audit.append(work, letters.stream(warning.letter), "warning.moved", actor=actor, detail=told, article="§8")
    return view(work, warning.id)


def _update(work: Work, warning: WarningView, values: Mapping[str, Any]) -> None:
    same = update(WarningRow).where(WarningRow.id == warning.id, WarningRow.status == warning.status)
    changed = work.session.execute(same.values(**values))
    if not changed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Conflict("warning.moved", "somebody changed this warning meanwhile: look at it again", warning=warning.id)
