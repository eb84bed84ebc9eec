"""Warnings: the list by level and age, one warning with its chain and history."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.kernel import list_book
from engine.kernel.work import Work
from engine.letters.watching import acting, reading, replying
from engine.letters.watching import warnings as kept
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.reading import Wanted, WarningLine
from engine.people import orgs
from engine.workflow.engine import Engine
from webui import access, forms
from webui.current import engine, viewer
from webui.exports import Column, listed
from webui.family import Rendered
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.viewer import Viewer
from webui.watching.blueprint import blueprint
from webui.words import word


class Reason(forms.Schema):
    """Why somebody above has to answer."""

    reason = forms.text(required=True, most=500)


@blueprint.get("/warnings")
def warnings() -> Any:
    wanted = _wanted()
    with engine().start_work(reading=True) as work:
        unit = orgs.view(work, wanted.org) if wanted.org else None
    return render_template(
        "watching/warnings.html",
        board=reading.board(engine(), viewer().id, wanted),
        wanted=wanted,
        unit=unit,
        levels=tuple(reversed(WarningLevel)),
    )


@blueprint.get("/warnings.xlsx")
@listed(
    _l("Warnings"),
    Column(_l("Warning level"), lambda row: word(f"level.{row[0].warning.level}"), 10),
    Column(_l("Item"), lambda row: row[0].name, 32),
    Column(_l("Unit"), lambda row: row[0].org.name),
    Column(_l("State"), lambda row: word(f"state.warning.{row[0].warning.status}")),
    Column(_l("Days late"), lambda row: row[0].warning.facts.get("days_overdue"), 10),
    Column(_l("Behind plan"), lambda row: row[0].warning.facts.get("lag"), 10, "two"),
    Column(_l("Forecast attainment, percent"), lambda row: row[0].warning.facts.get("attainment"), 10, "two"),
    Column(_l("Cause"), lambda row: row[0].warning.reason, 32),
    Column(_l("Measure"), lambda row: row[0].warning.measures, 32),
    Column(_l("Expected finish"), lambda row: row[0].warning.forecast_finish, 12),
    Column(_l("Owner"), lambda row: row[1].get(row[0].owner)),
    Column(_l("Supervision order"), lambda row: row[0].order and row[0].order.no),
    Column(_l("Since"), lambda row: row[0].warning.opened_at, 17),
)
def warnings_export() -> Iterator[tuple[WarningLine, Mapping[int, str]]]:
    board = reading.board(engine(), viewer().id, _wanted(), limit=list_book.MOST)
    return ((line, board.names) for line in board.warnings)


@blueprint.get("/warnings/<int:warning>")
def warnings_one(warning: int) -> Any:
    return render_template("watching/warning.html", page=reading.warning_page(engine(), warning, viewer().id))


@blueprint.post("/warnings/<int:warning>/seen")
def warnings_seen(warning: int) -> Any:
    replying.acknowledge(engine(), warning, viewer().id)
    flash(_("Noted: you have seen it."))
    return _back(warning)


@blueprint.post("/warnings/<int:warning>/agenda")
@access.roles("OPS", "OPS_HEAD")
def warnings_agenda(warning: int) -> Any:
    acting.put_on_agenda(engine(), warning, viewer().id)
    flash(_("It is on the agenda of the next meeting."))
    return _back(warning)


@blueprint.post("/warnings/<int:warning>/escalate")
@access.roles("OPS", "OPS_HEAD")
def warnings_escalate(warning: int) -> Any:
    name = acting.escalate(engine(), warning, viewer().id, forms.must_read(Reason)["reason"])
    flash(_("%(name)s has to answer now.", name=name))
    return _back(warning)


def _back(warning: int) -> Any:
    """To the list that it came from, else to the warning."""
    to = "watching.warnings" if request.args.get("from") == "list" else "watching.warnings_one"
    return redirect(url_for(to, warning=warning) if to.endswith("one") else url_for(to) + f"#warning-{warning}", 303)


def summary(engine: Engine, viewer: Viewer, subject: str) -> Rendered | None:
    """What a task of an escalation is about."""
    number = int(subject.partition(":")[2])
    return Rendered("watching/summary.html", {"page": reading.warning_page(engine, number, viewer.id)})


def levels(work: Work, subjects: Iterable[str]) -> Mapping[str, str]:
    """The gravest open warning of each letter, and the level of each warning, among what tasks are about."""
    ids: dict[str, list[int]] = {"letter": [], "warning": []}
    for kind, _colon, number in (each.partition(":") for each in subjects):
        if kind in ids and number.isdigit():
            ids[kind].append(int(number))
    return {of: str(level) for of, level in kept.gravest(work, letters=ids["letter"], warnings=ids["warning"]).items()}


def count(engine: Engine, viewer: Viewer) -> int:
    """Red and orange warnings that this person sees."""
    return reading.count(engine, viewer.id)


def _wanted() -> Wanted:
    level = request.args.get("level", "")
    return Wanted(
        level=WarningLevel(level) if level in WarningLevel.__members__ else None,
        org=request.args.get("org", type=int),
        closed="closed" in request.args,
    )
