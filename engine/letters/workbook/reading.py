"""A workbook becomes drafts: every line arrives, what cannot be a value stays as text with a warning."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.kernel import workbook
from engine.kernel.sheets import Line, Problem, Sheet
from engine.letters.workbook import item_lines, letter_lines, part_lines, sheets
from engine.letters.workbook.drafts import LetterDraft
from engine.letters.workbook.known import Known
from engine.letters.workbook.places import Place, Problems


def read(content: bytes, known: Known) -> tuple[tuple[LetterDraft, ...], tuple[Problem, ...]]:
    """The letters of a workbook and every problem met, in the order of the sheets.

    Raises InvalidInput where it is no workbook at all (`engine.kernel.workbook.read`).
    """
    reading = workbook.read(content, sheets.ALL)
    problems = Problems(list(reading.problems))
    letters: dict[str, LetterDraft] = {}
    for line in reading.lines[sheets.LETTERS.name]:
        draft = letter_lines.read(line, known, problems)
        if draft.ref in letters:
            twice = Place(sheets.LETTERS, line.row, "letter")
            problems.error(twice, "letter.twice", f"'{draft.ref}' stands twice", "give each letter its own name")
        else:
            letters[draft.ref] = draft
    for sheet, take in _PARTS:
        for draft, line in _owned(sheet, reading.lines[sheet.name], letters, problems):
            take(draft, line, known, problems)
    return tuple(letters.values()), tuple(problems.found)


_PARTS = (
    (sheets.GROUPS, part_lines.group),
    (sheets.ITEMS, item_lines.read),
    (sheets.SUB_ITEMS, part_lines.sub_item),
    (sheets.SLICES, part_lines.slice_),
    (sheets.DELIVERABLES, part_lines.deliverable),
    (sheets.CONSEQUENCES, part_lines.consequence),
)


def _owned(
    sheet: Sheet, lines: Iterable[Line], letters: Mapping[str, LetterDraft], problems: Problems
) -> Iterable[tuple[LetterDraft, Line]]:
    for line in lines:
        ref: Any = line.values.get("letter")
        if ref in letters:
            yield letters[ref], line
        elif ref:
            problems.error(
                Place(sheet, line.row, "letter"),
                "letter.unknown_ref",
                f"no letter is called '{ref}' in the sheet {sheets.LETTERS.name}",
                "add it there, or correct the name",
                ref=ref,
            )
