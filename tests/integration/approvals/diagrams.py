"""Small diagrams for tests: user tasks in a row, each with its own rules, drawn without their coordinates."""

from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import quoteattr

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:lf="urn:letterflow:bpmn:1" '
    'id="defs" targetNamespace="urn:test"><bpmn:process id="{key}" name="测试" isExecutable="true">'
)


@dataclass(frozen=True)
class Step:
    """A user task: what stands inside `lf:who` elements, and the attributes of `lf:node`."""

    id: str
    who: tuple[str, ...]
    node: str = 'kind="decide"'
    extra: str = ""

    def xml(self) -> str:
        asked = "".join(f"<lf:who {each} />" for each in self.who)
        inside = f"<bpmn:extensionElements>{asked}<lf:node {self.node} />{self.extra}</bpmn:extensionElements>"
        return f'<bpmn:userTask id="{self.id}" name={quoteattr("节点 " + self.id)}>{inside}</bpmn:userTask>'


def person(name: str) -> str:
    """A rule that asks for the person whose id the data holds under this name."""
    return f'rule="person" value="={name}"'


def row(*steps: Step, key: str = "row") -> dict[str, bytes]:
    """The tasks one after the other; the diagram looks at no outcome."""
    ids = ["begin", *(step.id for step in steps), "finish"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}" />'
        for number, (source, target) in enumerate(pairwise(ids))
    )
    drawn = "".join(step.xml() for step in steps)
    body = f'<bpmn:startEvent id="begin" />{drawn}<bpmn:endEvent id="finish" />{flows}'
    return _whole(body, key)


def gated(step: Step, key: str = "gated") -> dict[str, bytes]:
    """One task whose outcome leads to an end of its own: approved, or not."""
    body = (
        f'<bpmn:startEvent id="begin" />{step.xml()}<bpmn:exclusiveGateway id="choice" default="no" />'
        '<bpmn:endEvent id="approved" /><bpmn:endEvent id="stopped" />'
        f'<bpmn:sequenceFlow id="f0" sourceRef="begin" targetRef="{step.id}" />'
        f'<bpmn:sequenceFlow id="f1" sourceRef="{step.id}" targetRef="choice" />'
        '<bpmn:sequenceFlow id="yes" sourceRef="choice" targetRef="approved">'
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">outcome = "APPROVED"</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
        '<bpmn:sequenceFlow id="no" sourceRef="choice" targetRef="stopped" />'
    )
    return _whole(body, key)


def _whole(body: str, key: str) -> dict[str, bytes]:
    text = _HEAD.format(key=key) + body + "</bpmn:process></bpmn:definitions>"
    return {f"{key}.bpmn": text.encode()}
