"""What the templates of the letters ask for: options of selects, cells, what an audit line is about."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from engine.kernel.audit import Entry
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


@blueprint.app_template_global("timeline_tabs")
def timeline_tabs(letter: int, tabs: Iterable[str]) -> list[tuple[str, str, str, None]]:
    """The tabs of a timeline."""
    return [(tab, word(f"timeline.{tab}"), url_for("letters.timeline", letter=letter, tab=tab), None) for tab in tabs]


@blueprint.app_template_global("audit_told")
def audit_told(entry: Entry) -> str:
    """What one line of the audit is about: the name, and from what to what."""
    detail = entry.detail
    about = str(detail.get("name") or detail.get("no") or "")
    if "before" in detail and "after" in detail:
        family = {"item.moved": "item", "adjustment.moved": "adjustment", "commitment.answered": "commitment"}
        kind = family.get(entry.act, "forced" if entry.act == "forced.moved" else "letter")
        about += f" {_state(kind, detail['before'])} → {_state(kind, detail['after'])}"
    if isinstance(detail.get("changes"), dict):
        about += " " + "; ".join(f"{_field(name)} {old} → {new}" for name, (old, new) in detail["changes"].items())
    return f"{about} {entry.article or ''}".strip()


def _state(kind: str, state: Any) -> str:
    code = f"state.{kind}.{state}"
    return word(code) if known(code) else str(state)


def _field(name: str) -> str:
    return word(f"field.{name}") if known(f"field.{name}") else name
