"""Work as its program gets it: where it comes from, and the data that it needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.kernel.work import Work
from engine.workflow import runner
from engine.workflow.engine import Engine
from engine.workflow.outside.tables import STUCK, work_item
from engine.workflow.spiff import machine
from engine.workflow.standings import WHOLE, viewed
from engine.workflow.step import OpenTask
from engine.workflow.surroundings import Surroundings
from engine.workflow.tables import instance, task
from engine.workflow.views import InstanceView


@dataclass(frozen=True)
class Item:
    """Work that was given out until `leased_until`; `failures` tells how often it failed before, `left` tries remain.

    `variables` are what the node's `lf:input` say; without any, the data that its token sees.
    """

    task: int
    topic: str
    node: str
    name: str
    instance: InstanceView
    variables: Mapping[str, Any]
    leased_until: datetime
    failures: int
    left: int
    due_at: datetime | None


@dataclass(frozen=True)
class Held:
    """How a piece of work stands: leased to `worker` or ready again at `ready_at`; `stuck` waits for a person."""

    topic: str
    worker: str | None
    ready_at: datetime
    failures: int
    stuck: bool


def of_instance(work: Work, instance_id: int) -> Mapping[int, Held]:
    """The work of an instance that is open, by task."""
    columns = (work_item.c.topic, work_item.c.worker, work_item.c.ready_at, work_item.c.failures)
    query = select(work_item.c.task_id, *columns, work_item.c.state).where(work_item.c.instance_id == instance_id)
    return {row[0]: Held(*row[1:5], stuck=row.state == STUCK) for row in work.connection.execute(query)}


def many(engine: Engine, work: Work, task_ids: Iterable[int]) -> tuple[Item, ...]:
    """These pieces of work in their order, with the data of their tokens as the last step left it; one statement."""
    wanted = list(task_ids)
    if not wanted:
        return ()
    found = {row.task_id: row for row in work.connection.execute(_WORK.where(work_item.c.task_id.in_(wanted)))}
    return tuple(_item(engine, work, found[task_id]) for task_id in wanted)


def _item(engine: Engine, work: Work, row: Any) -> Item:
    view = viewed(row)
    bound = engine.programs.of(work, view.definition_id, row.pins)
    ports = Surroundings(engine, work, runner.context(view), bound.tables)
    standing = machine.look(bound.program, row.state, ports)
    opened = next(each for each in standing.open if each.token == row.token)
    left = row.tries - row.failures
    return Item(
        row.task_id,
        row.topic,
        opened.node.id,
        row.name,
        view,
        _needed(opened),
        row.ready_at,
        row.failures,
        left,
        row.due_at,
    )


def _needed(opened: OpenTask) -> Mapping[str, Any]:
    names = [each.attributes.get("name", "") for each in opened.node.extensions if each.name == "input"]
    return {name: opened.data.get(name) for name in names} if names else opened.data


_WORK = (
    WHOLE.add_columns(
        work_item.c.task_id,
        work_item.c.topic,
        work_item.c.ready_at,
        work_item.c.tries,
        work_item.c.failures,
        task.c.token,
        task.c.name,
        task.c.due_at,
    )
    .join(work_item, work_item.c.instance_id == instance.c.id)
    .join(task, task.c.id == work_item.c.task_id)
)
