"""Who finds what: one function per group, each with the rights of the viewer, few statements and at most five hits."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import url_for

from engine.approvals import inbox, sight
from engine.approvals.inbox import Filters, Tab
from engine.kernel.clock import local
from engine.kernel.errors import NotFound
from engine.letters import ledger
from engine.people import orgs, persons, spelling
from engine.workflow import definitions
from engine.workflow.engine import Engine
from webui import registry
from webui.dates import end_of, moment
from webui.family import Entry
from webui.i18n import lazy_gettext as _l
from webui.palette.hits import COMMANDS, NUMBERS, PERSONS, Hit, Sought
from webui.viewer import Viewer
from webui.words import word

MOST = 5
Finder = Callable[[Engine, Viewer, str], Sequence[Hit]]


def of(sought: Sought) -> Iterator[tuple[Any, Finder]]:
    """The groups that this text asks for, in the order in which they are shown."""
    everything = not sought.prefix
    if everything or sought.prefix == NUMBERS:
        yield _l("Tasks") if sought.text else _l("Due today"), _tasks
    if (everything and sought.text) or sought.prefix == NUMBERS:
        yield _l("Letters"), _letters
        yield _l("Processes"), _instances if sought.prefix == NUMBERS else _processes
    if (everything and sought.text) or sought.prefix == PERSONS:
        yield _l("People"), _people
    if everything or sought.prefix == COMMANDS:
        yield _l("Commands"), _all_commands if sought.prefix and not sought.text else _commands


def _tasks(engine: Engine, viewer: Viewer, text: str) -> list[Hit]:
    filters = Filters(text=text) if text else Filters(due_until=end_of(local(engine.clock.now()).date()))
    found = inbox.page(engine, viewer.id, Tab.TODO, filters, limit=MOST)
    return [
        Hit(url_for("inbox.index", task=each.task), each.title, _due(each), "inbox")
        for each in found.entries
        if each.task
    ]


def _due(entry: inbox.Entry) -> str:
    return f"{entry.name} {moment(entry.due_at)}" if entry.due_at else entry.name


def _letters(engine: Engine, viewer: Viewer, text: str) -> list[Hit]:
    with engine.start_work(reading=True) as work:
        found = ledger.search(work, viewer.id, text, MOST)
    return [
        Hit(
            url_for("letters.show", letter=letter.id),
            letter.no or letter.title,
            f"{name} {word(f'state.letter.{letter.status}')}",
        )
        for letter, name in found
    ]


def _processes(engine: Engine, viewer: Viewer, text: str) -> list[Hit]:
    with engine.start_work(reading=True) as work:
        found = [each for each in definitions.active(work) if _named(text, each.name, each.key)]
    return [
        Hit(url_for("processes.show", key=each.key), each.name, f"v{each.version}", "sitemap") for each in found[:MOST]
    ]


def _instances(engine: Engine, viewer: Viewer, text: str) -> list[Hit]:
    """The instance with this number, for those who may know of it."""
    digits = text.upper().removeprefix("IN-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        return []
    try:
        with engine.start_work(reading=True) as work:
            found = sight.instance_for(work, int(digits), viewer.id, viewer.roles)
    except NotFound:
        return []
    return [
        Hit(url_for("processes.instance", instance_id=found.id), f"IN-{found.id} {found.title}", icon="player-play")
    ]


def _people(engine: Engine, viewer: Viewer, text: str) -> list[Hit]:
    with engine.start_work(reading=True) as work:
        units = orgs.search(work, text, MOST)
        found = persons.search(work, text, MOST)
    hits = [
        Hit(url_for("people.orgs_index", org=each.id), each.name, each.code, "building-community") for each in units
    ]
    hits += [
        Hit(url_for("people.person", person=each.id), each.name, f"{each.org_name} {each.title}".strip(), "user")
        for each in found
    ]
    return hits[: MOST + 2]


def _commands(engine: Engine, viewer: Viewer, text: str) -> list[Hit]:
    return _all_commands(engine, viewer, text)[:MOST]


def _all_commands(engine: Engine, viewer: Viewer, text: str) -> list[Hit]:
    return [hit for hit in _known_commands(viewer) if _named(text, str(hit.label))]


def _known_commands(viewer: Viewer) -> Iterator[Hit]:
    """Every page of the navigation that the viewer may open, and what the shell can do."""
    for entry in _entries(viewer):
        key = f"g {entry.shortcut}" if entry.shortcut else ""
        yield Hit(url_for(entry.endpoint), entry.label, _l("open"), entry.icon, key)
    yield Hit(url_for("account.show"), _l("My settings"), _l("open"), "settings")
    yield Hit(url_for("notices.index"), _l("All notices"), _l("open"), "bell")
    yield Hit("#keys-help", _l("Keys"), _l("show"), "info-circle", "?")


def _entries(viewer: Viewer) -> list[Entry]:
    entries = (entry for family in registry.families() for entry in family.entries)
    return sorted((each for each in entries if viewer.may(*each.roles)), key=lambda each: each.rank)


def _named(text: str, *names: str) -> bool:
    """Whether one of the names holds the text, or is spelled or begins its syllables so (`zrs` finds 责任书)."""
    sought = text.strip().lower()
    return any(
        sought in name.lower() or sought in spelling.initials(name) or spelling.pinyin(name).startswith(sought)
        for name in names
    )
