"""The only place that reads the wall clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the present moment as aware UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class ManualClock:
    """A clock that stands still until it is moved; for tests and played months."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))

    def now(self) -> datetime:
        return self.moment

    def move(self, by: timedelta) -> None:
        self.moment += by

    def set(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)


@dataclass
class SettableClock:
    """The demo's clock: the machine's, plus an offset that `read_offset` knows; looked up again after `keep_seconds`.

    The offset is a row (`settings`), so every process of the demo agrees within that time.
    """

    read_offset: Callable[[], timedelta]
    keep_seconds: float = 1.0
    _offset: timedelta = timedelta()
    _read_at: float = field(default=-1e9)

    def now(self) -> datetime:
        if time.monotonic() - self._read_at > self.keep_seconds:
            self.refresh()
        return datetime.now(UTC) + self._offset

    def refresh(self) -> None:
        """Look the offset up now, for the process that has just moved it."""
        self._offset = self.read_offset()
        self._read_at = time.monotonic()


def local(moment: datetime) -> datetime:
    """The same moment as people in the group read it on the wall (Asia/Shanghai, `domain.md` conventions)."""
    return moment.astimezone(LOCAL)
