"""Progress: every Friday afternoon owners report what has to be reported, a little ahead of the plan."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from engine.letters import items
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import Direction, Importance, Kind
from engine.letters.letters import LetterRow
from engine.letters.states import ItemState, LetterState
from engine.letters.tracking import updating
from engine.letters.tracking.progress import Update
from engine.letters.watching import warnings
from webui.demo.stage import Stage

LIVE = (ItemState.PLANNED, ItemState.IN_PROGRESS, ItemState.OVERDUE, ItemState.RECTIFY)
AHEAD = Decimal(30)
"""Points of per cent above the plan, so that a week without a report is no lag."""
MOST = Decimal(99)
FINE = 1000
"""Targets below it are reported with decimals."""


def report_until(stage: Stage, day: date, slow: Mapping[int, Update] | None = None) -> None:
    """Let time pass up to that day's last report; `slow` are items with a report of their own."""
    while (moment := _next(stage.clockwork.now)).date() <= day:
        stage.clockwork.until(moment, evaluated=False)
        report(stage, slow or {})


def report(stage: Stage, slow: Mapping[int, Update]) -> None:
    """Every owner reports now."""
    found = list(_watched(stage))
    today = stage.clockwork.now.date()
    for item, starts, ends in found:
        said = slow.get(item.id) or _on_plan(item, starts, ends, today)
        updating.save(stage.engine, item.id, said, item.owner or 0)
    stage.clockwork.settle()
    if found:
        stage.account.tell("progress", count=len(found), open=_levels(stage))


def _on_plan(item: ItemView, starts: date, ends: date, today: date) -> Update:
    due = item.due or ends
    planned = Decimal(100 * max((today - starts).days, 0)) / max((due - starts).days, 1)
    words = ("尚待收尾", "每日跟进") if today >= due else ("", "")
    percent = round(min(planned + AHEAD, MOST), 1)
    if item.kind is Kind.KPI and item.direction is Direction.HIGHER and item.target:
        actual = round(item.target * percent / 100, 0 if item.target >= FINE else 2)
        return Update(actual, None, item.due, item.target, *words)
    return Update(None, percent, item.due, None, *words)


def _levels(stage: Stage) -> str:
    with stage.engine.start_work(reading=True) as work:
        found = [each.level.value for each in warnings.listed(work)]
    names = [level for level in ("BLUE", "YELLOW", "ORANGE", "RED") if level in found]
    return ", ".join(f"{level} {found.count(level)}" for level in names) or "0"


def _next(now: datetime) -> datetime:
    day = now.replace(hour=16, minute=0, second=0, microsecond=0)
    days = (day + timedelta(days=ahead) for ahead in range(8))
    return next(moment for moment in days if moment > now and moment.isoweekday() == 5)


def _watched(stage: Stage) -> Iterable[tuple[ItemView, date, date]]:
    """KEY and MAJOR items in force with their letter's first and last day; NORMAL ones track themselves (REQ-085)."""
    wanted = (
        select(ItemRow.id, LetterRow.starts_on, LetterRow.ends_on)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .where(LetterRow.status == LetterState.EFFECTIVE, ItemRow.status.in_(LIVE))
        .where(ItemRow.kind.in_((Kind.KPI, Kind.TASK)))
        .where(ItemRow.importance.in_((Importance.KEY, Importance.MAJOR)))
        .order_by(ItemRow.id)
    )
    with stage.engine.start_work(reading=True) as work:
        found = work.session.execute(wanted).all()
        known = items.many(work, [row.id for row in found])
    return [(known[row.id], row.starts_on, row.ends_on) for row in found]
