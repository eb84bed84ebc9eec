"""One step of one instance: run the machine, compare with the rows, write what changed; the use-case commits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, update

from engine.kernel import audit
from engine.kernel.calendar import WorkCalendar
from engine.kernel.errors import Conflict
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow import announcements, standings
from engine.workflow.engine import Engine
from engine.workflow.operations import CallContext
from engine.workflow.rows import incidents, tasks, timers, waits
from engine.workflow.rows.tasks import Completion
from engine.workflow.standings import Standing
from engine.workflow.step import Moved, NodeSpec, Outcome, Ports, Step, Thrown
from engine.workflow.surroundings import Surroundings
from engine.workflow.tables import instance, instance_state
from engine.workflow.views import InstanceView

Run = Callable[[Any, bytes, Ports], Step]
"""Takes the program, the state and the ports; one of the machine's verbs with its other arguments bound."""

DELIVER = "messages.deliver"
"""Name of the job that delivers a message row."""

_STEPPING = "workflow.stepping"


@dataclass(frozen=True)
class Cause:
    """Why a step happens: the act as history names it, who did it (for whom), what else history should say."""

    act: str
    actor: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    completion: Completion | None = None
    ends_as: str | None = None  # the status of an instance that is ended by hand, whatever it was
    for_person: int | None = None
    while_suspended: bool = False  # a suspended instance takes this step too, and stays suspended


def advance(engine: Engine, work: Work, standing: Standing, run: Run, cause: Cause) -> Step:
    """Let a locked instance take one step and bring every row in line with it.

    Raises Conflict `instance.suspended`, `instance.ended`, `instance.stepping`, and whatever the machine refuses.
    """
    if cause.ends_as is None and not (cause.while_suspended and standing.view.status == "suspended"):
        standing.running()
    bound = engine.programs.of(work, standing.view.definition_id, standing.pins)
    ports = Surroundings(engine, work, context(standing.view), bound.tables)
    with _stepping(work, standing.view.id):
        step = run(bound.program, standing.state, ports)
    _settle(Stepped(engine, work, standing, step, cause, ports), bound.nodes)
    return step


def is_stepping(work: Work) -> bool:
    """Whether an instance is in the middle of a step of this work, so that its rows do not show yet where it stands."""
    return bool(work.notes.get(_STEPPING))


def context(view: InstanceView) -> CallContext:
    """What operations learn about the instance that calls them."""
    return CallContext(view.id, view.business_key, view.subject, view.starter)


class _stepping:  # noqa: N801  (reads as a verb where it stands)
    """Marks an instance as being in a step; a second step of it inside the first would overwrite the first."""

    def __init__(self, work: Work, instance_id: int) -> None:
        self._busy: set[int] = work.notes.setdefault(_STEPPING, set())
        self._id = instance_id

    def __enter__(self) -> None:
        if self._id in self._busy:
            raise Conflict("instance.stepping", "the instance is in the middle of a step: send it a message instead")
        self._busy.add(self._id)

    def __exit__(self, *_: object) -> None:
        self._busy.discard(self._id)


@dataclass(frozen=True)
class Stepped:
    """A step that the machine took, and everything that is needed to write it down."""

    engine: Engine
    work: Work
    standing: Standing
    step: Step
    cause: Cause
    ports: Surroundings

    @property
    def ended(self) -> bool:
        return self.step.outcome in (Outcome.COMPLETED, Outcome.TERMINATED)

    @cached_property
    def calendar(self) -> WorkCalendar:
        return self.engine.calendar(self.work)


def _settle(stepped: Stepped, nodes: Mapping[str, NodeSpec]) -> None:
    work, standing, step, cause = stepped.work, stepped.standing, stepped.step, stepped.cause
    opening = tasks.Opening(work, standing, stepped.ports, lambda: stepped.calendar)
    changes = tasks.settle(opening, step, nodes, cause.completion)
    dues = timers.settle(work, standing.view.id, step.timers, counted=standing.armed)
    failed = incidents.settle(work, standing.view.id, step.failures, counted=standing.failed, actor=cause.actor)
    awaited_for = waits.settle(work, standing.view.id, step.waits, counted=standing.awaited)
    _write_state(stepped, failed)
    audit.append(
        work, standings.stream(standing.view.id), cause.act, actor=cause.actor, for_person=cause.for_person,
        detail=_told(stepped),
    )  # fmt: skip
    _hand_over(stepped, awaited_for)
    announcements.announce(stepped.engine, work, changes, standing.view if stepped.ended else None)
    dues += changes.dues
    if dues:
        stepped.engine.alarm.set(work, min(dues))


def _write_state(stepped: Stepped, failed: int) -> None:
    work, standing, step = stepped.work, stepped.standing, stepped.step
    _write_bytes(work, standing, step.state)
    before = (standing.view.status, standing.armed, standing.awaited, standing.failed)
    status = (stepped.cause.ends_as or step.outcome.value) if stepped.ended else standing.view.status
    after = (status, len(step.timers), len(step.waits), failed)
    if after != before:
        at = work.now if stepped.ended else None
        counts = dict(zip(("to", "new_armed", "new_awaited", "new_failed"), after, strict=True))
        work.run(_NEXT_ROW, {"of": standing.view.id, **counts, "at": at})
        standing.view = replace(standing.view, status=status, incidents=failed, ended_at=at)
        _, standing.armed, standing.awaited, standing.failed = after


def _write_bytes(work: Work, standing: Standing, state: bytes) -> None:
    version = standing.version + 1
    if standing.version == 0:
        work.run(_FIRST, {"instance_id": standing.view.id, "state": state, "version": version})
    else:
        values = {"of": standing.view.id, "seen": standing.version, "new_state": state, "new_version": version}
        if work.run(_NEXT, values).rowcount != 1:
            raise Conflict("instance.moved", "the instance moved on meanwhile: look again", instance=standing.view.id)
    standing.state, standing.version = state, version


def _told(stepped: Stepped) -> dict[str, Any]:
    step = stepped.step
    told = {**stepped.cause.detail, "moves": [_move(each) for each in step.moved], "outcome": step.outcome.value}
    return {**told, "rules": stepped.ports.fired} if stepped.ports.fired else told


def _move(each: Moved) -> list[Any]:
    return [each.node, each.event] if each.index is None else [each.node, each.event, each.index]


def _hand_over(stepped: Stepped, awaited_for: list[int]) -> None:
    """What the process sent, and kept messages that it now waits for, travel in transactions of their own.

    Another instance is never locked while this one is: two that message each other would wait in a circle.
    """
    work = stepped.work
    sent = [waits.keep(work, _addressed(thrown, stepped.standing.view.id), "pending") for thrown in stepped.step.thrown]
    for message_id in (*sent, *awaited_for):
        stepped.engine.jobs.enqueue(work, DELIVER, {"message_id": message_id})


def _addressed(thrown: Thrown, instance_id: int) -> Thrown:
    """A signal's key is the instance that threw it: it has reached what waits there already."""
    return replace(thrown, key=str(instance_id)) if thrown.kind == "signal" else thrown


_FIRST = Statement(instance_state.insert())
_NEXT = Statement(
    update(instance_state)
    .where(instance_state.c.instance_id == bindparam("of"), instance_state.c.version == bindparam("seen"))
    .values(state=bindparam("new_state"), version=bindparam("new_version"))
)
_NEXT_ROW = Statement(
    update(instance)
    .where(instance.c.id == bindparam("of"))
    .values(
        status=bindparam("to"),
        armed=bindparam("new_armed"),
        awaited=bindparam("new_awaited"),
        failed=bindparam("new_failed"),
        ended_at=bindparam("at"),
    )
)
