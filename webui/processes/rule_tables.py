"""Decision tables as tables to read: columns with their labels, rules with their annotations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decisions.dmn.reader import read_definitions
from engine.decisions.dmn.syntax import Decision, TableBox
from engine.decisions.dmn.xml import Limits


@dataclass(frozen=True)
class ReadTable:
    """A decision table of a file; `notes` are the titles of its annotations."""

    file: str
    id: str
    name: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...]
    rules: tuple["ReadRule", ...]


@dataclass(frozen=True)
class ReadRule:
    """One rule, cell by cell."""

    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...]


def read(files: Mapping[str, bytes]) -> list[ReadTable]:
    """Every decision table of a definition's files."""
    return [table for name in sorted(files) if name.endswith(".dmn") for table in _of_file(name, files[name])]


def _of_file(name: str, content: bytes) -> Iterator[ReadTable]:
    for part in read_definitions(content, Limits()).parts.values():
        if isinstance(part, Decision) and isinstance(part.logic, TableBox):
            yield _table(name, part, part.logic)


def _table(file: str, decision: Decision, box: TableBox) -> ReadTable:
    titles = tuple(dict.fromkeys(title for rule in box.rules for title in rule.annotations))
    rules = tuple(
        ReadRule(
            tuple(_plain(test) for test in rule.tests),
            tuple(_plain(output) for output in rule.outputs),
            tuple(rule.annotations.get(title, "") for title in titles),
        )
        for rule in box.rules
    )
    policy = f"{box.policy} {box.aggregation}".strip()
    inputs = tuple(each.label for each in box.inputs)
    return ReadTable(
        file, decision.id, decision.name, policy, inputs, tuple(each.label for each in box.outputs), titles, rules
    )


def _plain(cell: str) -> str:
    return cell.strip() or "–"
