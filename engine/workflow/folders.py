"""Diagrams on disk: a file with its tables and forms beside it, and what it calls from folders nearby."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.kernel.errors import BadDefinition
from engine.kernel.findings import Finding
from engine.workflow import diagrams
from engine.workflow.decision_tables import Tables
from engine.workflow.spiff import diagram, linter, programs, reader
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
    return Folder(path, files, Tables(files))


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
    """The findings about files, and about folders with everything in them. Raises OSError for what cannot be read."""
    found: list[Finding] = []
    for folder in _folders(paths):
        files = {str(path): path.read_bytes() for path in folder}
        found.extend(linter.check(files, called=None))
    return found


def _folders(paths: Iterable[Path]) -> list[list[Path]]:
    """The files that belong together: a folder's own, or a single file with what it refers to beside it."""
    groups: list[list[Path]] = []
    for path in paths:
        if path.is_dir():
            inner = sorted({child.parent for child in path.rglob("*") if child.name.endswith(_SUFFIXES)})
            groups.extend(
                sorted(child for child in folder.iterdir() if child.name.endswith(_SUFFIXES)) for folder in inner
            )
        else:
            with path.open("rb"):
                groups.append([path])
    return groups
