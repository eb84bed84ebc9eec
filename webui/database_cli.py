"""Commands that look after an installation: `init`, `upgrade`, `deploy`, `doctor`, `backup`, `audit`."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from engine import upgrade as steps
from engine.kernel import audit_proof, calendar_days
from engine.workflow import definitions
from webui import backups, wiring
from webui import doctor as examination
from webui.wiring import Installation

FIRST_YEAR = 2018


@click.command()
@click.pass_obj
def init(settings: Any) -> None:
    """Create the database, seed the calendar, deploy the processes. Running it again changes nothing."""
    _bring_up(wiring.install(settings.load()))


@click.command()
@click.pass_obj
def upgrade(settings: Any) -> None:
    """Bring the database to this release and deploy the processes that changed."""
    _bring_up(wiring.install(settings.load()))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def deploy(settings: Any, folder: Path) -> None:
    """Deploy one process folder, or every one below a folder; running instances keep their version."""
    engine = wiring.build(settings.load())
    single = any(folder.glob("*.bpmn"))
    for view in [definitions.deploy(engine, folder)] if single else definitions.deploy_all(engine, folder):
        click.echo(f"{view.key} version {view.version} ({view.sha256[:12]}) {view.status}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def doctor(settings: Any, as_json: bool) -> None:
    """Say what is wrong with this installation; exit 1 when something is."""
    found = examination.examine(wiring.install(settings.load()))
    if as_json:
        click.echo(json.dumps([vars(each) for each in found], ensure_ascii=False))
    else:
        for each in found:
            click.echo(f"{'ok  ' if each.ok else 'BAD '} {each.name}: {each.message}")
    if not all(each.ok for each in found):
        raise SystemExit(1)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(settings: Any, file: Path) -> None:
    """Write a consistent copy of the database while people work (uploads: copy the files folder)."""
    backups.write(settings.load().database.url, file)
    click.echo(f"{file} {file.stat().st_size} bytes")


@click.group()
def audit() -> None:
    """The history that cannot be changed."""


@audit.command()
@click.pass_obj
def verify(settings: Any) -> None:
    """Read all of history; list every place where it was changed and exit 1 when there is one."""
    engine = wiring.build(settings.load())
    with engine.start_work(reading=True) as work:
        breaks = audit_proof.verify(work)
    for each in breaks:
        click.echo(f"{each.stream} entry {each.seq}: {each.code}")
    click.echo(f"{len(breaks)} breaks")
    if breaks:
        raise SystemExit(1)


def _bring_up(installation: Installation) -> None:
    before, after = steps.upgrade(installation.database)
    click.echo(f"database at {after}" + ("" if before == after else f" (was {before or 'empty'})"))
    engine = installation.engine
    with engine.start_work() as work:
        days = calendar_days.seed(work, range(FIRST_YEAR, (work.now + timedelta(days=366)).year + 1))
        work.commit()
    click.echo(f"calendar: {days} days added")
    folder = installation.config.processes
    for view in definitions.deploy_all(engine, folder) if folder.is_dir() else ():
        click.echo(f"process {view.key} version {view.version} {view.status}")
