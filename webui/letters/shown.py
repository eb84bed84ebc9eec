"""How a value of an item is written in a cell and read back from one."""

from datetime import date
from decimal import Decimal
from typing import Any

from engine.letters.items import ItemView
from webui.letters.sheets import Sheet
from webui.words import word

_NUMBERS = frozenset({"threshold", "target", "challenge", "weight"})


def value(item: ItemView, field: str) -> str:
    """The value as an input holds it."""
    return plain(getattr(item, field))


def plain(found: Any) -> str:
    """A value without ornament: what can be read back."""
    if found is None:
        return ""
    if isinstance(found, Decimal):
        return format(found, "f")
    return found.isoformat() if isinstance(found, date) else str(found)


def cell(sheet: Sheet, item: ItemView, field: str) -> str:
    """The value as a reader sees it."""
    found = getattr(item, field)
    if field == "target" and found is None:
        found = item.target_text
    if found is None or found == "":
        return "—"
    if field == "owner":
        return sheet.people[found].name if found in sheet.people else str(found)
    return word(f"{field}.{found}") if field in ("kind", "importance") else _figure(field, found)


def _figure(field: str, found: Any) -> str:
    if isinstance(found, Decimal):
        return f"{found:.2f}" if field == "weight" else f"{found:,f}"
    return f"{found:%m-%d}" if isinstance(found, date) else str(found)


def read(field: str, text: str) -> Any:
    """What was typed, as the use-case takes it; an empty cell is no value."""
    text = text.strip()
    if field in _NUMBERS:
        return text.replace(",", "").replace("，", "") or None
    if field in ("due", "owner"):
        return text or None
    return text
