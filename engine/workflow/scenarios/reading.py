"""The form of a scenario file, checked strictly: an unknown key is a mistake, never passed over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields

from engine.kernel.errors import BadDefinition

ENDING = ".scenario.yaml"
_LIKE = "write 2026-10-20T09:00:00+08:00"


@dataclass(frozen=True)
class Step:
    """One thing that happens: exactly one of `do`, `wait`, `until`, `send`, `signal`, `retry`, `expect`."""

    kind: str
    node: str = ""
    answers: tuple[Mapping[str, Any], ...] = ()
    text: str = ""
    key: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """A played example: what is given, what happens, what is expected at the end."""

    file: str
    name: str
    process: str
    at: datetime
    start: str | None
    data: Mapping[str, Any]
    operations: Mapping[str, tuple[Mapping[str, Any], ...]]
    steps: tuple[Step, ...]
    expect: Mapping[str, Any]


@dataclass(frozen=True)
class TableCase:
    """A question to a decision table with the answer that is expected, and the rows that must have fired."""

    file: str
    table: str
    decision: str
    given: Mapping[str, Any]
    result: Any
    rows: tuple[int, ...]


@dataclass(frozen=True)
class ScenarioFile:
    """Everything that one file holds."""

    scenarios: tuple[Scenario, ...]
    cases: tuple[TableCase, ...]


class _Text(yaml.SafeLoader):
    """Moments stay text, as they are in process data; `no` and `on` are words, only true and false are boolean."""


_BOOLEAN = "tag:yaml.org,2002:bool"
_Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag not in ("tag:yaml.org,2002:timestamp", _BOOLEAN)]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Text.add_implicit_resolver(_BOOLEAN, re.compile(r"^(?:true|false)$"), list("tf"))

_Results = fields.Raw(required=True)


class _Expectation(Schema):
    outcome = fields.String()
    waiting = fields.List(fields.String())
    armed = fields.List(fields.String())
    passes = fields.List(fields.String())
    never = fields.List(fields.String())
    data = fields.Dict()
    calls = fields.Dict(keys=fields.String())
    now = fields.String()


class _Step(Schema):
    do = fields.String()
    with_ = fields.Dict(data_key="with")
    each = fields.List(fields.Dict(allow_none=True))
    wait = fields.String()
    until = fields.String()
    send = fields.String()
    signal = fields.String()
    key = fields.String()
    data = fields.Dict()
    retry = fields.String()
    expect = fields.Nested(_Expectation)


class _Given(Schema):
    at = fields.String()
    start = fields.String(allow_none=True)
    data = fields.Dict()
    operations = fields.Dict(keys=fields.String(), values=_Results)


class _Scenario(_Given):
    name = fields.String(required=True)
    steps = fields.List(fields.Nested(_Step), load_default=list)
    expect = fields.Nested(_Expectation, required=True)


class _Case(Schema):
    table = fields.String(required=True)
    decision = fields.String(required=True)
    given = fields.Dict(required=True)
    result = fields.Raw(required=True, allow_none=True)
    rows = fields.List(fields.Integer(), load_default=list)


class _File(Schema):
    process = fields.String(required=True)
    given = fields.Nested(_Given, load_default=dict)
    scenarios = fields.List(fields.Nested(_Scenario), load_default=list)
    tables = fields.List(fields.Nested(_Case), load_default=list)


ACTS = ("do", "wait", "until", "send", "signal", "retry", "expect")


def read(path: Path) -> ScenarioFile:
    """The scenarios and table cases of a file.

    Raises BadDefinition `scenario.unreadable`, `scenario.form`, `scenario.step`, `scenario.moment`.
    """
    try:
        written = _File().load(yaml.load(path.read_text(encoding="utf-8"), _Text) or {})  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadDefinition("scenario.unreadable", f"{path.name} is no YAML: {error}", file=path.name) from error
    except ValidationError as error:
        raise BadDefinition(
            "scenario.form", f"{path.name}: {error.messages}", file=path.name, problems=error.messages
        ) from error
    scenarios = tuple(_scenario(path.name, written, one) for one in written["scenarios"])
    cases = tuple(
        TableCase(path.name, one["table"], one["decision"], one["given"], one["result"], tuple(one["rows"]))
        for one in written["tables"]
    )
    return ScenarioFile(scenarios, cases)


def read_folder(folder: Path) -> ScenarioFile:
    """All scenario files of a process's folder together. Raises as `read` does."""
    files = [read(path) for path in sorted(folder.glob(f"*{ENDING}"))]
    return ScenarioFile(
        tuple(one for file in files for one in file.scenarios), tuple(one for file in files for one in file.cases)
    )


def _scenario(file: str, written: Mapping[str, Any], own: Mapping[str, Any]) -> Scenario:
    given = written["given"]
    operations = {**given.get("operations", {}), **own.get("operations", {})}
    return Scenario(
        file=file,
        name=own["name"],
        process=written["process"],
        at=moment(own.get("at") or given.get("at") or "2026-10-20T09:00:00+08:00", file),
        start=own.get("start", given.get("start")),
        data=_over(given.get("data", {}), own.get("data", {})),
        operations={name: tuple(found if isinstance(found, list) else [found]) for name, found in operations.items()},
        steps=tuple(_step(file, own["name"], number, one) for number, one in enumerate(own["steps"], 1)),
        expect=own["expect"],
    )


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` laid over `base`, contexts inside as well."""
    merged = dict(base)
    for name, value in own.items():
        inner = merged.get(name)
        merged[name] = _over(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return merged


def _step(file: str, scenario: str, number: int, written: Mapping[str, Any]) -> Step:
    kinds = [kind for kind in ACTS if kind in written]
    if len(kinds) != 1:
        raise BadDefinition(
            "scenario.step",
            f"{file}, '{scenario}', step {number}: exactly one of {', '.join(ACTS)} is needed, found {kinds or 'none'}",
            file=file,
            step=number,
        )
    kind = kinds[0]
    answers = written.get("each") or [written.get("with_") or {}]
    said = written[kind]
    return Step(
        kind=kind,
        node=said if kind in ("do", "retry") else "",
        answers=tuple(answer or {} for answer in answers),
        text=said if isinstance(said, str) else "",
        key=written.get("key"),
        values=said if kind == "expect" else written.get("data") or {},
    )


def moment(text: str, file: str) -> datetime:
    """The aware moment that a file names. Raises BadDefinition `scenario.moment`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadDefinition("scenario.moment", f"{file}: '{text}' is no moment: {_LIKE}") from error
    if found.tzinfo is None:
        raise BadDefinition("scenario.moment", f"{file}: '{text}' names no zone: {_LIKE}")
    return found
