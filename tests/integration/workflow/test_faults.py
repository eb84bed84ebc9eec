"""A disk that is full and people who act at the same moment leave everything as it was, or as one of them made it."""

import threading

import pytest
from sqlalchemy import event, select

from engine.kernel.clock import ManualClock
from engine.kernel.database import open_database
from engine.kernel.errors import Conflict, LetterflowError, Unavailable
from engine.kernel.work import Store
from engine.workflow import definitions, instances, tasks
from engine.workflow.engine import Engine
from engine.workflow.step import Answer
from engine.workflow.tables import instance_state, task
from tests.builders.diagrams import APPROVAL
from tests.builders.engines import make_engine

KEY = "Process_approval"


def _started(store: Store) -> tuple[Engine, int, int]:
    engine = make_engine(store)
    definitions.deploy(engine, APPROVAL)
    instance_id = instances.start_one(engine, KEY, starter=1)
    with engine.start_work(reading=True) as work:
        (open_task,) = tasks.of_instance(engine, work, instance_id)
    return engine, instance_id, open_task.id


def _rows(engine: Engine) -> list[object]:
    with engine.start_work(reading=True) as work:
        return [work.connection.execute(select(table)).all() for table in (instance_state, task)]


def test_a_full_disk_during_a_completion_is_said_and_nothing_is_changed(sqlite_url: str, clock: ManualClock) -> None:
    database = open_database(sqlite_url)
    store = Store(database, clock)
    engine, _, task_id = _started(store)
    before = _rows(engine)
    _let_no_page_be_added(store)

    with pytest.raises(Unavailable) as refused:
        tasks.complete_one(engine, task_id, Answer({"body": "x" * 1_000_000}), 2)

    assert refused.value.code == "store.full"
    assert _rows(engine) == before
    database.dispose()


def test_after_the_disk_has_room_again_the_same_completion_goes_through(sqlite_url: str, clock: ManualClock) -> None:
    database = open_database(sqlite_url)
    store = Store(database, clock)
    engine, instance_id, task_id = _started(store)
    undo = _let_no_page_be_added(store)
    with pytest.raises(Unavailable):
        tasks.complete_one(engine, task_id, Answer({"body": "x" * 1_000_000}), 2)

    undo()
    tasks.complete_one(engine, task_id, Answer({"body": "x" * 1_000_000}), 2)

    assert len(instances.data(engine, instance_id)["body"]) == 1_000_000
    database.dispose()


def _let_no_page_be_added(store: Store):  # type: ignore[no-untyped-def]  # gives the act that lifts the limit
    """SQLite says "database or disk is full" when a file may not grow; the limit belongs to each connection."""

    def limit(connection: object, pages: str) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]  # a DBAPI connection

    def on_checkout(connection: object, *_: object) -> None:
        limit(connection, "1")  # SQLite raises it to the pages that there are

    event.listen(store.engine, "checkout", on_checkout)

    def undo() -> None:
        event.remove(store.engine, "checkout", on_checkout)
        event.listen(store.engine, "checkout", lambda connection, *_: limit(connection, "1000000"))

    return undo


def test_of_two_people_at_the_same_moment_one_decides_and_one_is_told(store: Store) -> None:
    """APR-34"""
    engine, instance_id, task_id = _started(store)
    barrier = threading.Barrier(2)
    outcomes: list[object] = []

    def act(person: int) -> None:
        barrier.wait(10)
        try:
            tasks.complete_one(engine, task_id, Answer({"amount": person}), person)
            outcomes.append(person)
        except LetterflowError as error:
            outcomes.append(error)

    people = [threading.Thread(target=act, args=(person,)) for person in (7, 8)]
    for person in people:
        person.start()
    for person in people:
        person.join(20)

    (winner,) = [each for each in outcomes if isinstance(each, int)]
    (loser,) = [each for each in outcomes if isinstance(each, Conflict)]
    assert (loser.code, loser.fields["by"]) == ("task.decided", winner)
    assert instances.data(engine, instance_id)["amount"] == winner
