"""Rows pasted from a spreadsheet: what they would change is shown first, then written in one piece (`ux.md` §4.6)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.kernel.work import StartWork, Work
from engine.letters import content, items
from engine.letters.content import Content
from engine.letters.drafting import editing
from engine.letters.kinds import Importance, Kind
from engine.people import orgs, persons

COLUMNS = ("kind", "name", "importance", "threshold", "target", "challenge", "unit", "weight", "due", "owner")
"""The columns of the grid in their order; a pasted block without headings fills them from where it begins."""

_HEADINGS = {
    "类型": "kind",
    "指标/工作项": "name",
    "指标": "name",
    "名称": "name",
    "工作项": "name",
    "重要": "importance",
    "重要性": "importance",
    "保底": "threshold",
    "保底值": "threshold",
    "目标": "target",
    "目标值": "target",
    "挑战": "challenge",
    "挑战值": "challenge",
    "单位": "unit",
    "权重": "weight",
    "截止": "due",
    "截止日期": "due",
    "责任人": "owner",
} | {name: name for name in COLUMNS}
_KINDS = {"节点": Kind.TASK, "任务": Kind.TASK, "加分": Kind.BONUS, "扣分": Kind.DEDUCT, "否决": Kind.VETO}
_KINDS |= {"监测": Kind.TRACK, "约束": Kind.CONSTRAINT, "指标": Kind.KPI}
_IMPORTANCE = {"关键": Importance.KEY, "重点": Importance.MAJOR, "普通": Importance.NORMAL, "一般": Importance.NORMAL}
_NUMBERS = frozenset({"threshold", "target", "challenge", "weight"})
_DAY = re.compile(r"^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$")
MOST_ROWS = 500


@dataclass(frozen=True)
class Cell:
    """One pasted cell: what was typed, what it becomes, what stood there; `wrong` is a code when it cannot be read."""

    column: str
    typed: str
    value: Any = None
    before: Any = None
    wrong: str = ""


@dataclass(frozen=True)
class Line:
    """One pasted row; `item` None is a new one. `number` counts the pasted rows from 1."""

    number: int
    item: int | None
    revision: int
    cells: Sequence[Cell] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What would be written."""
        return {cell.column: cell.value for cell in self.cells if not cell.wrong and cell.value != cell.before}


@dataclass(frozen=True)
class Plan:
    """What a paste would do."""

    lines: Sequence[Line] = field(default_factory=tuple)

    @property
    def unreadable(self) -> list[tuple[int, Cell]]:
        """The cells that cannot be read, with their row."""
        return [(line.number, cell) for line in self.lines for cell in line.cells if cell.wrong]


def plan(work: Work, letter: int, text: str, *, item: int | None = None, column: str = "kind") -> Plan:
    """What a pasted block would change: with headings rows are found by name, without them it fills from a cell on.

    `item` and `column` are where the block begins; None is after the last row.
    """
    whole = content.load(work, letter)
    table = [line.split("\t") for line in text.replace("\r\n", "\n").strip("\n").split("\n") if line.strip()]
    if not table or len(table) > MOST_ROWS:
        raise InvalidInput("paste.size", f"paste 1 to {MOST_ROWS} rows", rows=len(table), most=MOST_ROWS, field="text")
    read = _Reader(whole, _people(work, whole))
    headings = [_HEADINGS.get(cell.strip()) for cell in table[0]]
    if sum(name is not None for name in headings) >= 2 and "name" in headings:
        return Plan([read.by_name(number, headings, row) for number, row in enumerate(table[1:], 1)])
    begin = COLUMNS.index(column)
    names = list(COLUMNS[begin:])
    order = list(whole.items)
    at = next((index for index, each in enumerate(order) if each.id == item), len(order))
    return Plan(
        [read.by_place(number, names, row, order[at + number - 1 :][:1]) for number, row in enumerate(table, 1)]
    )


def apply(  # noqa: PLR0913  (what, where it begins, by whom)
    start_work: StartWork, letter: int, text: str, *, item: int | None, column: str, actor: int
) -> int:
    """Writes what `plan` showed, readable cells only, all or nothing; how many rows were changed or added."""
    with start_work() as work:
        head = editing.draft(work, letter, actor)
        changed = 0
        for line in plan(work, letter, text, item=item, column=column).lines:
            if not line.values:
                continue
            changed += 1
            if line.item is None:
                editing.add_in(work, head, {"kind": Kind.KPI, **_plain(line.values)}, actor=actor)
            else:
                editing.change_in(work, line.item, _plain(line.values), revision=line.revision, actor=actor)
        work.commit()
    return changed


class _Reader:
    """Reads rows of one letter; knows its items by name and the persons of its organisation."""

    def __init__(self, whole: Content, people: Mapping[str, int]) -> None:
        self.whole = whole
        self.people = people
        self.by_names = {item.name.strip(): item for item in whole.items}

    def by_name(self, number: int, headings: Sequence[str | None], row: Sequence[str]) -> Line:
        pairs = [(name, cell) for name, cell in zip(headings, row, strict=False) if name is not None]
        named = next((cell.strip() for name, cell in pairs if name == "name"), "")
        return self._line(number, pairs, self.by_names.get(named))

    def by_place(self, number: int, names: Sequence[str], row: Sequence[str], known: Sequence[items.ItemView]) -> Line:
        return self._line(number, list(zip(names, row, strict=False)), known[0] if known else None)

    def _line(self, number: int, pairs: Sequence[tuple[str, str]], known: items.ItemView | None) -> Line:
        cells = [self._cell(name, text.strip(), getattr(known, name, None)) for name, text in pairs]
        return Line(number, known.id if known else None, known.revision if known else 0, cells)

    def _cell(self, column: str, typed: str, before: Any) -> Cell:
        try:
            return Cell(column, typed, self._value(column, typed, before), before)
        except (ValueError, InvalidOperation, KeyError):
            return Cell(column, typed, None, before, wrong=f"paste.{_form(column)}")

    def _value(self, column: str, typed: str, before: Any) -> Any:
        if column in ("name", "unit"):
            return typed
        if column == "kind":
            return _KINDS.get(typed) or Kind(typed.upper() or str(before or Kind.KPI))
        if column == "importance":
            return _IMPORTANCE.get(typed) or Importance(typed.upper() or str(before or Importance.NORMAL))
        if not typed or typed in "—-":
            return None
        if column in _NUMBERS:
            return Decimal(typed.replace(",", "").replace("，", "").removesuffix("%"))
        return self._day(typed) if column == "due" else self.people[typed.split(maxsplit=1)[0]]

    def _day(self, typed: str) -> date:
        found = _DAY.match(typed)
        if found is None:
            return date.fromisoformat(typed)
        start = self.whole.letter.starts_on
        year = int(found[1]) if found[1] else (start.year if start else 0)
        return date(year, int(found[2]), int(found[3]))


def _form(column: str) -> str:
    if column in _NUMBERS:
        return "number"
    return {"due": "day", "owner": "person"}.get(column, "word")


def _people(work: Work, whole: Content) -> Mapping[str, int]:
    """Persons of the organisation by name; a name that two people have is nobody's."""
    here = persons.of_org(work, sorted(orgs.subtree(work, whole.letter.org)))
    names = [person.name for person in here]
    return {person.name: person.id for person in here if names.count(person.name) == 1}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
