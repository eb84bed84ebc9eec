"""One line of the sheet 指标."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.kernel import cells
from engine.kernel.sheets import Line
from engine.letters.kinds import Kind
from engine.letters.workbook import pairs, sheets
from engine.letters.workbook.drafts import ItemDraft, LetterDraft
from engine.letters.workbook.known import Known
from engine.letters.workbook.places import Place, Problems

_PLAIN = (
    *("source_category", "definition", "formula", "unit", "basis", "rule_text", "data_source"),
    *("completion_standard", "alignment_reason", "risk", "code", "name", "category"),
)
_CHOSEN = {"importance": "NORMAL", "origin": "SELF", "method": "UNSET", "due_form": "FIXED"}
_FIGURES = (
    *("baseline", "last_year", "three_year_mean", "threshold", "target", "challenge", "weight"),
    *("cap", "floor", "max_plus", "max_minus", "zero_below"),
)
_PAIRS = ("params", "due_rule", "veto")
_COLUMNS = {column.key for column in sheets.ITEMS.columns}
_UNCAPPED = ("不封顶", "无上限", "uncapped")


def read(letter: LetterDraft, line: Line, known: Known, problems: Problems) -> None:
    """Add the item of that line to its letter; nothing it says is dropped."""
    said = line.values
    item = ItemDraft(line.row, {"kind": said["kind"] or Kind.KPI})
    item.raw = {key: str(value) for key, value in said.items() if key not in _COLUMNS and value not in (None, ())}
    item.values |= {key: said[key] or "" for key in _PLAIN}
    item.values |= {key: said[key] or default for key, default in _CHOSEN.items()}
    item.values |= {"direction": said["direction"], "additive": bool(said["additive"]), "starts_on": said["starts_on"]}
    _figures(item, said, problems)
    _due(item, said, problems)
    for key in _PAIRS:
        item.values[key] = _pairs(item, key, said[key], problems)
    _people(item, said, known, problems)
    item.group = group_path(said["group"] or "")
    item.parent = said["parent"]
    item.values |= {"position": len(letter.items) + 1, "sub_items": [], "slices": []}
    letter.items.append(item)


def group_path(text: str) -> tuple[str, ...]:
    """`预算绩效 > 预算管理` as its names from the top."""
    return tuple(part.strip() for part in text.replace("＞", ">").split(">") if part.strip())


def _figures(item: ItemDraft, said: Mapping[str, Any], problems: Problems) -> None:
    item.values["uncapped"] = said["cap"] in _UNCAPPED
    item.values["target_text"] = said["target"] if isinstance(said["target"], str) else ""
    for key in _FIGURES:
        value = said[key]
        item.values[key] = value if isinstance(value, Decimal) else None
        if isinstance(value, str) and not (key == "cap" and value in _UNCAPPED):
            item.raw[key] = value
            if not (key == "target" and item.values["direction"] == "BOOL"):
                _kept_as_text(item, key, value, problems)


def _due(item: ItemDraft, said: Mapping[str, Any], problems: Problems) -> None:
    item.values["due"] = None
    if said["due"] is None:
        return
    text = str(said["due"])
    try:
        day = cells.value(text, "date", {})
    except cells.Unreadable:
        item.raw["due"] = text
        _kept_as_text(item, "due", text, problems)
    else:
        item.values["due"] = day if isinstance(day, date) else None


def _pairs(item: ItemDraft, key: str, text: str | None, problems: Problems) -> dict[str, Any]:
    try:
        return pairs.read(text)
    except cells.Unreadable as wrong:
        item.raw[key] = text or ""
        problems.warn(Place(sheets.ITEMS, item.row, key), wrong.code, wrong.message, wrong.remedy, text=text)
        return {}


def _people(item: ItemDraft, said: Mapping[str, Any], known: Known, problems: Problems) -> None:
    one = {"owner": known.persons, "data_provider": known.orgs}
    for key, names in one.items():
        item.values[f"{key}_id"] = names.get(said[key])
        if said[key] and said[key] not in names:
            _unknown(item, key, said[key], problems)
    several = {"executors": known.persons, "collaborators": known.orgs}
    for key, names in several.items():
        item.values[key] = [names[each] for each in said[key] if each in names]
        for each in said[key]:
            if each not in names:
                _unknown(item, key, each, problems)
    item.values["assessors"] = [{"name": each} for each in said["assessors"]]


def _unknown(item: ItemDraft, key: str, said: str, problems: Problems) -> None:
    item.raw[key] = "、".join(filter(None, (item.raw.get(key), said)))
    problems.warn(
        Place(sheets.ITEMS, item.row, key),
        "letter.unknown_name",
        f"'{said}' is not known; the text is kept",
        "choose it in the draft",
        said=said,
    )


def _kept_as_text(item: ItemDraft, key: str, text: str, problems: Problems) -> None:
    problems.warn(
        Place(sheets.ITEMS, item.row, key),
        "letter.kept_as_text",
        f"'{text}' cannot be used as a value; the text is kept",
        "enter the value in the draft",
        text=text,
    )
