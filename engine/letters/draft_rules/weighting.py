"""Rule 1: weights sum to the full score, each within bounds; other kinds carry none (REQ-054, REQ-057)."""

from collections.abc import Iterator
from decimal import Decimal

from engine.kernel.findings import Finding
from engine.letters import weights
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import blocking, on_group, on_item
from engine.letters.groups import GroupView
from engine.letters.items import ItemView
from engine.letters.kinds import GroupMode, WeightMode

MAX_LEVELS = 3


def check(content: Content) -> Iterator[Finding]:
    """What is wrong with the weights of a draft."""
    if content.letter.weight_mode is WeightMode.BASE_ADJUST:
        yield from _signed_points(content)
        return
    yield from _sum(content)
    yield from _each(content)
    yield from _none_elsewhere(content)
    for group in content.groups:
        yield from _group(content, group)


def _sum(content: Content) -> Iterator[Finding]:
    full, total = content.letter.full_score, weights.total(content.weights)
    if total != full:
        left = full - total
        yield blocking(
            "1.sum",
            f"the weights sum to {total}, expected {full}",
            f"{'add' if left > 0 else 'take away'} {abs(left)}, or fill pro rata",
            total=total,
            full=full,
            left=left,
            fix="normalise",
        )


def _each(content: Content) -> Iterator[Finding]:
    bounds = content.parameters.drafting
    without = {item.id for item in weights.unweighted(content.items, content.groups)}
    for item in content.scored:
        if item.id in without:
            yield on_item(
                content,
                item,
                "1.missing",
                "no weight",
                "enter one, or confirm equal parts",
                field="weight",
                fix="equal",
            )
            continue
        weight = content.weights.get(item.id, Decimal(0))
        if weight <= 0:
            yield on_item(
                content,
                item,
                "1.not_positive",
                f"weight is {weight}",
                f"enter {bounds.weight_min} to {bounds.weight_max}",
                field="weight",
                weight=weight,
            )
        elif not bounds.weight_min <= percent(content, weight) <= bounds.weight_max:
            yield on_item(
                content,
                item,
                "1.bounds",
                f"weight {weight} lies outside {bounds.weight_min} to {bounds.weight_max} %",
                "change it, or ask OPS for consent",
                warn=True,
                field="weight",
                weight=weight,
                low=bounds.weight_min,
                high=bounds.weight_max,
            )


def percent(content: Content, weight: Decimal) -> Decimal:
    """A weight in percent of the letter's full score."""
    return weight * 100 / content.letter.full_score


def _none_elsewhere(content: Content) -> Iterator[Finding]:
    for item in content.items:
        if not item.kind.weighted and item.weight:
            yield on_item(
                content,
                item,
                "1.no_weight",
                f"a {item.kind} carries no weight, here {item.weight}",
                "set it to 0",
                field="weight",
                kind=item.kind,
                weight=item.weight,
                fix="zero",
            )


def _group(content: Content, group: GroupView) -> Iterator[Finding]:
    if _level(content, group) > MAX_LEVELS:
        yield on_group(group, "1.depth", f"group {group.name} lies deeper than three levels", "move it up")
    if group.mode is not GroupMode.SUM or group.weight is None:
        return
    parts = _parts(content, group)
    if not parts or any(part is None for part in parts):
        return
    expected = Decimal(100) if group.relative else group.weight
    total = sum((part for part in parts if part is not None), Decimal(0))
    if total != expected:
        yield on_group(
            group,
            "1.group",
            f"the parts of group {group.name} sum to {total}, expected {expected}",
            "correct them, or fill pro rata",
            total=total,
            expected=expected,
            fix="normalise_group",
        )


def _parts(content: Content, group: GroupView) -> list[Decimal | None]:
    own: list[Decimal | None] = [item.weight for item in content.scored if item.group == group.id]
    return own + [below.weight for below in content.groups if below.parent == group.id]


def _level(content: Content, group: GroupView) -> int:
    above = {each.id: each for each in content.groups}
    level, at = 1, group
    while at.parent is not None and at.parent in above:
        level, at = level + 1, above[at.parent]
    return level


def _signed_points(content: Content) -> Iterator[Finding]:
    for item in content.items:
        if item.kind.weighted and not _has_points(item):
            yield on_item(
                content,
                item,
                "1.points",
                "neither a maximum of points to add nor one to take away",
                "enter one of the two",
                field="max_plus",
            )


def _has_points(item: ItemView) -> bool:
    return item.max_plus is not None or item.max_minus is not None
