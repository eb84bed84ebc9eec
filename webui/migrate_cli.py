"""`letterflow migrate`: running instances of one version of a process to another."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from engine.kernel.errors import InvalidInput
from engine.workflow.engine import Engine
from engine.workflow.migration import plans, progress, runs, terms
from engine.workflow.migration.plans import Plan
from engine.workflow.migration.progress import CANNOT, REFUSED, WAITING, Line, Progress
from webui import wiring

LEFT = 1


@click.command()
@click.argument("key")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.option("--map", "pairs", multiple=True, metavar="A=B", help="Node A of BEFORE goes to node B of AFTER.")
@click.option("--latest-called", is_flag=True, help="Called processes change to their active versions too.")
@click.option("--dry-run", is_flag=True, help="Judge every instance and change none.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def migrate(  # noqa: PLR0913, PLR0917 - what is typed on the command line
    settings: Any,
    key: str,
    before: int,
    after: int,
    pairs: tuple[str, ...],
    latest_called: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the running instances of process KEY from version BEFORE to AFTER, each as a whole or not at all.

    Exit 0 when all could, 1 when some stay as they are; an interrupted run goes on in `serve`.
    """
    engine = wiring.build(settings.load())
    with engine.start_work(reading=True) as work:
        asked = terms.read(engine, work, key, (before, after), mapping=dict(_pairs(pairs)), latest_called=latest_called)
        plan = plans.plan(engine, work, asked)
    done = _worked_off(engine, runs.begin(engine, asked, None, trial=dry_run))
    with engine.start_work(reading=True) as work:
        refused = progress.lines(work, done.id, (CANNOT, REFUSED))
    if as_json:
        click.echo(json.dumps(_plain(done, refused), ensure_ascii=False, indent=2))
    else:
        _tell(plan, done, refused)
    sys.exit(LEFT if refused else 0)


def _pairs(written: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for each in written:
        old, sign, new = each.partition("=")
        if not sign or not old or not new:
            raise InvalidInput("migration.pair", f"--map {each} is no pair: write --map old=new")
        yield old, new


def _worked_off(engine: Engine, migration_id: int) -> Progress:
    """Work it off here; whatever else works on it settles other instances."""
    while True:
        runs.work_off(engine, migration_id)
        with engine.start_work(reading=True) as work:
            done = progress.of(work, migration_id)
        if done.status != "running":
            return done


def _tell(plan: Plan, done: Progress, refused: list[Line]) -> None:
    for row in plan.rows:
        if row.open:
            hint = f"; {row.target} has the same name" if row.target else ""
            click.echo(f"{row.place.address}: {row.standing} instances, no place in the new version{hint}")
    for line in refused:
        for each in line.findings:
            click.echo(f"IN-{line.instance_id} {line.title}: {each.message} {each.remedy}")
    counts = {state: count for state, count in done.counts.items() if state != WAITING}
    click.echo(", ".join(f"{count} {state}" for state, count in counts.items()) or "0 instances")


def _plain(done: Progress, refused: list[Line]) -> dict[str, Any]:
    return {
        "migration": done.id,
        "trial": done.trial,
        "counts": dict(done.counts),
        "refused": [
            {
                "instance": line.instance_id,
                "title": line.title,
                "findings": [
                    {"code": each.code, "element": each.element, "message": each.message, "remedy": each.remedy}
                    for each in line.findings
                ],
            }
            for line in refused
        ],
    }
