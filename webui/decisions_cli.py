"""The commands `feel` and `decide`: an expression or a decision over JSON, the result as JSON.

Exit codes: 0 done, 1 an error in what was written, 2 something cannot be read.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import click

from engine.decisions import dmn, feel
from engine.kernel.clock import SystemClock, local
from engine.kernel.errors import LetterflowError

WRITTEN_WRONG, UNREADABLE = 1, 2
OWN_FILES = dmn.Limits(size=20 * 1024 * 1024, elements=50_000)  # a file of one's own disk, not of a stranger


class Unreadable(Exception):
    """A file or a JSON text cannot be read."""


def _reported(command: Callable[..., None]) -> Callable[..., None]:
    """The command with its errors on standard error and as exit codes."""

    @wraps(command)
    def run(*args: Any, as_json: bool, **options: Any) -> None:
        try:
            command(*args, as_json=as_json, **options)
        except Unreadable as problem:
            click.echo(str(problem), err=True)
            sys.exit(UNREADABLE)
        except LetterflowError as problem:
            _tell(problem, as_json=as_json)
            sys.exit(WRITTEN_WRONG)

    return run


def _tell(problem: LetterflowError, *, as_json: bool) -> None:
    if not as_json:
        click.echo(problem.message, err=True)
        return
    report = {"code": problem.code, "message": problem.message, "fields": problem.fields}
    click.echo(json.dumps(report, ensure_ascii=False, default=str), err=True)


def _text(given: str) -> str:
    """The text itself, or that of the file after `@`. Raises Unreadable."""
    if not given.startswith("@"):
        return given
    try:
        return Path(given[1:]).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise Unreadable(f"cannot read {given[1:]}: {problem}") from problem


def _data(given: str) -> dict[str, Any]:
    """The JSON object as values of FEEL; numbers keep all their digits. Raises Unreadable."""
    try:
        found = json.loads(_text(given), parse_float=Decimal, parse_int=Decimal, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"the data is not JSON: {problem}") from problem
    if not isinstance(found, dict):
        raise Unreadable("the data is not a JSON object: write {…}")
    return {name: feel.from_json(value) for name, value in found.items()}


@click.command(name="feel")
@click.argument("expression")
@click.option("--data", default="{}", help="JSON object, or @file")
@click.option("--unary", is_flag=True, help='unary tests over the name "?"')
@click.option("--json", "as_json", is_flag=True, help="errors as JSON too")
@_reported
def feel_command(*, expression: str, data: str, unary: bool, as_json: bool) -> None:
    """Evaluate a FEEL expression; the value as JSON."""
    text, values = _expression(expression), _data(data)
    compiled = feel.compile(text, names=values, unary=unary)
    for finding in feel.check(text, names=values, unary=unary):
        _weigh(finding)
    _answer(feel.json_text(compiled(values, now=local(SystemClock().now()))))


def _expression(given: str) -> str:
    """`@file` reads a file; `@"2026-01-01"` is FEEL itself."""
    return given if given.startswith('@"') else _text(given)


def _weigh(finding: Any) -> None:
    """A name that is nearly a known one is a mistake; of anything else standard error is told, and null stands."""
    if finding.code == "feel.unknown-name" and finding.fields["nearest"]:
        raise feel.FeelError(finding.code, finding.message, **finding.fields)
    click.echo(f"{finding.severity}: {finding.message}: {finding.remedy}", err=True)


@click.command(name="decide")
@click.argument("file", type=click.Path())
@click.option("--decision", default="", help="name or id; not needed when there is a single one")
@click.option("--data", default="{}", help="JSON object, or @file")
@click.option("--rules", is_flag=True, help="also tell which rows fired")
@click.option("--json", "as_json", is_flag=True, help="errors as JSON too")
@_reported
def decide_command(*, file: str, decision: str, data: str, rules: bool, as_json: bool) -> None:
    """Evaluate a decision of a DMN file; the value as JSON. Imports are found in the file's folder."""
    path = Path(file)
    values = _data(data)
    model = dmn.read(_bytes(path), imports=_neighbours(path), limits=OWN_FILES)
    outcome = model.decide(_chosen(model, decision), values, now=local(SystemClock().now()))
    for problem in outcome.problems:
        click.echo(problem.message, err=True)
    value = feel.json_text(outcome.value)
    if rules:
        fired = [asdict(rule) for rule in outcome.rules]
        value = f'{{"value": {value}, "rules": {json.dumps(fired, ensure_ascii=False)}}}'
    _answer(value)


def _answer(text: str) -> None:
    """Half of a pair of surrogates in the data becomes a question mark."""
    click.echo(text.encode("utf-8", "replace"))


def _chosen(model: dmn.Model, wanted: str) -> str:
    if wanted or len(model.decisions) != 1:
        return wanted
    return model.decisions[0]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Unreadable(f"cannot read {path}: {problem}") from problem


def _neighbours(path: Path) -> dict[str, bytes]:
    """The other DMN files of the folder, by name; read only when the file has imports."""
    if b"import" not in _bytes(path):
        return {}
    return {other.name: _bytes(other) for other in sorted(path.parent.glob("*.dmn")) if other != path}
