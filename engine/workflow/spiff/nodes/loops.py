"""Activities that run several times: multi-instance and standard loop."""

from decimal import Decimal
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow.errors import Stuck
from engine.workflow.spiff import expressions, throwing, values
from engine.workflow.spiff.merge import three_way
from engine.workflow.spiff.model import Loop
from engine.workflow.spiff.nodes.base import BpmnNode
from engine.workflow.spiff.tokens import Token

MAX_INSTANCES = 1_000
MAX_TOKENS = 5_000


class Repeating(BpmnNode):
    """Holds the instances of an activity as tokens under its own; boundary events are its own."""

    traced = False
    shares_data = True
    repeats = True

    def __init__(self, wf_spec: Any, node: Any, child: BpmnNode) -> None:
        super().__init__(wf_spec, node)
        self.child = child
        self.loop: Loop = node.loop
        self.inputs_said, self.outputs_said = [], []

    def child_left(self, scope: Token, child: Token) -> None:
        child._set_state(TaskState.COMPLETED)
        scope.workflow.attempt(scope, lambda: self._took(scope, child))

    def _took(self, scope: Token, child: Token) -> None:
        scope.memory["last"] = child.data
        self.take(scope, child)
        if scope.id in scope.workflow.tasks and self.proceed(scope):
            scope.complete()

    def proceed(self, scope: Token) -> bool:
        """Go on after an instance; True when all is done. May be tried again after a failure."""
        if not self.go_on(scope):
            return False
        for other in scope.workflow.within(scope):
            scope.workflow.cancel_token(other)
        self.close(scope)
        return True

    def take(self, scope: Token, child: Token) -> None:
        """Keep what an instance brought."""
        scope.data = self._kept(scope, child)
        scope.workflow.remove(child)

    def go_on(self, scope: Token) -> bool:
        """Start what is next; True when nothing is left to do."""
        raise NotImplementedError

    def close(self, scope: Token) -> None:
        """The last act before leaving."""

    def emptied(self, scope: Token, data: dict[str, Any]) -> None:
        """An instance ended without leaving its node, which only a withdrawn one does: count it as done."""

    def create(self, my_task: Token, index: int, own: dict[str, Any]) -> None:
        """Start one instance with values of its own."""
        token = my_task.workflow.place(self.child, my_task, {**my_task.data, **own})
        token.index, token.via = index, my_task.via
        my_task.workflow.arrive(token)

    def _kept(self, scope: Token, child: Token) -> dict[str, Any]:
        own = {"loopCounter", self.loop.element}
        theirs = {name: value for name, value in child.data.items() if name not in own or name in scope.data}
        for name in own & scope.data.keys():
            theirs[str(name)] = scope.data[str(name)]
        return three_way(scope.memory["entry"], scope.data, theirs, prefer="theirs")


class MultiInstance(Repeating):
    """One instance for each element of a collection, at once or one after the other."""

    gathers = True

    def act(self, my_task: Token) -> bool | None:
        if "count" in my_task.memory:
            return self.proceed(my_task) or None
        items = self._items(my_task)
        if len(my_task.workflow.tasks) + len(items) > MAX_TOKENS:
            raise Stuck("workflow.too_many", f"more than {MAX_TOKENS} tokens; split the work", limit=MAX_TOKENS)
        my_task.memory.update({"entry": my_task.data, "count": len(items), "results": [], "finished": 0, "next": 0})
        if self.loop.sequential:
            my_task.memory["items"] = items
        if not items:
            self.close(my_task)
            return True
        for index, item in enumerate(items[:1] if self.loop.sequential else items):
            self._instance(my_task, index, item)
        return None

    def _instance(self, my_task: Token, index: int, item: Any) -> None:
        my_task.memory["next"] = index + 1
        own: dict[str, Any] = {"loopCounter": index + 1}
        if self.loop.element:
            own[self.loop.element] = item
        self.create(my_task, index, own)

    def _items(self, my_task: Token) -> list[Any]:
        ports, loop = my_task.workflow.ports, self.loop
        said = loop.collection or loop.cardinality or "0"
        found = values.copy(expressions.evaluate(said, my_task.data, ports))
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            found = list(range(1, min(int(found), MAX_INSTANCES + 1) + 1))
        if isinstance(found, dict):
            found = [{"key": name, "value": value} for name, value in found.items()]
        if not isinstance(found, list) or len(found) > MAX_INSTANCES:
            raise Stuck(
                "workflow.collection",
                f"{said} of {self.node.said.name or self.node.id} gives no list of up to {MAX_INSTANCES}; set it",
                text=said,
                limit=MAX_INSTANCES,
            )
        return found

    def take(self, scope: Token, child: Token) -> None:
        if self.loop.result:
            scope.memory["results"] = [*scope.memory["results"], [child.index, self._result(scope, child)]]
            scope.workflow.remove(child)
        else:
            super().take(scope, child)
        scope.memory["finished"] += 1
        self._throw(scope)

    def _throw(self, scope: Token) -> None:
        """What the behaviour throws as instances finish: each time, the first time, or where its condition holds."""
        if self.loop.behaviour == "One" and scope.memory["finished"] > 1:
            return
        ports = scope.workflow.ports
        for condition, event in self.loop.thrown:
            if condition is None or expressions.holds(condition, self._seen(scope), ports):
                throwing.raised(scope, event)
            if scope.id not in scope.workflow.tasks:
                return

    def _result(self, scope: Token, child: Token) -> Any:
        if self.loop.item:
            return child.data.get(self.loop.item)
        if "brought" in child.memory:
            return {name: child.data[name] for name in child.memory["brought"]}
        before = {**scope.memory["entry"], "loopCounter": None, self.loop.element: None}
        own = ("loopCounter", self.loop.element)
        return {
            name: value
            for name, value in child.data.items()
            if name not in own and (name not in before or value is not before[name])
        }

    def go_on(self, scope: Token) -> bool:
        memory = scope.memory
        if self._satisfied(scope):
            return True
        if self.loop.sequential and memory["next"] < memory["count"]:
            self._instance(scope, memory["next"], memory["items"][memory["next"]])
            return False
        return not scope.workflow.within(scope)

    def _satisfied(self, scope: Token) -> bool:
        return self.loop.condition is not None and expressions.holds(
            self.loop.condition, self._seen(scope), scope.workflow.ports
        )

    def _seen(self, scope: Token) -> dict[str, Any]:
        """What conditions over all instances look at."""
        memory, active = scope.memory, len(scope.workflow.within(scope))
        seen: dict[str, Any] = {
            **memory["last"],
            "nrOfInstances": memory["count"],
            "nrOfCompletedInstances": memory["finished"],
            "nrOfActiveInstances": active,
            "nrOfTerminatedInstances": memory["next"] - memory["finished"] - active,
        }
        if self.loop.result:
            seen[self.loop.result] = _ordered(memory["results"])
        return seen

    def close(self, scope: Token) -> None:
        if self.loop.result:
            self.learn(scope, {self.loop.result: _ordered(scope.memory["results"])})

    def progress(self, my_task: Token) -> dict[str, Any]:
        """An interrupted multi-instance leaves the results that it had."""
        results = my_task.memory.get("results")
        if not self.loop.result or results is None:
            return my_task.data
        return {**my_task.data, self.loop.result: _ordered(results)}

    def withdrawn(self, scope: Token, child: Token) -> None:
        """One instance was taken away; it counts as finished without a result."""
        scope.workflow.cancel_token(child)
        scope.workflow.attempt(scope, lambda: self._left_over(scope))

    def _left_over(self, scope: Token) -> None:
        scope.memory["finished"] += 1
        scope.memory.setdefault("last", scope.data)
        if self.proceed(scope):
            scope.complete()


class StandardLoop(Repeating):
    """Again and again while the condition holds, at most `loopMaximum` times."""

    def act(self, my_task: Token) -> bool | None:
        if "round" in my_task.memory:
            return self.proceed(my_task) or None
        my_task.memory.update({"entry": my_task.data, "round": 0})
        if self.loop.test_before and not self._again(my_task):
            return True
        self.create(my_task, 0, {"loopCounter": 1})
        return None

    def go_on(self, scope: Token) -> bool:
        scope.memory["round"] += 1
        scope.memory["entry"] = scope.data
        if not self._again(scope):
            return True
        self.create(scope, scope.memory["round"], {"loopCounter": scope.memory["round"] + 1})
        return False

    def _again(self, my_task: Token) -> bool:
        ports, done, loop = my_task.workflow.ports, my_task.memory["round"], self.loop
        most = expressions.evaluate(loop.maximum, my_task.data, ports) if loop.maximum else MAX_INSTANCES
        seen = {**my_task.data, "loopCounter": done}
        return bool(done < most) and (loop.condition is None or expressions.holds(loop.condition, seen, ports))


def _ordered(results: list[list[Any]]) -> list[Any]:
    return [value for _, value in sorted(results, key=lambda pair: int(pair[0]))]
