"""The steps lead an empty database to exactly the tables that the code declares."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Engine, Integer, LargeBinary, MetaData, Numeric, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import sort_tables_and_constraints

from engine import upgrade
from engine.kernel.database import open_database
from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Engine]:
    """A database without any table."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path}/empty.sqlite3")
        yield database
        database.dispose()
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = server.create()
    database = open_database(server.url(name))
    yield database
    database.dispose()
    server.drop(name)


def test_the_steps_lead_to_the_declared_tables(empty: Engine) -> None:
    before, after = upgrade.upgrade(empty)

    with empty.connect() as connection:
        assert upgrade.differences(connection) == []
    assert (before, after) == (None, upgrade.newest())


def test_upgrading_twice_changes_nothing(empty: Engine) -> None:
    upgrade.upgrade(empty)

    assert upgrade.upgrade(empty) == (upgrade.newest(), upgrade.newest())


def test_rows_of_the_first_release_are_kept_by_every_step(empty: Engine) -> None:
    upgrade.upgrade(empty, "0001")
    filled = _fill(empty)

    upgrade.upgrade(empty)

    with empty.connect() as connection:
        counts = {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in filled}
        assert (set(counts.values()), upgrade.differences(connection)) == ({1}, [])
        connection.execute(text("DELETE FROM instance_state"))  # keys hold again: what is pointed at stays
        with pytest.raises(DBAPIError):
            connection.execute(text("DELETE FROM definition"))


def _fill(database: Engine) -> list[str]:
    """One row in every table that the steps made, pointing at the first row of others; the tables' names."""
    known = MetaData()
    with database.connect() as connection:
        known.reflect(connection)
        if database.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))  # some tables point at each other
        ordered = sort_tables_and_constraints(known.tables.values())  # type: ignore[no-untyped-call]  # untyped there
        tables = [each for each, _ in ordered if each is not None and not each.name.startswith(("procr", "alembic"))]
        for table in tables:
            needed = [each for each in table.c if not each.nullable or each.primary_key]
            connection.execute(table.insert(), {each.name: _some(each) for each in needed})
        connection.commit()
    return [table.name for table in tables]


def _some(column: Column[Any]) -> Any:
    kinds: list[tuple[type, Any]] = [
        (Boolean, True), (DateTime, datetime(2026, 1, 5, tzinfo=UTC)), (Date, date(2026, 1, 5)),
        (Integer, 1), (Numeric, 1), (LargeBinary, b"{}"),
    ]  # fmt: skip
    return next((value for kind, value in kinds if isinstance(column.type, kind)), "1")


@pytest.mark.parametrize("table", ["history", "audit_anchor", "approval_act"])
def test_what_is_append_only_is_protected_in_an_upgraded_database(empty: Engine, table: str) -> None:
    upgrade.upgrade(empty, "0001")
    _fill(empty)
    upgrade.upgrade(empty)

    for act in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
        with empty.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(act))
