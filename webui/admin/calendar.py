"""The working calendar: which days count, by month; changing a day, confirming a year."""

import calendar as months
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from engine.kernel import calendar_days
from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import local
from engine.workflow.engine import Engine
from webui import access, forms
from webui.admin.blueprint import blueprint
from webui.current import engine, viewer
from webui.family import Rendered
from webui.i18n import gettext as _
from webui.viewer import Viewer

READERS = ("ADMIN", "OPS", "OPS_HEAD", "HR")
FIRST_YEAR, LAST_YEAR = 2020, 2100
SATURDAY = 5


class Change(forms.Schema):
    day = forms.day(required=True)
    work = forms.choice("yes", "no", required=True)


@dataclass(frozen=True)
class Day:
    """One day of the grid; `mark` is 班 (worked although a weekend) or 休 (free although a weekday), else empty."""

    date: date
    is_workday: bool
    mark: str


@blueprint.get("/calendar")
@blueprint.get("/calendar/<int:year>")
@access.roles(*READERS)
def calendar(year: int | None = None) -> Any:
    wanted = min(max(year or local(g.now).year, FIRST_YEAR), LAST_YEAR)
    with engine().start_work(reading=True) as work:
        days = calendar_days.read(work)
    confirmed = days.is_confirmed(date(wanted, 1, 1))
    return render_template("admin/calendar.html", year=wanted, months=_months(days, wanted), confirmed=confirmed)


@blueprint.post("/calendar/<int:year>/confirm")
@access.roles("ADMIN")
def confirm_year(year: int) -> Any:
    with engine().start_work() as work:
        calendar_days.confirm(work, min(max(year, FIRST_YEAR), LAST_YEAR), actor=viewer().id)
        work.commit()
    flash(_("The year %(year)s is confirmed.", year=year))
    return redirect(url_for("admin.calendar", year=year), 303)


@blueprint.post("/calendar/day")
@access.roles("ADMIN")
def change_day() -> Any:
    values = forms.must_read(Change)
    with engine().start_work() as work:
        calendar_days.change(work, values["day"], is_workday=values["work"] == "yes", actor=viewer().id)
        work.commit()
    flash(_("%(day)s is changed.", day=values["day"].isoformat()))
    return redirect(request.referrer or url_for("admin.calendar", year=values["day"].year), 303)


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """The home page's warning for whoever confirms: the coming year is not confirmed yet."""
    if not viewer.may("ADMIN"):
        return None
    today = local(g.now).date()
    with engine.start_work(reading=True) as work:
        days = calendar_days.read(work)
    years = [year for year in (today.year, today.year + 1) if not days.is_confirmed(date(year, 1, 1))]
    return Rendered("admin/calendar_card.html", {"years": years}) if years else None


def _months(days: WorkCalendar, year: int) -> list[tuple[int, list[list[Day | None]]]]:
    weeks = months.Calendar(firstweekday=0)
    return [
        (month, [[_day(days, each, month) for each in week] for week in weeks.monthdatescalendar(year, month)])
        for month in range(1, 13)
    ]


def _day(days: WorkCalendar, each: date, month: int) -> Day | None:
    if each.month != month:
        return None
    works, weekend = days.is_workday(each), each.weekday() >= SATURDAY
    mark = "work" if works and weekend else "free" if not works and not weekend else ""
    return Day(each, works, mark)
