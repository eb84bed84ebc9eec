"""The unit of work: one transaction, one `now`, all or nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from engine.kernel.clock import Clock
from engine.kernel.statements import Statement, driver_of

_NOTHING: dict[str, Any] = {}


@dataclass
class Work:
    """An open transaction; leaving it without `commit()` rolls everything back.

    `connection` is for Core statements, `session` for mapped objects (made when it is first asked for; flush it before
    Core statements are to see its rows). `notes` is what floors remember for the length of this work.
    """

    connection: Connection
    now: datetime
    notes: dict[str, Any] = field(default_factory=dict)
    _before: list[Callable[[], None]] = field(default_factory=list)
    _afterwards: list[Callable[[], None]] = field(default_factory=list)
    _session: Session | None = None
    _driver: Any = None  # the driver's connection for as long as this transaction lasts

    @property
    def reading(self) -> bool:
        """Whether this work promised to write nothing: what it was told once stays true."""
        return bool(self.connection.get_execution_options().get("reading"))

    @property
    def session(self) -> Session:
        if self._session is None:
            if not self.connection.in_transaction():
                self.connection.begin()  # the session joins this transaction and leaves its commit to the work
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        return self._session

    def run(self, statement: Statement, values: Any = _NOTHING) -> Any:
        """Execute a statement of the hot path; sees and is seen like everything else in this work."""
        if self._driver is None:
            self._driver = driver_of(self.connection)
            if self._driver is None:
                return statement.run(self.connection, values)
        return statement.run_on(self._driver, self.connection.dialect, values)

    def commit(self) -> None:
        """Make everything done in this work lasting, then run what waited for that."""
        for act in self._before:
            act()
        self._before.clear()
        if self._session is not None:
            self._session.commit()
        self.connection.commit()
        self._driver = None
        self.notes.clear()  # locks are gone: what was true under them may not be any more
        for act in self._afterwards:
            act()
        self._afterwards.clear()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is written inside is undone when something is raised there; what was written before stands."""
        stands = False
        with self.connection.begin_nested():
            try:
                yield
                if self._session is not None:
                    self._session.flush()
                stands = True
            finally:
                if self._session is not None and not stands:
                    self._session.expunge_all()

    def close(self) -> None:
        """Let go of the session; what was not committed is rolled back with the connection."""
        if self._session is not None:
            self._session.close()

    def before_commit(self, act: Callable[[], None]) -> None:
        """Run `act` as the last thing inside the transaction; it may write, and its failure fails the commit."""
        self._before.append(act)

    def after_commit(self, act: Callable[[], None]) -> None:
        """Run `act` once the commit has succeeded; never after a rollback. It must not fail or be slow."""
        self._afterwards.append(act)


class StartWork(Protocol):
    """Opens a unit of work; `reading=True` promises to write nothing and may run beside a writer."""

    def __call__(self, *, reading: bool = False) -> AbstractContextManager[Work]: ...


class Store:
    """A database and a clock; hands out units of work."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        # SQLite has one writer: queueing in the process keeps the slowest commit ten times shorter than its busy loop
        self._writer = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @contextmanager
    def start_work(self, *, reading: bool = False) -> Iterator[Work]:
        with nullcontext() if reading else self._writer, self.engine.connect() as connection:
            work = Work(connection.execution_options(reading=True) if reading else connection, self.clock.now())
            try:
                yield work
            finally:
                work.close()
