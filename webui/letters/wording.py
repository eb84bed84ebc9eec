"""What the templates of the letters ask for: options of selects, cells, what an audit line is about."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from engine.letters import states
from engine.letters.letters import LetterView
from webui.i18n import gettext as _
from webui.letters import shown
from webui.letters.blueprint import blueprint
from webui.words import known, word


@blueprint.app_template_global("shown_cell")
def shown_cell(sheet: Any, item: Any, field: str) -> str:
    """A value of an item as a reader sees it."""
    return shown.cell(sheet, item, field)


@blueprint.app_template_global("cell_value")
def cell_value(item: Any, field: str) -> str:
    """A value of an item as an input holds it."""
    return shown.value(item, field)


@blueprint.app_template_global("known_word")
def known_word(code: str) -> bool:
    """Whether a code has words of its own."""
    return known(code)


@blueprint.app_template_global("unit_options")
def unit_options(units: Iterable[Any]) -> list[tuple[int, str]]:
    """Organisations, persons, groups or items for a select."""
    return [(unit.id, unit.name) for unit in units]


@blueprint.app_template_global("word_options")
def word_options(family: str, words: Iterable[str]) -> list[tuple[str, str]]:
    """The words of an enum for a select."""
    return [(str(each), word(f"{family}.{each}")) for each in words]


@blueprint.app_template_global("letter_tabs")
def letter_tabs(head: LetterView) -> list[tuple[str, str, str, None]]:
    """The pages of one letter; scoring once there is a card."""
    pages = {
        "letter": (_("Letter"), "letters.show"),
        "timeline": (_("Timeline"), "letters.timeline"),
        "tree": (_("Above and below"), "letters.tree"),
        "route": (_("Who approves"), "letters.route"),
    }
    if head.status in states.WITH_CARD:
        pages["score"] = (_("Scoring"), "scores.score")
    return [(key, text, url_for(page, letter=head.id), None) for key, (text, page) in pages.items()]


@blueprint.app_template_global("timeline_tabs")
def timeline_tabs(letter: int, tabs: Iterable[str]) -> list[tuple[str, str, str, None]]:
    """The tabs of a timeline."""
    return [(tab, word(f"timeline.{tab}"), url_for("letters.timeline", letter=letter, tab=tab), None) for tab in tabs]
