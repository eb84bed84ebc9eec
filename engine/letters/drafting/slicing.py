"""Slices: what the annual letter says about this month or quarter becomes items of their own (rule 10 a)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.kernel.work import Work
from engine.letters import items, states
from engine.letters.drafting import copying
from engine.letters.items import ItemView
from engine.letters.kinds import Level, Origin
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import ItemState

Source = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]], Callable[[int], None]]
"""Values of a new item, its promised documents, and what is to be told its id."""

_FIGURES = ("threshold", "target", "challenge", "weight")


def of(work: Work, letter: LetterView) -> list[Source]:
    """The slices of the organisation's annual letter in force that name this period."""
    annual = _annual(work, letter)
    found: list[Source] = []
    for item in items.of(work, annual) if annual is not None else ():
        part = next((each for each in item.slices if str(each.get("period")) == letter.period), None)
        if part is not None and item.status is not ItemState.DELETED:
            found.append((_values(item, part), [], _nothing))
    return found


def _annual(work: Work, letter: LetterView) -> int | None:
    if letter.level not in (Level.MONTH, Level.QUARTER):
        return None
    wanted = (
        select(LetterRow.id)
        .where(LetterRow.org_id == letter.org, LetterRow.level == Level.ANNUAL)
        .where(LetterRow.status.in_(states.ACTIVE))
        .where(LetterRow.starts_on <= letter.starts_on, LetterRow.ends_on >= letter.starts_on)
    )
    return work.session.execute(wanted.order_by(LetterRow.version.desc()).limit(1)).scalar()


def _values(item: ItemView, part: Mapping[str, Any]) -> dict[str, Any]:
    values = copying.item_values(item) | {
        "group": None,
        "origin": Origin.DECOMPOSED,
        "status": ItemState.PLANNED,
        "parent": item.id,
        "previous": None,
        "carried_from": None,
        "slices": [],
        "threshold": None,
        "challenge": None,
        "baseline": None,
        "last_year": None,
        "three_year_mean": None,
        "due": None,
        "starts_on": None,
    }
    values |= {name: Decimal(str(part[name])) for name in _FIGURES if part.get(name) not in (None, "")}
    if part.get("params"):
        values["params"] = {**item.params, **part["params"]}
    if part.get("due"):
        values["due"] = date.fromisoformat(str(part["due"]))
    return values


def _nothing(_item: int) -> None:
    """An annual item is not told of its months: they point at it."""
