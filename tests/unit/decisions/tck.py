"""Reads the DMN TCK: test cases, their inputs, and what they expect, as FEEL values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine.decisions import dmn
from engine.decisions.feel.values.borders import into
from engine.decisions.feel.values.calendar import parse_date, parse_moment, parse_time
from engine.decisions.feel.values.comparison import equal
from engine.decisions.feel.values.durations import parse_duration
from tests.paths import SHARED

TCK = SHARED / "dmn-tck"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
TOLERANCE = Decimal("0.00000001")
NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
LIMITS = dmn.Limits(elements=20_000)


@dataclass(frozen=True)
class Case:
    """One expected result of one test case."""

    level: str
    model: Path
    test: str
    result: str
    service: str
    data: dict[str, Any]
    expected: Any
    error: bool

    @property
    def id(self) -> str:
        return f"{self.model.parent.name}/{self.test}/{self.result}"


def cases() -> list[Case]:
    """Every expected result of the kit."""
    return [case for file in sorted(TCK.glob("*/*/*.xml")) for case in _cases(file)]


def _cases(file: Path) -> Iterator[Case]:
    root = etree.parse(file, etree.XMLParser(remove_comments=True)).getroot()
    model = file.parent / root.findtext("{*}modelName", "").strip()
    for test in root.iterfind("{*}testCase"):
        data = {node.get("name"): value(node) for node in test.iterfind("{*}inputNode")}
        service = test.get("invocableName", "") if test.get("type") in ("decisionService", "bkm") else ""
        for node in test.iterfind("{*}resultNode"):
            expected = node.find("{*}expected")
            wanted = None if expected is None else value(expected)
            level, error = file.parent.parent.name, node.get("errorResult") == "true"
            yield Case(level, model, test.get("id", ""), node.get("name", ""), service, data, wanted, error)


def value(node: Any) -> Any:
    """The value of an element with `value`, `component` or `list` inside."""
    listed = node.find("{*}list")
    if listed is not None:
        return None if listed.get(NIL) == "true" else [value(item) for item in listed.iterfind("{*}item")]
    parts = node.findall("{*}component")
    if parts:
        return {part.get("name"): value(part) for part in parts}
    found = node.find("{*}value")
    if found is None or found.get(NIL) == "true":
        return None
    return _simple(found.get(TYPE, "").rpartition(":")[2], found.text or "")


def _simple(kind: str, text: str) -> Any:
    readers = {"date": parse_date, "time": parse_time, "dateTime": parse_moment, "duration": parse_duration}
    if kind in readers:
        return readers[kind](text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    return Decimal(text.strip()) if kind in ("decimal", "double", "integer", "int", "float") else text


@lru_cache(maxsize=4)
def model_of(path: Path) -> dmn.Model:
    """The model of a file; the other files of its folder may be imported."""
    others = {other.name: other.read_bytes() for other in sorted(path.parent.glob("*.dmn")) if other != path}
    return dmn.read(path.read_bytes(), imports=others, limits=LIMITS)


def answer(case: Case) -> Any:
    """What the engine says."""
    outcome = model_of(case.model).decide(case.service or case.result, case.data, now=NOW)
    found = into(outcome.value)
    if case.service and isinstance(found, dict) and case.result in found and case.result != case.service:
        return found[case.result]
    return found


def agrees(found: Any, expected: Any) -> bool:
    """Whether the answer is the expected one; numbers may differ in the last places, as the kit allows."""
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= TOLERANCE * max(1, abs(expected))
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(agrees, found, expected))
    if isinstance(found, dict) and isinstance(expected, dict):
        return found.keys() == expected.keys() and all(agrees(found[name], expected[name]) for name in found)
    return bool(found is None if expected is None else equal(found, expected) is True)
