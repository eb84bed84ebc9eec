"""Diagrams on disk: a file with its tables and forms beside it, and what it calls from folders nearby."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from engine.decisions.dmn import checks
from engine.kernel.errors import BadDefinition
from engine.kernel.findings import Finding
from engine.workflow import diagrams
from engine.workflow.decision_tables import Tables
from engine.workflow.scenarios import checking
from engine.workflow.spiff import diagram, expressions, linter, programs, reader
from engine.workflow.spiff.programs import Program

_SUFFIXES = (".bpmn", ".dmn", ".form.json", ".scenario.yaml")


@dataclass(frozen=True)
class Folder:
    """A diagram, what lies beside it, and the way to what it calls."""

    path: Path
    files: Mapping[str, bytes]
    tables: Tables


def read(path: Path) -> Folder:
    """A diagram file with the tables and forms of its folder. Raises OSError when it cannot be read."""
    files = {path.name: path.read_bytes()}
    for beside in sorted(path.parent.iterdir()):
        if beside.name.endswith((".dmn", ".form.json")) and beside.is_file():
            files[beside.name] = beside.read_bytes()
    return Folder(path, {**diagrams.forms({path.name: files[path.name]}), **files}, Tables(files))


def program(folder: Folder, key: str | None = None, *, above: tuple[str, ...] = ()) -> Program:
    """The program of a process of the file; without a key the one that is meant to run.

    Raises BadDefinition with the linter's findings, or `definition.process` when it must be said which.
    """
    wanted = key or diagrams.identify({folder.path.name: folder.files[folder.path.name]}, folder.path.stem).key
    called = {}
    for name in _calls(folder):
        place = None if name in above else _place(folder, name)
        if place is not None:
            called[name] = program(read(place), name, above=(*above, wanted))
    return programs.compile(folder.files, wanted, called=called)


def tables(folder: Folder, *, above: tuple[str, ...] = ()) -> Tables:
    """The tables of the folder and of every process that it calls; its own win. Raises as `program` does."""
    files: dict[str, bytes] = {}
    for name in _calls(folder):
        place = None if name in above else _place(folder, name)
        if place is not None:
            files |= tables(read(place), above=(*above, name)).files
    return Tables({**files, **folder.files})


def _calls(folder: Folder) -> list[str]:
    drawn = diagram.build(reader.read(folder.files[folder.path.name]))
    called = {node.called for node in diagram.every_node(drawn) if node.called}
    return sorted(called - drawn.processes.keys())


def _place(folder: Folder, key: str) -> Path | None:
    there = folder.path.parent.parent / key / f"{key}.bpmn"
    if there.is_file():
        return there
    return next((path for path in sorted(folder.path.parent.glob("*.bpmn")) if key in _processes(path)), None)


def _processes(path: Path) -> Iterable[str]:
    try:
        return diagram.build(reader.read(path.read_bytes())).processes
    except BadDefinition:
        return ()


def check(paths: Iterable[Path]) -> list[Finding]:
    """The findings about files, and about folders with everything in them; `file` says which.

    Raises OSError for what cannot be read.
    """
    return [finding for path in _each(paths) for finding in _one(path)]


def _each(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(child for child in path.rglob("*") if child.name.endswith(_SUFFIXES) and child.is_file())
        else:
            yield path


def _one(path: Path) -> list[Finding]:
    content = path.read_bytes()
    found = next((look(path, content) for ending, look in _LOOKS.items() if path.name.endswith(ending)), None)
    if found is None:
        said, allowed = f"{path.name} is no file that can be checked.", ", ".join(_SUFFIXES)
        told = {"name": path.name, "allowed": allowed}
        found = [Finding("file.kind", "error", "", said, f"Give files that end in {allowed}.", told)]
    return [replace(finding, file=str(path)) for finding in found]


def _diagram(path: Path, content: bytes) -> list[Finding]:
    beside = {child.name: child.read_bytes() for child in path.parent.glob("*.dmn") if child.is_file()}
    forms = {child.name: b"" for child in path.parent.glob("*.form.json")}
    return linter.check({**forms, **beside, path.name: content})


def _table(path: Path, content: bytes) -> list[Finding]:
    others = {child.name: child.read_bytes() for child in path.parent.glob("*.dmn") if child != path}
    return checks.check(content, imports=others, functions=expressions.HOST_NAMES)


def _form(path: Path, content: bytes) -> list[Finding]:
    try:
        form = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        return [Finding("form.not_json", "error", "", f"{path.name} is no JSON: {error}.", "Correct it.")]
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        return [Finding("form.shape", "error", "", f"{path.name} has no components.", "Draw the form's fields.")]
    keys = Counter(linter.keys_of(form))
    return [
        Finding("form.key", "error", key, f"{count} fields of {path.name} have the key {key}.", "Give each its own.")
        for key, count in keys.items()
        if count > 1
    ]


def _scenario(path: Path, _: bytes) -> list[Finding]:
    return checking.check(path)


_LOOKS: dict[str, Callable[[Path, bytes], list[Finding]]] = {
    ".bpmn": _diagram,
    ".dmn": _table,
    ".form.json": _form,
    ".scenario.yaml": _scenario,
}
