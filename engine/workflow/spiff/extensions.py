"""Letterflow's own elements in diagrams (`lf:`, namespace `urn:letterflow:bpmn:1`)."""

from lxml import etree

from engine.workflow.spiff.reader import BPMN, LF
from engine.workflow.step import Extension

KNOWN: dict[str, frozenset[str]] = {
    "who": frozenset({"rule", "value", "org", "weight", "decision"}),
    "node": frozenset(
        {
            *("kind", "mode", "ratio", "empty", "self", "dedup", "variable", "opinion"),
            *("retract", "decisive", "priority"),
        }
    ),
    "limit": frozenset({"for", "until", "remind", "escalate"}),
    "form": frozenset({"key"}),
    "page": frozenset({"name", "key"}),
    "operation": frozenset({"name", "topic", "tries"}),
    "decision": frozenset({"ref", "decision", "result", "shape"}),
    "input": frozenset({"name", "value"}),
    "output": frozenset({"name", "value"}),
    "carry": frozenset({"in", "out"}),
    "correlation": frozenset({"value"}),
    "process": frozenset({"title", "key", "subject"}),
}


def parse(element: etree._Element) -> tuple[Extension, ...]:
    """The `lf:` elements inside the element's `extensionElements`, in the order of the file."""
    box = element.find(f"{{{BPMN}}}extensionElements")
    return () if box is None else tuple(_one(child) for child in box if _ours(child))


def attribute(element: etree._Element, name: str) -> str | None:
    """The value of an `lf:` attribute, None when it is missing or blank."""
    return (element.get(f"{{{LF}}}{name}") or "").strip() or None


def _one(element: etree._Element) -> Extension:
    attributes = {str(key): str(value) for key, value in element.attrib.items() if not str(key).startswith("{")}
    return Extension(
        str(etree.QName(element).localname), attributes, tuple(_one(child) for child in element if _ours(child))
    )


def _ours(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).namespace == LF
