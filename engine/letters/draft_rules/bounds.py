"""Rule 2: how many items, how much of it key, and a period that runs forward (REQ-057)."""

from collections.abc import Iterator
from decimal import Decimal

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import blocking, doubtful, on_item
from engine.letters.draft_rules.weighting import percent
from engine.letters.kinds import Importance, WeightMode


def check(content: Content) -> Iterator[Finding]:
    """What is wrong with the number of items, the key weights, the period."""
    yield from _count(content)
    if content.letter.weight_mode is WeightMode.WEIGHTED:
        yield from _key(content)
    yield from _period(content)


def _count(content: Content) -> Iterator[Finding]:
    level = content.letter.level
    drafting = content.parameters.drafting
    low, high = drafting.items_min.get(level, 5), drafting.items_max.get(level, 15)
    items = len(content.scored)
    # a letter of many lines in few blocks is read by its blocks
    blocks = len({item.group for item in content.scored if item.group}) + sum(not item.group for item in content.scored)
    if not (low <= items <= high or low <= blocks <= high):
        yield doubtful(
            "2.count",
            f"{items} weighted items, expected {low} to {high}",
            "merge or split items, or ask OPS for consent",
            count=items,
            low=low,
            high=high,
        )


def _key(content: Content) -> Iterator[Finding]:
    drafting = content.parameters.drafting
    key = [item for item in content.scored if item.importance is Importance.KEY]
    total = percent(content, sum((content.weights.get(item.id, Decimal(0)) for item in key), Decimal(0)))
    if total < drafting.key_total:
        yield blocking(
            "2.key_total",
            f"key items weigh {total:.2f} %, expected at least {drafting.key_total}",
            "mark more items as key or raise their weights",
            total=total,
            low=drafting.key_total,
        )
    for item in key:
        weight = percent(content, content.weights.get(item.id, Decimal(0)))
        if weight < drafting.key_each:
            yield on_item(
                content,
                item,
                "2.key_each",
                f"a key item weighs {weight:.2f} %, expected at least {drafting.key_each}",
                "raise it, or make it no key item",
                field="weight",
                weight=weight,
                low=drafting.key_each,
            )


def _period(content: Content) -> Iterator[Finding]:
    start, end = content.letter.starts_on, content.letter.ends_on
    if start is None or end is None or start >= end:
        yield blocking(
            "2.period",
            f"the period runs from {start} to {end}",
            "enter a first day that lies before the last",
            start=start,
            end=end,
        )
