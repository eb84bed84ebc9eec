"""Effective weights through the groups, in whole hundredths; filling, carving, giving away: sums stay exact."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from engine.letters.groups import GroupView
from engine.letters.items import ItemView
from engine.letters.kinds import GroupMode

HUNDRED = 100


def effective(
    items: Sequence[ItemView], groups: Sequence[GroupView], full_score: Decimal = Decimal(100)
) -> Mapping[int, Decimal]:
    """The points each scored item stands for in the letter, by item; two decimals that sum exactly.

    A weight is in points, or in parts of 100 of a `relative` group; items without one share what their siblings leave,
    equally. In a POOL or PRODUCT the group's own points count, split among its items in proportion (`domain.md` §1).
    """
    scored = [item for item in items if item.scored]
    found: dict[int, Fraction] = {}
    _spread(None, Fraction(full_score), scored, groups, found)
    return _hundredths(found)


def total(weights: Mapping[int, Decimal]) -> Decimal:
    """What the weights sum to."""
    return sum(weights.values(), Decimal(0))


def unweighted(items: Sequence[ItemView], groups: Sequence[GroupView]) -> list[ItemView]:
    """Scored items that take an equal part because they have no weight of their own and nobody confirmed it."""
    confirmed = {group.id for group in groups if group.equal_confirmed}
    return [item for item in items if item.scored and item.weight is None and item.group not in confirmed]


def fill(weights: Mapping[int, Decimal | None], full: Decimal) -> Mapping[int, Decimal]:
    """The same proportions, summing exactly to `full`; items without a weight first get the mean of the others.

    With no weight at all everybody gets an equal part (`domain.md` §3: mechanical repair is offered, never silent).
    """
    known = [Fraction(weight) for weight in weights.values() if weight is not None and weight > 0]
    mean = sum(known, Fraction(0)) / len(known) if known else Fraction(1)
    wanted = {key: Fraction(weight) if weight and weight > 0 else mean for key, weight in weights.items()}
    return _scale(wanted, full)


def give_away(
    weights: Mapping[int, Decimal], leaving: int, receivers: Sequence[int], *, full: Decimal
) -> Mapping[int, Decimal]:
    """Weights after `leaving` went: its points go to `receivers` pro rata, to all others when there are none (§9)."""
    others = {key: Fraction(weight) for key, weight in weights.items() if key != leaving}
    chosen = [key for key in receivers if key in others] or list(others)
    freed = Fraction(weights.get(leaving, Decimal(0)))
    base = sum((others[key] for key in chosen), Fraction(0))
    for key in chosen:
        others[key] += freed * (others[key] / base if base else Fraction(1, len(chosen)))
    return _scale(others, full)


def carve(weights: Mapping[int, Decimal], newcomer: int, points: Decimal, *, full: Decimal) -> Mapping[int, Decimal]:
    """Weights after `newcomer` took `points` from all others pro rata (§9)."""
    rest = _scale({key: Fraction(weight) for key, weight in weights.items()}, full - points)
    return {**rest, newcomer: points}


def _spread(
    parent: GroupView | None,
    points: Fraction,
    items: Sequence[ItemView],
    groups: Sequence[GroupView],
    found: dict[int, Fraction],
) -> None:
    own = [item for item in items if item.group == (parent.id if parent else None)]
    below = [group for group in groups if group.parent == (parent.id if parent else None)]
    below = [group for group in below if _holds(group, items, groups)]
    parts = _parts(parent, points, own, below)
    for item, part in zip(own, parts, strict=False):
        found[item.id] = part
    for group, part in zip(below, parts[len(own) :], strict=True):
        _spread(group, part, items, groups, found)


def _parts(
    parent: GroupView | None, points: Fraction, own: Sequence[ItemView], below: Sequence[GroupView]
) -> list[Fraction]:
    weights = [item.weight for item in own] + [group.weight for group in below]
    relative = parent is not None and parent.relative
    scale = points / HUNDRED if relative else Fraction(1)
    known = [None if weight is None else Fraction(weight) * scale for weight in weights]
    missing = sum(part is None for part in known)
    left = max(points - sum((part for part in known if part is not None), Fraction(0)), Fraction(0))
    parts = [left / missing if part is None else part for part in known]
    if parent is not None and parent.mode is not GroupMode.SUM:
        parts = _within(parts, points)
    return parts


def _within(parts: list[Fraction], points: Fraction) -> list[Fraction]:
    base = sum(parts, Fraction(0))
    return [points * part / base if base else points / len(parts) for part in parts]


def _holds(group: GroupView, items: Sequence[ItemView], groups: Sequence[GroupView]) -> bool:
    return any(item.group == group.id for item in items) or any(
        _holds(child, items, groups) for child in groups if child.parent == group.id
    )


def _scale(wanted: Mapping[int, Fraction], full: Decimal) -> Mapping[int, Decimal]:
    base = sum(wanted.values(), Fraction(0))
    if not wanted:
        return {}
    share = {key: (part / base if base else Fraction(1, len(wanted))) * Fraction(full) for key, part in wanted.items()}
    return _hundredths(share)


def _hundredths(parts: Mapping[int, Fraction]) -> Mapping[int, Decimal]:
    """Two decimals each; the largest remainders get the hundredths that rounding down left over."""
    whole = {key: part * HUNDRED // 1 for key, part in parts.items()}
    exact = sum(parts.values(), Fraction(0)) * HUNDRED
    over = int(exact + Fraction(1, 2)) - sum(whole.values())
    ranked = sorted(parts, key=lambda key: (whole[key] - parts[key] * HUNDRED, key))
    for key in ranked[:over]:
        whole[key] += 1
    return {key: Decimal(int(count)) / HUNDRED for key, count in whole.items()}
