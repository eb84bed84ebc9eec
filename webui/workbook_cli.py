"""Workbooks on the command line: `import`, `template`, `export`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from engine.kernel.errors import NotFound
from engine.letters.letters import LetterRow
from engine.letters.workbook import writing
from engine.people import workbook_export
from webui import wiring
from webui.workbooks.kinds import KINDS

REFUSED, UNREADABLE = 1, 2


@click.command("import")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say everything and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def import_(settings: Any, *, kind: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Import a workbook: the whole file, or nothing. Exit 1 when it is refused, 2 when it cannot be read."""
    content = _read(file)
    told = KINDS[kind].load(wiring.build(settings.load()).start_work, content, None, dry_run)
    if as_json:
        click.echo(json.dumps(asdict(told), ensure_ascii=False, default=str))
    else:
        for problem in told.problems:
            where = " ".join(filter(None, (problem.sheet, str(problem.row), problem.column)))
            click.echo(f"{problem.severity} {where}: {problem.message}; {problem.remedy}")
        for placed in told.findings:
            click.echo(f"finding {placed.letter} {placed.row}: {placed.finding.message}; {placed.finding.remedy}")
    held = ", ".join(f"{count} {name}" for name, count in told.counts.items())
    click.echo(f"{held}: {'kept' if told.kept else 'nothing was kept'}", err=True)
    sys.exit(REFUSED if told.refused else 0)


@click.command("template")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=click.Path(path_type=Path))
def template(kind: str, file: Path) -> None:
    """Write an empty workbook with all sheets and headings."""
    file.write_bytes(KINDS[kind].template())


@click.group()
def export() -> None:
    """Write what is kept into workbooks."""


@export.command("letters")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("numbers", nargs=-1, required=True)
@click.pass_obj
def export_letters(settings: Any, file: Path, numbers: tuple[str, ...]) -> None:
    """Write letters, named by their numbers, into one workbook in the template's form."""
    with wiring.build(settings.load()).start_work(reading=True) as work:
        wanted = select(LetterRow.no, LetterRow.id).where(LetterRow.no.in_(numbers))
        found = dict(work.session.execute(wanted).tuples().all())
        unknown = [no for no in numbers if no not in found]
        if unknown:
            raise NotFound("letter.unknown", f"there is no letter {unknown[0]}", letter=unknown[0])
        file.write_bytes(writing.export(work, [found[no] for no in numbers]))


@export.command("orgs")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def export_orgs(settings: Any, file: Path) -> None:
    """Write the organisation into a workbook in the template's form; passwords are never in it."""
    with wiring.build(settings.load()).start_work(reading=True) as work:
        file.write_bytes(workbook_export.export(work))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        click.echo(f"cannot read {file}: {problem}", err=True)
        sys.exit(UNREADABLE)
