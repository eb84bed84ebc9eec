"""What a diagram names outside itself: forms, decision tables, called processes, operations."""

from collections.abc import Collection

from engine.workflow.spiff.diagram import every_node
from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import Diagram, Node


def check(diagram: Diagram, files: Collection[str], called: Collection[str] | None, book: Book) -> None:
    """Every reference of the file; `called` are processes that exist elsewhere, None when that is not known."""
    there = {name.rsplit("/", 1)[-1] for name in files}
    for node in every_node(diagram):
        _file(node, ("form", "key", ".form.json"), there, book)
        _file(node, ("decision", "ref", ".dmn"), there, book)
        _work(node, book)
        if node.kind == "callActivity":
            _called(node, diagram, called, book)


def _file(node: Node, said: tuple[str, str, str], there: Collection[str], book: Book) -> None:
    extension, attribute, suffix = said
    found = node.said.extension(extension)
    name = found.attributes.get(attribute, "") if found else ""
    if name and not name.startswith("=") and name.removesuffix(suffix) + suffix not in there:
        known = sorted(file.removesuffix(suffix) for file in there if file.endswith(suffix))
        book.error(
            f"{extension}_missing",
            node.id,
            f"{named(node)} uses the {extension} {name}, but there is no {name}{suffix} beside the diagram.",
            f"Add it, or choose one of: {', '.join(known) or 'none is there'}.",
            file=name,
        )


def _work(node: Node, book: Book) -> None:
    if node.kind == "serviceTask" and node.said.extension("operation") is None:
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
