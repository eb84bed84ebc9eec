"""What a program does with work: fetch it for a time, ask for more time, complete it, fail, throw, give it back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, select, update

from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.workflow import runner, standings, tasks
from engine.workflow.engine import Engine
from engine.workflow.outside import failing, reading
from engine.workflow.outside.failing import Failure
from engine.workflow.outside.reading import Item
from engine.workflow.outside.tables import OPEN, work_item
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.standings import Standing
from engine.workflow.step import Answer, Ports, Step
from engine.workflow.tables import instance, task

MOST = 100
"""Work that is given out at once."""


@dataclass(frozen=True)
class Holder:
    """Who holds work: the name that the program gave itself, and the person of its token."""

    worker: str
    person: int


@dataclass(frozen=True)
class Wish:
    """What a program can do, how much of it at once, and how long it may take for each."""

    topics: tuple[str, ...]
    most: int = 1
    lease: timedelta = timedelta(minutes=5)


@dataclass(frozen=True)
class Thrown:
    """An error that the diagram may catch by its code; `values` go with it."""

    code: str
    message: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def fetch(engine: Engine, holder: Holder, wish: Wish) -> tuple[Item, ...]:
    """Work that is ready, the longest waiting first, leased to the holder; nobody else gets it before the lease ends.

    Two that fetch at the same moment never get the same: one skips what the other has locked.
    """
    if not _something(engine, wish):
        return ()
    with engine.start_work() as work:
        wanted = (
            select(work_item.c.task_id)
            .where(_ready(work.now, wish))
            .order_by(work_item.c.ready_at, work_item.c.task_id)
        )
        locked = wanted.limit(min(wish.most, MOST)).with_for_update(skip_locked=True, of=work_item)
        found = list(work.connection.execute(locked).scalars())
        given = {"worker": holder.worker, "person_id": holder.person, "ready_at": work.now + wish.lease}
        work.connection.execute(update(work_item).where(work_item.c.task_id.in_(found)).values(**given))
        leased = reading.many(engine, work, found)
        work.commit()
    return leased


def extend(engine: Engine, task_id: int, holder: Holder, lease: timedelta) -> datetime:
    """The lease ends `lease` from now; that moment. Raises NotFound, Conflict `work.lost`, `work.over`, …"""
    with engine.start_work() as work:
        _held(work, task_id, holder)
        until = work.now + lease
        work.connection.execute(update(work_item).where(work_item.c.task_id == task_id).values(ready_at=until))
        work.commit()
    return until


def release(engine: Engine, task_id: int, holder: Holder) -> None:
    """Give work back untouched: others may fetch it at once, and no try is used. Raises as `extend` does."""
    with engine.start_work() as work:
        _held(work, task_id, holder)
        free = {"ready_at": work.now, "worker": None, "person_id": None}
        work.connection.execute(update(work_item).where(work_item.c.task_id == task_id).values(**free))
        work.commit()


def complete(engine: Engine, task_id: int, holder: Holder, values: Mapping[str, Any]) -> Step:
    """The work is done; its instance runs on with `values` (`lf:output` reads them as `result`).

    Raises NotFound `work.unknown`; Conflict `work.lost` once the lease has ended or somebody else has it, `work.over`
    when task or instance ended, `instance.suspended`.
    """
    with engine.start_work() as work:
        _held(work, task_id, holder)
        step = tasks.complete(engine, work, task_id, Answer(values), holder.person)
        work.commit()
    return step


def fail(engine: Engine, task_id: int, holder: Holder, failure: Failure) -> failing.Failed:
    """It did not work this time: given out again after a pause, or an incident when its tries are used up.

    Raises as `complete` does.
    """
    with engine.start_work() as work:
        standing, row = _held(work, task_id, holder)
        failed = failing.note(work, standing, row, failure)
        work.commit()
    return failed


def throw(engine: Engine, task_id: int, holder: Holder, thrown: Thrown) -> Step:
    """The work ended in a way that the diagram draws; an error that nothing catches is an incident.

    Raises as `complete` does.
    """
    with engine.start_work() as work:
        standing, _ = _held(work, task_id, holder)
        token = work.connection.execute(select(task.c.token).where(task.c.id == task_id)).scalar_one()
        detail = {"task": task_id, "worker": holder.worker, "error": thrown.code}
        step = runner.advance(
            engine, work, standing, _throwing(token, thrown), Cause("work.error", holder.person, detail)
        )
        work.commit()
    return step


def _throwing(token: str, thrown: Thrown) -> Callable[[Any, bytes, Ports], Step]:
    def run(program: Any, state: bytes, ports: Ports) -> Step:
        return machine.throw(program, state, token, (thrown.code, thrown.message, thrown.values), ports)

    return run


def _held(work: Work, task_id: int, holder: Holder) -> tuple[Standing, Any]:
    """The instance and the row of work that this holder has, both locked: the instance first, as everybody does."""
    topic = work.connection.execute(select(task.c.topic).where(task.c.id == task_id)).scalar()
    if topic is None:
        raise NotFound("work.unknown", f"there is no work {task_id}", task=task_id)
    standing = standings.lock_of_task(work, task_id)
    row = work.connection.execute(select(work_item).where(work_item.c.task_id == task_id).with_for_update()).first()
    if row is None:
        raise Conflict(
            "work.over",
            f"work {task_id} is over: its task or its instance has ended; drop it",
            task=task_id,
            status=standing.view.status,
        )
    standing.running()
    if (row.worker, row.person_id) != (holder.worker, holder.person) or row.ready_at <= work.now or row.state != OPEN:
        raise Conflict(
            "work.lost",
            f"work {task_id} is not leased to '{holder.worker}' any more: drop it and fetch again",
            task=task_id,
            worker=holder.worker,
        )
    return standing, row


def _something(engine: Engine, wish: Wish) -> bool:
    """Whether there is anything to give out: who looks in vain holds up no writer."""
    with engine.start_work(reading=True) as work:
        return (
            work.connection.execute(select(work_item.c.task_id).where(_ready(work.now, wish)).limit(1)).first()
            is not None
        )


def _ready(now: datetime, wish: Wish) -> Any:
    running = exists().where(instance.c.id == work_item.c.instance_id, instance.c.status == "running")
    return and_(work_item.c.state == OPEN, work_item.c.topic.in_(wish.topics), work_item.c.ready_at <= now, running)
