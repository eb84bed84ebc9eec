"""One line of the sheet 责任书."""

from datetime import date
from decimal import Decimal
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.kernel.sheets import Line
from engine.letters import periods
from engine.letters.kinds import Level
from engine.letters.workbook import sheets
from engine.letters.workbook.drafts import LetterDraft
from engine.letters.workbook.known import Known
from engine.letters.workbook.places import Place, Problems

_SECTIONS = ("authority", "help", "terms")
_COLUMNS = {column.key for column in sheets.LETTERS.columns}


def read(line: Line, known: Known, problems: Problems) -> LetterDraft:
    """The letter of that line; an unknown organisation is an error, everything else stays with the draft."""
    said = line.values
    raw = {key: str(value) for key, value in said.items() if key not in _COLUMNS and value not in (None, ())}
    values: dict[str, Any] = {
        "title": said["title"] or "",
        "org_id": _org(line, known, problems),
        "level": said["level"],
        "period": said["period"] or "",
        "weight_mode": said["weight_mode"] or "WEIGHTED",
        "sections": {name: said[name] for name in _SECTIONS if said[name]},
        "distribution": list(said["distribution"]),
        "consequences": [],
        "full_score": Decimal(100) if said["full_score"] is None else said["full_score"],
        "difficulty": Decimal(1) if said["difficulty"] is None else said["difficulty"],
        "raw": raw,
    }
    values["starts_on"], values["ends_on"] = _days(line, problems)
    for key in ("party_a", "party_b"):
        values[f"{key}_id"] = _person(line, key, known, raw, problems)
    return LetterDraft(line.row, said["letter"] or "", values)


def _org(line: Line, known: Known, problems: Problems) -> int | None:
    code = line.values["org"]
    if code and code not in known.orgs:
        problems.error(
            Place(sheets.LETTERS, line.row, "org"),
            "letter.unknown_org",
            f"no organisation has the code '{code}'",
            "import the organisations first, or correct the code",
            org=code,
        )
    return known.orgs.get(code)


def _days(line: Line, problems: Problems) -> tuple[date | None, date | None]:
    """The period's days: as written, else those of the level and period."""
    said = line.values
    first, last = said["starts_on"], said["ends_on"]
    if said["level"] and said["period"] and not (first and last):
        first, last = _of_period(Level(said["level"]), said["period"], first, last)
    if not (first and last):
        problems.warn(
            Place(sheets.LETTERS, line.row, "period"),
            "letter.period_open",
            f"'{said['period']}' gives no first and last day",
            "fill in 开始日 and 结束日 before submitting",
            period=said["period"],
        )
    return first, last


def _of_period(level: Level, code: str, first: date | None, last: date | None) -> tuple[date | None, date | None]:
    try:
        period = periods.parse(level, code)
    except InvalidInput:
        return first, last
    return first or period.start, last or period.end


def _person(line: Line, key: str, known: Known, raw: dict[str, str], problems: Problems) -> int | None:
    number = line.values[key]
    if number and number not in known.persons:
        raw[key] = number
        problems.warn(
            Place(sheets.LETTERS, line.row, key),
            "letter.unknown_person",
            f"nobody has the number '{number}'; the text is kept",
            "choose the person in the draft",
            number=number,
        )
    return known.persons.get(number)
