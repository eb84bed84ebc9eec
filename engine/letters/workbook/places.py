"""Collects the problems of a workbook, each at its sheet, row and heading."""

from dataclasses import dataclass, field
from typing import Any

from engine.kernel.sheets import Problem, Sheet


@dataclass
class Problems:
    """The problems met so far; errors refuse the file, warnings stay with the draft."""

    found: list[Problem] = field(default_factory=list)

    def error(self, at: "Place", code: str, message: str, remedy: str, **fields: Any) -> None:
        self.found.append(Problem(at.sheet.name, at.row, at.heading, code, message, remedy, fields=fields))

    def warn(self, at: "Place", code: str, message: str, remedy: str, **fields: Any) -> None:
        self.found.append(Problem(at.sheet.name, at.row, at.heading, code, message, remedy, "warning", fields))

    @property
    def refused(self) -> bool:
        return any(problem.severity == "error" for problem in self.found)


@dataclass(frozen=True)
class Place:
    """A cell: its sheet, its row as Excel counts, its column by key ('' is the row itself)."""

    sheet: Sheet
    row: int
    key: str = ""

    @property
    def heading(self) -> str:
        return next((column.heading for column in self.sheet.columns if column.key == self.key), self.key)
