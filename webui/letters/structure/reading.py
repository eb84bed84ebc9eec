"""Structured values as flat texts of a form, and back; what the inputs cannot show is kept as it was."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from webui.i18n import gettext as _
from webui.letters.structure import shapes
from webui.letters.structure.shapes import Cell, Shape, Table

BLANK = 1
"""Empty rows that stand below what there is; the page adds more."""
_RANGE = re.compile(r"^(-?[\d.]+)\s*[–—~-]\s*(-?[\d.]+)$")
_SIGNS = ("<=", ">=", "≤", "≥", "<", ">", "=")


@dataclass
class Read:
    """What was typed as a value, and what of it cannot be read: input name → sentence."""

    value: Any
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A structured field as the page draws it: texts by cell, and for each table its rows of texts."""

    name: str
    cells: Sequence[tuple[Cell, str]]
    tables: Sequence[tuple[Table, str, Sequence[Mapping[str, str]]]]


def shown(shape: Shape, name: str, value: Any, typed: Mapping[str, str] | None = None) -> Shown:
    """What stands in the inputs: the value, or what was typed where it could not be taken."""
    held = value if isinstance(value, Mapping) else {}
    texts = [
        (cell, text(held.get(cell.name)) if typed is None else typed.get(f"{name}.{cell.name}", ""))
        for cell in shape.cells
    ]
    tables = []
    for table in shape.tables:
        place = name if name in shapes.LISTED else f"{name}.{table.name}"
        tables.append((table, place, _rows(table, place, value if name in shapes.LISTED else held, typed)))
    return Shown(name, texts, tables)


def _rows(table: Table, place: str, value: Any, typed: Mapping[str, str] | None) -> list[dict[str, str]]:
    if typed is None:
        held = value.get(table.name) if isinstance(value, Mapping) else value
        found = [_row(table, each) for each in _entries(table, held)]
    else:
        found = [
            {cell.name: typed.get(f"{place}.{number}.{cell.name}", "") for cell in table.cells}
            for number in _numbers(place, typed)
        ]
    return [*found, *({cell.name: "" for cell in table.cells} for _n in range(BLANK))]


def read(shape: Shape, name: str, sent: Mapping[str, str], before: Any) -> Read:
    """The value of a structured field from inputs named `name.cell` and `name.table.row.cell`."""
    done = Read({})
    if name in shapes.LISTED:
        done.value = _table(shape.tables[0], name, sent, before, done.errors)
        return done
    old: Mapping[str, Any] = before if isinstance(before, Mapping) else {}
    done.value = {key: value for key, value in old.items() if key not in shape.names}
    for cell in shape.cells:
        _put(done.value, cell, _cell(cell, f"{name}.{cell.name}", sent, old.get(cell.name), done.errors), old)
    for table in shape.tables:
        found = _table(table, f"{name}.{table.name}", sent, old.get(table.name), done.errors)
        if found:
            done.value[table.name] = found
    return done


def text(value: Any) -> str:
    """A value as an input holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        return "–".join(text(each) for each in value)
    return str(value)


def _put(value: dict[str, Any], cell: Cell, found: Any, old: Mapping[str, Any]) -> None:
    """Left empty, a cell says nothing; where it said expressly that there is none, it still does."""
    if found is not None:
        value[cell.name] = found
    elif cell.name in old and old[cell.name] is None:
        value[cell.name] = None


def _table(table: Table, name: str, sent: Mapping[str, str], before: Any, errors: dict[str, str]) -> Any:
    old = _entries(table, before)
    found = []
    for number in _numbers(name, sent):
        was = old[number] if number < len(old) else {}
        row = {
            cell.name: _cell(cell, f"{name}.{number}.{cell.name}", sent, was.get(cell.name), errors)
            for cell in table.cells
        }
        if any(value not in (None, False) for value in row.values()):
            found.append({**{key: value for key, value in was.items() if key not in row}, **row})
    return _kept(table, found)


def _numbers(name: str, sent: Mapping[str, str]) -> list[int]:
    pattern = re.compile(rf"^{re.escape(name)}\.(\d+)\.")
    return sorted({int(match[1]) for key in sent if (match := pattern.match(key))})


def _cell(cell: Cell, name: str, sent: Mapping[str, str], before: Any, errors: dict[str, str]) -> Any:
    typed = sent.get(name, "").strip()
    if cell.kind == shapes.TICK:
        return typed == "on" or None
    if not typed:
        return None
    if cell.kind == shapes.SIDE:
        return typed == "on"
    if typed == text(before):
        return before  # a number stays the kind of number that it was
    return _value(cell, name, typed, errors)


def _value(cell: Cell, name: str, typed: str, errors: dict[str, str]) -> Any:
    if cell.kind in (shapes.NUMBER, shapes.KNOWN):
        number = _number(typed)
        if number is None:
            errors[name] = _("“%(typed)s” is no number.", typed=typed)
        return number
    if cell.kind == shapes.DAY:
        try:
            return date.fromisoformat(typed).isoformat()
        except ValueError:
            errors[name] = _("“%(typed)s” is no day.", typed=typed)
            return None
    if cell.kind == shapes.CHOICE and typed not in {key for key, _label in cell.options}:
        errors[name] = _("Choose one of the offered values.")
        return None
    return _either(typed) if cell.kind == shapes.EITHER else typed


def _number(typed: str) -> int | str | None:
    """Whole numbers as such, others to the letter: JSON would round them."""
    try:
        found = Decimal(typed.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    if not found.is_finite():
        return None
    return int(found) if found == found.to_integral_value() else format(found, "f")


def _either(typed: str) -> Any:
    """`2` is one amount, `1–5` lets the scorer choose between two; anything else (`03-31`, a formula) is a text."""
    found = None if typed.startswith("0") else _RANGE.match(typed)
    if found:
        return [_number(found[1]), _number(found[2])]
    number = _number(typed)
    return typed if number is None or (typed.startswith("0") and len(typed) > 1 and "." not in typed) else number


def _entries(table: Table, held: Any) -> list[dict[str, Any]]:
    """The rows of a table whatever way they are kept."""
    names = [cell.name for cell in table.cells]
    if not held:
        return []
    if table.form == shapes.PAIRS and isinstance(held, Mapping):
        return [dict(zip(names, [key, *_listed(value)], strict=False)) for key, value in held.items()]
    if table.form == shapes.PLAIN:
        return [{names[0]: each} for each in held]
    return [dict(each) if isinstance(each, Mapping) else _from_list(names, list(each)) for each in held]


def _from_list(names: Sequence[str], entry: list[Any]) -> dict[str, Any]:
    """A row that is kept as a list: `[lo, hi, value]`, `["<=5", value]` for bands, else in the order of the cells."""
    if "lo" not in names:
        return dict(zip(names, entry, strict=False))
    if len(entry) == 3:
        return {"lo": entry[0], "hi": entry[1], "value": entry[2]}
    sign = next((each for each in _SIGNS if str(entry[0]).strip().startswith(each)), "=")
    edge = str(entry[0]).strip().removeprefix(sign).strip()
    if sign in ("<=", "≤", "<"):
        return {"hi": edge, "hi_closed": sign != "<", "value": entry[1]}
    if sign in (">=", "≥", ">"):
        return {"lo": edge, "lo_closed": sign != ">", "value": entry[1]}
    return {"lo": edge, "hi": edge, "lo_closed": True, "hi_closed": True, "value": entry[1]}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _row(table: Table, entry: Mapping[str, Any]) -> dict[str, str]:
    return {cell.name: text(entry.get(cell.name)) for cell in table.cells}


def _kept(table: Table, found: list[dict[str, Any]]) -> Any:
    names = [cell.name for cell in table.cells]
    if table.form == shapes.LISTS:
        return [[row.get(name) for name in names] for row in found]
    if table.form == shapes.PLAIN:
        return [row[names[0]] for row in found]
    if table.form == shapes.PAIRS:
        rest = names[1:]
        return {str(row[names[0]]): row[rest[0]] if len(rest) == 1 else [row[name] for name in rest] for row in found}
    return [{key: value for key, value in row.items() if value is not None} for row in found]
