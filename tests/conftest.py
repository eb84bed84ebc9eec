"""What every test may ask for: a database of each kind, a clock that stands still, and a store on both."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import engine.tables  # noqa: F401  (declares every table)
from engine.kernel.clock import ManualClock
from engine.kernel.database import Base, open_database
from engine.kernel.work import Store
from tests import postgres
from tests.paths import SCRATCH

if SCRATCH is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(SCRATCH))  # where pytest makes `tmp_path`

MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> str:
    name = postgres_server.create()
    _create_tables(postgres_server.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _create_tables(f"sqlite:///{path}")
    return path


def _create_tables(url: str) -> None:
    database = open_database(url)
    Base.metadata.create_all(database)
    with database.connect() as connection:
        if database.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    database.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    path = tmp_path / "letterflow.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with every table; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY)


@pytest.fixture
def store(database_url: str, clock: ManualClock) -> Iterator[Store]:
    database = open_database(database_url)
    yield Store(database, clock)
    database.dispose()
