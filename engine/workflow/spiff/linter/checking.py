"""Runs all checks over the BPMN files of a folder, and reads what forms declare."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from lxml import etree

from engine.kernel.errors import BadDefinition
from engine.kernel.findings import Finding
from engine.workflow.spiff import normaliser
from engine.workflow.spiff.beside import Beside
from engine.workflow.spiff.diagram import build, every_node, meant
from engine.workflow.spiff.linter import explosion, foreign, places, references, soundness, structure, texts, unread
from engine.workflow.spiff.linter.book import Book, named
from engine.workflow.spiff.reader import read

SUFFIXES = (".bpmn", ".bpmn20.xml")


def check(
    files: Mapping[str, bytes], *, called: Collection[str] | None = None, key: str | None = None
) -> list[Finding]:
    """Everything that is wrong or doubtful in the BPMN files of a folder, errors first.

    `called` are keys of processes that exist elsewhere; None says that this is not known. Pools that are only drawn
    (not executable, not `key`, not called) are left alone when another process of the file is to run.
    """
    found: list[Finding] = []
    for name in sorted(files):
        if name.endswith(SUFFIXES):
            found.extend(_Check(files, called, key).file(name, files[name]))
    return sorted(found, key=lambda finding: finding.severity != "error")


@dataclass(frozen=True)
class _Check:
    files: Mapping[str, bytes]
    called: Collection[str] | None
    key: str | None

    def file(self, name: str, content: bytes) -> list[Finding]:
        book = Book(name)
        try:
            self._root(read(content), book)
        except BadDefinition as error:
            book.error(error.code.removeprefix("bpmn."), "", error.message, "Correct the file.", **error.fields)
        return book.findings

    def _root(self, root: etree._Element, book: Book) -> None:
        diagram = build(root, book.file)
        book.names = {node.id: named(node) for node in every_node(diagram)}
        structure.check_ids(root, book)
        foreign.check(diagram, book)
        unread.check(root, book)
        diagram.processes = meant(diagram, self.key)
        structure.check(diagram, book)
        places.check(diagram, book)
        texts.check(diagram, form_fields({**self.files, **diagram.forms}), book)
        references.check(diagram, Beside({**self.files, **diagram.forms}), self.called, book)
        explosion.check(diagram, book)
        if not any(finding.severity == "error" for finding in book.findings):
            soundness.check(normaliser.normalise(diagram), book)


def form_fields(files: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """The declared fields of each form (`<key>.form.json`), by the form's key."""
    found: dict[str, frozenset[str]] = {}
    for name, content in files.items():
        if name.endswith(".form.json"):
            try:
                form = orjson.loads(content)
            except orjson.JSONDecodeError:
                continue
            found[name.rsplit("/", 1)[-1].removesuffix(".form.json")] = frozenset(keys_of(form))
    return found


def keys_of(part: Any) -> list[str]:
    """Keys of a form-js schema, with those of groups; a path `a.b` declares `a`."""
    if not isinstance(part, dict):
        return []
    own = [str(part["key"]).split(".", 1)[0]] if isinstance(part.get("key"), str) else []
    inner = part.get("components")
    return own + [key for child in (inner if isinstance(inner, list) else []) for key in keys_of(child)]
