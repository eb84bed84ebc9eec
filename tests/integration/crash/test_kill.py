"""Timers take effect exactly once with real processes that are killed at any point (law 4, `runtime.md`)."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import func, select

from engine.jobs import queue
from engine.jobs.runner import Handlers
from engine.kernel import audit_proof
from engine.kernel.database import open_database
from engine.notices.outbox import outbox
from engine.workflow import definitions, instances
from engine.workflow.engine import Engine
from engine.workflow.tables import instance, timer
from tests.builders import processes
from tests.builders.diagrams import operation, process, sequence
from tests.builders.engines import HeldJobs
from tests.builders.processes import Child
from tests.integration.crash.child import build, effect

TIMERS = 300
KILLS = 9
FIRST_KILL = 10
BETWEEN_KILLS = 25
"""Effects between two kills: they fall into the middle of the work however slow the machine is."""

FIRST_DUE = timedelta(seconds=6)
SPREAD = timedelta(milliseconds=35)
PATIENCE_SECONDS = 90.0

WAKE = process(
    "wake",
    '<startEvent id="begin"/><intermediateCatchEvent id="sleep"><timerEventDefinition id="d">'
    "<timeDate>=due</timeDate></timerEventDefinition></intermediateCatchEvent>"
    + operation("effect", "test.effect")
    + '<endEvent id="done"/>'
    + sequence("begin", "sleep", "effect", "done"),
)


class Company:
    """The child processes of one test: each that is killed is started again in its place."""

    def __init__(self, url: str, roles: tuple[str, ...], folder: Path) -> None:
        self._url, self._roles, self._folder = url, roles, folder
        self._stack = ExitStack()
        self._children: list[Child] = []

    def __enter__(self) -> "Company":
        self._children = [self._start(role) for role in self._roles]
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def kill(self, number: int) -> None:
        """SIGKILL one of them and start another in its role."""
        place = number % len(self._roles)
        processes.kill(self._children[place])
        self._children[place] = self._start(self._roles[place])

    def _start(self, role: str) -> Child:
        arguments = ("-m", "tests.integration.crash.child", role, self._url)
        env = processes.environment(self._url)
        return self._stack.enter_context(
            processes.child(*arguments, env=env, cwd=self._folder, log=self._folder / f"{role}.log")
        )


def _armed(engine: Engine) -> None:
    definitions.deploy(engine, WAKE)
    begin = engine.clock.now() + FIRST_DUE
    for number in range(TIMERS):
        due = (begin + number * SPREAD).isoformat()
        instances.start_one(engine, "wake", business_key=f"t{number}", data={"due": due})


def _count(database: Database) -> int:
    with database.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(effect)).scalar_one())


def _killed(company: Company, database: Database) -> int:
    """Kill one after another as timers fire, then wait until all have; how many kills there were."""
    kills, count = 0, 0
    until = time.monotonic() + PATIENCE_SECONDS
    while count < TIMERS and time.monotonic() < until:
        time.sleep(0.02)  # between two looks at the rows, which are the only thing that processes share
        count = _count(database)
        if kills < KILLS and FIRST_KILL + kills * BETWEEN_KILLS <= count < TIMERS:
            company.kill(kills)
            kills += 1
    return kills


def _verdict(database: Database) -> dict[str, object]:
    """What stands in the rows afterwards."""
    with database.connect() as connection:
        keys = Counter(connection.execute(select(effect.c.key)).scalars())
        parcels = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
        states = set(connection.execute(select(timer.c.state)).scalars())
        over = set(connection.execute(select(instance.c.status)).scalars())
        late = connection.execute(select(func.count()).where(timer.c.fired_at < timer.c.due_at)).scalar_one()
    return {
        "effects": sum(keys.values()),
        "distinct": len(keys),
        "parcels": parcels,
        "timers": states,
        "instances": over,
        "early": late,
    }


ONCE = {
    "effects": TIMERS,
    "distinct": TIMERS,
    "parcels": TIMERS,
    "timers": {"fired"},
    "instances": {"completed"},
    "early": 0,
}


@pytest.fixture
def postgres_company(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Engine, Database, Company]]:
    queue.install(postgres_url)
    yield from _company(postgres_url, ("clock", "worker", "clock", "worker", "clock"), tmp_path)


@pytest.fixture
def sqlite_company(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[Engine, Database, Company]]:
    yield from _company(sqlite_url, ("embedded",), tmp_path)


def _company(url: str, roles: tuple[str, ...], folder: Path) -> Iterator[tuple[Engine, Database, Company]]:
    database = open_database(url)
    effect.metadata.create_all(database)
    engine = build(database, HeldJobs(), Handlers())
    _armed(engine)
    with Company(url, roles, folder) as company:
        yield engine, database, company
    database.dispose()


@pytest.mark.timeout(120)
def test_three_schedulers_and_two_workers_lose_and_repeat_nothing(
    postgres_company: tuple[Engine, Database, Company],
) -> None:
    engine, database, company = postgres_company

    kills = _killed(company, database)

    assert kills >= 6
    assert _verdict(database) == ONCE
    with engine.start_work(reading=True) as work:
        assert audit_proof.verify(work) == []


@pytest.mark.timeout(120)
def test_one_embedded_process_that_is_killed_loses_and_repeats_nothing(
    sqlite_company: tuple[Engine, Database, Company],
) -> None:
    engine, database, company = sqlite_company

    kills = _killed(company, database)

    assert kills >= 4
    assert _verdict(database) == ONCE
    with engine.start_work(reading=True) as work:
        assert audit_proof.verify(work) == []
