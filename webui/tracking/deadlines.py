"""The deadlines of a month: as a calendar and as a list, mine or those of my units (REQ-009)."""

import calendar as months
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, render_template, request

from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.letters import access, periods
from engine.letters.kinds import Level
from engine.letters.periods import Period
from engine.letters.tracking import agenda
from engine.letters.tracking.agenda import Due, DueKind
from webui.current import engine, viewer
from webui.exports import Column, listed
from webui.i18n import lazy_gettext as _l
from webui.tracking import dues
from webui.tracking.blueprint import blueprint
from webui.words import word

SHOWN_PER_DAY = 3


@dataclass(frozen=True)
class Day:
    """A day of the calendar: what is due on it, and how much more than is shown."""

    date: date
    works: bool
    dues: Sequence[Due]
    more: int


@blueprint.get("/deadlines")
def deadlines() -> Any:
    """What is due when."""
    month, units, kind = _month(), request.args.get("of") == "units", request.args.get("kind", "")
    with engine().start_work(reading=True) as work:
        everything = agenda.of(work, viewer().id, month.start, month.end, units=units)
        answers = bool(access.Sight(work, viewer().id).headed) or access.Sight(work, viewer().id).all_seeing
        works = engine().calendar(work)
    found = [each for each in everything if kind in {"", each.kind}]
    by_day = _by_day(found)
    today = local(g.now).date()
    this = month.start <= today <= month.end
    weeks = [
        [_day(day, by_day, works.is_workday(day)) if day.month == month.start.month else None for day in week]
        for week in months.Calendar().monthdatescalendar(month.start.year, month.start.month)
    ]
    return render_template(
        "tracking/deadlines.html",
        month=month,
        before=periods.previous_month(month).code,
        after=periods.next_month(month).code,
        weeks=weeks,
        past=[each for each in sorted(by_day.items()) if this and each[0] < today],
        days=[each for each in sorted(by_day.items()) if not this or each[0] >= today],
        found=found,
        counts={each: sum(due.kind is each for due in everything) for each in DueKind},
        kind=kind,
        units=units,
        answers=answers,
        today=today,
    )


@blueprint.get("/deadlines.xlsx")
@listed(
    _l("Deadlines"),
    Column(_l("Due"), lambda due: due.at, 17),
    Column(_l("What"), lambda due: word(f"due.{due.kind}"), 12),
    Column(_l("Name"), dues.named, 48),
    Column(_l("Where"), dues.placed, 20),
    Column(_l("Late"), lambda due: due.late, 8),
)
def deadlines_export() -> Sequence[Due]:
    month, kind = _month(), request.args.get("kind", "")
    with engine().start_work(reading=True) as work:
        found = agenda.of(work, viewer().id, month.start, month.end, units=request.args.get("of") == "units")
    return [each for each in found if kind in {"", each.kind}]


def _month() -> Period:
    """The month in the address; a text that is none is this month."""
    try:
        return periods.parse(Level.MONTH, request.args.get("month", ""))
    except InvalidInput:
        return periods.month_of(local(g.now).date())


def _by_day(found: Sequence[Due]) -> Mapping[date, list[Due]]:
    days: dict[date, list[Due]] = defaultdict(list)
    for due in found:
        days[local(due.at).date()].append(due)
    return days


def _day(day: date, by_day: Mapping[date, list[Due]], works: bool) -> Day:
    mine = by_day.get(day, [])
    return Day(day, works, mine[:SHOWN_PER_DAY], max(0, len(mine) - SHOWN_PER_DAY))
