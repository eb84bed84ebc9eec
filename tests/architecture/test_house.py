"""The house rules that a machine can hold: size, clock, broad catches, docstrings, words that say nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT

SOURCES = sorted(
    path
    for floor in ("engine", "webui")
    for path in (ROOT / floor).rglob("*.py")
    if not {"node_modules", "versions"} & set(path.parts)  # Alembic writes what is in versions
)
VAGUE = {"service", "services", "manager", "managers", "helper", "helpers", "util", "utils", "data", "info", "common"}
CLOCK = {"engine/kernel/clock.py"}
BROAD = {"engine/jobs/runner.py", "webui/problems.py"}
TIME_READS = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time|time\.localtime)\(")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_file_is_one_thing_of_readable_length(path: Path) -> None:
    lines = len(path.read_text().splitlines())

    assert lines <= 300, f"{_name(path)} has {lines} lines; what are its two things?"


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{_name(path)}:{each.lineno} {each.name} {length}"
        for path in SOURCES
        for each in _functions(path)
        if (length := (each.end_lineno or each.lineno) - each.lineno + 1) > 40
    ]

    assert not long


def test_only_one_module_reads_the_wall_clock() -> None:
    readers = {_name(path) for path in SOURCES if TIME_READS.search(path.read_text())}

    assert readers <= CLOCK


def test_broad_catches_stand_in_two_named_places() -> None:
    broad = {_name(path) for path in SOURCES if re.search(r"except (Base)?Exception\b|except:", path.read_text())}

    assert broad <= BROAD


def test_every_module_says_what_belongs_there() -> None:
    silent = [_name(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text()))]

    assert not silent


def test_no_name_is_empty_of_meaning() -> None:
    vague = [_name(path) for path in SOURCES if path.stem in VAGUE or path.parent.name in VAGUE]

    assert not vague


def test_nothing_is_imported_inside_a_function() -> None:
    hidden = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        for function in _functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert not hidden


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("SpiffWorkflow", "engine/workflow/spiff/"),
        ("apscheduler", "engine/scheduler"),
        ("procrastinate", "engine/jobs/"),
    ],
)
def test_a_library_has_one_importer(library: str, home: str) -> None:
    pattern = re.compile(rf"^\s*(from|import) {library}\b", re.MULTILINE)
    importers = {_name(path) for path in SOURCES if pattern.search(path.read_text())}

    assert all(importer.startswith(home) for importer in importers), importers
