"""What a text finds in a list: in title, number or node, by whoever started it, by the first letters of the pinyin."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from engine.kernel.work import Work
from engine.people import persons, spelling

LATIN = re.compile(r"[a-z]{2,40}")
MOST_SPELLED = 2000
"""Rows whose titles are spelled out for one search; a person's list of open tasks is shorter by far."""
MOST_PERSONS = 200


@dataclass(frozen=True)
class Sought:
    """Where a list is searched: texts (the first is the title, spelled in pinyin too) and who started it."""

    columns: tuple[ColumnElement[Any], ...]
    starter: ColumnElement[Any]


def narrowed(work: Work, query: Select[Any], text: str, sought: Sought) -> Select[Any]:
    """The query with only what the text finds; the same query for an empty text."""
    wanted = text.strip()
    if not wanted:
        return query
    found = [column.icontains(wanted, autoescape=True) for column in sought.columns]
    starters = [each.id for each in persons.search(work, wanted, MOST_PERSONS, only_active=False)]
    found.append(sought.starter.in_(starters) if starters else false())
    if LATIN.fullmatch(wanted.lower()):
        found.append(_title(sought).in_(_spelled(work, query, wanted.lower(), sought)))
    return query.where(or_(*found))


def _spelled(work: Work, query: Select[Any], wanted: str, sought: Sought) -> list[str]:
    """Titles of the list whose syllables begin with these letters, or that are written so: `cgsq` finds 采购申请."""
    title = _title(sought)
    listed = query.with_only_columns(title.label("title")).distinct().limit(MOST_SPELLED).subquery()
    titles = work.connection.execute(select(listed.c.title)).scalars()
    return [each for each in titles if any(wanted in spelled for spelled in _spellings(each))]


def _title(sought: Sought) -> ColumnElement[Any]:
    return sought.columns[0]


@lru_cache(maxsize=8192)
def _spellings(title: str) -> tuple[str, str]:
    return spelling.initials(title), spelling.pinyin(title)
