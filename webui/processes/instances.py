"""Instances: the list, and one of them: where it stands, with whom, until when, what happened, what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from engine.approvals import rows, sight
from engine.approvals.modes import State
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import definitions, history, incidents, outline, tasks, timers
from engine.workflow import instances as kept
from engine.workflow.step import NodeSpec
from engine.workflow.views import InstanceView, TaskView
from webui import access, registry
from webui.current import engine, viewer
from webui.inbox import forecast
from webui.processes import nodes
from webui.processes.blueprint import blueprint
from webui.words import word

OVERSEERS = tuple(str(role) for role in sight.OVERSEERS)
PAGE = 50
STATES = ("running", "suspended", "completed", "terminated", "cancelled")


@dataclass(frozen=True)
class Event:
    """One line of the history, worded; `said` is the reason that was given."""

    at: Any
    kind: str
    who: str | None
    text: str
    nodes: tuple[str, ...]
    said: str | None = None


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


@blueprint.get("/instances/<int:instance_id>")
def instance(instance_id: int) -> Any:
    with engine().start_work(reading=True) as work:
        found = sight.instance_for(work, instance_id, viewer().id, viewer().roles)
        context = _context(work, found)
    steps = forecast.steps(found.id) if found.status == "running" else []
    page = registry.subject_page(found.subject)
    return render_template("processes/instance.html", instance=found, steps=steps, subject_page=page, **context)


def _context(work: Work, found: InstanceView) -> dict[str, Any]:
    specs = outline.of(definitions.files(work, found.definition_id))
    lines = history.of(work, found.id)
    failed = incidents.open(work, instance_id=found.id)
    waiting = tasks.of_instance(engine(), work, found.id, status="open")
    states = states_of(lines, {each.node for each in waiting}, {each.node for each in failed})
    people = persons.names(work, {each.actor for each in lines if each.actor} | {found.starter or 0})
    versions = definitions.versions(work, found.key)
    return {
        "definition": next(each for each in versions if each.id == found.definition_id),
        "newest": next((each for each in versions if each.status == "active" and each.id != found.definition_id), None),
        "waiting": waiting,
        "holders": {each.id: _holders(work, each.id) for each in waiting},
        "urge": _urge(found, waiting),
        "incidents": failed,
        "timers": timers.of_instance(work, found.id),
        "events": [_event(each, specs, people) for each in reversed(lines)],
        "outline": nodes.outlined(specs, states),
        "names": {spec.id: spec.name or spec.id for spec in specs},
        "marks": {node: {"state": state} for node, state in states.items()},
        "starter": people.get(found.starter or 0),
        "drawing": url_for("processes.diagram", definition_id=found.definition_id),
    }


def _holders(work: Work, task_id: int) -> list[persons.PersonView]:
    """Who is asked now; in a pool, everybody who may claim."""
    node = rows.load(work, task_id)
    asked = [each.person for each in node.assignments if each.state in {State.PENDING, State.POOLED}] if node else []
    return list(persons.many(work, asked).values())


def _urge(found: InstanceView, waiting: list[TaskView]) -> str | None:
    """Where whoever started it may urge; None for others, and where nobody is asked."""
    mine = found.starter == viewer().id and found.status == "running"
    return url_for("inbox.urge", task_id=waiting[0].id) if mine and waiting else None


def states_of(lines: list[history.Line], waiting: set[str], failed: set[str]) -> dict[str, str]:
    """How each node that was reached stands: `done`, `now` or `incident`."""
    # later words win: a node that was passed and is open again is where it stands now
    passed = {node: "done" for line in lines for node, event, _index in line.moves if event in {"enter", "leave"}}
    return passed | dict.fromkeys(waiting, "now") | dict.fromkeys(failed, "incident")


def _event(line: history.Line, specs: tuple[NodeSpec, ...], people: Mapping[int, str]) -> Event:
    names = {spec.id: spec.name or spec.id for spec in specs}
    passed = tuple(dict.fromkeys(names.get(node, node) for node, event, _index in line.moves if event == "enter"))
    kind = "timer" if "timer" in line.act else "act" if line.actor else "system"
    text = word(f"act.{line.act}", node=names.get(str(line.detail.get("node")), ""))
    kind = "start" if line.act == "instance.started" else kind
    return Event(line.at, kind, people.get(line.actor or 0), text, passed, line.detail.get("reason"))
