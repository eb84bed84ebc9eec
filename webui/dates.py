"""Moments, days and spans as people in China and elsewhere read them (`ux.md` §3.3); Jinja filters."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Flask, g
from flask_babel import format_date, format_datetime
from markupsafe import Markup

from engine.kernel.clock import local
from webui.i18n import gettext as _
from webui.i18n import language, ngettext

DAYS_ZH = "一二三四五六日"
DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600
MINUTE_SECONDS = 60
LAST_MINUTE = time(23, 59)
NO_LOOK = Markup("")


def install(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(
        moment=moment,
        clock=clock,
        long_day=long_day,
        full=full,
        time_tag=time_tag,
        due_tag=due_tag,
        day=day,
        since=since,
        stamp=stamp,
        left=left,
        span=span,
    )


def moment(when: datetime | None) -> str:
    """`今天 18:00`, `明天 12:00`, `周三 11-25`, `11-25`, `2027-01-10`; in English `25 Nov 2026, 18:00`."""
    if when is None:
        return "—"
    at, today = local(when), local(g.now).date()
    apart = (at.date() - today).days
    if apart in {0, 1, -1}:
        name = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}[apart]
        return f"{name} {at:%H:%M}"
    return day(at.date())


def day(when: date | datetime | None) -> str:
    """A calendar day, as short as it can be understood."""
    if when is None:
        return "—"
    if isinstance(when, datetime):
        when = local(when).date()
    today = local(g.now).date()
    if language() != "zh":
        return str(format_date(when, "d MMM y"))
    monday = today - timedelta(days=today.weekday())
    if monday <= when < monday + timedelta(days=7):
        return f"周{DAYS_ZH[when.weekday()]} {when:%m-%d}"
    return f"{when:%m-%d}" if when.year == today.year else f"{when:%Y-%m-%d}"


def full(when: datetime | None) -> str:
    """Everything: `2026年11月25日(周三)18:00`, `25 Nov 2026, 18:00`."""
    if when is None:
        return "—"
    at = local(when)
    if language() != "zh":
        return str(format_datetime(when, "d MMM y, HH:mm"))
    return f"{at.year}年{at.month}月{at.day}日(周{DAYS_ZH[at.weekday()]}){at:%H:%M}"


def clock(when: datetime) -> str:
    """The time of day alone, where the day stands above."""
    return f"{local(when):%H:%M}"


def long_day(when: date | datetime | None) -> str:
    """A day that is read in other years too, on paper: `2026年11月25日`, `25 Nov 2026`."""
    if when is None:
        return "—"
    if isinstance(when, datetime):
        when = local(when).date()
    return f"{when.year}年{when.month}月{when.day}日" if language() == "zh" else str(format_date(when, "d MMM y"))


def long_moment(when: datetime) -> str:
    """A moment on paper, on the clock of the group: `2026年11月25日 18:00`."""
    at = local(when)
    return f"{long_day(at.date())} {at:%H:%M}"


def stamp(when: datetime | None) -> str:
    """Day and minute, for lists that are compared line by line: `11-21 14:02`."""
    if when is None:
        return "—"
    at = local(when)
    if language() != "zh":
        return str(format_datetime(when, "d MMM y, HH:mm"))
    return f"{at:%m-%d %H:%M}" if at.year == local(g.now).year else f"{at:%Y-%m-%d %H:%M}"


def time_tag(when: datetime | None) -> Markup:
    """A `<time>` with the short form, the full one as its title."""
    return _tag(when, stamp(when)) if when else Markup("<span>—</span>")


def due_tag(when: datetime, late: bool | None = None) -> Markup:
    """When something is due; once it is late, for how long."""
    is_late = when < g.now if late is None else late
    return _tag(when, since(when), Markup(' class="late"')) if is_late else _tag(when, moment(when))


def since(when: datetime) -> str:
    """How long something is overdue: `逾期 2 天`, `逾期 3 小时`."""
    seconds = max(0.0, (g.now - when).total_seconds())
    days = int(seconds // DAY_SECONDS)
    if days:
        return ngettext("%(num)s day late", "%(num)s days late", days)
    return ngettext("%(num)s hour late", "%(num)s hours late", max(1, int(seconds // HOUR_SECONDS)))


def left(when: datetime) -> str:
    """How long is left until a moment."""
    seconds = max(0.0, (when - g.now).total_seconds())
    days = int(seconds // DAY_SECONDS)
    if days:
        return ngettext("%(num)s day left", "%(num)s days left", days)
    return ngettext("%(num)s hour left", "%(num)s hours left", int(seconds // HOUR_SECONDS))


def span(length: timedelta) -> str:
    """A duration with its unit: `2.1 天`, `3 小时`, `12 分钟`."""
    seconds = max(0.0, length.total_seconds())
    if seconds >= DAY_SECONDS:
        return _("%(days)s days", days=f"{seconds / DAY_SECONDS:.1f}")
    if seconds >= HOUR_SECONDS:
        return ngettext("%(num)s hour", "%(num)s hours", int(seconds // HOUR_SECONDS))
    return ngettext("%(num)s minute", "%(num)s minutes", int(seconds // MINUTE_SECONDS))


def end_of(when: date) -> datetime:
    """The last minute of a local day, as UTC."""
    return datetime.combine(when, LAST_MINUTE, tzinfo=local(g.now).tzinfo).astimezone(UTC)


def _tag(when: datetime, text: str, look: Markup = NO_LOOK) -> Markup:
    at = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return Markup('<time datetime="{}" title="{}"{}>{}</time>').format(at, full(when), look, text)
