"""Runs all checks over the BPMN files of a folder, and reads what forms declare."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson
from lxml import etree

from engine.kernel.errors import BadDefinition
from engine.kernel.findings import Finding
from engine.workflow.spiff.diagram import build
from engine.workflow.spiff.linter.book import Book
from engine.workflow.spiff.reader import read

SUFFIXES = (".bpmn", ".bpmn20.xml")


def check(files: Mapping[str, bytes], *, called: Collection[str] | None = None) -> list[Finding]:
    """Everything that is wrong or doubtful in the BPMN files of a folder, errors first.

    `called` are keys of processes that exist elsewhere; None says that this is not known.
    """
    found: list[Finding] = []
    for name in sorted(files):
        if name.endswith(SUFFIXES):
            found.extend(_file(name, files[name], files.keys(), called))
    return sorted(found, key=lambda finding: finding.severity != "error")


def _file(name: str, content: bytes, files: Collection[str], called: Collection[str] | None) -> list[Finding]:
    book = Book(name)
    try:
        root = read(content)
        return _checked(root, book, files, called)
    except BadDefinition as error:
        book.error(error.code.removeprefix("bpmn."), "", error.message, "", **error.fields)
        return book.findings


def _checked(root: etree._Element, book: Book, files: Collection[str], called: Collection[str] | None) -> list[Finding]:
    diagram = build(root, book.file)


def form_fields(files: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """The declared fields of each form (`<key>.form.json`), by the form's key."""
    found: dict[str, frozenset[str]] = {}
    for name, content in files.items():
        if name.endswith(".form.json"):
            try:
                form = orjson.loads(content)
            except orjson.JSONDecodeError:
                continue
            found[name.rsplit("/", 1)[-1].removesuffix(".form.json")] = frozenset(_keys(form))
    return found


def _keys(part: Any) -> list[str]:
    """Keys of a form-js schema, with those of groups; a path `a.b` declares `a`."""
    if not isinstance(part, dict):
        return []
    own = [str(part["key"]).split(".", 1)[0]] if isinstance(part.get("key"), str) else []
    inner = part.get("components")
    return own + [key for child in (inner if isinstance(inner, list) else []) for key in _keys(child)]
