"""Statements of the hot path: compiled once for each database, then handed straight to its driver.

SQLAlchemy spends several times as long on each execution of a Core statement as SQLite itself does. What is written as
`Statement(select(…))` and run with `work.run` is executed without that, with the same types and the same errors.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from engine.kernel.database import refusal

Values = dict[str, Any]
_NOTHING: Values = {}


class Statement:
    """A Core statement that does not change; its values are named `bindparam`s, or columns of an INSERT."""

    def __init__(self, clause: Any) -> None:
        self.clause: ClauseElement = clause
        self._plans: dict[Any, Plan] = {}

    def run(self, connection: Connection, values: Values | Sequence[Values] = _NOTHING) -> Any:
        """Execute with one set of values, or with each of several; rows are read as SQLAlchemy's would be."""
        driver = driver_of(connection)
        if driver is None:
            return connection.execute(self.clause, values)  # type: ignore[call-overload]  # every clause here is executable
        return self.run_on(driver, connection.dialect, values)

    def run_on(self, driver: Any, dialect: Dialect, values: Values | Sequence[Values] = _NOTHING) -> Any:
        """`run` on what `driver_of` gave."""
        several = [values] if isinstance(values, dict) else values
        plan = self._plan(dialect, several[0])
        try:
            if len(several) == 1:
                cursor = driver.execute(plan.text, plan.bind(several[0]))
            else:
                cursor = driver.cursor()
                cursor.executemany(plan.text, [plan.bind(each) for each in several])
        except dialect.loaded_dbapi.Error as error:
            raise _worded(dialect, plan.text, error) from error
        return Rows(cursor, plan)

    def _plan(self, dialect: Dialect, values: Values) -> "Plan":
        key = (dialect.name, *values)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _prepare(self.clause, dialect, list(values))
        return plan


def driver_of(connection: Connection) -> Any | None:
    """The driver's own connection, with a transaction begun; None while somebody counts or logs statements."""
    if connection.dispatch.before_cursor_execute:
        return None
    if not connection.in_transaction():
        connection.begin()
    return connection.connection.dbapi_connection


@dataclass
class Plan:
    """What a driver needs: the text, how values become parameters, how rows become what Python knows."""

    text: str
    bind: Callable[[Values], Any]
    columns: Any
    dialect: Dialect
    _read: Callable[[Any], Any] | None = None

    def reader(self, description: Any) -> Callable[[Any], Any]:
        """How to read rows; made with the first answer, which says of what type the driver's columns are."""
        if self._read is None:
            self._read = _reader(self.columns, [column[1] for column in description], self.dialect)
        return self._read


class Rows:
    """The answer of a statement; read once, like SQLAlchemy's result."""

    __slots__ = ("_cursor", "_read", "rowcount")

    def __init__(self, cursor: Any, plan: Plan) -> None:
        self._cursor = cursor
        self._read = plan.reader(cursor.description) if cursor.description else tuple
        self.rowcount: int = cursor.rowcount

    def __iter__(self) -> Iterator[Any]:
        return map(self._read, self._cursor.fetchall())

    def all(self) -> list[Any]:
        return list(self)

    def first(self) -> Any | None:
        row = self._cursor.fetchone()
        self._cursor.close()
        return None if row is None else self._read(row)

    def one(self) -> Any:
        (row,) = self
        return row

    def scalar(self) -> Any | None:
        row = self.first()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalars(self) -> Iterator[Any]:
        return (row[0] for row in self)


def _prepare(clause: ClauseElement, dialect: Dialect, keys: list[str]) -> Plan:
    writes = getattr(clause, "is_insert", False)
    compiled: Any = clause.compile(dialect=dialect, column_keys=keys if writes else None)
    if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
        raise TypeError(f"values that SQLAlchemy would make itself cannot be prepared: {clause}")
    return Plan(compiled.string, _binder(compiled), compiled._result_columns, dialect)


def _binder(compiled: Any) -> Callable[[Values], Any]:
    """Values by name → the driver's parameters, with each type's way of writing."""
    processors = compiled._bind_processors
    names = compiled.positiontup if compiled.positional else list(compiled.bind_names.values())
    fixed = compiled.construct_params({}, _check=False) if compiled.binds else {}
    parts = [(name, fixed.get(name)) for name in names]
    written = [(place, processors[name]) for place, name in enumerate(names) if processors.get(name) is not None]

    def bind(values: Values) -> Any:
        cells = [values.get(name, default) for name, default in parts]
        for place, process in written:
            cells[place] = process(cells[place])
        return cells if compiled.positional else dict(zip(names, cells, strict=True))

    return bind


def _reader(columns: Any, types: Sequence[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """A driver's row → a tuple with names, with each type's way of reading."""
    make: Any = _row_of([column.keyname for column in columns])._make
    read_as = (column.type._cached_result_processor(dialect, kind) for column, kind in zip(columns, types, strict=True))
    processors = list(enumerate(read_as))
    needed = [(place, process) for place, process in processors if process is not None]
    if not needed:
        return make  # type: ignore[no-any-return]

    def read(row: Any) -> Any:
        cells = list(row)
        for place, process in needed:
            cells[place] = process(cells[place])
        return make(cells)

    return read


def _row_of(names: Any) -> Any:
    return namedtuple("Row", names, rename=True)


def _worded(dialect: Dialect, text: str, error: Exception) -> Exception:
    refused = refusal(error)
    if refused is not None:
        return refused
    base = dialect.loaded_dbapi.Error
    wrapped: Exception = DBAPIError.instance(text, None, error, base, dialect=dialect)
    return wrapped
