"""The only place that reads the wall clock."""

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


def local(moment: datetime) -> datetime:
    """The same moment as people in the group read it on the wall (Asia/Shanghai, `domain.md` conventions)."""
    return moment.astimezone(LOCAL)
