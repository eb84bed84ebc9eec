"""What all nodes share: arriving, entering, leaving, inputs and outputs, boundary events."""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.kernel.errors import LetterflowError
from engine.workflow.spiff import expressions, values
from engine.workflow.spiff.model import Flow, Node
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import Extension


class BpmnNode(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A node of the diagram. It predicts nothing (trap T4): tokens exist only where the instance stands.

    `traced`: shows in the trace; `shares_data`: what happens around it is seen inside; `rechecks`: may go on untold;
    `attached`: belongs to an activity; `repeats`: holds instances; `gathers`: collects what they bring;
    `spreads`: throws a signal.
    """

    traced = True
    shares_data = False
    rechecks = False
    attached = False
    gathers = False
    repeats = False
    spreads = False
    inside: "Inside | None" = None

    def __init__(self, wf_spec: "Inside", node: Node, *, name: str | None = None) -> None:
        super().__init__(wf_spec, name or node.id, bpmn_name=node.said.name, lane=node.said.lane)
        self.node = node
        self.boundaries: list[BpmnNode] = []
        self.inputs_said = _pairs(node, "input")
        self.outputs_said = _pairs(node, "output")
        self.all_in = _carries(node, "in", said=bool(self.inputs_said))
        self.all_out = _carries(node, "out", said=bool(self.outputs_said))
        self.undone_by: str | None = None  # the activity that compensates this one

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """Nothing: see the class."""

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        my_task.workflow.queue.append(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:
        """True when the node is done at once, None when it waits."""
        if not my_task.entered:
            self.enter(my_task)
        return self.act(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        run, scope = my_task.workflow, my_task.scope
        if self.traced:
            run.note(my_task, "leave")
        if self.undone_by is not None:
            scope.memory.setdefault("done", []).append([self.node.id])
        scope.task_spec.child_left(scope, my_task)

    def enter(self, my_task: Token) -> None:
        """The token comes in; boundary events begin to listen."""
        listen(my_task, self.boundaries)
        my_task.entered = True
        if self.traced:
            my_task.workflow.note(my_task, "enter")

    def act(self, my_task: Token) -> bool | None:
        """Do what the node is there for; True when done, None to wait."""
        return True

    def exits(self, my_task: Token) -> list[Flow]:
        """The flows that the token leaves by."""
        return self.node.outgoing

    def child_left(self, scope: Token, child: Token) -> None:
        """A token inside this one has left its node."""
        scope.workflow.follow(child, child.task_spec.exits(child))

    def recheck(self, my_task: Token) -> bool:
        """Called when nothing else moves; True when the token went on."""
        return False

    def progress(self, my_task: Token) -> dict[str, Any]:
        """The data that an interrupted token leaves behind."""
        return my_task.data

    def sight(self, my_task: Token) -> dict[str, Any]:
        """The data with the inputs of this node over it."""
        local = my_task.memory.get("local")
        return {**my_task.data, **local} if local else my_task.data

    def inputs_of(self, my_task: Token) -> dict[str, Any]:
        """The evaluated `lf:input` values, copied."""
        ports, data = my_task.workflow.ports, my_task.data
        return {name: values.copy(expressions.value(said, data, ports)) for name, said in self.inputs_said}

    def outputs_of(self, my_task: Token, seen: Mapping[str, Any]) -> dict[str, Any]:
        """The evaluated `lf:output` values over what is seen, copied."""
        ports = my_task.workflow.ports
        return {name: values.copy(expressions.value(said, seen, ports)) for name, said in self.outputs_said}

    def learn(self, my_task: Token, fresh: Mapping[str, Any]) -> None:
        """The token's data from now on; what others hold stays as it was."""
        if fresh:
            my_task.data = {**my_task.data, **fresh}
        if my_task.scope.task_spec.gathers:
            my_task.memory["brought"] = [*my_task.memory.get("brought", ()), *fresh]

    def extension(self, name: str) -> Extension | None:
        """The node's first `lf:` element of that name."""
        return self.node.said.extension(name)


class Inside(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The specification of a process or of the inside of a subprocess."""

    def __init__(self, scope: Any, owner: Any) -> None:
        super().__init__(name=scope.id)
        self.scope = scope
        self.program = owner
        self.first: list[BpmnNode] = []  # where tokens begin
        self.listeners: list[BpmnNode] = []  # starts of event subprocesses

    def undoing(self) -> str | None:
        """The event subprocess that undoes this scope as a whole, by id."""
        for listener in self.listeners:
            if any(event.kind == "compensate" for event in listener.node.events):
                return str(listener.subprocess.node.id)
        return None


def listen(host: Token, events: list[Any]) -> None:
    """Let events listen beside a token, all or none. Raises what the first of them cannot evaluate."""
    before = set(host._children)
    try:
        for event in events:
            event.listen(host)
    except LetterflowError:
        for ident in set(host._children) - before:
            host.workflow.remove(host.workflow.tasks[ident])
        raise


def _carries(node: Node, way: str, *, said: bool) -> bool:
    """Whether all data go that way beside what is said by name; without `lf:carry` only where nothing is said."""
    carry = node.said.extension("carry")
    written = carry.attributes.get(way) if carry else None
    return not said if written is None else written == "all"


def _pairs(node: Node, name: str) -> list[tuple[str, str]]:
    return [
        (found.attributes.get("name", ""), found.attributes.get("value", ""))
        for found in node.said.extensions
        if found.name == name
    ]
