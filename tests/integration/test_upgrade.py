"""The steps lead an empty database to exactly the tables that the code declares."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from engine import upgrade
from engine.kernel import audit
from engine.kernel.clock import ManualClock
from engine.kernel.database import open_database
from engine.kernel.work import Store
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


def test_history_is_protected_in_an_upgraded_database(empty: Engine) -> None:
    upgrade.upgrade(empty)
    store = Store(empty, ManualClock())
    with store.start_work() as work:
        audit.append(work, "letter:1", "letter.saved", actor=1)
        work.commit()

    with store.start_work() as work, pytest.raises(DBAPIError, match="append-only"):
        work.connection.execute(text("DELETE FROM history"))
