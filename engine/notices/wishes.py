"""What each person wants to be told outside of the application: which events in which channel, and when not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from engine.kernel import settings
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work

EVENTS = ("tasks", "deadlines", "copies", "targets", "scores")
"""Kinds of notices as people choose among them; `of` says where each belongs."""

_DEADLINES = frozenset({"task.reminded", "task.remind", "task.deadline", "task.escalated", "task.urged"})
_COPIES = frozenset({"copy.given", "task.mentioned"})


@dataclass(frozen=True)
class Wishes:
    """`off`: the events that a channel leaves out. Between the two times of `quiet`, local, nothing is sent.

    With `daily` everything waits for that time of the day.
    """

    off: Mapping[str, frozenset[str]] = field(default_factory=dict)
    quiet: tuple[time, time] | None = None
    daily: time | None = None

    def wants(self, kind: str, channel: str) -> bool:
        """Whether the channel tells of this kind."""
        return of(kind) not in self.off.get(channel, frozenset())

    def not_before(self, now: datetime) -> datetime | None:
        """When something that happens now may be sent, None for at once."""
        here = local(now)
        if self.daily is not None:
            return _next(here, self.daily)
        if self.quiet is not None and _within(here.time(), *self.quiet):
            return _next(here, self.quiet[1])
        return None


def of(kind: str) -> str:
    """The event to which a kind of notice belongs."""
    if kind in _COPIES:
        return "copies"
    if kind in _DEADLINES:
        return "deadlines"
    first = kind.partition(".")[0]
    return {"task": "tasks", "score": "scores"}.get(first, "targets")


def read(work: Work, person: int) -> Wishes:
    """What the person chose; by default everything, at once."""
    return _wishes(settings.read(work, _name(person), {}))


def several(work: Work, persons: Iterable[int]) -> dict[int, Wishes]:
    """The same for several persons, in one question."""
    names = {_name(person): person for person in persons}
    kept = settings.several(work, names)
    return {person: _wishes(kept.get(name) or {}) for name, person in names.items()}


def change(work: Work, person: int, wishes: Wishes) -> None:
    """Keeps them. Raises InvalidInput for quiet hours that begin when they end."""
    if wishes.quiet is not None and wishes.quiet[0] == wishes.quiet[1]:
        raise InvalidInput("wishes.quiet", "quiet hours begin and end at different times", field="quiet_from")
    quiet = None if wishes.quiet is None else [_text(each) for each in wishes.quiet]
    off = {channel: sorted(events) for channel, events in wishes.off.items() if events}
    daily = None if wishes.daily is None else _text(wishes.daily)
    settings.write(work, _name(person), {"off": off, "quiet": quiet, "daily": daily})


def _wishes(kept: Mapping[str, Any]) -> Wishes:
    off = {channel: frozenset(events) for channel, events in (kept.get("off") or {}).items()}
    quiet, daily = kept.get("quiet"), kept.get("daily")
    between = (time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None
    return Wishes(off, between, time.fromisoformat(daily) if daily else None)


def _within(at: time, begins: time, ends: time) -> bool:
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def _next(here: datetime, at: time) -> datetime:
    today = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today > here else today + timedelta(days=1)


def _text(at: time) -> str:
    return f"{at:%H:%M}"


def _name(person: int) -> str:
    return f"person.{person}.wishes"
