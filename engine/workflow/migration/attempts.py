"""One instance to another version: judged in memory, or carried out with every row that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Table, Update, bindparam, true, update

from engine.kernel.work import Work
from engine.workflow import definitions, runner
from engine.workflow.engine import Engine
from engine.workflow.migration.terms import Terms
from engine.workflow.rows import following
from engine.workflow.rows.tasks import Opening
from engine.workflow.runner import Cause
from engine.workflow.spiff.migration.migrating import Migrated, migrate
from engine.workflow.standings import Standing
from engine.workflow.step import Ports, Step
from engine.workflow.surroundings import Surroundings
from engine.workflow.tables import incident, instance, message_wait, timer

ACT = "instance.migrated"


@dataclass(frozen=True)
class Attempt:
    """What would come of it, and the versions of called processes that the instance would be pinned to."""

    migrated: Migrated
    pins: Mapping[str, int]
    ports: Surroundings


def judge(engine: Engine, work: Work, standing: Standing, terms: Terms) -> Attempt:
    """Really take the state over, in memory; nothing is written and nothing is carried out."""
    pins = definitions.pins(work, terms.after.id, keep={} if terms.latest_called else standing.pins)
    old = engine.programs.of(work, standing.view.definition_id, standing.pins)
    new = engine.programs.of(work, terms.after.id, pins)
    ports = Surroundings(engine, work, runner.context(standing.view), new.tables)
    migrated = migrate(old.program, new.program, standing.state, terms.mapping, ports, ports.at)
    return Attempt(migrated, pins, ports)


def carry_out(engine: Engine, work: Work, standing: Standing, terms: Terms, actor: int | None) -> Migrated:
    """Judge a locked instance and, where it can, write the migration down; tasks keep their people, dues and votes."""
    attempt = judge(engine, work, standing, terms)
    step = attempt.migrated.step
    if step is None:
        return attempt.migrated
    _pin(work, standing, terms, attempt.pins)
    renamed = attempt.migrated.renamed or {}
    _rename(work, standing, renamed)

    def run(_program: Any, _state: bytes, _ports: Ports) -> Step:
        return step

    changed = following.follow(Opening(work, standing, attempt.ports, lambda: engine.calendar(work)), step)
    runner.advance(engine, work, standing, run, _cause(terms, attempt.migrated, actor))
    engine.hooks.instance_migrated(engine, work, standing.view, changed, renamed)
    return attempt.migrated


def _cause(terms: Terms, migrated: Migrated, actor: int | None) -> Cause:
    detail = {
        "from": terms.before.version,
        "to": terms.after.version,
        "mapping": dict(migrated.renamed or {}),
        "timers": [[each.node.id, each.before, each.due] for each in migrated.moved],
    }
    return Cause(ACT, actor, detail, while_suspended=True)


def _pin(work: Work, standing: Standing, terms: Terms, pins: Mapping[str, int]) -> None:
    standing.view = replace(standing.view, definition_id=terms.after.id)
    standing.pins = dict(pins)
    values = {"of": standing.view.id, "to": terms.after.id, "new_pins": standing.pins}
    work.connection.execute(_PIN, values)


def _rename(work: Work, standing: Standing, renamed: Mapping[str, str]) -> None:
    pairs = [{"of": standing.view.id, "was": before, "now": after} for before, after in renamed.items()]
    for statement, count in ((_TIMERS, 1), (_INCIDENTS, standing.failed), (_WAITS, standing.awaited)):
        if pairs and count:
            work.connection.execute(statement, pairs)


_PIN = (
    update(instance)
    .where(instance.c.id == bindparam("of"))
    .values(definition_id=bindparam("to"), pins=bindparam("new_pins"))
)


def _renaming(table: Table, still: ColumnElement[bool]) -> Update:
    here = table.c.instance_id == bindparam("of")
    return update(table).where(here, table.c.node == bindparam("was"), still).values(node=bindparam("now"))


_TIMERS = _renaming(timer, (timer.c.state != "fired") & (timer.c.state != "cancelled"))
_INCIDENTS = _renaming(incident, incident.c.status == "open")
_WAITS = _renaming(message_wait, true())
