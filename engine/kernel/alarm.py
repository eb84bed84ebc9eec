"""Rings when something became due earlier than the clock of this process knows; a hint, never a record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from engine.kernel.work import Work


@dataclass
class Alarm:
    """Passes new due moments on to whoever listens (the scheduler, where one runs in this process)."""

    _listeners: list[Callable[[datetime], None]] = field(default_factory=list)

    def listen(self, listener: Callable[[datetime], None]) -> None:
        self._listeners.append(listener)

    def set(self, work: Work, due: datetime) -> None:
        """Something will be due at `due` if `work` commits."""
        if self._listeners:
            work.after_commit(lambda: self._ring(due))

    def _ring(self, due: datetime) -> None:
        for listener in self._listeners:
            listener(due)
