"""Activities without an inside: tasks for people, for operations, for rules, and those that do nothing."""

from collections.abc import Mapping
from typing import Any

from engine.workflow.errors import Stuck
from engine.workflow.spiff import expressions, throwing, values
from engine.workflow.spiff.nodes.base import BpmnNode
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import OperationCall

OUTCOME = "outcome"
_DECIDED = frozenset({OUTCOME, "target", "after", "opinion"})
"""What the answer of an approval node holds besides the form's values."""


class PassingTask(BpmnNode):
    """A task that nobody has to do anything for."""

    def act(self, my_task: Token) -> bool | None:
        self.learn(my_task, self.outputs_of(my_task, {**my_task.data, **self.inputs_of(my_task)}))
        return True


class OpenNode(BpmnNode):
    """A task that waits for people or for a worker outside; `fields` are the declared ones, None for any."""

    fields: frozenset[str] | None = None

    def act(self, my_task: Token) -> bool | None:
        if self.inputs_said:
            my_task.memory["local"] = self.inputs_of(my_task)
        return None

    def answered(self, my_task: Token, given: Mapping[str, Any]) -> None:
        """Take the answer and go on; it is kept until it could be taken, so that a retry needs no second answer."""
        my_task.memory["answer"] = dict(given)
        accepted = {name: value for name, value in given.items() if self._declared(name)}
        fresh = accepted if self.all_out else {}
        if self.outputs_said:
            fresh = {**fresh, **self.outputs_of(my_task, {**self.sight(my_task), **given, "result": dict(given)})}
        if self.variable and OUTCOME in given:
            fresh = {self.variable: given[OUTCOME], **fresh}
        del my_task.memory["answer"]
        self.learn(my_task, fresh)
        my_task.complete()

    @property
    def variable(self) -> str:
        """Where the outcome of an approval node lands; empty for other tasks."""
        node = self.extension("node")
        return node.attributes.get("variable", OUTCOME) if node else ""

    def _declared(self, name: str) -> bool:
        return self.fields is None or name in self.fields or (bool(self.variable) and name in _DECIDED)


class UserTask(OpenNode):
    """Waits for people; user and manual tasks."""


class WorkerTask(OpenNode):
    """A service task with a topic: waits for a program outside."""


class ServiceTask(BpmnNode):
    """Calls an operation of the house."""

    def act(self, my_task: Token) -> bool | None:
        ports = my_task.workflow.ports
        operation = self.extension("operation")
        name = expressions.value(operation.attributes["name"], my_task.data, ports) if operation else ""
        inputs = self.inputs_of(my_task) if self.inputs_said else values.copy(my_task.data)
        found = values.copy(dict(ports.perform(OperationCall(str(name), self.node.said, my_task.id, inputs)) or {}))
        fresh = found if self.all_out else {}
        if self.outputs_said:
            fresh = {**fresh, **self.outputs_of(my_task, {**my_task.data, "result": found})}
        self.learn(my_task, fresh)
        return True


class RuleTask(BpmnNode):
    """Asks a decision table; its answer lands in the variable that `lf:decision` names.

    `several`: the table answers with a list of what each rule gives; None when that is not known.
    """

    several: bool | None = None

    def act(self, my_task: Token) -> bool | None:
        ports, said = my_task.workflow.ports, self.extension("decision")
        if said is None:
            return True
        asked = {**my_task.data, **self.inputs_of(my_task)}
        table = str(expressions.value(said.attributes.get("ref", ""), my_task.data, ports))
        answer = values.copy(ports.decide(table, said.attributes.get("decision"), values.copy(asked)))
        found = self._shaped(answer, said.attributes.get("shape", ""), table)
        variable = said.attributes.get("result")
        fresh = {variable: found} if variable else {}
        if self.outputs_said:
            fresh |= self.outputs_of(my_task, {**my_task.data, **fresh, "result": found})
        elif not variable and isinstance(found, dict):
            fresh = found
        self.learn(my_task, fresh)
        return True

    def _shaped(self, answer: Any, shape: str, table: str) -> Any:
        """A table's answer as the node wants it: one value, one context, a list of values or of contexts."""
        if shape == "" or answer is None:
            return [] if shape in ("entries", "results") else answer
        listed = isinstance(answer, list) if self.several is None else self.several
        if shape in ("entries", "results"):
            return answer if listed else [answer]
        found = answer if listed else [answer]
        if len(found) > 1:
            raise Stuck(
                "workflow.decision_shape",
                f"{table} gave {len(found)} values, but one {shape} is expected; change the table or the shape",
                table=table,
            )
        return found[0] if found else None


class ScriptTask(BpmnNode):
    """FEEL assignments, one a line, each seeing the ones before."""

    def act(self, my_task: Token) -> bool | None:
        ports = my_task.workflow.ports
        seen = {**my_task.data, **self.inputs_of(my_task)}
        fresh: dict[str, Any] = {}
        for name, text in expressions.assignments(self.node.script or ""):
            fresh[name] = seen[name] = values.copy(expressions.evaluate(text, seen, ports))
        self.learn(my_task, fresh)
        self.learn(my_task, self.outputs_of(my_task, seen))
        return True


class SendTask(BpmnNode):
    """Sends its message and goes on."""

    def act(self, my_task: Token) -> bool | None:
        for event in self.node.events:
            throwing.send(my_task, "message", event.name or "")
        return True
