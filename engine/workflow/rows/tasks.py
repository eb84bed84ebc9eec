"""Task rows: what is open for people, and what was."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from engine.kernel.calendar import WorkCalendar
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow import limits
from engine.workflow.limits import Limit
from engine.workflow.outside import items
from engine.workflow.rows import timers
from engine.workflow.spiff import expressions
from engine.workflow.standings import Standing
from engine.workflow.step import NodeSpec, OpenTask, Ports, Step
from engine.workflow.tables import task
from engine.workflow.views import InstanceView, TaskView

Ended = tuple[str, datetime, int | None]
"""How a task ended: its last status, when, and who did it."""


@dataclass(frozen=True)
class Completion:
    """Which task a step completed, and who did it."""

    task_id: int
    actor: int | None


@dataclass(frozen=True)
class Changes:
    """Tasks that a step opened (with what their tokens see) and closed (with why)."""

    opened: tuple[tuple[TaskView, Mapping[str, Any]], ...] = ()
    closed: tuple[tuple[TaskView, str], ...] = ()
    dues: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Opening:
    """What opening tasks needs to know about its step; the calendar is read only where a limit asks for it."""

    work: Work
    standing: Standing
    ports: Ports
    calendar: Callable[[], WorkCalendar]


def settle(
    opening: Opening, step: Step, nodes: Mapping[str, NodeSpec], completion: Completion | None = None
) -> Changes:
    """Make the open tasks of an instance exactly those of the step."""
    work, standing = opening.work, opening.standing
    wanted = {each.token: each for each in step.open}
    rows = read_open(work, standing)
    known = {row.token for row in rows}
    gone = [row for row in rows if row.token not in wanted]
    closed = _close(opening, gone, nodes, completion)
    standing.tasks = None
    dues: list[datetime] = []
    opened = [_open(opening, wanted[token], dues) for token in wanted if token not in known]
    return Changes(tuple(opened), closed, tuple(dues))


def read_open(work: Work, standing: Standing) -> list[Any]:
    """The rows of the open tasks of a locked instance."""
    if standing.tasks is None:
        fresh = standing.version == 0
        standing.tasks = [] if fresh else work.run(_OPEN, {"of": standing.view.id}).all()
    return standing.tasks


def view(row: Any, instance: InstanceView, spec: NodeSpec, ended: Ended | None = None) -> TaskView:
    """The picture of a task row; `ended` is what a step has just made of it."""
    status, closed_at, closed_by = ended or (row.status, row.closed_at, row.closed_by)
    return TaskView(
        row.id, instance, row.token, spec, row.name, row.kind, row.form, row.page, row.topic, row.options,
        row.index, row.priority, status, row.due_at, row.opened_at, closed_at, closed_by,
    )  # fmt: skip


def unknown(node: str) -> NodeSpec:
    """Stands in for a node that the definition no longer has."""
    return NodeSpec(node, node, "userTask", "")


def _close(
    opening: Opening, gone: list[Any], nodes: Mapping[str, NodeSpec], completion: Completion | None
) -> tuple[tuple[TaskView, str], ...]:
    if not gone:
        return ()
    work, instance = opening.work, opening.standing.view
    ends = [(row, _end(row, work.now, completion)) for row in gone]
    work.run(_CLOSE, [{"of": row.id, "to": to, "at": at, "by": by} for row, (to, at, by) in ends])
    limited = [row.id for row in gone if row.due_at is not None]
    if limited:
        timers.cancel_of_tasks(work, limited)
    items.close(work, [row.id for row in gone if row.topic is not None], failed=opening.standing.failed > 0)
    return tuple((view(row, instance, nodes.get(row.node) or unknown(row.node), end), end[0]) for row, end in ends)


def _end(row: Any, now: datetime, completion: Completion | None) -> Ended:
    if completion is not None and row.id == completion.task_id:
        return "completed", now, completion.actor
    return "cancelled", now, None


def _open(opening: Opening, each: OpenTask, dues: list[datetime]) -> tuple[TaskView, Mapping[str, Any]]:
    work, instance = opening.work, opening.standing.view
    limit = _limit(opening, each)
    values = {"token": each.token, "name": each.node.name or each.node.id, **shown(each, opening.ports)}
    state = {
        "priority": _priority(values["options"], instance),
        "status": "open",
        "due_at": limit.due if limit else None,
    }
    values |= {"index": each.index, **state, "opened_at": work.now}
    row = {"instance_id": instance.id, "node": each.node.id, **values}
    task_id = work.run(_INSERT, row).scalar_one()
    if values["topic"] is not None:
        items.open(work, task_id, instance.id, values["topic"], _attribute(each, "operation", "tries", opening.ports))
    if limit:
        timers.insert(work, timers.of_limit(instance.id, task_id, each.node.id, limit))
        dues += [alarm.due for alarm in limit.alarms]
    return TaskView(id=task_id, instance=instance, spec=each.node, **values), each.data


def shown(each: OpenTask, ports: Ports) -> dict[str, Any]:
    """How the task presents itself to people and programs."""
    options = _evaluated(each, "node", ports)
    return {
        "kind": _kind(each.node, options),
        "form": _attribute(each, "form", "key", ports),
        "page": _attribute(each, "page", "key", ports) or _attribute(each, "page", "name", ports),
        "topic": _attribute(each, "operation", "topic", ports),
        "options": options,
    }


def _limit(opening: Opening, each: OpenTask) -> Limit | None:
    if each.node.extension("limit") is None:
        return None
    return limits.plan(_evaluated(each, "limit", opening.ports), opening.work.now, opening.calendar())


def _kind(node: NodeSpec, options: Mapping[str, Any]) -> str:
    operation = node.extension("operation")
    if operation is not None and operation.attributes.get("topic"):
        return "external"
    return str(options.get("kind") or "act")


def _priority(options: Mapping[str, Any], instance: InstanceView) -> int:
    """What the node says, from 0 to 100; without a number that of the instance."""
    said = str(options.get("priority"))
    return min(int(said), 100) if said.isdigit() else instance.priority


def _evaluated(each: OpenTask, name: str, ports: Ports) -> dict[str, Any]:
    extension = each.node.extension(name)
    if extension is None:
        return {}
    return {key: expressions.value(text, each.data, ports) for key, text in extension.attributes.items()}


def _attribute(each: OpenTask, name: str, key: str, ports: Ports) -> str | None:
    extension = each.node.extension(name)
    if extension is None or key not in extension.attributes:
        return None
    value = expressions.value(extension.attributes[key], each.data, ports)
    return None if value is None else str(value)


_OPEN = Statement(select(task).where(task.c.instance_id == bindparam("of"), task.c.status == "open"))
_CLOSE = Statement(
    update(task)
    .where(task.c.id == bindparam("of"))
    .values(status=bindparam("to"), closed_at=bindparam("at"), closed_by=bindparam("by"))
)
_INSERT = Statement(task.insert().returning(task.c.id))
