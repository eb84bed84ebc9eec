"""What has to be entered about an item, and how: a figure, a choice, events of a table, parts, ratings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engine.kernel.errors import InvalidInput
from engine.letters.items import ItemView
from engine.letters.kinds import Method
from engine.letters.scorecards import agreed
from engine.letters.scoring import deduct, panel
from engine.letters.scoring.deduct import Entry
from engine.letters.scoring.exact import number
from engine.letters.scoring.terms import Terms


class Entered(StrEnum):
    """The kind of field that takes what happened; NOTHING where deliverables, ratings or a scorer say it."""

    NUMBER = "NUMBER"
    TEXT = "TEXT"
    YES_NO = "YES_NO"
    LEVEL = "LEVEL"
    EVENTS = "EVENTS"
    PARTS = "PARTS"
    NOTHING = "NOTHING"


@dataclass(frozen=True)
class Asked:
    """The fields of one item: the names of levels, answers or parts, the lines of its event table."""

    kind: Entered = Entered.NOTHING
    names: Sequence[str] = ()
    events: Sequence[Entry] = ()


@dataclass(frozen=True)
class Rates:
    """What a rater fills in: the groups, the levels with their range, the most of each criterion."""

    groups: Sequence[str]
    levels: Mapping[str, tuple[Decimal, Decimal]]
    criteria: Sequence[Decimal]


def of(item: ItemView) -> Asked:
    """What the data provider enters about an item."""
    if parts := agreed.scored_parts(item):
        return Asked(Entered.PARTS, [str(part.get("name", "")) for part in parts])
    if item.method is Method.DEDUCT:
        return Asked(Entered.EVENTS, events=_table(item))
    if item.method in (Method.PANEL, Method.MILESTONE, Method.MANUAL, Method.UNSET):
        return Asked(Entered.NOTHING)
    levels = item.params.get("levels")
    if item.method is Method.BAND and levels:
        return Asked(Entered.LEVEL, list(map(str, levels)))
    if item.method is Method.BOOL and not item.params.get("cond") and item.target is None:
        return Asked(Entered.YES_NO, ("是", "否"))
    counted = item.method in (Method.RATIO, Method.INTERP, Method.STEP)
    return Asked(Entered.NUMBER if counted else Entered.TEXT)


def rating(item: ItemView) -> Rates:
    """What a rater of a PANEL item fills in."""
    terms = Terms(Method.PANEL, params=item.params)
    given = item.params.get("levels") or {}
    levels = {str(name): (number(edge[0], "levels"), number(edge[1], "levels")) for name, edge in given.items()}
    criteria = [number(each, "criteria") for each in item.params.get("criteria", ())]
    return Rates(list(panel.groups(terms)), levels, criteria)


def _table(item: ItemView) -> Sequence[Entry]:
    try:
        return list(deduct.table(Terms(Method.DEDUCT, params=item.params)).values())
    except InvalidInput:  # a table that cannot be read is told in the basis of the score
        return ()
