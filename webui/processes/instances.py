"""Instances: the list, the same as a workbook, and how the nodes of one stand."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for

from engine.approvals import sight
from engine.people import persons
from engine.workflow import history
from engine.workflow import instances as kept
from engine.workflow.views import InstanceView
from webui import access
from webui.current import engine
from webui.exports import Column, listed
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.processes.blueprint import blueprint
from webui.words import word

OVERSEERS = tuple(str(role) for role in sight.OVERSEERS)
PAGE = 50
BATCH = 500
STATES = ("running", "suspended", "completed", "terminated", "cancelled")


@blueprint.get("/instances")
@access.roles(*OVERSEERS)
def instances() -> Any:
    status, key = request.args.get("status", "running"), request.args.get("key")
    with engine().start_work(reading=True) as work:
        before = request.args.get("before", type=int)
        found = kept.page(work, key=key, status=status if status in STATES else None, before=before, limit=PAGE + 1)
        names = persons.names(work, [each.starter for each in found if each.starter])
    more = (
        url_for("processes.instances", status=status, key=key, before=found[PAGE - 1].id) if len(found) > PAGE else None
    )
    return render_template(
        "processes/instances.html",
        instances=found[:PAGE],
        names=names,
        status=status,
        key=key,
        states=STATES,
        more=more,
    )


@blueprint.get("/instances.xlsx")
@access.roles(*OVERSEERS)
@listed(
    _l("Instances"),
    Column(_l("Number"), lambda row: f"IN-{row[0].id}", 12),
    Column(_l("Title"), lambda row: row[0].title, 40),
    Column(_l("Process"), lambda row: row[0].key),
    Column(_l("State"), lambda row: word(f"state.instance.{row[0].status.upper()}")),
    Column(_l("Started by"), lambda row: row[1] or _("System")),
    Column(_l("Started"), lambda row: row[0].started_at, 17),
    Column(_l("Ended"), lambda row: row[0].ended_at, 17),
    Column(_l("Incidents"), lambda row: row[0].incidents, 10),
)
def instances_export() -> Iterator[tuple[InstanceView, str | None]]:
    """All of them in the chosen state, the newest first."""
    status, key, before = request.args.get("status", "running"), request.args.get("key"), None
    while True:
        with engine().start_work(reading=True) as work:
            some = kept.page(work, key=key, status=status if status in STATES else None, before=before, limit=BATCH)
            names = persons.names(work, [each.starter for each in some if each.starter])
        yield from ((each, names.get(each.starter or 0)) for each in some)
        if len(some) < BATCH:
            return
        before = some[-1].id


def states_of(lines: list[history.Line], waiting: set[str], failed: set[str]) -> dict[str, str]:
    """How each node that was reached stands: `done`, `now` or `incident`."""
    # later words win: a node that was passed and is open again is where it stands now
    passed = {node: "done" for line in lines for node, event, _index in line.moves if event in {"enter", "leave"}}
    return passed | dict.fromkeys(waiting, "now") | dict.fromkeys(failed, "incident")
