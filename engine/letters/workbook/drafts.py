"""What a workbook says, before it is kept: letters with their groups, items and parts, each with its row."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class ItemDraft:
    """One line of the sheet 指标; `values` are columns of the table `item`, `raw` what could not become one."""

    row: int
    values: dict[str, Any]
    raw: dict[str, str] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    parent: str | None = None
    deliverables: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class GroupDraft:
    """One line of 指标组."""

    row: int
    path: tuple[str, ...]
    values: dict[str, Any]


@dataclass
class LetterDraft:
    """One letter; `ref` is how the other sheets call it."""

    row: int
    ref: str
    values: dict[str, Any]
    groups: dict[tuple[str, ...], GroupDraft] = field(default_factory=dict)
    items: list[ItemDraft] = field(default_factory=list)

    def item(self, name: str) -> ItemDraft | None:
        """The item of that code, or else of that name."""
        coded = next((each for each in self.items if each.values["code"] == name), None)
        return coded or next((each for each in self.items if each.values["name"] == name), None)
