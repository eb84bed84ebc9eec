"""What events wait for and throw: event definitions with their references resolved."""

from lxml import etree

from engine.workflow.spiff.model import EventDefinition
from engine.workflow.spiff.reader import BPMN, children, tag, text

_SUFFIX = "EventDefinition"
_REFERENCES = {"message": "messageRef", "signal": "signalRef", "error": "errorRef", "escalation": "escalationRef"}
_TIMES = ("timeDate", "timeDuration", "timeCycle")


class Declared:
    """Root elements that events refer to, by id."""

    def __init__(self, root: etree._Element) -> None:
        self.elements = {
            str(child.get("id")): child for child in root if tag(child) in _REFERENCES or tag(child).endswith(_SUFFIX)
        }

    def find(self, reference: str) -> etree._Element | None:
        """The element of that id; a prefix such as `tns:` is not part of the id."""
        found = self.elements.get(reference)
        return found if found is not None else self.elements.get(reference.rsplit(":", 1)[-1])


def declared(root: etree._Element) -> Declared:
    """The messages, signals, errors, escalations and shared event definitions of a file."""
    return Declared(root)


def definitions(element: etree._Element, known: Declared) -> tuple[EventDefinition, ...]:
    """What this node waits for or throws; empty for a plain event."""
    found = [_one(child, known) for child in element if _is_definition(child)]
    for reference in children(element, "eventDefinitionRef"):
        shared = known.find((reference.text or "").strip())
        found.append(EventDefinition("unknown", broken=reference.text) if shared is None else _one(shared, known))
    if not found and element.get("messageRef") and tag(element) in ("sendTask", "receiveTask"):
        found.append(_referring("message", str(element.get("messageRef")), known))
    return tuple(found)


def referred(reference: str | None, known: Declared) -> EventDefinition | None:
    """The shared event definition of that id, None without one."""
    if reference is None:
        return None
    found = known.find(reference)
    return EventDefinition("unknown", broken=reference) if found is None else _one(found, known)


def _is_definition(element: etree._Element) -> bool:
    return tag(element).endswith(_SUFFIX) and etree.QName(element).namespace == BPMN


def _one(element: etree._Element, known: Declared) -> EventDefinition:
    kind = tag(element).removesuffix(_SUFFIX)
    if kind in _REFERENCES:
        return _referring(kind, element.get(_REFERENCES[kind]), known)
    if kind == "timer":
        return _timer(element)
    if kind == "conditional":
        return EventDefinition(kind, text=(text(element, "condition") or "").removeprefix("=").strip() or None)
    if kind == "link":
        return EventDefinition(kind, name=element.get("name"))
    if kind == "compensate":
        return EventDefinition(kind, activity=element.get("activityRef"))
    return EventDefinition(kind)


def _referring(kind: str, reference: str | None, known: Declared) -> EventDefinition:
    if not reference:
        return EventDefinition(kind)
    found = known.find(reference)
    if found is None or tag(found) != kind:
        return EventDefinition(kind, name=reference, broken=reference)
    name = found.get("name") or found.get("id")
    code = found.get("errorCode") or found.get("escalationCode")
    return EventDefinition(kind, name=name, code=code or (name if kind in ("error", "escalation") else None))


def _timer(element: etree._Element) -> EventDefinition:
    for form in _TIMES:
        if element.find(f"{{{BPMN}}}{form}") is not None:
            return EventDefinition("timer", form=form, text=text(element, form))
    return EventDefinition("timer")
