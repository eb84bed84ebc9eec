"""Target letters: ledger, letter, editor, promises, signing, adjustments, timeline."""

from flask import url_for

from engine.letters import access, commitments
from engine.workflow.engine import Engine
from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l
from webui.letters import (
    adjusting,
    cells,
    editing,
    forcing,
    happened,
    history,
    items,
    listing,
    pasting,
    presence,
    promises,
    routing,
    showing,
    signing,
    subjects,
    wording,
)
from webui.letters.blueprint import blueprint
from webui.viewer import Viewer

__all__ = [
    "FAMILY",
    "adjusting",
    "cells",
    "editing",
    "forcing",
    "happened",
    "history",
    "items",
    "listing",
    "pasting",
    "presence",
    "routing",
    "showing",
    "signing",
    "wording",
]


def asked(engine: Engine, viewer: Viewer) -> int:
    """Promises that wait for this person's answer."""
    with engine.start_work(reading=True) as work:
        waiting = commitments.asked_of(work, access.Sight(work, viewer.id).headed)
        return sum(promises.answers(work, each, viewer.id) for each in waiting)


def _edit(subject: str) -> str:
    return url_for("letters.edit", letter=_id(subject))


def _sign(subject: str) -> str:
    return url_for("letters.sign", letter=_id(subject))


def _review(subject: str) -> str:
    if subject.startswith("adjustment:"):
        return url_for("letters.adjustment_of", adjustment=_id(subject))
    return url_for("letters.show", letter=_id(subject))


def _id(subject: str) -> int:
    return int(subject.partition(":")[2] or 0)


FAMILY = Family(
    blueprint,
    entries=(
        Entry(
            "letters", _l("Letters"), "letters.index", "file-text", group="targets", rank=10, phone=True, shortcut="l"
        ),
        Entry("promises", _l("Promises"), "letters.commitments_index", "send", group="targets", rank=14, count="asked"),
    ),
    task_pages={"letter.edit": _edit, "letter.sign": _sign, "letter.review": _review},
    summaries={"letter": subjects.letter, "adjustment": subjects.adjustment},
    counts={"asked": asked},
)
