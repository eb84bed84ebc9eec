"""The unit of work: one transaction, one `now`, all or nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.kernel.clock import Clock


@dataclass
class Work:
    """An open transaction; leaving it without `commit()` rolls everything back."""

    session: Session
    now: datetime
    _afterwards: list[Callable[[], None]] = field(default_factory=list)

    def commit(self) -> None:
        """Make everything done in this work lasting, then run what waited for that."""
        self.session.commit()
        for act in self._afterwards:
            act()
        self._afterwards.clear()

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
        self._writer: AbstractContextManager[object] = threading.Lock() if _is_sqlite(engine) else nullcontext()

    @contextmanager
    def start_work(self, *, reading: bool = False) -> Iterator[Work]:
        with nullcontext() if reading else self._writer, Session(self.engine, expire_on_commit=False) as session:
            if reading:
                session.connection(execution_options={"reading": True})
            yield Work(session, self.clock.now())


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"
