"""Commands about processes that need no database: `letterflow check` and `letterflow simulate`."""

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from engine.decisions.feel.values.durations import DaysDuration, parse_duration
from engine.kernel.errors import LetterflowError
from engine.kernel.findings import Finding
from engine.workflow import folders
from engine.workflow.simulate import Simulation, simulate


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def check_command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Lint BPMN, DMN, forms and scenarios: exit 0 without errors, 1 with, 2 when a path cannot be read."""
    try:
        findings = folders.check(paths)
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps([_finding(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        for one in findings:
            click.echo(f"{one.file}: {one.severity} {one.code} at {one.element}: {one.message} {one.remedy}")
        click.echo(f"{len(findings)} findings", err=True)
    sys.exit(1 if any(one.severity == "error" for one in findings) else 0)


def _finding(found: Finding) -> Mapping[str, Any]:
    names = ("file", "code", "severity", "element", "message", "remedy")
    return {name: getattr(found, name) for name in names}


@click.command("simulate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--process", "key", help="The process to run; needed when the file holds several that can run.")
@click.option("--data", "data_text", default="{}", help="JSON, or @file: the data it starts with.")
@click.option(
    "--answers", "answers_text", default="{}", help="JSON, or @file: node id → answer, or a list, one per visit."
)
@click.option("--until", "until_text", help="ISO duration: how much simulated time may pass.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def simulate_command(  # noqa: PLR0913 - each is an option of the command
    file: Path, key: str | None, data_text: str, answers_text: str, until_text: str | None, *, as_json: bool
) -> None:
    """Run a diagram in memory with simulated time, without a database."""
    try:
        folder = folders.read(file)
        found = simulate(
            folders.program(folder, key),
            data=_context(data_text, "--data"),
            answers=_context(answers_text, "--answers"),
            until=_span(until_text),
            tables=folders.tables(folder),
        )
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        sys.exit(2)
    except LetterflowError as error:
        for one in error.fields.get("findings", ()):
            click.echo(f"{one.file}: {one.severity} {one.code} at {one.element}: {one.message} {one.remedy}", err=True)
        raise click.ClickException(error.message) from error
    click.echo(json.dumps(told(found), ensure_ascii=False, indent=2) if as_json else worded(found))


def told(found: Simulation) -> Mapping[str, Any]:
    """The simulation as the JSON that other programs read."""
    return {
        "outcome": found.outcome,
        "trace": [
            {"node": one.node, "event": one.event, "at": one.at.isoformat().replace("+00:00", "Z"), "index": one.index}
            for one in found.trace
        ],
        "waiting": list(found.waiting),
        "data": plain(found.data),
        "errors": plain(list(found.errors)),
    }


def worded(found: Simulation) -> str:
    """The simulation as lines for people."""
    lines = [
        f"{one.at:%Y-%m-%d %H:%M} {one.event:<6} {one.node}" + ("" if one.index is None else f" [{one.index}]")
        for one in found.trace
    ]
    lines.append(f"outcome: {found.outcome}")
    lines.extend(f"waiting: {node}" for node in found.waiting)
    lines.extend(f"error at {error['node']}: {error['message']}" for error in found.errors)
    lines.append("data: " + json.dumps(plain(found.data), ensure_ascii=False))
    return "\n".join(lines)


def plain(value: Any) -> Any:
    """A value as JSON shows it: whole numbers as such, dates and durations as ISO text."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _context(text: str, option: str) -> dict[str, Any]:
    written = Path(text[1:]).read_text("utf-8") if text.startswith("@") else text
    try:
        found = json.loads(written, parse_float=Decimal)
    except ValueError as error:
        raise click.BadParameter(f"no JSON: {error}", param_hint=option) from error
    if not isinstance(found, dict):
        raise click.BadParameter("expected a JSON object", param_hint=option)
    return found


def _span(text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = parse_duration(text)
    if not isinstance(found, DaysDuration):
        raise click.BadParameter(f"{text} is no duration of days and time such as P30D or PT8H", param_hint="--until")
    return found.to_timedelta()
