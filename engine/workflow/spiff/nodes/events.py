"""Events: what a token waits for, what it throws, and events that listen beside an activity or in a scope."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.errors import BpmnError
from engine.workflow.spiff import branches, expressions, throwing, timing, values
from engine.workflow.spiff.model import EventDefinition
from engine.workflow.spiff.nodes.base import BpmnNode
from engine.workflow.spiff.nodes.gateways import EventGateway
from engine.workflow.spiff.timing import Schedule
from engine.workflow.spiff.tokens import Branch, Token

HEARD = frozenset({"timer", "message", "signal", "conditional"})


class StartEvent(BpmnNode):
    """Where tokens begin; what an instance is begun with is `message` to its `lf:output`."""

    def act(self, my_task: Token) -> bool | None:
        if self.outputs_said:
            self.learn(my_task, self.outputs_of(my_task, {**my_task.data, "message": my_task.data}))
        return True


class Catching(BpmnNode):
    """Waits for its event; each definition keeps in `memory["arms"]` what it needs to know it."""

    place = "intermediate"

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.rechecks = any(event.kind == "conditional" for event in self.node.events)

    def listen(self, host: Token) -> None:
        """Wait for the event on behalf of another token."""
        token = host.workflow.place(self, host, host.data)
        token.listening = True
        token._set_state(TaskState.WAITING)
        self.arm(token, host.task_spec.sight(host))

    def arm(self, my_task: Token, data: Mapping[str, Any]) -> None:
        """Note what the event is recognised by: due moments, correlation keys."""
        my_task.memory["arms"] = [self._armed(event, data, my_task) for event in self.node.events]

    def _armed(self, event: EventDefinition, data: Mapping[str, Any], my_task: Token) -> dict[str, Any]:
        ports = my_task.workflow.ports
        if event.kind == "timer":
            return {"seq": 0, **kept(timing.schedule(event, data, ports))}
        if event.kind in ("message", "signal"):
            return {"key": throwing.key(self.node, data, ports)}
        return {}

    def occurred(self, my_task: Token, number: int, payload: Mapping[str, Any]) -> None:
        """One of the definitions came true."""
        arms = my_task.memory["arms"]
        arms[number]["done"] = True
        if self.node.parallel_multiple and not all(arm.get("done") for arm in arms):
            my_task.memory["heard"] = {**my_task.memory.get("heard", {}), **payload}
            return
        heard = {**my_task.memory.pop("heard", {}), **payload}
        for arm in arms:
            arm.pop("done", None)
        self.caught(my_task, number, heard)

    def caught(self, my_task: Token, number: int, payload: Mapping[str, Any]) -> None:
        """The event is complete: go on."""
        host = my_task.scope
        if my_task.listening and isinstance(host.task_spec, EventGateway):
            host.task_spec.won(host, self, self.told(my_task, host.data, payload))
            return
        my_task.data = self.told(my_task, my_task.data, payload)
        my_task.complete()

    def act(self, my_task: Token) -> bool | None:
        if my_task.memory.get("fired") or not self.node.events:
            return True
        self.arm(my_task, my_task.data)
        return None

    def told(self, my_task: Token, data: Mapping[str, Any], payload: Mapping[str, Any]) -> dict[str, Any]:
        """The data with what the event brought."""
        if self.outputs_said:
            return {**data, **self.outputs_of(my_task, {**data, **payload, "message": dict(payload)})}
        return {**data, **values.copy(dict(payload))}

    def again(self, my_task: Token, number: int) -> None:
        """A listener that goes on listening: set the next due moment, or stop when there is none."""
        if self.node.events[number].kind != "timer":
            return
        arm = my_task.memory["arms"][number]
        later, passed = timing.following(schedule_of(arm), my_task.data, my_task.workflow.ports)
        if later is None:
            my_task.memory["arms"][number] = {"over": True}
            if all(arm.get("over") for arm in my_task.memory["arms"]):
                my_task.workflow.remove(my_task)
            return
        my_task.memory["arms"][number] = {"seq": arm["seq"] + passed, **kept(later)}

    def recheck(self, my_task: Token) -> bool:
        for number, event in enumerate(self.node.events):
            if event.kind == "conditional" and event.text and "arms" in my_task.memory:
                arm = my_task.memory["arms"][number]
                was, arm["was"] = (
                    arm.get("was", False),
                    expressions.holds(event.text, self.seen(my_task), my_task.workflow.ports),
                )
                if arm["was"] and not was:
                    self.occurred(my_task, number, {})
                    return True
        return False

    def seen(self, my_task: Token) -> Mapping[str, Any]:
        """The data that conditions look at: what all branches have written so far, inside and around."""
        place = my_task.scope if my_task.listening else my_task
        return branches.sight(place.scope)


class CatchEvent(Catching):
    """An intermediate event or receive task that the token waits at."""


class BoundaryEvent(Catching):
    """Listens beside an activity; interrupting or not."""

    place = "boundary"
    attached = True

    def listen(self, host: Token) -> None:
        if any(event.kind in HEARD for event in self.node.events):
            super().listen(host)

    def caught(self, my_task: Token, number: int, payload: Mapping[str, Any]) -> None:
        if not my_task.listening:
            super().caught(my_task, number, payload)
            return
        host = my_task.scope
        data = self.told(my_task, host.task_spec.progress(host), payload)
        if self.node.interrupting:
            self.interrupt(host, data)
        else:
            self.again(my_task, number)
            self.beside(host, data)

    def interrupt(self, host: Token, data: dict[str, Any]) -> None:
        """Withdraw the activity and go on from here."""
        run, scope, branch = host.workflow, host.scope, host.branch
        run.cancel_token(host)
        self._go(run.place(self, scope, data, branch=branch))

    def beside(self, host: Token, data: dict[str, Any]) -> None:
        """Go on from here while the activity stays; what the event brought is a change of this branch."""
        run = host.workflow
        shared = branches.fork(host, host.task_spec.progress(host))
        self._go(run.place(self, host.scope, data, branch=shared))

    def _go(self, fresh: Token) -> None:
        fresh.memory["fired"] = True
        fresh.workflow.arrive(fresh)

    def seen(self, my_task: Token) -> Mapping[str, Any]:
        host = my_task.scope
        return {**super().seen(my_task), **host.memory.get("local", {})}


class Listener(Catching):
    """The start of an event subprocess, listening in the scope around it."""

    place = "eventSubprocess"
    traced = False

    def __init__(self, wf_spec: Any, node: Any, subprocess: BpmnNode) -> None:
        super().__init__(wf_spec, node)
        self.subprocess = subprocess

    def listen(self, host: Token) -> None:
        if any(event.kind in HEARD for event in self.node.events):
            super().listen(host)

    def caught(self, my_task: Token, number: int, payload: Mapping[str, Any]) -> None:
        scope, run = my_task.scope, my_task.workflow
        data = self.told(my_task, branches.view(run.within(scope), scope), payload)
        if not self.node.interrupting:
            self.again(my_task, number)
        self.begin(scope, data)

    def begin(self, scope: Token, data: dict[str, Any]) -> None:
        """Start the event subprocess in its scope; an interrupting one ends everything else there."""
        run = scope.workflow
        standing = run.within(scope)
        before = branches.view(standing, scope)
        if self.node.interrupting:
            for child in scope.children:
                run.cancel_token(child)
            branch = None
        elif len(standing) == 1:
            branch = branches.fork(standing[0], before)
        else:
            branch = Branch(before, None)
        run.arrive(run.place(self.subprocess, scope, data, branch=branch))

    def seen(self, my_task: Token) -> Mapping[str, Any]:
        return branches.sight(my_task.scope)


class ThrowEvent(BpmnNode):
    """Throws its events and goes on; also end events."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.spreads = any(event.kind == "signal" for event in self.node.events)

    def act(self, my_task: Token) -> bool | None:
        if my_task.memory.get("undone"):  # compensation has come back
            return True
        for event in self.node.events:
            if not throwing.throw(my_task, event):
                return None
        return True

    def child_left(self, scope: Token, child: Token) -> None:
        """A compensation handler has finished: run the next one, or go on."""
        scope.data = child.data
        scope.workflow.remove(child)
        if scope.memory["undo"]:
            throwing.undo_next(scope)
            return
        del scope.memory["undo"]
        scope.memory["undone"] = True
        scope._set_state(TaskState.READY)
        scope.workflow.queue.append(scope)


class EndEvent(ThrowEvent):
    """Ends its branch; some kinds end more than that."""

    def act(self, my_task: Token) -> bool | None:
        event = self.node.event
        if event is not None and event.kind == "error":
            raise BpmnError(
                event.code or "", f"{self.node.said.name or self.node.id} throws {event.code or 'an error'}"
            )
        if event is not None and event.kind == "terminate":
            throwing.terminate(my_task)
            return None
        if event is not None and event.kind == "cancel":
            throwing.cancel(my_task)
            return None
        return super().act(my_task)


def kept(schedule: Schedule) -> dict[str, Any]:
    """What an armed timer keeps of its schedule."""
    found: dict[str, Any] = {"due": schedule.due}
    if schedule.every is not None:
        found |= {"every": schedule.every, "left": schedule.left}
    if schedule.at:
        found["at"] = list(schedule.at)
    if schedule.since is not None:
        found["since"] = schedule.since
    if schedule.length is not None:
        found["length"] = schedule.length
    return found


def schedule_of(arm: Mapping[str, Any]) -> Schedule:
    """The schedule that an armed timer keeps."""
    return Schedule(
        arm["due"],
        arm.get("every"),
        arm.get("left", 1),
        tuple(arm.get("at", ())),
        since=arm.get("since"),
        length=arm.get("length"),
    )
