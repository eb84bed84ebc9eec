"""Writes small diagrams for tests: nodes as XML, flows as paths of ids."""

from itertools import pairwise

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:lf="urn:letterflow:bpmn:1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="urn:test">'
)
DECLARED = (
    '<bpmn:message id="d.m" name="news"/><bpmn:signal id="d.g" name="alarm"/>'
    '<bpmn:error id="d.x" name="broken" errorCode="E1"/><bpmn:error id="d.y" name="other" errorCode="E2"/>'
    '<bpmn:escalation id="d.u" name="up" escalationCode="U1"/>'
)


def flows(*paths: str) -> str:
    """`a b c` connects a to b to c; `a b : x > 1` puts the condition on the last flow of the path. Ids are `a-b`."""
    written = []
    for path in paths:
        line, _, condition = path.partition(" : ")
        ids = line.split()
        for source, target in pairwise(ids):
            last = target == ids[-1] and condition
            inner = f"<bpmn:conditionExpression>{_escaped(condition)}</bpmn:conditionExpression>" if last else ""
            written.append(
                f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">'
                f"{inner}</bpmn:sequenceFlow>"
            )
    return "".join(written)


def node(tag: str, ident: str, inner: str = "", **attributes: str) -> str:
    """One element; attributes are written as given."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{tag} id="{ident}"{written}>{inner}</bpmn:{tag}>'


def nodes(text: str) -> str:
    """`start:s user:a xor:g end:e`: plain nodes by short names."""
    short = {
        "start": "startEvent",
        "end": "endEvent",
        "user": "userTask",
        "task": "task",
        "service": "serviceTask",
        "xor": "exclusiveGateway",
        "and": "parallelGateway",
        "or": "inclusiveGateway",
        "event": "eventBasedGateway",
    }
    return "".join(node(short[kind], ident) for kind, _, ident in (word.partition(":") for word in text.split()))


def script(ident: str, text: str) -> str:
    return node("scriptTask", ident, f"<bpmn:script>{_escaped(text)}</bpmn:script>")


def extensions(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>"


def definition(kind: str, **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<bpmn:{kind}EventDefinition{written}/>"


def timer(text: str, form: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{form}>{_escaped(text)}</bpmn:{form}></bpmn:timerEventDefinition>"


def condition(text: str) -> str:
    return (
        "<bpmn:conditionalEventDefinition>"
        f"<bpmn:condition>{_escaped(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


def message() -> str:
    return definition("message", messageRef="d.m")


def boundary(ident: str, host: str, event: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", ident, event, attachedToRef=host, cancelActivity=str(interrupting).lower())


def sub(ident: str, inner: str, *paths: str, tag: str = "subProcess", **attributes: str) -> str:
    return node(tag, ident, inner + flows(*paths), **attributes)


def several(
    collection: str = "people", element: str = "person", result: str = "votes", inner: str = "", **more: str
) -> str:
    extra = "".join(f' {name}="{value}"' for name, value in more.items())
    return (
        f'<bpmn:multiInstanceLoopCharacteristics lf:collection="={collection}" lf:element="{element}"'
        f' lf:result="{result}"{extra}>{inner}</bpmn:multiInstanceLoopCharacteristics>'
    )


def process(inner: str, *paths: str, key: str = "p", head: str = "") -> str:
    return f'<bpmn:process id="{key}" isExecutable="true">{head}{inner}{flows(*paths)}</bpmn:process>'


def file(*processes: str, declared: str = DECLARED) -> bytes:
    return f"{_HEAD}{declared}{''.join(processes)}</bpmn:definitions>".encode()


def drawn(inner: str, *paths: str) -> bytes:
    """A file with one process `p`."""
    return file(process(inner, *paths))


def foreign(inner: str, *paths: str, declared: str = DECLARED) -> bytes:
    """A file with one process `p` where others' words stand: `c:` Camunda 7, `f:` Flowable, `z:` Camunda 8."""
    spaces = (
        b' xmlns:c="http://camunda.org/schema/1.0/bpmn" xmlns:f="http://flowable.org/bpmn"'
        b' xmlns:z="http://camunda.org/schema/zeebe/1.0"'
    )
    return file(process(inner, *paths), declared=declared).replace(b" id=", spaces + b" id=", 1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
