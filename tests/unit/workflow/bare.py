"""The library without Letterflow: what the trap tests compare with."""

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState


class Bare:
    """One instance on the library as it comes."""

    def __init__(self, content: bytes) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(content))
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))

    def run(self) -> "Bare":
        self.workflow.do_engine_steps()
        return self

    @property
    def ready(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def answer(self, ident: str, **values: Any) -> "Bare":
        task = next(task for task in self.ready if task.task_spec.name == ident)
        task.data.update(values)
        task.run()
        return self.run()

    def saved(self) -> Any:
        return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure()).to_dict(self.workflow)

    def loaded(self, state: Any) -> Any:
        return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure()).from_dict(state)

    def played(self) -> "Bare":
        """Complete what waits for people until nothing moves."""
        self.run()
        for _ in range(20):
            if not self.ready:
                break
            self.ready[0].run()
            self.run()
        return self

    @property
    def visited(self) -> list[str]:
        """The ids of the completed nodes, inside subprocesses too."""
        return [str(task.task_spec.bpmn_id) for task in self.workflow.get_tasks(state=TaskState.COMPLETED)]

    @property
    def timer_values(self) -> list[Any]:
        """What waiting timers know of their time."""
        waiting = self.workflow.get_tasks(state=TaskState.WAITING)
        found = [task.internal_data.get("event_value") for task in waiting]
        return [value for value in found if value is not None]

    def send(self, name: str) -> "Bare":
        """Give it a message."""
        self.workflow.catch(BpmnEvent(MessageEventDefinition(name), {}))
        return self.run()
