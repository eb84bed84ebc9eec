"""One line of the smaller sheets: groups, parts of items, consequences."""

from decimal import Decimal
from typing import Any

from engine.kernel import cells
from engine.kernel.sheets import Line, Sheet
from engine.letters.workbook import pairs, sheets
from engine.letters.workbook.drafts import GroupDraft, ItemDraft, LetterDraft
from engine.letters.workbook.item_lines import group_path
from engine.letters.workbook.known import Known
from engine.letters.workbook.places import Place, Problems

_DEEPEST = 3


def group(letter: LetterDraft, line: Line, _known: Known, problems: Problems) -> None:
    """Add a group; more than three levels are an error (`domain.md` §1)."""
    said = line.values
    path = group_path(said["path"] or "")
    if len(path) > _DEEPEST:
        at = Place(sheets.GROUPS, line.row, "path")
        problems.error(at, "letter.group_depth", f"{len(path)} levels of groups", "use at most three", depth=len(path))
    values = {"weight": said["weight"], "max_points": said["max_points"], "mode": said["mode"] or "SUM"}
    letter.groups[path] = GroupDraft(line.row, path, {**values, "relative": bool(said["relative"])})


def sub_item(letter: LetterDraft, line: Line, _known: Known, problems: Problems) -> None:
    """Add a sub-item with its own target, weight and method to its item."""
    item = _item(letter, line, sheets.SUB_ITEMS, problems)
    if item is None:
        return
    part = _said(line, "name", "target", "unit", "weight", "method", "due", "note")
    try:
        params = pairs.read(line.values["params"])
    except cells.Unreadable as wrong:
        problems.warn(Place(sheets.SUB_ITEMS, line.row, "params"), wrong.code, wrong.message, wrong.remedy)
        part["params_text"] = line.values["params"]
    else:
        part |= {"params": params} if params else {}
    item.values["sub_items"].append(part)


def slice_(letter: LetterDraft, line: Line, _known: Known, problems: Problems) -> None:
    """Add the target of one month or quarter to its item."""
    item = _item(letter, line, sheets.SLICES, problems)
    if item is not None:
        part = _said(line, "period", "target", "threshold", "challenge", "note")
        item.values["slices"].append(part)


def deliverable(letter: LetterDraft, line: Line, known: Known, problems: Problems) -> None:
    """Add a promised document to its item."""
    item = _item(letter, line, sheets.DELIVERABLES, problems)
    if item is None:
        return
    said = line.values
    if said["reviewer"] and said["reviewer"] not in known.persons:
        at = Place(sheets.DELIVERABLES, line.row, "reviewer")
        text = f"nobody has the number '{said['reviewer']}'"
        problems.error(at, "letter.unknown_person", text, "correct it, or leave it empty", number=said["reviewer"])
    item.deliverables.append(
        {
            "name": said["name"] or "",
            "stage": said["stage"] or "FINAL",
            "criteria": said["criteria"] or "",
            "weight": Decimal(100) if said["weight"] is None else said["weight"],
            "reviewer_id": known.persons.get(said["reviewer"]),
            "due": said["due"],
            "position": len(item.deliverables) + 1,
        }
    )


def consequence(letter: LetterDraft, line: Line, _known: Known, _problems: Problems) -> None:
    """Add what follows from the result; shown and exported, never part of the score."""
    letter.values["consequences"].append(_said(line, "trigger", "base", "formula", "payee", "release"))


def _item(letter: LetterDraft, line: Line, sheet: Sheet, problems: Problems) -> ItemDraft | None:
    name = line.values["item"]
    found = letter.item(name) if name else None
    if name and found is None:
        at = Place(sheet, line.row, "item")
        text = f"the letter '{letter.ref}' has no item '{name}'"
        problems.error(at, "letter.unknown_item", text, "use the item's code or name as in 指标", item=name)
    return found


def _said(line: Line, *keys: str) -> dict[str, Any]:
    """What the line says under these headings; decimals as texts, since they are kept as JSON."""
    found = {key: line.values[key] for key in keys if line.values[key] is not None}
    return {key: format(value, "f") if isinstance(value, Decimal) else value for key, value in found.items()}
