"""来源: what an item serves above, what serves it below, and whether the parts add up (rule 5, REQ-078)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from engine.kernel.work import Work
from engine.letters import access, items, letters
from engine.letters.items import ItemView
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import ItemState, LetterState
from engine.people import orgs

_HIGHEST = 6
"""Levels looked upward; more than three years over a month do not exist."""
_GONE = (LetterState.VOID, LetterState.SUPERSEDED)


@dataclass(frozen=True)
class Place:
    """An item with its letter and organisation; `mine` marks the item that was asked about."""

    item: ItemView
    letter: LetterView
    org_name: str
    mine: bool = False


@dataclass(frozen=True)
class Parts:
    """What serves one item: the parts that the reader may see, how many more there are, and the sum of all targets."""

    whole: Place
    slice: Decimal | None
    seen: Sequence[Place]
    hidden: int
    total: Decimal

    @property
    def short(self) -> bool:
        """Whether additive parts do not reach the whole."""
        return self.whole.item.additive and self.whole.item.target is not None and self.total < self.whole.item.target


@dataclass(frozen=True)
class Tree:
    """The items above, the highest first; what serves the one directly above; what serves this item."""

    above: Sequence[Place]
    beside: Parts | None
    below: Parts | None


def of(work: Work, item: int, person: int) -> Tree:
    """Where the item comes from and what hangs on it, as far as this person may see. Raises NotFound."""
    known = items.view(work, item)
    access.see(work, known.letter, person)
    above = _above(work, known)
    below = _parts(work, _place(work, known), known, person)
    beside = _parts(work, above[-1], known, person) if above else None
    return Tree(above, beside, below if below.seen or below.hidden else None)


def _above(work: Work, item: ItemView) -> list[Place]:
    found: list[Place] = []
    while item.parent is not None and len(found) < _HIGHEST:
        item = items.view(work, item.parent)
        found.insert(0, _place(work, item))
    return found


def _place(work: Work, item: ItemView) -> Place:
    letter = letters.view(work, item.letter)
    return Place(item, letter, orgs.view(work, letter.org).name)


def _parts(work: Work, whole: Place, mine: ItemView, person: int) -> Parts:
    parts = [each for each in items.children(work, whole.item.id) if each.status is not ItemState.DELETED]
    standing = letters.many(work, {each.letter for each in parts})
    parts = [each for each in parts if standing[each.letter].status not in _GONE]
    visible = _visible(work, {each.letter for each in parts}, person)
    names = orgs.many(work, {standing[each.letter].org for each in parts})
    seen = [
        Place(each, standing[each.letter], names[standing[each.letter].org].name, each.id == mine.id)
        for each in parts
        if each.letter in visible
    ]
    total = sum((each.target for each in parts if each.target is not None), Decimal(0))
    return Parts(whole, _slice(whole.item, standing.get(mine.letter)), seen, len(parts) - len(seen), total)


def _slice(item: ItemView, letter: LetterView | None) -> Decimal | None:
    """What the item above says about the period of the letter below."""
    part = next((each for each in item.slices if letter is not None and str(each.get("period")) == letter.period), None)
    given = part.get("target") if part else None
    return None if given in (None, "") else Decimal(str(given))


def _visible(work: Work, wanted: set[int], person: int) -> set[int]:
    found = select(LetterRow.id).where(LetterRow.id.in_(wanted), access.visible_to(work, person))
    return set(work.session.execute(found).scalars()) if wanted else set()
