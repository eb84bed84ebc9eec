"""Everything written in FEEL compiles, `lf:` elements are known and complete, names are not misspelt."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from engine.decisions import feel
from engine.workflow.spiff import expressions, extensions, timing
from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.model import Diagram, Node, Scope
from engine.workflow.step import Extension

_OTHER = re.compile(r"[$#]\{")
_REQUIRED = {
    "input": ("name", "value"),
    "output": ("name", "value"),
    "correlation": ("value",),
    "form": ("key",),
    "decision": ("ref",),
    "who": ("rule",),
}
_RULES = frozenset({"starter", "person", "role", "position", "head", "leader", "superior", "expression", "table"})
_CHOICES = {
    ("who", "rule"): _RULES,
    ("node", "kind"): frozenset({"decide", "act", "sign"}),
    ("node", "mode"): frozenset({"ALL", "ANY", "SEQ", "RATIO", "CLAIM"}),
    ("carry", "in"): frozenset({"all", "said"}),
    ("carry", "out"): frozenset({"all", "said"}),
    ("decision", "shape"): frozenset({"entry", "result", "entries", "results"}),
}
Written = tuple[str, str, str]  # element, where, text


def check(diagram: Diagram, fields: Mapping[str, Collection[str]], book: Book) -> None:
    """All texts of the file; `fields` are those of each form, by the form's key."""
    for process in diagram.processes.values():
        defined = {name for scope in process.walk() for node in scope.nodes.values() for name in _defined(node, fields)}
        told = feel.peculiar(defined)
        read: dict[str, list[str]] = {}
        for scope in process.walk():
            for written in _written(scope, book):
                for name in _compiled(written, told, book):
                    read.setdefault(name, []).append(written[0])
            for node in scope.nodes.values():
                for extension in node.said.extensions:
                    _extension(node, extension, book)
        _spelling(defined, read, book)


def _written(scope: Scope, book: Book) -> Iterator[Written]:
    for flow in scope.flows.values():
        if flow.condition is not None:
            yield flow.id, "condition", flow.condition
    if scope.said is not None and scope.owner is None:
        yield from _attributes(scope.id, scope.said.extensions)
    for node in scope.nodes.values():
        yield from _of_node(node, book)


def _of_node(node: Node, book: Book) -> Iterator[Written]:
    for event in node.events:
        if event.kind == "conditional" and event.text:
            yield node.id, "condition", event.text
        if event.kind == "timer" and event.text and not timing.literal(event.text):
            yield node.id, "timer", event.text.removeprefix("=")
    if node.condition:
        yield node.id, "condition", node.condition
    loop = node.loop
    for where, text in (
        ("collection", loop.collection if loop else None),
        ("number of instances", loop.cardinality if loop else None),
        ("completion condition", loop.condition if loop else None),
        ("maximum", loop.maximum if loop else None),
        *(("condition", condition) for condition, _ in (loop.thrown if loop else ())),
    ):
        if text:
            yield node.id, where, text
    if node.script is not None:
        yield from _script(node, book)
    elif node.kind == "scriptTask" and node.said.extension("operation") is None:
        book.warning(
            "script_empty", node.id, f"The script of {named(node)} is empty.", "Write it, or use a plain task."
        )
    yield from _attributes(node.id, node.said.extensions)


def _script(node: Node, book: Book) -> Iterator[Written]:
    written = (node.script_format or "").lower()
    if written and "feel" not in written:
        book.error(
            "script_language",
            node.id,
            f"The script of {named(node)} is {node.script_format}; only FEEL is run.",
            "Write FEEL, one `name = expression` a line, or call an operation.",
            language=node.script_format,
        )
        return
    try:
        for name, text in expressions.assignments(node.script or ""):
            yield node.id, f"script, {name}", text
    except ValueError as error:
        book.error(
            "script_line",
            node.id,
            f"A line in the script of {named(node)} is no assignment: {error}.",
            "Write each line as `name = expression`.",
            line=str(error),
        )


def _attributes(element: str, found: Collection[Extension]) -> Iterator[Written]:
    for extension in found:
        for name, value in extension.attributes.items():
            if value.startswith("="):
                yield element, f"lf:{extension.name} {name}", value[1:]
            elif _OTHER.search(value):
                yield element, f"lf:{extension.name} {name}", value
        yield from _attributes(element, extension.children)


def _compiled(written: Written, told: Collection[str], book: Book) -> frozenset[str]:
    element, where, text = written
    if _OTHER.search(text):
        book.error(
            "expression_language",
            element,
            f"The {where} of {element} is written in another language: {text}",
            "Write it in FEEL.",
            where=where,
            text=text,
        )
        return frozenset()
    problems = feel.check(text, types=dict.fromkeys(told, "Any"), functions=expressions.HOST_FUNCTIONS)
    for problem in problems:
        note, code = (
            (book.error, "expression") if problem.severity == "error" else (book.warning, "expression_doubtful")
        )
        note(
            code,
            element,
            f"The {where} of {element} is no good FEEL: {text} ({problem.message}).",
            "Correct the expression.",
            where=where,
            text=text,
            reason=problem.message,
        )
    return frozenset() if problems else feel.compile(text, names=told, functions=expressions.HOST_FUNCTIONS).names


def _extension(node: Node, extension: Extension, book: Book) -> None:
    known = extensions.KNOWN.get(extension.name)
    if known is None:
        near = get_close_matches(extension.name, extensions.KNOWN, 1)
        book.warning(
            "extension",
            node.id,
            f"lf:{extension.name} at {named(node)} is unknown and has no effect.",
            f"Did you mean lf:{near[0]}?" if near else "Delete it.",
            extension=extension.name,
        )
        return
    for name, value in extension.attributes.items():
        _attribute(node, (extension.name, name, value), known, book)
    for name in _REQUIRED.get(extension.name, ()):
        if not extension.attributes.get(name):
            book.error(
                "extension_incomplete",
                node.id,
                f"lf:{extension.name} at {named(node)} has no {name}.",
                f"Write its {name}.",
                extension=extension.name,
                attribute=name,
            )
    if extension.name == "operation" and not (extension.attributes.keys() & {"name", "topic"}):
        book.error(
            "extension_incomplete",
            node.id,
            f"lf:operation at {named(node)} has no name.",
            "Name the operation or a topic.",
            extension="operation",
            attribute="name",
        )


def _attribute(node: Node, said: tuple[str, str, str], known: Collection[str], book: Book) -> None:
    owner, name, value = said
    if name not in known:
        near = get_close_matches(name, known, 1)
        book.warning(
            "extension_attribute",
            node.id,
            f"lf:{owner} at {named(node)} has no attribute {name}; it has no effect.",
            f"Did you mean {near[0]}?" if near else f"It has {', '.join(sorted(known))}.",
            extension=owner,
            attribute=name,
        )
    choices = _CHOICES.get((owner, name))
    if choices is not None and not value.startswith("=") and value not in choices:
        book.error(
            "extension_value",
            node.id,
            f"{name}={value} of lf:{owner} at {named(node)} is unknown.",
            f"Use one of: {', '.join(sorted(choices))}.",
            extension=owner,
            attribute=name,
            value=value,
        )


def _spelling(defined: Collection[str], read: dict[str, list[str]], book: Book) -> None:
    """A name that nothing sets, one slip away from one that something sets, is most likely that one."""
    for name, elements in read.items():
        near = get_close_matches(name, defined, 1, cutoff=0.86)
        if name not in defined and near and len(name) > 4 and name.rstrip("s") != near[0].rstrip("s"):
            book.warning(
                "name",
                elements[0],
                f"Nothing in the diagram sets {name}, which {elements[0]} reads.",
                f"Did you mean {near[0]}?",
                variable=name,
                near=near[0],
            )


def _defined(node: Node, fields: Mapping[str, Collection[str]]) -> Iterator[str]:
    for extension in node.said.extensions:
        if extension.name in ("input", "output"):
            yield extension.attributes.get("name", "")
        if extension.name == "decision":
            yield extension.attributes.get("result", "")
        if extension.name == "form":
            yield from fields.get(extension.attributes.get("key", ""), ())
        if extension.name == "node":
            yield extension.attributes.get("variable", "outcome")
    if node.loop:
        yield from (name for name in (node.loop.element, node.loop.result, node.loop.item) if name)
    for line in (node.script or "").splitlines():
        yield line.partition("=")[0].strip()
