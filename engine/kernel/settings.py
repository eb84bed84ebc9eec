"""Settings that every process must agree on, hence rows (the clock's offset, the calendar's revision)."""

from typing import Any

from sqlalchemy import Column, String, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel.database import Base, Json, Moment
from engine.kernel.work import Work

setting = Table(
    "setting",
    Base.metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Json, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

_READ = select(setting.c.value).where(setting.c.name == bindparam("of"))


def read(work: Work, name: str, default: Any = None) -> Any:
    """The value kept under `name`, or `default`."""
    row = work.connection.execute(_READ, {"of": name}).first()
    return default if row is None else row.value


def write(work: Work, name: str, value: Any) -> None:
    """Keep `value` (JSON-like) under `name`; two writers queue for the row, the later one stands."""
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    kept = {"value": value, "changed_at": work.now}
    statement = insert(setting).values(name=name, **kept)
    work.connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=kept))
