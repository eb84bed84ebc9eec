"""What has an inside: the process itself, subprocesses, called processes."""

from typing import Any, cast

from SpiffWorkflow.util.task import TaskState

from engine.workflow.errors import Stuck
from engine.workflow.spiff import branches, expressions, values
from engine.workflow.spiff.merge import three_way
from engine.workflow.spiff.nodes.base import BpmnNode, Inside, listen
from engine.workflow.spiff.tokens import Branch, Token

MAX_CALLS = 20


def begin(scope: Token, inside: Inside, data: dict[str, Any], first: list[BpmnNode], *, occurred: bool = False) -> None:
    """Put tokens at the first nodes of a scope and let its event subprocesses listen.

    `occurred`: what the first node waits for has come already; it began the instance.
    """
    run = scope.workflow
    scope.memory["entry"] = data
    branch = Branch(data, None) if len(first) > 1 else None
    listen(scope, inside.listeners)
    fresh = [run.place(spec, scope, data, branch=branch) for spec in first]
    for token in fresh:
        if occurred:
            token.memory["fired"] = True
        run.arrive(token)


class ProcessNode(BpmnNode):
    """The instance itself: the token that all others stand under."""

    traced = False
    shares_data = True

    def emptied(self, scope: Token, data: dict[str, Any]) -> None:
        """Nothing stands in the process any more: it is complete."""
        scope.workflow.finish(data)


class Subprocess(BpmnNode):
    """An activity with nodes inside; it sees and changes the data around it."""

    shares_data = True

    def act(self, my_task: Token) -> bool | None:
        if "result" in my_task.memory:
            return self.conclude(my_task)
        local = self.inputs_of(my_task)
        data = {**my_task.data, **local}
        if local:
            my_task.memory["local"] = local
        self.start(my_task, data)
        return None

    def start(self, my_task: Token, data: dict[str, Any]) -> None:
        """Begin inside."""
        inside = self.inner(my_task)
        begin(my_task, inside, data, inside.first)
        my_task.workflow.settle(my_task, data)

    def inner(self, my_task: Token) -> Inside:
        """What is inside."""
        return cast(Inside, self.inside)  # the reader gives every subprocess one

    def emptied(self, scope: Token, data: dict[str, Any]) -> None:
        """Everything inside has ended: take its data along and leave."""
        scope.memory["result"] = data
        scope._set_state(TaskState.READY)
        scope.workflow.queue.append(scope)

    def conclude(self, my_task: Token) -> bool:
        """Carry the result of the inside over; kept in memory until that succeeded."""
        result = my_task.memory["result"]
        my_task.data = self.brought(my_task, result)
        self._remember(my_task)
        return True

    def brought(self, my_task: Token, result: dict[str, Any]) -> dict[str, Any]:
        """The data after the inside has ended."""
        if not self.outputs_said:
            return self._without_inputs(my_task, self._merged(my_task, result))
        fresh = self.outputs_of(my_task, {**my_task.data, **result, "result": result})
        kept = self._without_inputs(my_task, self._merged(my_task, result)) if self.all_out else my_task.data
        return {**kept, **fresh}

    def progress(self, my_task: Token) -> dict[str, Any]:
        inside = my_task.workflow.within(my_task)
        if not inside:
            return my_task.data
        return self._without_inputs(my_task, self._merged(my_task, branches.view(inside, my_task)))

    def _merged(self, my_task: Token, result: dict[str, Any]) -> dict[str, Any]:
        return three_way(my_task.memory["entry"], my_task.data, result, prefer="theirs")

    def _without_inputs(self, my_task: Token, data: dict[str, Any]) -> dict[str, Any]:
        local = my_task.memory.get("local", {})
        return (
            {name: value for name, value in data.items() if name not in local or name in my_task.data}
            if local
            else data
        )

    def _remember(self, my_task: Token) -> None:
        """What was done inside can still be undone from outside."""
        done = my_task.memory.get("done", [])
        if self.undone_by is None and (done or (self.inside and self.inside.undoing())):
            my_task.scope.memory.setdefault("done", []).append([self.node.id, done])


class AdHocSubprocess(Subprocess):
    """Its activities may be done in any order; it ends by its completion condition, or when all are done."""

    def start(self, my_task: Token, data: dict[str, Any]) -> None:
        if not self.node.ordered:
            super().start(my_task, data)
            return
        inside = self.inner(my_task)
        my_task.memory["rest"] = [spec.node.id for spec in inside.first[1:]]
        begin(my_task, inside, data, inside.first[:1])

    def child_left(self, scope: Token, child: Token) -> None:
        run = scope.workflow
        if self._is_done(child):
            data = branches.view(run.within(scope), scope)
            if self.node.cancel_rest:
                for token in run.within(scope):
                    run.cancel_token(token) if token is not child else run.remove(token)
                self.emptied(scope, data)
                return
            scope.memory["rest"] = []
        super().child_left(scope, child)

    def _is_done(self, child: Token) -> bool:
        condition = self.node.condition
        return condition is not None and expressions.holds(condition, child.data, child.workflow.ports)

    def emptied(self, scope: Token, data: dict[str, Any]) -> None:
        rest = scope.memory.get("rest")
        if not rest or "result" in scope.memory:
            super().emptied(scope, data)
            return
        spec = self.inner(scope).task_specs[rest[0]]
        scope.memory["rest"] = rest[1:]
        scope.workflow.arrive(scope.workflow.place(spec, scope, data))


class CallActivity(Subprocess):
    """Runs another process inside this instance; `lf:input` and `lf:output` carry data, without them all data go."""

    shares_data = False

    def start(self, my_task: Token, data: dict[str, Any]) -> None:
        depth, above = 0, my_task
        while above.parent is not None:
            depth, above = depth + isinstance(above.task_spec, CallActivity), above.parent
        if depth > MAX_CALLS:
            raise Stuck(
                "workflow.call_depth", f"processes call each other {MAX_CALLS} deep; they never end", limit=MAX_CALLS
            )
        given = values.copy(my_task.data) if self.all_in else {}
        super().start(my_task, {**given, **self.inputs_of(my_task)})

    def _remember(self, my_task: Token) -> None:
        """A called process is undone as a whole or not at all."""

    def inner(self, my_task: Token) -> Inside:
        if self.inside is None:
            raise Stuck(
                "workflow.called_missing",
                f"{self.node.said.name or self.node.id} calls process {self.node.called}, which is not deployed",
                called=self.node.called,
            )
        return self.inside

    def brought(self, my_task: Token, result: dict[str, Any]) -> dict[str, Any]:
        fresh = self.outputs_of(my_task, {**result, "result": result})
        if not self.all_out:
            return {**my_task.data, **fresh}
        if not self.all_in:
            return {**my_task.data, **result, **fresh}
        return {**three_way(my_task.memory["entry"], my_task.data, result, prefer="theirs"), **fresh}

    def progress(self, my_task: Token) -> dict[str, Any]:
        return my_task.data
