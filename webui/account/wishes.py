"""What a person wants to be told, as the page shows it: events by channels, quiet hours, one time a day."""

from dataclasses import dataclass
from datetime import time

from engine.kernel.work import Work
from engine.notices import channels, wishes
from engine.notices.wishes import EVENTS, Wishes


@dataclass(frozen=True)
class Shown:
    """The channels that are switched on, and for each event whether they tell of it."""

    channels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    quiet: tuple[time, time] | None
    daily: time | None


def shown(work: Work, person: int) -> Shown:
    """The person's choices; without channels beyond the application there is nothing to choose."""
    open_ones, chosen = channels.names(), wishes.read(work, person)
    rows = tuple((event, tuple((name, _on(chosen, event, name)) for name in open_ones)) for event in EVENTS)
    return Shown(open_ones, rows, chosen.quiet, chosen.daily)


def _on(chosen: Wishes, event: str, channel: str) -> bool:
    return event not in chosen.off.get(channel, frozenset())
