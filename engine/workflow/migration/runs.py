"""Migrations of all instances of a version: begun, worked off a piece at a time, watched, stopped, tried again."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, literal, select, update

from engine.kernel import audit
from engine.kernel.database import Json, Key
from engine.kernel.errors import Conflict, LetterflowError
from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.workflow import definitions, standings
from engine.workflow.engine import Engine
from engine.workflow.instances import OVER
from engine.workflow.migration import attempts, progress
from engine.workflow.migration.progress import CAN, CANNOT, ENDED, MOVED, REFUSED, WAITING
from engine.workflow.migration.tables import migration, migration_line
from engine.workflow.migration.terms import Terms
from engine.workflow.standings import Standing
from engine.workflow.tables import instance

WORK_OFF = "migration.work_off"
"""Name of the job that works off one piece of a migration."""

PIECE = 50
PATIENCE = timedelta(seconds=30)
"""A migration that nobody touched for so long has lost its job: the sweep hands it out again."""


def begin(engine: Engine, terms: Terms, actor: int | None, *, trial: bool, after_trial: int | None = None) -> int:
    """Write down a migration of every living instance of the version and hand it to workers; its id.

    `after_trial` takes only those that this trial found able. Raises Conflict `migration.running`.
    """
    with engine.start_work() as work:
        running = progress.latest(work, terms.before.id, terms.after.id)
        if running is not None and running.status == "running":
            raise Conflict("migration.running", "such a migration is running already: wait for it, or stop it")
        migration_id = _write(work, terms, actor, trial=trial)
        work.connection.execute(_filling(migration_id, terms.before.id, after_trial))
        if not trial:
            detail = {"from": terms.before.version, "to": terms.after.version, "mapping": dict(terms.mapping)}
            audit.append(work, f"definition:{terms.after.key}", "migration.begun", actor=actor, detail=detail)
        _hand_out(engine, work, migration_id)
        work.commit()
    return migration_id


def carry_on(engine: Engine, trial_id: int, actor: int | None) -> int:
    """Migrate those that a finished trial found able, with the mapping that it tried; the id of the migration.

    Raises NotFound, Conflict `migration.not_tried` for what is no finished trial, `migration.running`.
    """
    with engine.start_work(reading=True) as work:
        trial = progress.of(work, trial_id)
        terms = _terms(work, work.connection.execute(_ROW, {"of": trial_id}).one())
    if not trial.trial or trial.status != "done":
        raise Conflict("migration.not_tried", "there is no finished dry run: let it end first", migration=trial_id)
    return begin(engine, terms, actor, trial=False, after_trial=trial_id)


def work_off(engine: Engine, migration_id: int, after: int = 0, *, size: int = PIECE) -> int:
    """Work off the next `size` lines after the line `after` and hand out what is left; how many were settled.

    Each instance is a transaction of its own, in which its line is settled too. May be called twice at once.
    """
    with engine.start_work(reading=True) as work:
        row = work.connection.execute(_ROW, {"of": migration_id}).one()
        found = list(work.connection.execute(_NEXT, {"of": migration_id, "after": after, "most": size}))
        terms = _terms(work, row)
    if row.status != "running":
        return 0
    settled = _judge(engine, terms, found) if row.trial else sum(_carry_out(engine, terms, row, each) for each in found)
    _go_on(engine, migration_id, found[-1].id if found else after)
    return settled


def failed(engine: Engine, args: Mapping[str, Any], error: Exception) -> None:
    """A piece raised: the line that it stopped at is refused with the reason, and the rest goes on."""
    migration_id = args["migration_id"]
    with engine.start_work() as work:
        first = work.connection.execute(_NEXT, {"of": migration_id, "after": args.get("after", 0), "most": 1}).first()
        if first is not None:
            trial = work.connection.execute(_ROW, {"of": migration_id}).one().trial
            _settle(work, first.id, CANNOT if trial else REFUSED, [_told(error)])
            work.connection.execute(_TOUCH, {"of": migration_id, "at": work.now})
        _hand_out(engine, work, migration_id, args.get("after", 0))
        work.commit()


def sweep(engine: Engine) -> int:
    """Hand out again migrations whose job was lost with its process; how many."""
    with engine.start_work(reading=True) as work:
        lost = list(work.connection.execute(_LOST, {"before": work.now - PATIENCE}).scalars())
    if not lost:
        return 0
    with engine.start_work() as work:
        for each in lost:
            work.connection.execute(_TOUCH, {"of": each, "at": work.now})
            _hand_out(engine, work, each)
        work.commit()
    return len(lost)


def stop(engine: Engine, migration_id: int, actor: int | None) -> None:
    """Leave the rest where it is; what was migrated stays migrated."""
    with engine.start_work() as work:
        _end(work, migration_id, "stopped")
        _note(work, migration_id, "migration.stopped", actor)
        work.commit()


def retry(engine: Engine, migration_id: int, actor: int | None) -> int:
    """Try those again that were refused, and those that a stop left over; how many.

    Raises Conflict `migration.running`.
    """
    with engine.start_work() as work:
        if progress.of(work, migration_id).status == "running":
            raise Conflict("migration.running", "it is running: wait for it, or stop it")
        work.connection.execute(_AGAIN, {"of": migration_id})
        count = progress.of(work, migration_id).counts.get(WAITING, 0)
        work.connection.execute(_RESTART, {"of": migration_id, "at": work.now})
        _note(work, migration_id, "migration.retried", actor)
        _hand_out(engine, work, migration_id)
        work.commit()
    return count


def _judge(engine: Engine, terms: Terms, found: list[Any]) -> int:
    settled: list[tuple[int, str, list[dict[str, Any]]]] = []
    with engine.start_work(reading=True) as work:
        for line in found:
            standing = standings.read(work, line.instance_id)
            if not _is_there(standing, terms):
                settled.append((line.id, ENDED, []))
                continue
            migrated = attempts.judge(engine, work, standing, terms).migrated
            settled.append((line.id, CANNOT if migrated.step is None else CAN, _plain(migrated.findings)))
    with engine.start_work() as work:
        for line_id, state, findings in settled:
            _settle(work, line_id, state, findings)
        work.commit()
    return len(settled)


def _carry_out(engine: Engine, terms: Terms, row: Any, line: Any) -> int:
    try:
        return _carried_out(engine, terms, row.actor, line)
    except LetterflowError as error:  # a listener of a floor above refuses: nothing of it stands
        with engine.start_work() as work:
            _settle(work, line.id, REFUSED, [_told(error)])
            work.commit()
    return 1


def _carried_out(engine: Engine, terms: Terms, actor: int | None, line: Any) -> int:
    with engine.start_work() as work:
        # the instance, then the line: whoever comes second finds the line settled
        standing = standings.lock(work, line.instance_id)
        if work.connection.execute(_LOCK, {"of": line.id}).scalar_one() != WAITING:
            return 0
        state, findings = ENDED, list[dict[str, Any]]()
        if _is_there(standing, terms):
            migrated = attempts.carry_out(engine, work, standing, terms, actor)
            state, findings = (REFUSED if migrated.step is None else MOVED), _plain(migrated.findings)
        _settle(work, line.id, state, findings)
        work.commit()
    return 1


def _is_there(standing: Standing, terms: Terms) -> bool:
    return standing.view.status not in OVER and standing.view.definition_id == terms.before.id


def _go_on(engine: Engine, migration_id: int, after: int) -> None:
    with engine.start_work() as work:
        work.connection.execute(_TOUCH, {"of": migration_id, "at": work.now})
        if work.connection.execute(_NEXT, {"of": migration_id, "after": 0, "most": 1}).first() is None:
            _end(work, migration_id, "done")
        else:
            more = work.connection.execute(_NEXT, {"of": migration_id, "after": after, "most": 1}).first()
            _hand_out(engine, work, migration_id, after if more is not None else 0)
        work.commit()


def _hand_out(engine: Engine, work: Work, migration_id: int, after: int = 0) -> None:
    engine.jobs.enqueue(work, WORK_OFF, {"migration_id": migration_id, "after": after})


def _write(work: Work, terms: Terms, actor: int | None, *, trial: bool) -> int:
    values = {"key": terms.after.key, "from_id": terms.before.id, "to_id": terms.after.id, "trial": trial}
    asked = {"mapping": dict(terms.mapping), "latest_called": terms.latest_called, "actor": actor}
    moments = {"status": "running", "started_at": work.now, "touched_at": work.now}
    made = migration.insert().returning(migration.c.id)
    return int(work.connection.execute(made, {**values, **asked, **moments}).scalar_one())


def _filling(migration_id: int, definition_id: int, after_trial: int | None) -> Any:
    fixed = literal(migration_id, Key), instance.c.id, literal(WAITING), literal([], Json)
    chosen = select(*fixed).where(instance.c.definition_id == definition_id, instance.c.ended_at.is_(None))
    if after_trial is not None:
        able = select(migration_line.c.instance_id).where(
            migration_line.c.migration_id == after_trial, migration_line.c.state == CAN
        )
        chosen = chosen.where(instance.c.id.in_(able))
    columns = ["migration_id", "instance_id", "state", "findings"]
    return migration_line.insert().from_select(columns, chosen.order_by(instance.c.id))


def _terms(work: Work, row: Any) -> Terms:
    before, after = (definitions.by_id(work, each) for each in (row.from_id, row.to_id))
    return Terms(before, after, row.mapping, row.latest_called)


def _settle(work: Work, line_id: int, state: str, findings: list[dict[str, Any]]) -> None:
    work.connection.execute(_SETTLE, {"of": line_id, "to": state, "why": findings, "now": work.now})


def _end(work: Work, migration_id: int, status: str) -> None:
    work.connection.execute(_END, {"of": migration_id, "to": status, "at": work.now})


def _note(work: Work, migration_id: int, act: str, actor: int | None) -> None:
    row = work.connection.execute(_ROW, {"of": migration_id}).one()
    audit.append(work, f"definition:{row.key}", act, actor=actor, detail={"migration": migration_id})


def _plain(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(each) for each in findings]


def _told(error: Exception) -> dict[str, Any]:
    code, message = getattr(error, "code", "migration.failed"), str(error)[:500]
    fields = {"error": type(error).__name__, "reason": message}
    return asdict(Finding(code, "error", "", message, "Mend the cause and try again.", fields))


_ROW = select(migration).where(migration.c.id == bindparam("of"))
_NEXT = (
    select(migration_line.c.id, migration_line.c.instance_id)
    .where(
        migration_line.c.migration_id == bindparam("of"),
        migration_line.c.state == WAITING,
        migration_line.c.id > bindparam("after"),
    )
    .order_by(migration_line.c.id)
    .limit(bindparam("most"))
)
_LOCK = select(migration_line.c.state).where(migration_line.c.id == bindparam("of")).with_for_update()
_SETTLE = (
    update(migration_line)
    .where(migration_line.c.id == bindparam("of"))
    .values(state=bindparam("to"), findings=bindparam("why"), at=bindparam("now"))
)
_TOUCH = update(migration).where(migration.c.id == bindparam("of")).values(touched_at=bindparam("at"))
_END = (
    update(migration)
    .where(migration.c.id == bindparam("of"), migration.c.status == "running")
    .values(status=bindparam("to"), ended_at=bindparam("at"))
)
_RESTART = (
    update(migration)
    .where(migration.c.id == bindparam("of"))
    .values(status="running", ended_at=None, touched_at=bindparam("at"))
)
_AGAIN = (
    update(migration_line)
    .where(migration_line.c.migration_id == bindparam("of"), migration_line.c.state.in_((REFUSED, CANNOT)))
    .values(state=WAITING, findings=[])
)
_LOST = select(migration.c.id).where(migration.c.status == "running", migration.c.touched_at <= bindparam("before"))
