"""Conditions that look at the clock are looked at again as time goes on, in instances where nothing else happens."""

from collections.abc import Iterator

from sqlalchemy import select

from engine.kernel.errors import Conflict
from engine.kernel.work import Work
from engine.workflow import runner, standings
from engine.workflow.engine import Engine
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine, watching
from engine.workflow.standings import Standing
from engine.workflow.surroundings import Surroundings
from engine.workflow.tables import definition, instance

ACT = "condition.met"
_CHUNK = 200


def evaluate_due(engine: Engine) -> int:
    """Evaluate the conditions of every running instance that may have come true by now; how many moved."""
    with engine.start_work(reading=True) as work:
        ripe = [each.view.id for each in _watched(work) if _ripe(engine, work, each)]
    return sum(_evaluate(engine, each) for each in ripe)


def _watched(work: Work) -> Iterator[Standing]:
    """Running instances of versions that watch the clock, or that call others while some version does."""
    versions = list(work.connection.execute(_WATCHING).scalars())
    if not versions:
        return
    versions += [row.id for row in work.connection.execute(_CALLING) if row.calls]
    query = standings.WHOLE.where(instance.c.status == "running", instance.c.definition_id.in_(versions))
    after, piece = 0, list[Standing]()
    while after == 0 or len(piece) == _CHUNK:
        rows = work.connection.execute(query.where(instance.c.id > after).order_by(instance.c.id).limit(_CHUNK))
        piece = [standings.standing_of(row) for row in rows]
        yield from piece
        after = piece[-1].view.id if piece else after + 1


def _ripe(engine: Engine, work: Work, standing: Standing) -> bool:
    bound = engine.programs.of(work, standing.view.definition_id, standing.pins)
    ports = Surroundings(engine, work, runner.context(standing.view), bound.tables)
    return watching.ripe(bound.program, standing.state, ports)


def _evaluate(engine: Engine, instance_id: int) -> int:
    with engine.start_work() as work:
        standing = standings.lock(work, instance_id)
        if not _ripe(engine, work, standing):
            return 0
        try:
            runner.advance(engine, work, standing, machine.evaluate, Cause(ACT))
        except Conflict:  # it ended or was suspended meanwhile
            return 0
        work.commit()
    return 1


_WATCHING = select(definition.c.id).where(definition.c.watches)
_CALLING = select(definition.c.id, definition.c.calls).where(definition.c.status != "retired")
