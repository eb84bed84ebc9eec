"""What can be said of an organisation workbook before any of it is written: which lines can be taken."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.kernel.sheets import Line, Problem, Reading, Sheet
from engine.people.workbook_sheets import ORGS, PERSONS

_OF_HEADINGS = frozenset(
    {"workbook.no_sheet", "workbook.no_headings", "workbook.no_column", "workbook.twice", "workbook.unknown_column"}
)
_ONCE = ((ORGS, "code"), (PERSONS, "number"), (PERSONS, "account"))


@dataclass(frozen=True)
class Checked:
    """The lines that can be taken, what is wrong so far, and the codes and numbers of lines that cannot be taken."""

    lines: Mapping[str, tuple[Line, ...]]
    problems: tuple[Problem, ...]
    promised: frozenset[str]

    @property
    def broken(self) -> bool:
        """Whether the headings themselves are wrong, so that looking at lines would only add noise."""
        return any(problem.code in _OF_HEADINGS for problem in self.problems)


def check(reading: Reading) -> Checked:
    """Sorts out lines with errors and lines that say a second time what may be said once."""
    problems = (*reading.problems, *_twice(reading))
    wrong = {(problem.sheet, problem.row) for problem in problems if problem.severity == "error"}
    lines = {
        name: tuple(line for line in found if (name, line.row) not in wrong) for name, found in reading.lines.items()
    }
    left_out = [
        str(line.values.get(key))
        for sheet, key in ((ORGS, "code"), (PERSONS, "number"))
        for line in reading.lines.get(sheet.name, ())
        if (sheet.name, line.row) in wrong and line.values.get(key)
    ]
    return Checked(lines, problems, frozenset(left_out))


def _twice(reading: Reading) -> Iterator[Problem]:
    for sheet, key in _ONCE:
        first: dict[str, int] = {}
        for line in reading.lines.get(sheet.name, ()):
            value = line.values.get(key)
            if value and value in first:
                yield _problem(sheet, key, line, first[value])
            elif value:
                first[value] = line.row


def _problem(sheet: Sheet, key: str, line: Line, first: int) -> Problem:
    heading = next(column.heading for column in sheet.columns if column.key == key)
    said = str(line.values[key])
    return Problem(
        sheet.name,
        line.row,
        heading,
        "workbook.duplicate",
        f"'{said}' stands in row {first} already",
        "remove one of the two lines, or correct it",
        fields={"value": said, "first": first},
    )
