"""The unit of work: one transaction, one `now`, all or nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from engine.kernel.clock import Clock


@dataclass
class Work:
    """An open transaction; leaving it without `commit()` rolls everything back."""

    session: Session
    now: datetime
    _before: list[Callable[[], None]] = field(default_factory=list)
    _afterwards: list[Callable[[], None]] = field(default_factory=list)
    _connection: Connection | None = None

    @property
    def connection(self) -> Connection:
        """The session's connection, for Core statements; flush the session before they are to see its rows."""
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection

    def commit(self) -> None:
        """Make everything done in this work lasting, then run what waited for that."""
        for act in self._before:
            act()
        self._before.clear()
        self.session.commit()
        self._connection = None
        for act in self._afterwards:
            act()
        self._afterwards.clear()

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
        with nullcontext() if reading else self._writer, Session(self.engine, expire_on_commit=False) as session:
            if reading:
                session.connection(execution_options={"reading": True})
            yield Work(session, self.clock.now())
