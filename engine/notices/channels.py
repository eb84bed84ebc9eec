"""The door for channels beyond the application (mail, DingTalk, webhook): each turns what was told into outbox rows.

Recipe: `docs/how-to/a-channel.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engine.kernel.work import Work


@dataclass(frozen=True)
class Told:
    """One event as people were told it; with a person its `key` is stable for ever."""

    kind: str
    fields: Mapping[str, Any]
    link: str
    key: str


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
    """Hands what was told to every channel that is switched on."""
    if persons:
        for channel in _open.values():
            channel.put(work, persons, told)
