"""The numbers of letters: `ZRS-{org}-{period}-v{n}` (`domain.md` §1)."""

from engine.kernel.work import Work
from engine.letters.kinds import Level
from engine.people import orgs

_MARKS = {Level.PROJECT: "P", Level.TERM: "T"}
"""Levels whose period is a word of one's own, so that it cannot be mistaken for a year or a month."""


def of(work: Work, org: int, level: Level, period: str, version: int) -> str:
    """The number of that version of that organisation's letter."""
    return f"ZRS-{orgs.view(work, org).code}-{_MARKS.get(level, '')}{period}-v{version}"


def titled(work: Work, org: int, what: str) -> str:
    """What people read in an inbox: whose it is, then its number or name (城东项目部 ZRS-CD-202611-v1)."""
    return f"{orgs.view(work, org).name} {what}"
