"""What the rules must know beyond the draft: owners, parents and their other children, funds, letters beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select

from engine.kernel.work import Work
from engine.letters import items, letters, plans, rows
from engine.letters.content import Content
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import Kind, Level
from engine.letters.letters import LetterRow, LetterView
from engine.letters.plans import FundLineView
from engine.letters.states import ItemState, LetterState
from engine.people import orgs, persons
from engine.people.persons import PersonView


@dataclass(frozen=True)
class Child:
    """An item that was decomposed from another, with where and when it stands."""

    item: int
    parent: int
    org: int
    level: Level
    period: str
    target: Decimal | None


@dataclass(frozen=True)
class Surroundings:
    """Everything beside the draft; all empty is a draft on its own."""

    people: Mapping[int, PersonView] = field(default_factory=dict)
    own_orgs: frozenset[int] = frozenset()
    parents: Mapping[int, ItemView] = field(default_factory=dict)
    parent_letters: Mapping[int, LetterView] = field(default_factory=dict)
    children: Sequence[Child] = ()
    fund_lines: Mapping[int, FundLineView] = field(default_factory=dict)
    beside: Sequence[tuple[ItemView, str]] = ()  # KPIs of the organisation's other letters, with the letter's number


_GONE = (LetterState.VOID, LetterState.SUPERSEDED)


def load(work: Work, content: Content) -> Surroundings:
    """What lies around a draft."""
    owners = {item.owner for item in content.items if item.owner is not None}
    parents = items.many(work, {item.parent for item in content.items if item.parent is not None})
    family = {*parents, *(item.id for item in content.items)}
    return Surroundings(
        people=persons.many(work, owners),
        own_orgs=orgs.subtree(work, content.letter.org),
        parents=parents,
        parent_letters=letters.many(work, {parent.letter for parent in parents.values()}),
        children=_children(work, family, content.letter),
        fund_lines={line.id: line for line in plans.fund_lines(work, content.letter.org)},
        beside=_beside(work, content.letter),
    )


def _children(work: Work, parents: set[int], draft: LetterView) -> Sequence[Child]:
    columns = (ItemRow.id, ItemRow.parent_id, ItemRow.target, LetterRow.org_id, LetterRow.level, LetterRow.period)
    wanted = (
        select(*columns)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .where(ItemRow.parent_id.in_(parents), ItemRow.status != ItemState.DELETED)
        .where((LetterRow.status.not_in(_GONE)) | (LetterRow.id == draft.id))
    )
    if draft.previous is not None:
        wanted = wanted.where(LetterRow.id != draft.previous)
    return [
        Child(row.id, row.parent_id, row.org_id, Level(row.level), row.period, row.target)
        for row in work.session.execute(wanted)
    ]


def _beside(work: Work, draft: LetterView) -> Sequence[tuple[ItemView, str]]:
    if draft.starts_on is None or draft.ends_on is None:
        return ()
    wanted = (
        select(ItemRow.__table__, LetterRow.no)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .where(LetterRow.org_id == draft.org, LetterRow.level == draft.level, LetterRow.id != draft.id)
        .where(LetterRow.period != draft.period, LetterRow.status.not_in(_GONE))
        .where(LetterRow.starts_on <= draft.ends_on, LetterRow.ends_on >= draft.starts_on)
        .where(ItemRow.kind == Kind.KPI, ItemRow.status != ItemState.DELETED)
    )
    return [(rows.view(ItemView, row), row.no) for row in work.session.execute(wanted)]
