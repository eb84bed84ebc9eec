"""A migration whose process is killed leaves each instance before or after, and goes on where it was (issue 4)."""

import time
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import func, select

from engine.kernel import audit_proof
from engine.kernel.work import Store
from engine.workflow import definitions, history, instances
from engine.workflow.engine import Engine
from engine.workflow.migration import progress, runs, terms
from engine.workflow.migration.tables import migration_line
from engine.workflow.tables import instance, task
from tests.builders import processes
from tests.builders.diagrams import process, sequence, user
from tests.builders.engines import make_engine

INSTANCES = 500
KILLS = 3
PATIENCE_SECONDS = 60.0


def _drawn(node: str) -> dict[str, bytes]:
    body = '<startEvent id="begin"/><endEvent id="done"/>' + user(node)
    return process("order", body + sequence("begin", node, "done"))


def _moved(database: Database) -> int:
    with database.connect().execution_options(reading=True) as connection:  # it waits for no writer
        query = select(func.count()).where(migration_line.c.state == progress.MOVED)
        return int(connection.execute(query).scalar_one())


def _killed(database: Database, url: str, folder: Path) -> int:
    """Kill the process each time it has migrated some more; how many kills there were before it was done."""
    env, kills = processes.environment(url), 0
    until = time.monotonic() + PATIENCE_SECONDS
    while kills < KILLS:
        arguments = ("-m", "tests.integration.crash.child", "migrate", url)
        start = _moved(database)
        with processes.child(*arguments, env=env, cwd=folder, log=folder / "migrate.log") as running:
            while _moved(database) < start + 5 and running.poll() is None and time.monotonic() < until:
                time.sleep(0.002)  # between two looks at the rows, which are the only thing that processes share
            processes.kill(running)
        kills += 1
    return kills


def _halves(engine: Engine) -> list[int]:
    """Instances whose version, task, line and history do not say the same."""
    with engine.start_work(reading=True) as work:
        new = definitions.current(work, "order").id
        rows = work.connection.execute(
            select(instance.c.id, instance.c.definition_id, task.c.node, migration_line.c.state)
            .join(task, task.c.instance_id == instance.c.id)
            .join(migration_line, migration_line.c.instance_id == instance.c.id)
        ).all()
        told = {row.id: [line.act for line in history.of(work, row.id)].count("instance.migrated") for row in rows}
    after, before = (new, "z", "moved", 1), (new - 1, "a", "waiting", 0)
    return [row.id for row in rows if (row.definition_id, row.node, row.state, told[row.id]) not in (after, before)]


def test_a_killed_migration_leaves_no_instance_between_and_is_finished_later(
    store: Store, database_url: str, tmp_path: Path
) -> None:
    engine = make_engine(store)
    definitions.deploy(engine, _drawn("a"))
    for _ in range(INSTANCES):
        instances.start_one(engine, "order")
    definitions.deploy(engine, _drawn("z"))
    with engine.start_work(reading=True) as work:
        asked = terms.read(engine, work, "order", (1, 2), mapping={"a": "z"})
    migration_id = runs.begin(engine, asked, None, trial=False)

    kills = _killed(store.engine, database_url, tmp_path)
    halfway, halves = _moved(store.engine), _halves(engine)
    while runs.work_off(engine, migration_id):
        pass

    with engine.start_work(reading=True) as work:
        done = progress.of(work, migration_id)
        broken = audit_proof.verify(work)
    assert kills == KILLS
    assert 0 < halfway < INSTANCES
    assert (halves, _halves(engine)) == ([], [])
    assert (done.status, done.counts) == ("done", {"moved": INSTANCES})
    assert broken == []
