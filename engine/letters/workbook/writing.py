"""A letter written out as a workbook in the template's form, so that it can be read in again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from engine.kernel import workbook
from engine.kernel.sheets import Column, Sheet
from engine.kernel.work import Work
from engine.letters import content as contents
from engine.letters import items, letters
from engine.letters.content import Content
from engine.letters.groups import GroupView
from engine.letters.items import ItemView
from engine.letters.workbook import pairs, sheets
from engine.people import orgs, persons


def template() -> bytes:
    """An empty workbook with all sheets and headings."""
    return workbook.write(sheets.ALL)


def export(work: Work, wanted: Iterable[int]) -> bytes:
    """These letters in one workbook; each is called by its number. Raises NotFound."""
    lines: dict[str, list[dict[str, Any]]] = {sheet.name: [] for sheet in sheets.ALL}
    for letter in wanted:
        content = contents.load(work, letter)
        writer = _Writer(content, *_names(work, content))
        for name, write in writer.parts().items():
            lines[name] += [{**line, "letter": content.letter.no} for line in write()]
    return workbook.write([_with_own_columns(sheet, lines[sheet.name]) for sheet in sheets.ALL], lines)


def _with_own_columns(sheet: Sheet, lines: Iterable[Mapping[str, Any]]) -> Sheet:
    """The sheet with the columns that somebody's own workbook brought, so that they leave as they came."""
    known = {column.key for column in sheet.columns}
    own = dict.fromkeys(key for line in lines for key in line.get("raw") or () if key not in known)
    return replace(sheet, columns=(*sheet.columns, *(Column(key, key) for key in own))) if sheet.open else sheet


def _names(work: Work, content: Content) -> tuple[Mapping[int, str], Mapping[int, str], Mapping[int, str]]:
    """工号 by person, codes by organisation, number#code by item above."""
    numbers = {person.id: person.number for person in persons.everyone(work)}
    codes = {org.id: org.code for org in orgs.tree(work)}
    above = items.many(work, {item.parent for item in content.items if item.parent is not None})
    heads = letters.many(work, {item.letter for item in above.values()})
    named = {key: f"{heads[item.letter].no}#{item.code}" for key, item in above.items() if item.code}
    return numbers, codes, named


class _Writer:
    """Turns one letter into the lines of each sheet."""

    def __init__(
        self, content: Content, numbers: Mapping[int, str], codes: Mapping[int, str], above: Mapping[int, str]
    ) -> None:
        self._content, self._numbers, self._codes, self._above = content, numbers, codes, above
        self._groups = {group.id: group for group in content.groups}

    def parts(self) -> dict[str, Callable[[], Iterable[dict[str, Any]]]]:
        return {
            sheets.LETTERS.name: self._head,
            sheets.GROUPS.name: lambda: map(self._group, self._content.groups),
            sheets.ITEMS.name: lambda: map(self._item, self._content.items),
            sheets.SUB_ITEMS.name: lambda: self._listed("sub_items"),
            sheets.SLICES.name: lambda: self._listed("slices"),
            sheets.DELIVERABLES.name: self._documents,
            sheets.CONSEQUENCES.name: lambda: map(dict, self._content.letter.consequences),
        }

    def _head(self) -> Iterable[dict[str, Any]]:
        letter = self._content.letter
        yield {
            **asdict(letter),
            **letter.sections,
            **letter.raw,
            "org": self._content.org.code,
            "party_a": self._numbers.get(letter.party_a or 0),
            "party_b": self._numbers.get(letter.party_b or 0),
        }

    def _group(self, group: GroupView) -> dict[str, Any]:
        return {**asdict(group), "path": self._path(group)}

    def _path(self, group: GroupView) -> str:
        above = self._groups.get(group.parent or 0)
        return f"{self._path(above)} > {group.name}" if above else group.name

    def _item(self, item: ItemView) -> dict[str, Any]:
        values = {**asdict(item), **{key: text for key, text in item.raw.items() if not getattr(item, key, None)}}
        return {
            **values,
            "group": self._path(self._groups[item.group]) if item.group else None,
            "cap": "不封顶" if item.uncapped else values["cap"],
            **{key: pairs.write(getattr(item, key)) for key in ("params", "due_rule", "veto")},
            "assessors": [each.get("name") or each.get("group") for each in item.assessors],
            "data_provider": self._codes.get(item.data_provider or 0),
            "owner": self._numbers.get(item.owner or 0),
            "executors": [self._numbers[each] for each in item.executors if each in self._numbers],
            "collaborators": [self._codes[each] for each in item.collaborators if each in self._codes],
            "parent": self._above.get(item.parent or 0),
        }

    def _listed(self, part: str) -> Iterable[dict[str, Any]]:
        for item in self._content.items:
            for each in getattr(item, part):
                yield {**each, "item": item.code or item.name, "params": pairs.write(each.get("params", {}))}

    def _documents(self) -> Iterable[dict[str, Any]]:
        for item in self._content.items:
            for spec in self._content.specs.get(item.id, ()):
                reviewer = self._numbers.get(spec.reviewer or 0)
                yield {**asdict(spec), "item": item.code or item.name, "reviewer": reviewer}
