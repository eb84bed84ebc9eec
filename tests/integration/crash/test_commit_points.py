"""A process killed at any statement or commit leaves the database before the step or after it, never between."""

import os
import signal
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import event, select

from engine.approvals import decisions, joining
from engine.approvals.decisions import Decision
from engine.approvals.tables import assignment
from engine.kernel import audit_proof
from engine.kernel.clock import ManualClock
from engine.kernel.database import Base, open_database
from engine.kernel.work import Store, Work
from engine.workflow import definitions, instances
from engine.workflow.engine import Engine
from tests.builders.diagrams import APPROVAL, process, sequence, timed, user
from tests.builders.engines import make_engine
from tests.conftest import MONDAY
from tests.integration.people.company import Company, found

BRANCHES = process(
    "branches",
    '<startEvent id="begin"/><parallelGateway id="fork"/>'
    '<userTask id="each"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>"
    + user("late", '<lf:limit duration="2wd"/>')
    + timed("late", "noted", after="PT9H", interrupting=False)
    + '<intermediateThrowEvent id="tell"><signalEventDefinition id="d" signalRef="told"/></intermediateThrowEvent>'
    '<parallelGateway id="join"/><endEvent id="done"/><endEvent id="noted"/>'
    + sequence("begin", "fork", "each", "join", "tell", "done")
    + sequence("fork", "late", "join"),
    '<signal id="told" name="told"/>',
)
PLAYS: dict[str, tuple[dict[str, bytes], list[dict[str, Any]]]] = {
    "Process_approval": (APPROVAL, [{"amount": 1}, {"approved": False}, {"amount": 2}, {"approved": True}]),
    "branches": (BRANCHES, [{"a": 1}, {"b": 2}, {"c": 3}]),
}
MOST_POINTS = 60
"""No step has more statements; the test would say so by never coming to an end."""


@pytest.fixture
def founded(store: Store) -> Company:
    with store.start_work() as work:
        company = found(work)
        work.commit()
    return company


@pytest.mark.parametrize("key", PLAYS)
def test_every_point_of_every_step_is_before_or_after(store: Store, founded: Company, key: str) -> None:
    """A loop, and branches with timers, limits and a signal; with assignments, acts and history."""
    files, answers = PLAYS[key]
    definitions.deploy(_engine(store), files)
    points = [_killed_everywhere(store, lambda engine: instances.start_one(engine, key, starter=founded.chen))]
    points += [_killed_everywhere(store, _saying(values)) for values in answers]

    assert all(count >= 8 for count in points), points
    with store.start_work(reading=True) as work:
        (made,) = instances.page(work)
        assert (made.status, audit_proof.verify(work)) == ("completed", [])


def _saying(values: dict[str, Any]) -> Callable[[Engine], object]:
    def say(engine: Engine) -> object:
        with engine.start_work(reading=True) as work:
            open_ones = select(assignment.c.task_id, assignment.c.person_id).where(assignment.c.state == "PENDING")
            asked = work.connection.execute(open_ones.order_by(assignment.c.id.desc())).first()
        assert asked is not None
        return decisions.decide(engine, asked.task_id, asked.person_id, Decision("DONE", values=values))

    return say


def _killed_everywhere(store: Store, step: Callable[[Engine], object]) -> int:
    """Let a child process take the step, killed at its first point, its second …; how many points there were."""
    before = _everything(store)
    for point in range(1, MOST_POINTS):
        survived = _in_child(store, step, point)
        now = _everything(store)
        if now != before:
            changed = {name for name in now if now[name] != before.get(name)}
            assert {"instance_state", "history", "audit_head"} <= changed, changed
            return point
        assert not survived, "the step changed nothing"
    raise AssertionError(f"more than {MOST_POINTS} points")


def _in_child(store: Store, step: Callable[[Engine], object], point: int) -> bool:
    """Whether a process of its own came through the step without reaching the point at which it is killed."""
    child = os.fork()
    if child == 0:
        _sabotaged(str(store.engine.url.render_as_string(hide_password=False)), step, point)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _sabotaged(url: str, step: Callable[[Engine], object], point: int) -> None:
    try:
        database = open_database(url)
        passed = [0]

        def reach(*_: object) -> None:
            passed[0] += 1
            if passed[0] == point:
                os.kill(os.getpid(), signal.SIGKILL)

        engine = _engine(Store(database, ManualClock(MONDAY)))
        _watch(database, reach)
        step(engine)
        os._exit(0)
    finally:
        os._exit(1)


def _watch(database: Database, reach: Callable[..., None]) -> None:
    """Before each statement, before and after each commit."""
    for moment in ("before_cursor_execute", "commit"):
        event.listen(database, moment, reach)
    plain = Work.commit

    def commit(work: Work) -> None:
        plain(work)
        reach()

    patch.object(Work, "commit", commit).start()


def _engine(store: Store) -> Engine:
    engine = make_engine(store)
    joining.join(engine)
    return engine


def _everything(store: Store) -> dict[str, list[Any]]:
    """All rows of all tables that have any."""
    with store.start_work(reading=True) as work:
        rows = {
            table.name: sorted(map(repr, work.connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }
    return {name: found for name, found in rows.items() if found}
