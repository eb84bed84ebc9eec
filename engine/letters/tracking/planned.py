"""How far an item should be by now, and how far it is (domain.md §8)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.kernel.calendar import WorkCalendar
from engine.letters.kinds import Direction, Kind
from engine.letters.scoring.exact import HUNDRED, ZERO, clamp, number

Curve = Sequence[tuple[date, Decimal]]
"""Days with the per cent that should be reached by then, by day."""


def percent(start: date, due: date, today: date, calendar: WorkCalendar, curve: Curve = ()) -> Decimal:
    """Planned per cent: elapsed working days of all (the first and the last day count), or what the curve says."""
    if curve:
        return _on_curve(start, curve, today)
    if today < start:
        return ZERO
    if today >= due:
        return HUNDRED
    whole = calendar.working_days_between(start, due) + calendar.is_workday(start)
    gone = calendar.working_days_between(start, today) + calendar.is_workday(start)
    return Decimal(gone) * HUNDRED / whole if whole else HUNDRED


def _on_curve(start: date, curve: Curve, today: date) -> Decimal:
    before, reached = start, ZERO
    for day, planned in curve:
        if today < day:
            span = (day - before).days
            return reached + (planned - reached) * max((today - before).days, 0) / span if span else planned
        before, reached = day, planned
    return reached


def curve_of(params: Any) -> Curve:
    """The curve an item was given: `plan` in its parameters, a list of [day, per cent]; empty where there is none."""
    rows = params.get("plan", ()) if params else ()
    return sorted((date.fromisoformat(str(day)), number(planned, "plan")) for day, planned in rows)


def done(kind: Kind, direction: Direction | None, actual: Decimal | None, target: Decimal | None) -> Decimal | None:
    """Per cent done that follows from a figure; None where figures do not add up to progress (costs, rates, tasks)."""
    if kind is Kind.TASK or direction is not Direction.HIGHER or actual is None or not target or target <= 0:
        return None
    return clamp(actual * HUNDRED / target, ZERO, None)


def attainment(direction: Direction | None, value: Decimal | None, target: Decimal | None) -> Decimal | None:
    """f: the forecast in per cent of the target, 2 − A/T where lower is better; None without a target above 0."""
    if value is None or target is None or target <= 0 or direction not in (Direction.HIGHER, Direction.LOWER):
        return None
    share = value / target
    return HUNDRED * (2 - share if direction is Direction.LOWER else share)
