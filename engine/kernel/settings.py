"""Settings that every process must agree on, hence rows (the clock's offset, the calendar's revision)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, String, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.kernel.database import Base, Json, Moment
from engine.kernel.work import Work

setting = Table(
    "setting",
    Base.metadata,
    Column("name", String(80), primary_key=True),
    Column("value", Json),
    Column("changed_at", Moment, nullable=False),
)

_CLAIM = (
    update(setting)
    .where(setting.c.name == bindparam("of"), setting.c.changed_at <= bindparam("before"))
    .values(changed_at=bindparam("at"))
)
_READ = select(setting.c.value).where(setting.c.name == bindparam("of"))


def read(work: Work, name: str, default: Any = None) -> Any:
    """The value kept under `name`, or `default`."""
    row = work.connection.execute(_READ, {"of": name}).first()
    return default if row is None else row.value


def several(work: Work, names: Iterable[str]) -> dict[str, Any]:
    """The values kept under these names; those that never were are left out."""
    query = select(setting.c.name, setting.c.value).where(setting.c.name.in_(tuple(names)))
    return {row.name: row.value for row in work.connection.execute(query)}


def claim(work: Work, name: str, every: timedelta) -> bool:
    """Whether this process is the one to do, now, what is due once per `every` in the whole installation.

    Two processes may both see that it is due; the row count tells which of them won.
    """
    before = {"of": name, "before": work.now - every, "at": work.now}
    if work.connection.execute(_CLAIM, before).rowcount:
        return True
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    first = insert(setting).values(name=name, value=None, changed_at=work.now)
    fresh = first.on_conflict_do_nothing(index_elements=["name"]).returning(setting.c.name)
    return work.connection.execute(fresh).first() is not None


def changed(work: Work, names: Iterable[str]) -> dict[str, datetime]:
    """When these were written or claimed last; those that never were are left out."""
    query = select(setting.c.name, setting.c.changed_at).where(setting.c.name.in_(tuple(names)))
    return {row.name: row.changed_at for row in work.connection.execute(query)}


def beginning(work: Work, prefix: str) -> dict[str, datetime]:
    """When each setting whose name begins so was written or claimed last."""
    query = select(setting.c.name, setting.c.changed_at).where(setting.c.name.startswith(prefix, autoescape=True))
    return {row.name: row.changed_at for row in work.connection.execute(query.order_by(setting.c.name))}


def write(work: Work, name: str, value: Any) -> None:
    """Keep `value` (JSON-like) under `name`; two writers queue for the row, the later one stands."""
    insert = postgresql.insert if work.connection.dialect.name == "postgresql" else sqlite.insert
    kept = {"value": value, "changed_at": work.now}
    statement = insert(setting).values(name=name, **kept)
    work.connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=kept))
