"""What a diagram names outside itself: forms, decision tables, called processes, operations."""

from collections.abc import Collection

from engine.workflow.spiff.beside import FORM, TABLE, Beside, Decision
from engine.workflow.spiff.diagram import every_node
from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import Diagram, Node


def check(diagram: Diagram, beside: Beside, called: Collection[str] | None, book: Book) -> None:
    """Every reference of the file; `called` are processes that exist elsewhere, None when that is not known."""
    for node in every_node(diagram):
        _form(node, beside, book)
        _decision(node, beside, book)
        _work(node, book)
        if node.kind == "callActivity":
            _called(node, diagram, called, book)


def _form(node: Node, beside: Beside, book: Book) -> None:
    name = _named(node, "form", "key")
    if name and not beside.form(name):
        _missing(node, ("form", name, FORM), beside, book)


def _decision(node: Node, beside: Beside, book: Book) -> None:
    name, found = _named(node, "decision", "ref"), node.said.extension("decision")
    if name and not beside.decides(name):
        _missing(node, ("decision", name, TABLE), beside, book)
        return
    decision = beside.decision(name) if name else None
    if decision is not None and found is not None and found.attributes.get("shape"):
        _shape(node, found.attributes["shape"], decision, book)


def _shape(node: Node, shape: str, decision: Decision, book: Book) -> None:
    if shape in ("result", "results") and decision.outputs == 1:
        book.error(
            "decision_shape",
            node.id,
            f"{named(node)} expects contexts from {decision.id}, whose table has one output and gives bare values.",
            "Take the value itself: shape entry or entries (singleEntry or collectEntries there).",
            table=decision.id,
        )


def _named(node: Node, extension: str, attribute: str) -> str:
    """What an extension names beside the diagram; empty when it is missing or known only when it runs."""
    found = node.said.extension(extension)
    name = found.attributes.get(attribute, "") if found else ""
    return "" if name.startswith("=") else name


def _missing(node: Node, said: tuple[str, str, str], beside: Beside, book: Book) -> None:
    extension, name, suffix = said
    book.error(
        f"{extension}_missing",
        node.id,
        f"{named(node)} uses the {extension} {name}, but there is no {name.removesuffix(suffix)}{suffix} beside it.",
        f"Add it, or choose one of: {', '.join(beside.known(suffix)) or 'none is there'}.",
        file=name,
    )


def _work(node: Node, book: Book) -> None:
    if node.said.extension("operation") is not None or node.said.extension("decision") is not None:
        return
    if node.kind == "serviceTask" and node.said.extension("output") is None:
        book.warning(
            "no_operation",
            node.id,
            f"{named(node)} calls no operation, so nothing happens there.",
            "Choose its operation.",
        )
    if node.kind == "businessRuleTask" and node.said.extension("decision") is None:
        book.warning(
            "no_decision",
            node.id,
            f"{named(node)} asks no decision table, so nothing happens there.",
            "Choose its table.",
        )
    if node.kind == "sendTask" and not node.events:
        book.warning("no_message", node.id, f"{named(node)} sends no message.", "Choose the message that it sends.")


def _called(node: Node, diagram: Diagram, called: Collection[str] | None, book: Book) -> None:
    if not node.called:
        book.error(
            "called_missing", node.id, f"{named(node)} does not say which process it calls.", "Name the process."
        )
    elif called is not None and node.called not in diagram.processes and node.called not in called:
        book.warning(
            "called_unknown",
            node.id,
            f"{named(node)} calls {node.called}, which is not deployed.",
            "Deploy that process before an instance comes here.",
            called=node.called,
        )
