"""Weights after an adjustment: given away pro rata, carved out, changed; always summing to the full score (§9)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import update

from engine.kernel.work import Work
from engine.letters import weights
from engine.letters.adjusting.case import Case
from engine.letters.content import Content
from engine.letters.drafting import editing
from engine.letters.groups import GroupRow
from engine.letters.kinds import GroupMode

Weights = Mapping[int, Decimal]


def without(case: Case, before: Weights, leaving: Sequence[int], copied: Mapping[int, int]) -> Weights:
    """The weight of what leaves goes to items of the same category pro rata, to all where there are none."""
    category = {copied[item.id]: item.category for item in case.content.items}
    after = before
    for item in leaving:
        if item in after:
            same = [key for key in after if category[key] == category[item] and key not in leaving]
            rest = same or [key for key in after if key not in leaving]
            after = weights.give_away(after, item, rest, full=case.content.letter.full_score)
    return after


def with_new(case: Case, before: Weights, newcomer: int, points: Decimal) -> Weights:
    """The newcomer's points come from all others pro rata."""
    return weights.carve(before, newcomer, points, full=case.content.letter.full_score)


def changed(case: Case, before: Weights, wanted: Weights) -> Weights:
    """What was asked for stands, the others share the rest in their proportions."""
    rest = case.content.letter.full_score - sum(wanted.values(), Decimal(0))
    others: dict[int, Decimal | None] = {key: weight for key, weight in before.items() if key not in wanted}
    return {**weights.fill(others, rest), **wanted}


def write(work: Work, version: Content, after: Weights) -> None:
    """Writes points of the letter down; blocks count points from now on, and sum to what they hold.

    In a POOL or PRODUCT the items keep their own points: there the block's points are what weighs.
    """
    bound = {group.id for group in version.groups if group.mode is not GroupMode.SUM}
    for item in version.scored:
        if item.group not in bound and item.weight != after.get(item.id, Decimal(0)):
            editing.write(work, item.id, {"weight": after.get(item.id, Decimal(0))}, actor=item.changed_by)
    for group in version.groups:
        held = _held(version, group.id, after)
        changed_group = update(GroupRow).where(GroupRow.id == group.id)
        work.session.execute(
            changed_group.values(weight=held, relative=False if group.mode is GroupMode.SUM else group.relative)
        )


def _held(version: Content, group: int, after: Weights) -> Decimal:
    own = sum((after.get(item.id, Decimal(0)) for item in version.scored if item.group == group), Decimal(0))
    return own + sum((_held(version, below.id, after) for below in version.groups if below.parent == group), Decimal(0))
