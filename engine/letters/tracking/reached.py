"""How far whole letters are: what their items reached and what the plan wants by today, in per cent by weight."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.letters import states
from engine.letters.items import ItemRow
from engine.letters.kinds import Direction, Kind
from engine.letters.letters import LetterView
from engine.letters.states import ItemState
from engine.letters.tracking import planned, progress
from engine.letters.tracking.progress import ProgressView

_COLUMNS = (
    *(ItemRow.id, ItemRow.letter_id, ItemRow.kind, ItemRow.direction, ItemRow.target),
    *(ItemRow.starts_on, ItemRow.due, ItemRow.params, ItemRow.weight, ItemRow.status),
)
_DONE = (ItemState.ACCEPTED, ItemState.SCORED)
_ALL = Decimal(100)


@dataclass(frozen=True)
class HowFar:
    """Per cent reached and planned by today, each item counted by its weight."""

    reached: Decimal
    planned: Decimal

    @property
    def behind(self) -> Decimal:
        """Points behind the plan; negative when ahead."""
        return self.planned - self.reached


def of_letters(work: Work, calendar: WorkCalendar, found: Iterable[LetterView]) -> Mapping[int, HowFar]:
    """How far each letter in force is; letters that are not in force, or measure nothing, are left out."""
    running = {letter.id: letter for letter in found if letter.status in states.ACTIVE}
    wanted = select(*_COLUMNS).where(
        ItemRow.letter_id.in_(running), ItemRow.kind.in_((Kind.KPI, Kind.TASK)), ItemRow.status != ItemState.DELETED
    )
    rows = list(work.session.execute(wanted)) if running else []
    last = progress.latest(work, [row.id for row in rows])
    today = local(work.now).date()
    sums: dict[int, list[Decimal]] = {}
    for row in rows:
        weight = Decimal(row.weight if row.weight is not None else 1)
        reached = _reached(row, last.get(row.id))
        if reached is None or not weight:
            continue
        kept = sums.setdefault(row.letter_id, [Decimal(0), Decimal(0), Decimal(0)])
        kept[0] += weight
        kept[1] += weight * min(reached, _ALL)
        kept[2] += weight * _planned(row, running[row.letter_id], today, calendar)
    return {letter: HowFar(kept[1] / kept[0], kept[2] / kept[0]) for letter, kept in sums.items()}


def _reached(row: Any, update: ProgressView | None) -> Decimal | None:
    if row.status in _DONE:
        return _ALL
    if update is not None and update.percent is not None:
        return update.percent
    if row.kind == Kind.TASK:
        return Decimal(0)
    direction = Direction(row.direction) if row.direction else None
    return planned.done(Kind(row.kind), direction, update.actual if update else None, row.target)


def _planned(row: Any, letter: LetterView, today: date, calendar: WorkCalendar) -> Decimal:
    start, due = row.starts_on or letter.starts_on, row.due or letter.ends_on
    if start is None or due is None:
        return Decimal(0)
    return planned.percent(start, due, today, calendar, planned.curve_of(row.params))
