"""The door for channels beyond the application (mail, DingTalk, webhook): each turns what was told into outbox rows.

Recipe: `docs/how-to/a-channel.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.notices import wishes


@dataclass(frozen=True)
class Told:
    """One event as people were told it; with a person its `key` is stable for ever.

    `not_before` is when the channel may deliver it (`outbox.put(not_before=…)`), None for at once.
    """

    kind: str
    fields: Mapping[str, Any]
    link: str
    key: str
    not_before: datetime | None = None


class Channel(Protocol):
    """A way out of the house."""

    name: str

    def put(self, work: Work, persons: Sequence[int], told: Told) -> None:
        """Writes the outbox rows for those of the persons who want this kind here; delivers nothing yet."""


_open: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Switches a channel on for this process; one of the same name takes the other's place."""
    _open[channel.name] = channel


def close(name: str) -> None:
    """Switches a channel off."""
    _open.pop(name, None)


def pass_on(work: Work, persons: Sequence[int], told: Told) -> None:
    """Hands what was told to every channel that is switched on, for those who want it there, at the time they want."""
    if not persons or not _open:
        return
    wanted = wishes.several(work, persons)
    for channel in _open.values():
        times: dict[datetime | None, list[int]] = {}
        for person in persons:
            if wanted[person].wants(told.kind, channel.name):
                times.setdefault(wanted[person].not_before(work.now), []).append(person)
        for when, some in times.items():
            channel.put(work, some, replace(told, not_before=when))


def put_one(work: Work, name: str, person: int, told: Told) -> None:
    """Hands something to one channel for one person, whatever they wish: a test of the road. Raises NotFound."""
    channel = _open.get(name)
    if channel is None:
        raise NotFound("channel.unknown", f"no channel '{name}' is switched on here", channel=name)
    channel.put(work, [person], told)


def names() -> tuple[str, ...]:
    """The channels that are switched on."""
    return tuple(_open)
