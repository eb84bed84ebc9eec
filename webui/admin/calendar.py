"""The working calendar: which days count; a day made worked or free with what that moves; a year confirmed."""

import calendar as months
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for

from engine.kernel import calendar_days
from engine.kernel.calendar import WorkCalendar, announced, seeded
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.people import calendar_keeping
from engine.people.calendar_keeping import FIRST_YEAR, LAST_YEAR, DayChange
from engine.workflow import recounting
from engine.workflow.engine import Engine
from webui import access, forms
from webui.admin.blueprint import blueprint
from webui.current import engine, viewer
from webui.family import Rendered
from webui.i18n import gettext as _
from webui.viewer import Viewer

READERS = ("ADMIN", "OPS", "OPS_HEAD", "HR", "PROCESS_OWNER")
KEEPERS = tuple(str(role) for role in calendar_keeping.KEEPERS)
SATURDAY = 5
MOVED_SHOWN = 50


class Change(forms.Schema):
    day = forms.day(required=True)
    work = forms.choice("yes", "no", required=True)
    reason = forms.text(required=True, most=200)


@dataclass(frozen=True)
class Day:
    """One day of the grid; `mark` is 班 (worked although a weekend) or 休 (free although a weekday), else empty."""

    date: date
    is_workday: bool
    mark: str
    reason: str = ""
    changed: bool = False


@blueprint.get("/calendar")
@blueprint.get("/calendar/<int:year>")
@access.roles(*READERS)
def calendar(year: int | None = None) -> Any:
    return _page(_within(year or local(g.now).year), _day_asked(), forms.filled())


@blueprint.post("/calendar/<int:year>/confirm")
@access.roles(*KEEPERS)
def confirm_year(year: int) -> Any:
    calendar_keeping.confirm(engine().start_work, year, viewer().id)
    flash(_("The year %(year)s is confirmed.", year=year))
    return redirect(url_for("admin.calendar", year=year), 303)


@blueprint.post("/calendar/day")
@access.roles(*KEEPERS)
def change_day() -> Any:
    form = forms.read(Change)
    day = form.values.get("day") or _read_day(str(form.typed("day"))) or local(g.now).date()
    if form.valid:
        try:
            wanted = DayChange(day, form.values["work"] == "yes", form.values["reason"])
            calendar_keeping.change(engine().start_work, wanted, viewer().id)
        except InvalidInput as refused:
            form.refuse(refused, "reason")
        else:
            flash(_("%(day)s is changed.", day=day.isoformat()))
            return redirect(url_for("admin.calendar", year=day.year, _anchor=f"d{day}"), 303)
    return make_response(_page(_within(day.year), day, form), 422)


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """The home page's warning for whoever confirms: the coming year is not confirmed yet."""
    if not viewer.may("ADMIN"):
        return None
    today = local(g.now).date()
    with engine.start_work(reading=True) as work:
        days = calendar_days.read(work)
    years = [year for year in (today.year, today.year + 1) if not days.is_confirmed(date(year, 1, 1))]
    return Rendered("admin/calendar_card.html", {"years": years}) if years else None


def _page(year: int, chosen: date | None, form: forms.Form) -> str:
    today = local(g.now).date()
    with engine().start_work(reading=True) as work:
        days = calendar_days.read(work)
        why = calendar_days.reasons(work, year)
        asked = _asked(work, days, chosen, why) if chosen else None
    grid = _months(days, year, why)
    marked = [day for _month, weeks in grid for week in weeks for day in week if day and day.mark]
    return render_template(
        "admin/calendar.html", year=year, months=grid, confirmed=days.is_confirmed(date(year, 1, 1)), today=today,
        announced=announced(year), asked=asked, form=form, may_change=viewer().may(*KEEPERS), marked=marked,
        first=FIRST_YEAR, last=LAST_YEAR,
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A day that may be changed: what it is, what it was published as, and what its change would move."""

    day: Day
    published: bool
    locked: bool
    moved: list[recounting.MovedDue]
    more: int


def _asked(work: Work, days: WorkCalendar, chosen: date, why: dict[date, str]) -> Asked:
    day = _shown(days, chosen, why)
    locked = chosen <= local(g.now).date()
    moved = [] if locked else recounting.preview(engine(), work, {chosen: not day.is_workday})
    return Asked(day, seeded(chosen), locked, moved[:MOVED_SHOWN], max(0, len(moved) - MOVED_SHOWN))


def _months(days: WorkCalendar, year: int, why: dict[date, str]) -> list[tuple[int, list[list[Day | None]]]]:
    weeks = months.Calendar(firstweekday=0)
    return [
        (month, [[_day(days, each, month, why) for each in week] for week in weeks.monthdatescalendar(year, month)])
        for month in range(1, 13)
    ]


def _day(days: WorkCalendar, each: date, month: int, why: dict[date, str]) -> Day | None:
    return _shown(days, each, why) if each.month == month else None


def _shown(days: WorkCalendar, each: date, why: dict[date, str]) -> Day:
    works, weekend = days.is_workday(each), each.weekday() >= SATURDAY
    mark = "work" if works and weekend else "free" if not works and not weekend else ""
    return Day(each, works, mark, why.get(each, ""), each in why)


def _within(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def _day_asked() -> date | None:
    return _read_day(request.args.get("day", ""))


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
