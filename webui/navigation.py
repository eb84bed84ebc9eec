"""Which entries of the navigation a person sees, and the numbers beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import request, url_for

from engine.workflow.engine import Engine
from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.viewer import Viewer

GROUPS = {"work": None, "targets": _l("Targets"), "processes": _l("Processes"), "admin": _l("Administration")}


@dataclass(frozen=True)
class Line:
    """An entry as the template draws it."""

    entry: Entry
    href: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Group:
    """Entries under one heading (None for the first)."""

    heading: str | None
    lines: tuple[Line, ...]


@dataclass
class Shell:
    """What stands around a page for this person; asked for only where a whole page is drawn."""

    families: Sequence[Family]
    engine: Engine
    viewer: Viewer

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return counts(self.families, self.engine, self.viewer)

    @cached_property
    def navigation(self) -> Sequence[Group]:
        return groups(self.families, self.viewer, self.numbers)

    @property
    def phone(self) -> Sequence[Line]:
        return phone_lines(self.navigation)


def groups(families: Iterable[Family], viewer: Viewer, counts: Mapping[str, int]) -> list[Group]:
    """What this person sees, in order; empty groups are left out."""
    entries = sorted((entry for family in families for entry in family.entries), key=lambda each: each.rank)
    seen = [entry for entry in entries if viewer.may(*entry.roles)]
    found = []
    for key, heading in GROUPS.items():
        lines = tuple(_line(entry, counts) for entry in seen if entry.group == key)
        if lines:
            found.append(Group(str(heading) if heading else None, lines))
    return found


def phone_lines(shown: Iterable[Group]) -> list[Line]:
    """The few entries of the bar at the bottom of a phone."""
    return [line for group in shown for line in group.lines if line.entry.phone][:4]


def counts(families: Iterable[Family], engine: Engine, viewer: Viewer) -> dict[str, int]:
    """Each number beside an entry: work for this person."""
    return {name: count(engine, viewer) for family in families for name, count in family.counts.items()}


def _line(entry: Entry, numbers: Mapping[str, int]) -> Line:
    here = request.endpoint or ""
    family, _dot, _name = entry.endpoint.partition(".")
    current = here == entry.endpoint or (here.partition(".")[0] == family and _owns(entry, here))
    count = numbers.get(entry.count) if entry.count else None
    return Line(entry, url_for(entry.endpoint), current, count or None)


def _owns(entry: Entry, endpoint: str) -> bool:
    # `letters.show` belongs to the entry `letters.index`, `letters.progress_edit` to `letters.progress`
    name = endpoint.partition(".")[2]
    own = entry.endpoint.partition(".")[2]
    return own == "index" or name.startswith(f"{own}_")
