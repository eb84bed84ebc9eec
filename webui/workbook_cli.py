"""Workbooks on the command line: `import`, `template`, `export`."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from engine.kernel.errors import NotFound
from engine.kernel.sheets import Problem
from engine.kernel.work import StartWork
from engine.letters.letters import LetterRow
from engine.letters.workbook import importing, writing
from engine.people import workbook as organisation
from webui import wiring

REFUSED, UNREADABLE = 1, 2


@dataclass(frozen=True)
class Told:
    """What an import of any kind says: what refused or doubted it, and one sentence on what was kept."""

    problems: Sequence[Problem]
    summary: str


@dataclass(frozen=True)
class Kind:
    """A kind of workbook: how its template is made and how it is imported."""

    template: Callable[[], bytes]
    load: Callable[[StartWork, bytes, bool], Told]


def _letters(start_work: StartWork, content: bytes, dry_run: bool) -> Told:
    report = importing.load(start_work, content, actor=None, dry_run=dry_run)
    placed = [
        Problem(
            each.letter, each.row, "", each.finding.code, each.finding.message, each.finding.remedy, "warning"
        )  # a broken draft rule never refuses: the draft waits for it at submit
        for each in report.findings
    ]
    summary = f"{report.items} items in {len(report.letters)} letters" if report.kept else f"{report.items} items"
    return Told((*report.problems, *placed), summary)


def _organisation(start_work: StartWork, content: bytes, dry_run: bool) -> Told:
    report = organisation.load(start_work, content, actor=None, dry_run=dry_run)
    return Told(report.problems, f"{report.orgs} units, {report.persons} persons")


KINDS = {
    "letters": Kind(writing.template, _letters),
    "orgs": Kind(organisation.template, _organisation),
}


@click.command("import")
@click.argument("kind", type=click.Choice(sorted(KINDS)))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say everything and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def import_(settings: Any, *, kind: str, file: Path, dry_run: bool, as_json: bool) -> None:
    """Import a workbook: the whole file, or nothing. Exit 1 when it is refused, 2 when it cannot be read."""
    content = _read(file)
    told = KINDS[kind].load(wiring.build(settings.load()).start_work, content, dry_run)
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in told.problems], ensure_ascii=False, default=str))
    else:
        for problem in told.problems:
            where = " ".join(filter(None, (problem.sheet, str(problem.row), problem.column)))
            click.echo(f"{problem.severity} {where}: {problem.message}; {problem.remedy}")
    refused = any(problem.severity == "error" for problem in told.problems)
    end = "refused: nothing was kept" if refused else "nothing was kept (dry run)" if dry_run else "kept"
    click.echo(f"{told.summary}: {end}", err=True)
    sys.exit(REFUSED if refused else 0)


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


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        click.echo(f"cannot read {file}: {problem}", err=True)
        sys.exit(UNREADABLE)
