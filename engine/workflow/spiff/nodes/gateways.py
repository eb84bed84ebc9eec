"""Gateways: which way a token goes, and when tokens meet."""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.errors import Stuck
from engine.workflow.spiff import branches, expressions
from engine.workflow.spiff.model import Flow
from engine.workflow.spiff.nodes.base import BpmnNode, listen
from engine.workflow.spiff.tokens import Token


class Choosing(BpmnNode):
    """A gateway that looks at conditions; the first or every flow whose condition holds."""

    every = False

    def act(self, my_task: Token) -> bool | None:
        my_task.memory["chosen"] = [flow.id for flow in self.choose(my_task)]
        return True

    def exits(self, my_task: Token) -> list[Flow]:
        chosen = my_task.memory["chosen"]
        return [flow for flow in self.node.outgoing if flow.id in chosen]

    def choose(self, my_task: Token) -> list[Flow]:
        """The flows to take. Raises Stuck (`workflow.no_flow`) when no condition holds and there is no default."""
        outgoing = self.node.outgoing
        if len(outgoing) < 2 and not any(flow.condition for flow in outgoing):
            return outgoing
        chosen = list(self._holding(my_task, outgoing))
        chosen = chosen or [flow for flow in outgoing if flow.id == self.node.default]
        if not chosen:
            raise Stuck(
                "workflow.no_flow",
                f"no condition after {self.node.said.name or self.node.id} holds and none of its flows is the default",
                node=self.node.id,
            )
        return chosen

    def _holding(self, my_task: Token, outgoing: list[Flow]) -> Iterable[Flow]:
        for flow in outgoing:
            if flow.id == self.node.default:
                continue
            if flow.condition is None or expressions.holds(flow.condition, my_task.data, my_task.workflow.ports):
                yield flow
                if not self.every:
                    return


class ExclusiveGateway(Choosing):
    """One token in, one token out."""


class Joining(BpmnNode):
    """A gateway where tokens wait for each other; the newest carries on with the data of all."""

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.node.incoming) < 2:
            return True
        my_task._set_state(TaskState.WAITING)
        return self.complete_set(my_task) is not None

    def _run_hook(self, my_task: Token) -> bool | None:
        met = self.complete_set(my_task)
        if met is None:  # its partners went on with another token
            return None
        self.gather(my_task, met)
        return super()._run_hook(my_task)

    def gather(self, my_task: Token, met: list[Token]) -> None:
        """Take in the tokens that waited. Raises Stuck when their branches disagree; on retry the later one wins."""
        if len(met) < 2:
            return
        run, scope = my_task.workflow, my_task.scope
        others = [token for token in run.within(scope) if token not in met]
        tolerant = bool(my_task.memory.pop("tolerant", False))
        data, branch = branches.join(met, scope, others=others, tolerant=tolerant)
        for token in met:
            if token is not my_task:
                run.remove(token)
        my_task.data, my_task.branch, my_task.via = data, branch, None

    def complete_set(self, my_task: Token) -> list[Token] | None:
        """The tokens that go on together, oldest first, with this one; None while one is missing."""
        met = self.one_each(my_task)
        return met if len(met) >= len(self.node.incoming) else None

    def one_each(self, my_task: Token) -> list[Token]:
        """This token, and the oldest one on each other flow."""
        if len(self.node.incoming) < 2:
            return [my_task]
        first: dict[str | None, Token] = {}
        for token in self.arrived(my_task):
            if token.via == my_task.via or token.via not in first:
                first[token.via] = my_task if token.via == my_task.via else token
        return list(first.values())

    def arrived(self, my_task: Token) -> list[Token]:
        """The tokens that wait at this node in the same scope, oldest first."""
        return [
            token
            for token in my_task.workflow.within(my_task.scope)
            if token.task_spec is self and not token.entered and not token.has_state(TaskState.COMPLETED)
        ]


class ParallelGateway(Joining):
    """Waits for one token on each incoming flow, leaves by all."""


class Collecting(Joining):
    """Waits for a number of tokens, whichever way they come: what a start quantity asks for."""

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(TaskState.WAITING)
        return self.complete_set(my_task) is not None

    def complete_set(self, my_task: Token) -> list[Token] | None:
        needed = self.node.quantity[0]
        others = [token for token in self.arrived(my_task) if token is not my_task]
        met = [*others[: needed - 1], my_task]
        return met if len(met) >= needed else None


class InclusiveGateway(Choosing, Joining):
    """Waits until no further token can arrive, leaves by every flow whose condition holds."""

    every = True
    rechecks = True

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.reach: dict[str, frozenset[str]] = {}  # incoming flow → nodes that lead to it without passing here

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.node.incoming) < 2:
            return True
        my_task._set_state(TaskState.WAITING)
        return False

    def complete_set(self, my_task: Token) -> list[Token] | None:
        return self.one_each(my_task)

    def recheck(self, my_task: Token) -> bool:
        if my_task.state != TaskState.WAITING or self._expects(my_task):
            return False
        my_task._ready()
        return True

    def _expects(self, my_task: Token) -> bool:
        """BPMN 2.0 §13.4.3: a token may still come on a flow that has none, and not on one that has."""
        here = self.arrived(my_task)
        filled = {token.via for token in here}
        empty = [flow.id for flow in self.node.incoming if flow.id not in filled]
        for token in my_task.workflow.within(my_task.scope):
            if token in here:
                continue
            spot = token.task_spec.node.id
            if self._leads(spot, empty) and not self._leads(spot, filled):
                return True
        return False

    def _leads(self, spot: str, flows: Iterable[str | None]) -> bool:
        return any(spot in self.reach[flow] for flow in flows if flow)


class ComplexGateway(Choosing, Joining):
    """Goes on when its activation condition holds over `activationCount`; takes in later tokens of the round."""

    every = True
    rechecks = True

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.reach: dict[str, frozenset[str]] = {}

    def _update_hook(self, my_task: Token) -> bool:
        scope = my_task.scope
        late = scope.memory.get("late", {}).get(self.node.id)
        if late is not None and my_task.via in late:
            late.remove(my_task.via)
            self._absorb(my_task, scope)
            return False
        my_task._set_state(TaskState.WAITING)
        return self._activated(my_task)

    def complete_set(self, my_task: Token) -> list[Token] | None:
        return self.one_each(my_task)

    def gather(self, my_task: Token, met: list[Token]) -> None:
        seen = {token.via for token in met}
        missing = [flow.id for flow in self.node.incoming if flow.id not in seen]
        super().gather(my_task, met)
        if missing:
            my_task.scope.memory.setdefault("late", {})[self.node.id] = missing

    def _activated(self, my_task: Token) -> bool:
        count = len(self.arrived(my_task))
        if self.node.condition is None:
            return count >= len(self.node.incoming)
        seen = {**my_task.data, "activationCount": count}
        return expressions.holds(self.node.condition, seen, my_task.workflow.ports)

    def _absorb(self, my_task: Token, scope: Token) -> None:
        if not scope.memory["late"][self.node.id]:
            del scope.memory["late"][self.node.id]
        my_task.workflow.follow(my_task, [])

    def recheck(self, my_task: Token) -> bool:
        return False


class EventGateway(BpmnNode):
    """Waits for the first of several events; the others are forgotten."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.awaited: list[Any] = []

    def act(self, my_task: Token) -> bool | None:
        listen(my_task, self.awaited)
        return None

    def won(self, my_task: Token, event: Any, data: dict[str, Any]) -> None:
        """The event came: the token goes on there."""
        run, scope = my_task.workflow, my_task.scope
        run.note(my_task, "leave")
        branch = my_task.branch
        run.remove(my_task)
        fresh = run.place(event, scope, data, branch=branch)
        fresh.memory["fired"] = True
        run.arrive(fresh)
