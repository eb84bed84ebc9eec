"""How tables are declared and how a database is opened; SQLite and PostgreSQL behave alike from here on."""

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Numeric,
    String,
    Text,
    create_engine,
    event,
)
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.kernel.errors import Unavailable

Key = BigInteger().with_variant(Integer, "sqlite")
"""A primary or foreign key: 64 bits on both databases (SQLite counts only INTEGER keys up by itself)."""


class Base(DeclarativeBase):
    """Mother of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; a naive one is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: give it a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)

    def bind_processor(self, dialect: Dialect) -> Any:
        return _remembered("bind", super().bind_processor(dialect), dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return _remembered("result", super().result_processor(dialect, coltype), dialect)


_moments: dict[str, Any] = {}


def _remembered(way: str, process: Any, dialect: Dialect) -> Any:
    """SQLite keeps moments as texts, and one step writes and reads the same few of them in many columns."""
    if process is None or dialect.name != "sqlite":
        return process
    return _moments.setdefault(way, lru_cache(1024)(process))


class Exact(TypeDecorator[Decimal]):
    """A Decimal that comes back as it went in; text on SQLite, which knows only floats."""

    impl = Numeric(24, 8)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(40) if dialect.name == "sqlite" else Numeric(24, 8))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | str | None:
        if value is None or dialect.name != "sqlite":
            return value if value is None else Decimal(value)
        return format(Decimal(value), "f")

    def process_result_value(self, value: Decimal | str | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        number = Decimal(value).normalize()
        return number.quantize(Decimal(1)) if number == number.to_integral() else number


class Json(TypeDecorator[Any]):
    """A JSON value kept as text, so that the order of keys survives (never JSONB)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value, default=str).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


def open_database(url: str, *, pool_size: int = 20) -> Engine:
    """Open the database at `url` (`sqlite:///file`, `postgresql+psycopg://…`) with the settings we need."""
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {} if sqlite else {"pool_size": pool_size, "max_overflow": 20, "pool_pre_ping": True}
    engine = create_engine(url, **options)
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _translate)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event says BEGIN itself, see below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # a deferred transaction that starts to write later fails with "database is locked" under load
    reading = connection.get_execution_options().get("reading", False)
    driver: Any = connection.connection.dbapi_connection
    try:
        driver.execute("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise refusal(error) or error from error


def refusal(error: BaseException) -> Unavailable | None:
    """What a driver's error means when the database cannot take anything now; None for every other error."""
    text = str(error)
    if "disk is full" in text or "No space left" in text or "disk I/O error" in text:
        return Unavailable("store.full", "the disk is full, nothing was changed: free some space and try again")
    if "database is locked" in text:
        return Unavailable("store.busy", "the database is busy, nothing was changed: try again in a moment")
    return None


def _translate(context: ExceptionContext) -> None:
    refused = refusal(context.original_exception)
    if refused is not None:
        raise refused from context.original_exception
