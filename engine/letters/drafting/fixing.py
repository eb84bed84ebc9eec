"""Mechanical repairs that are offered, never done silently: fill to the full score, equal parts, swap, zero."""

from decimal import Decimal
from typing import Any

from sqlalchemy import update

from engine.kernel import audit
from engine.kernel.errors import InvalidInput
from engine.kernel.work import StartWork, Work
from engine.letters import content, groups, letters, weights
from engine.letters.content import Content
from engine.letters.draft_rules import smart
from engine.letters.drafting import editing
from engine.letters.groups import GroupRow


def apply(start_work: StartWork, letter: int, fix: str, *, element: int | None = None, actor: int) -> None:
    """Does one of the repairs that a finding offers; `element` is its item or group.

    Raises InvalidInput for an unknown repair or one that does not fit any more, and as editing does.
    """
    acts = {
        "normalise": _normalise,
        "normalise_group": _normalise_group,
        "equal": _equal,
        "zero": _zero,
        "swap": _swap,
    }
    if fix not in acts:
        raise InvalidInput("letter.fix", f"there is no repair '{fix}': expected one of {', '.join(acts)}", fix=fix)
    with start_work() as work:
        editing.draft(work, letter, actor)
        acts[fix](work, content.load(work, letter), element, actor)
        audit.append(work, letters.stream(letter), "letter.fixed", actor=actor, detail={"fix": fix, "element": element})
        work.commit()


def _normalise(work: Work, known: Content, _element: int | None, actor: int) -> None:
    """All weights in the same proportions, summing to the full score; groups at the top first."""
    top: dict[int, Decimal | None] = {group.id: group.weight for group in known.groups if group.parent is None}
    loose: dict[int, Decimal | None] = {-item.id: item.weight for item in known.scored if item.group is None}
    filled = weights.fill({**top, **loose}, known.letter.full_score)
    for key, weight in filled.items():
        if key < 0:
            editing.write(work, -key, {"weight": weight}, actor=actor)
        else:
            _set_group(work, key, weight)
    for group in known.groups:
        if group.parent is None:
            _fill_group(work, known, group.id, filled[group.id], actor)


def _normalise_group(work: Work, known: Content, element: int | None, actor: int) -> None:
    group = next((each for each in known.groups if each.id == element), None)
    if group is None or group.weight is None:
        raise InvalidInput("letter.fix", "this group has no points to fill: enter them first", group=element)
    _fill_group(work, known, group.id, group.weight, actor)


def _fill_group(work: Work, known: Content, group: int, points: Decimal, actor: int) -> None:
    view = groups.view(work, group)
    own: dict[int, Decimal | None] = {-item.id: item.weight for item in known.scored if item.group == group}
    below: dict[int, Decimal | None] = {each.id: each.weight for each in known.groups if each.parent == group}
    for key, weight in weights.fill({**own, **below}, Decimal(100) if view.relative else points).items():
        if key < 0:
            editing.write(work, -key, {"weight": weight}, actor=actor)
        else:
            _set_group(work, key, weight)
            _fill_group(work, known, key, weight, actor)


def _equal(work: Work, known: Content, element: int | None, actor: int) -> None:
    """The equal part that the item has now is written down; its siblings without a weight get theirs."""
    asked = next((item for item in known.items if item.id == element), None)
    if asked is None:
        raise InvalidInput("letter.fix", "this item is no longer there", item=element)
    for item in weights.unweighted(known.items, known.groups):
        if item.group == asked.group:
            editing.write(work, item.id, {"weight": _own_scale(known, item.group, known.weights[item.id])}, actor=actor)


def _own_scale(known: Content, group: int | None, points: Decimal) -> Decimal:
    """Points of the letter as the group counts them: parts of 100 of its own points where it is relative."""
    found = next((each for each in known.groups if each.id == group), None)
    if found is None or not found.relative:
        return points
    whole = sum((known.weights[item.id] for item in known.scored if item.group == group), Decimal(0))
    return (points * 100 / whole).quantize(Decimal("0.01")) if whole else points


def _zero(work: Work, _known: Content, element: int | None, actor: int) -> None:
    editing.write(work, _named(element), {"weight": Decimal(0)}, actor=actor)


def _swap(work: Work, known: Content, element: int | None, actor: int) -> None:
    item = next((each for each in known.items if each.id == element), None)
    swapped: Any = smart.swapped(item) if item is not None else None
    if item is None or not swapped:
        raise InvalidInput("letter.fix", "swapping two values does not put them in order: correct them", item=element)
    editing.write(work, item.id, swapped, actor=actor)


def _named(element: int | None) -> int:
    if element is None:
        raise InvalidInput("letter.fix", "this repair needs its item", fix="zero")
    return element


def _set_group(work: Work, group: int, weight: Decimal) -> None:
    changed = update(GroupRow).where(GroupRow.id == group)
    work.session.execute(changed.values(weight=weight, revision=GroupRow.revision + 1))
