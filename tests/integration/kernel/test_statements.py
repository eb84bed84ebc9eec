"""A prepared statement gives what SQLAlchemy would give, on both databases."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Integer, String, Table, bindparam, event, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from engine.kernel.database import Base, Exact, Json, Key, Moment
from engine.kernel.statements import Statement
from engine.kernel.work import Store

NOON = datetime(2026, 11, 2, 4, 0, 0, 5, tzinfo=UTC)

things = Table(
    "test_things",
    Base.metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(20), nullable=False, unique=True),
    Column("at", Moment),
    Column("score", Exact),
    Column("detail", Json),
    Column("index", Integer),
)
Base.metadata.remove(things)  # only these tests have it

ADD = Statement(things.insert().returning(things.c.id))
ALL = Statement(select(things).order_by(things.c.id))
NAMED = Statement(select(things.c.id, things.c.score).where(things.c.name == bindparam("of"), things.c.index > 0))
RATE = Statement(update(things).where(things.c.name == bindparam("of")).values(score=bindparam("new")))
ROW = {"name": "甲", "at": NOON, "score": Decimal("0.10"), "detail": {"理由": [1, None]}, "index": 3}


@pytest.fixture(params=["prepared", "listened to"])
def prepared(request: pytest.FixtureRequest, store: Store) -> Store:
    """The same tests also where somebody listens, and SQLAlchemy itself executes."""
    things.create(store.engine)
    if request.param == "listened to":
        event.listen(store.engine, "before_cursor_execute", lambda *_: None)
    return store


def _add(store: Store, *rows: dict[str, Any]) -> None:
    with store.start_work() as work:
        for row in rows:
            work.run(ADD, row)
        work.commit()


def test_values_of_every_type_come_back_as_they_went_in(prepared: Store) -> None:
    _add(prepared, ROW)

    with prepared.start_work(reading=True) as work:
        (row,) = work.run(ALL).all()

    assert (row.name, row.at, row.score, row.detail, row[5]) == ("甲", NOON, Decimal("0.1"), {"理由": [1, None]}, 3)


def test_an_insert_gives_its_key(prepared: Store) -> None:
    with prepared.start_work() as work:
        keys = [work.run(ADD, {**ROW, "name": name}).scalar_one() for name in "ab"]

    assert keys == [1, 2]


def test_several_sets_of_values_are_written_at_once(prepared: Store) -> None:
    _add(prepared, {**ROW, "name": "a"}, {**ROW, "name": "b"})
    with prepared.start_work() as work:
        work.run(RATE, [{"of": "a", "new": Decimal(1)}, {"of": "b", "new": None}])
        work.commit()

    with prepared.start_work(reading=True) as work:
        assert [row.score for row in work.run(ALL)] == [Decimal(1), None]


def test_one_row_or_none(prepared: Store) -> None:
    _add(prepared, ROW)

    with prepared.start_work(reading=True) as work:
        found, missing = work.run(NAMED, {"of": "甲"}).first(), work.run(NAMED, {"of": "乙"}).first()

    assert (found.id, found.score, missing) == (1, Decimal("0.1"), None)


def test_a_work_that_is_left_without_commit_wrote_nothing(prepared: Store) -> None:
    with prepared.start_work() as work:
        work.run(ADD, ROW)

    with prepared.start_work(reading=True) as work:
        assert work.run(ALL).all() == []


def test_the_number_of_changed_rows_is_told(prepared: Store) -> None:
    _add(prepared, ROW)

    with prepared.start_work() as work:
        counts = [work.run(RATE, {"of": name, "new": None}).rowcount for name in ("甲", "乙")]

    assert counts == [1, 0]


def test_a_broken_rule_is_the_same_error(prepared: Store) -> None:
    _add(prepared, ROW)

    with prepared.start_work() as work, pytest.raises(IntegrityError):
        work.run(ADD, ROW)


def test_a_value_that_sqlalchemy_would_make_is_refused() -> None:
    made = Table("made", Base.metadata, Column("id", Key, primary_key=True), Column("n", Integer, default=lambda: 1))
    Base.metadata.remove(made)

    with pytest.raises(TypeError, match="cannot be prepared"):
        Statement(made.insert())._plan(sqlite.dialect(), {"id": 1})
