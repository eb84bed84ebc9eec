"""What a sheet of a workbook looks like, and what is found in one: columns, lines, problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "number", "figure", "date", "yes", "choice", "list"]


@dataclass(frozen=True)
class Column:
    """One heading and what stands below it.

    `key` names the value for the program, `heading` for people. A `choice` maps what people write to what is kept;
    a `figure` is a number where the cell holds one, else its text; a `list` holds texts between 、 or commas.
    `note` is shown at the heading of the template; `shape` is how Excel shows its numbers (`0.00`).
    """

    key: str
    heading: str
    kind: Kind = "text"
    required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    width: int = 16
    shape: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet's name and columns; `open` keeps columns with unknown headings too, as text under their own heading."""

    name: str
    columns: tuple[Column, ...]
    required: bool = True
    open: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a workbook: where, what, and what to do.

    `row` counts from 1 as Excel does (0 is the sheet itself); `column` is the heading.
    """

    sheet: str
    row: int
    column: str
    code: str
    message: str
    remedy: str
    severity: Literal["error", "warning"] = "error"
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One row that holds something: its number in Excel and its values by key; an empty cell is None."""

    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a workbook holds: the lines of each sheet (empty where the sheet is missing) and every problem met."""

    lines: Mapping[str, tuple[Line, ...]]
    problems: tuple[Problem, ...]
