"""One instance: where it stands, with whom, until when; what happened, its data, timers, incidents, calls, opinions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import g, render_template, request, url_for
from sqlalchemy import select

from engine.approvals import record, rows, sight
from engine.approvals.modes import State
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import definitions, history, incidents, tasks, timers
from engine.workflow import instances as kept
from engine.workflow import tables as rows_of
from engine.workflow.outside import reading
from engine.workflow.step import NodeSpec
from engine.workflow.views import DefinitionView, InstanceView, TaskView
from webui import dates, registry
from webui.current import engine, viewer
from webui.inbox import forecast, voices
from webui.processes import nodes
from webui.processes.blueprint import blueprint
from webui.processes.instances import OVERSEERS, states_of
from webui.words import word

TABS = ("history", "data", "timers", "incidents", "calls", "opinions", "outline")
LONGEST_VALUE = 400
"""Characters of one value that are shown."""


@dataclass(frozen=True)
class Event:
    """One line of the history, worded; `said` is the reason that was given, `nodes` what was entered (id, name)."""

    at: Any
    kind: str
    who: str | None
    text: str
    nodes: tuple[tuple[str, str], ...]
    said: str | None = None


@blueprint.get("/instances/<int:instance_id>")
def instance(instance_id: int) -> Any:
    tab = request.args.get("tab", TABS[0])
    with engine().start_work(reading=True) as work:
        found = sight.instance_for(work, instance_id, viewer().id, viewer().roles)
        context = _context(work, found, tab if tab in TABS else TABS[0])
    steps = forecast.steps(found.id) if found.status == "running" else []
    page = registry.subject_page(found.subject)
    return render_template("processes/instance.html", instance=found, steps=steps, subject_page=page, **context)


def _context(work: Work, found: InstanceView, tab: str) -> dict[str, Any]:
    versions = definitions.versions(work, found.key)
    definition = next(each for each in versions if each.id == found.definition_id)
    specs = nodes.specs_of(work, definition)
    lines = history.of(work, found.id)
    failed = incidents.open(work, instance_id=found.id)
    waiting = tasks.of_instance(engine(), work, found.id, status="open")
    states = states_of(lines, {each.node for each in waiting}, {each.node for each in failed})
    people = persons.names(work, {each.actor for each in lines if each.actor} | {found.starter or 0})
    armed = timers.of_instance(work, found.id)
    pins = _pins(work, found.id)
    bound = engine().programs.of(work, found.definition_id, pins)
    acts = record.of_instance(work, found.id)
    return {
        "definition": definition,
        "newest": next((each for each in versions if each.status == "active" and each.id != found.definition_id), None),
        "tab": tab,
        "tabs": _tabs(
            found, {"timers": len(armed), "incidents": len(failed), "calls": len(pins), "opinions": _said(acts)}
        ),
        "waiting": waiting,
        "holders": {each.id: _holders(work, each.id) for each in waiting},
        "programs": reading.of_instance(work, found.id) if any(each.topic for each in waiting) else {},
        "urge": _urge(found, waiting),
        "incidents": failed,
        "timers": armed,
        "events": [_event(each, specs, people) for each in reversed(lines)] if tab == "history" else (),
        "data": _data(work, found) if tab == "data" else {},
        "calls": _calls(work, pins) if tab == "calls" else (),
        "opinions": _opinions(work, found, acts) if tab == "opinions" else (),
        "outline": nodes.outlined(specs, states),
        "findings": nodes.found(bound.program.findings, specs),
        "names": {spec.id: spec.name or spec.id for spec in specs},
        "marks": {node: {"state": state, **_note(node, waiting)} for node, state in states.items()},
        "starter": people.get(found.starter or 0),
        "drawing": url_for("processes.diagram", definition_id=found.definition_id),
    }


@blueprint.app_template_filter("lasted")
def lasted(found: InstanceView) -> str:
    """How long an instance runs, or ran: `2.1 天`, `3 小时`."""
    return dates.span((found.ended_at or g.now) - found.started_at)


def _tabs(found: InstanceView, counts: Mapping[str, int]) -> list[tuple[str, str, str, int | None]]:
    return [
        (tab, word(f"tab.{tab}"), url_for("processes.instance", instance_id=found.id, tab=tab), counts.get(tab))
        for tab in TABS
    ]


def _note(node: str, waiting: list[TaskView]) -> dict[str, str]:
    """Until when a node waits: what stands at it on the drawing."""
    task = next((each for each in waiting if each.node == node), None)
    return {"note": dates.moment(task.due_at)} if task and task.due_at else {}


def _pins(work: Work, instance_id: int) -> dict[str, int]:
    asked = select(rows_of.instance.c.pins).where(rows_of.instance.c.id == instance_id)
    return dict(work.connection.execute(asked).scalar_one() or {})


def _calls(work: Work, pins: Mapping[str, int]) -> list[DefinitionView]:
    """The versions of what this instance calls, pinned when it started."""
    known = ((chosen, definitions.versions(work, key)) for key, chosen in sorted(pins.items()))
    return [each for chosen, versions in known for each in versions if each.id == chosen]


def _data(work: Work, found: InstanceView) -> Mapping[str, str | None]:
    """The process data; without the right to see them the values are None, the names stay (ux.md §4.22)."""
    sees = viewer().may(*OVERSEERS) or found.starter == viewer().id
    known = kept.look(engine(), work, found.id).data
    return {name: _shown(value) if sees else None for name, value in sorted(known.items())}


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _said(acts: tuple[record.Act, ...]) -> int:
    return sum(each.act not in voices.HIDDEN for each in acts)


def _opinions(work: Work, found: InstanceView, acts: tuple[record.Act, ...]) -> tuple[voices.Opinion, ...]:
    wanted = {person for each in acts for person in (each.actor, each.on_behalf_of) if person}
    return voices.opinions(work, found.id, persons.many(work, wanted))


def _holders(work: Work, task_id: int) -> list[persons.PersonView]:
    """Who is asked now; in a pool, everybody who may claim."""
    node = rows.load(work, task_id)
    asked = [each.person for each in node.assignments if each.state in {State.PENDING, State.POOLED}] if node else []
    return list(persons.many(work, asked).values())


def _urge(found: InstanceView, waiting: list[TaskView]) -> str | None:
    """Where whoever started it may urge; None for others, and where nobody is asked."""
    mine = found.starter == viewer().id and found.status == "running"
    return url_for("inbox.urge", task_id=waiting[0].id) if mine and waiting else None


def _event(line: history.Line, specs: tuple[NodeSpec, ...], people: Mapping[int, str]) -> Event:
    names = {spec.id: spec.name or spec.id for spec in specs}
    entered = dict.fromkeys(node for node, event, _index in line.moves if event == "enter")
    kind = "timer" if "timer" in line.act else "act" if line.actor else "system"
    text = word(f"act.{line.act}", node=names.get(str(line.detail.get("node")), ""))
    kind = "start" if line.act == "instance.started" else kind
    passed = tuple((node, names.get(node, node)) for node in entered)
    return Event(line.at, kind, people.get(line.actor or 0), text, passed, line.detail.get("reason"))
