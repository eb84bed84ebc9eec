"""Rule 8: a target worse than what was reached before is doubtful and caps the bonus (`domain.md` §6, REQ-136)."""

from collections.abc import Iterator
from decimal import Decimal

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import on_item
from engine.letters.items import ItemView
from engine.letters.kinds import Direction


def check(content: Content) -> Iterator[Finding]:
    """Targets below the base value."""
    for item in content.items:
        base = of(item)
        if base is None or item.target is None or not _worse(item.direction, item.target, base):
            continue
        yield on_item(
            content,
            item,
            "8.worse",
            f"target {item.target} is worse than the base value {base}",
            "raise the target, or ask OPS for consent; the bonus is capped",
            warn=True,
            field="target",
            target=item.target,
            base=base,
        )


def of(item: ItemView) -> Decimal | None:
    """The base value: the easier of last year and the three-year mean, else an entered baseline; None is unknown."""
    known = [value for value in (item.last_year, item.three_year_mean) if value is not None]
    if not known:
        return item.baseline
    return max(known) if item.direction is Direction.LOWER else min(known)


def _worse(direction: Direction | None, target: Decimal, base: Decimal) -> bool:
    if direction is Direction.LOWER:
        return target > base
    return direction is Direction.HIGHER and target < base
