"""Small diagrams for tests, written as text: only the process matters, shapes are left out."""

from itertools import pairwise

from tests.paths import SHARED

APPROVAL = {"approval.bpmn": (SHARED / "bench" / "approval.bpmn").read_bytes()}
"""Draft, review, again until it is approved; process `Process_approval`."""

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:lf="urn:letterflow:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="t">'
)


def process(key: str, body: str, roots: str = "") -> dict[str, bytes]:
    """The files of a definition with one process; `roots` are messages, signals and errors."""
    text = f'{_HEAD}{roots}<process id="{key}" name="{key}" isExecutable="true">{body}</process></definitions>'
    return {f"{key}.bpmn": text.encode()}


def sequence(*ids: str) -> str:
    """Flows from each id to the next."""
    pairs = pairwise(ids)
    return "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


def user(node: str, *extensions: str) -> str:
    """A user task with `lf:` elements."""
    inside = f"<extensionElements>{''.join(extensions)}</extensionElements>" if extensions else ""
    return f'<userTask id="{node}" name="{node}">{inside}</userTask>'


def one_task(key: str, *extensions: str) -> dict[str, bytes]:
    """Begin, one user task `work`, end."""
    body = f'<startEvent id="begin"/>{user("work", *extensions)}<endEvent id="done"/>'
    return process(key, body + sequence("begin", "work", "done"))


def operation(node: str, name: str) -> str:
    """A service task that calls an operation."""
    return (
        f'<serviceTask id="{node}" name="{node}"><extensionElements><lf:operation name="{name}"/></extensionElements>'
        "</serviceTask>"
    )


def timed(node: str, target: str, *, after: str, interrupting: bool = True, cycle: bool = False) -> str:
    """A boundary timer on `node` with its flow to `target`."""
    form = "timeCycle" if cycle else "timeDuration"
    return (
        f'<boundaryEvent id="{node}_timer" attachedToRef="{node}" cancelActivity="{str(interrupting).lower()}">'
        f'<timerEventDefinition id="{node}_def"><{form} xsi:type="tFormalExpression">{after}</{form}>'
        f"</timerEventDefinition></boundaryEvent>"
        f'<sequenceFlow id="{node}_late" sourceRef="{node}_timer" targetRef="{target}"/>'
    )
