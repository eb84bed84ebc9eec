"""Rule 5: what is handed down is at least what is owed above; twelve months make the year (REQ-078)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import on_item
from engine.letters.draft_rules.surroundings import Child, Surroundings
from engine.letters.items import ItemView
from engine.letters.kinds import Direction, Kind, Level

REMEDY = "raise the parts, or ask OPS for consent"


def check(content: Content, around: Surroundings) -> Iterator[Finding]:
    """Additive KPIs whose parts do not reach the whole: below this draft, beside it, and month by month."""
    for item in content.items:
        if item.kind is not Kind.KPI or item.direction is Direction.LOWER:
            continue
        if item.additive and item.target is not None:
            yield from _below(content, item, around.children)
            yield from _slices(content, item)
        parent = around.parents.get(item.parent) if item.parent is not None else None
        if parent is not None and parent.additive and parent.target is not None:
            yield from _above(content, item, parent, around)


def _below(content: Content, item: ItemView, children: Sequence[Child]) -> Iterator[Finding]:
    below = [child for child in children if child.parent == item.id]
    same = [child for child in below if child.level is content.letter.level]
    months = [child for child in below if child.level is Level.MONTH]
    for parts in (same, months if _full_year(months) else []):
        total = _sum(parts)
        if parts and item.target is not None and total < item.target:
            yield _short(content, item, "5.children", total, item.target)


def _above(content: Content, item: ItemView, parent: ItemView, around: Surroundings) -> Iterator[Finding]:
    owner = around.parent_letters.get(parent.letter)
    level = owner.level if owner else content.letter.level
    parts = [child for child in around.children if child.parent == parent.id and child.level is content.letter.level]
    if content.letter.level is not level and not _full_year(parts):
        return
    total = _sum(parts)
    if parent.target is not None and total < parent.target:
        yield _short(content, item, "5.parent", total, parent.target, parent=parent.name)


def _full_year(parts: Sequence[Child]) -> bool:
    return len({child.period for child in parts}) == 12


def _sum(parts: Sequence[Child]) -> Decimal:
    return sum((child.target for child in parts if child.target is not None), Decimal(0))


def _slices(content: Content, item: ItemView) -> Iterator[Finding]:
    parts = [_number(part.get("target")) for part in item.slices]
    known = [part for part in parts if part is not None]
    whole = len(known) in (4, 12) and len(known) == len(parts)
    if whole and item.target is not None and sum(known, Decimal(0)) < item.target:
        yield _short(content, item, "5.slices", sum(known, Decimal(0)), item.target)


def _number(value: Any) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None


def _short(content: Content, item: ItemView, code: str, total: Decimal, target: Decimal, **fields: Any) -> Finding:
    message = f"the parts sum to {total}, less than {target}"
    return on_item(
        content, item, code, message, REMEDY, warn=True, field="target", total=total, target=target, **fields
    )
