"""Parts of BPMN that a diagram may hold and that are not run: said where they stand, so that nobody relies on them."""

from lxml import etree

from engine.workflow.spiff.linter.book import Book
from engine.workflow.spiff.model import NODES
from engine.workflow.spiff.reader import BPMN, tag

_MOVING = ("assignment", "transformation")
_SAID = {
    "data_assignment": (
        "{name} moves data by assignments of a data association, which are not run.",
        "Use lf:input and lf:output.",
    ),
    "correlation_subscription": (
        "{name} has a correlation subscription, which is not read.",
        "Say the key at the message event (lf:correlation).",
    ),
    "compensation_waits": (
        "{name} does not wait for its compensation there, but here it does.",
        "Lead a parallel gateway to the event if the rest is to go on meanwhile.",
    ),
    "event_gateway_all": (
        "{name} waits for all of its events, which is not run.",
        "Lead a parallel gateway to the events and join them with another.",
    ),
}


def check(root: etree._Element, book: Book) -> None:
    """Every such part of the file, once for each element."""
    told: set[tuple[str, str]] = set()
    for element in root.iter(f"{{{BPMN}}}*"):
        code = _unread(element)
        ident = _ident(element) if code else ""
        if code and (code, ident) not in told:
            told.add((code, ident))
            sentence, remedy = _SAID[code]
            note = book.error if code == "event_gateway_all" else book.warning
            note(code, ident, sentence.format(name=book.names.get(ident, ident)), remedy)


def _unread(element: etree._Element) -> str | None:
    kind = tag(element)
    if kind in ("dataInputAssociation", "dataOutputAssociation"):
        moves = any(element.find(f"{{{BPMN}}}{name}") is not None for name in _MOVING)
        return "data_assignment" if moves else None
    if kind == "compensateEventDefinition":
        return "compensation_waits" if element.get("waitForCompletion") == "false" else None
    if kind == "eventBasedGateway":
        return "event_gateway_all" if element.get("eventGatewayType") == "Parallel" else None
    return "correlation_subscription" if kind == "correlationSubscription" else None


def _ident(element: etree._Element) -> str:
    """The node or process that the element belongs to."""
    here: etree._Element | None = element
    while here is not None and tag(here) not in NODES | {"process"}:
        here = here.getparent()
    return "" if here is None else str(here.get("id", ""))
