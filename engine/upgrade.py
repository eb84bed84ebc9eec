"""Brings a database to the tables that this release expects, step by step, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.schema import AddConstraint, sort_tables_and_constraints

import engine.tables  # noqa: F401  (declares every table)
from engine.jobs import queue
from engine.kernel import audit
from engine.kernel.database import Base
from engine.kernel.errors import Conflict

STEPS = Path(__file__).parent / "migrations"


def upgrade(database: Engine, to: str = "head") -> tuple[str | None, str | None]:
    """Run every step that is missing (up to `to`); the revision before and after. Running it again changes nothing."""
    with database.connect() as connection, _keys_checked_at_the_end(connection):
        before = revision(connection)
        command.upgrade(_config(connection), to)
        if to == "head":
            audit.protect_all(connection)
            _close_circles(connection)
        after = revision(connection)
    if database.dialect.name == "postgresql":
        queue.install(database.url.render_as_string(hide_password=False))
    return before, after


@contextmanager
def _keys_checked_at_the_end(connection: Connection) -> Iterator[None]:
    """Commits at the end. SQLite changes a table by a copy that takes its place: what points at it dangles meanwhile.

    Raises Conflict `upgrade.keys` when something dangles at the end; nothing is changed then.
    """
    if connection.dialect.name != "sqlite":
        yield
        connection.commit()
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        dangling = driver.execute("PRAGMA foreign_key_check").fetchall()
        if dangling:
            raise Conflict(
                "upgrade.keys",
                f"rows of {', '.join(sorted({row[0] for row in dangling}))} point at rows that are not there: "
                "nothing was changed; restore a backup or remove those rows first",
            )
        connection.commit()
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def revision(connection: Connection) -> str | None:
    """The step at which the database stands; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The step at which this release stands."""
    return ScriptDirectory(str(STEPS)).get_current_head()


def differences(connection: Connection) -> list[object]:
    """How the database's tables differ from those the code declares; empty when the steps are complete."""
    context = MigrationContext.configure(connection, opts={"compare_type": False, "include_name": _ours})
    return list(compare_metadata(context, Base.metadata))


def write_step(database: Engine, message: str) -> None:
    """Write the step that leads from the database's tables to the declared ones; `python -m engine.migrations`."""
    number = len(list(ScriptDirectory(str(STEPS)).walk_revisions())) + 1
    with database.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=f"{number:04d}")


def _close_circles(connection: Connection) -> None:
    """Add foreign keys between tables that refer to each other; SQLite cannot, and steps leave them out."""
    if connection.dialect.name == "sqlite":
        return
    kept = inspect(connection)
    tables = Base.metadata.tables.values()
    for name, keys in sort_tables_and_constraints(tables):  # type: ignore[no-untyped-call]  # untyped there
        for key in keys if name is None else ():
            there = {each["name"] for each in kept.get_foreign_keys(key.table.name)}
            if kept.has_table(key.table.name) and key.name not in there:
                connection.execute(AddConstraint(key))


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """The queue brings tables of its own."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def _config(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(STEPS))
    config.attributes["connection"] = connection
    return config
