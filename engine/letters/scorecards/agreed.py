"""From an item as kept to the terms that scoring computes with, adjustments included (domain.md §6, §9)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from engine.letters.effects import ScoreEffect
from engine.letters.items import ItemView
from engine.letters.kinds import Direction, EffectKind, Kind, Method, Origin, WeightMode
from engine.letters.scoring import sandbag
from engine.letters.scoring.exact import HUNDRED, number, optional
from engine.letters.scoring.terms import Terms


def terms(item: ItemView, weight: Decimal, mode: WeightMode, effects: Iterable[ScoreEffect] = ()) -> Terms:
    """What was agreed about an item; `weight` is effective, in points of the letter."""
    own = [effect for effect in effects if effect.item == item.id]
    factors = [effect.value for effect in own if effect.kind is EffectKind.FACTOR]
    caps = [effect.value for effect in own if effect.kind is EffectKind.CAP]
    free = sum((effect.value for effect in own if effect.kind is EffectKind.FREE_LATE_DAYS), Decimal(0))
    factor = Decimal(1)
    for each in factors:
        factor *= each
    return Terms(
        method=item.method,
        kind=str(item.kind),
        direction=item.direction,
        target=item.target if item.target is not None else item.target_text or None,
        threshold=item.threshold,
        challenge=item.challenge,
        base=base(item),
        weight=weight,
        cap=item.cap,
        floor=item.floor,
        uncapped=item.uncapped,
        max_plus=item.max_plus,
        max_minus=item.max_minus,
        zero_below=item.zero_below,
        params={**item.params, **({"free_days": free} if free else {}), **_year(item)},
        signed=signed(item, mode),
        carried_over=item.origin is Origin.CARRY_OVER,
        factor=factor,
        factor_cap=min(caps) if caps else None,
    )


def signed(item: ItemView, mode: WeightMode) -> bool:
    """Whether an item yields signed points of the letter instead of points of 100."""
    return item.kind in (Kind.BONUS, Kind.DEDUCT) or mode is WeightMode.BASE_ADJUST


def base(item: ItemView) -> Decimal | None:
    """What the target is measured against: last year and three years as far as known, else the baseline."""
    known = [value for value in (item.last_year, item.three_year_mean) if value is not None]
    if not known:
        return item.baseline
    return sandbag.base(item.direction or Direction.HIGHER, known[0], known[-1])


def part(item: ItemView, whole: Terms, sub: Mapping[str, Any], count: int) -> Terms:
    """The terms of one sub-item: its own target, method and parameters, else those of its item."""
    given = sub.get("target")
    method = sub.get("method") or item.method
    return replace(
        whole,
        method=Method(method),
        target=given if given not in (None, "") else whole.target,
        threshold=optional(sub.get("threshold"), "threshold"),
        challenge=optional(sub.get("challenge"), "challenge"),
        base=None,
        params=sub.get("params") or whole.params,
        weight=whole.weight * part_weight(sub, count) / HUNDRED,
        factor=Decimal(1),
        factor_cap=None,
        carried_over=False,
    )


def part_weight(sub: Mapping[str, Any], count: int) -> Decimal:
    """A sub-item's weight in parts of 100 of its item; equal parts where none is given."""
    given = sub.get("weight")
    return HUNDRED / count if given in (None, "") else number(given, "weight")


def scored_parts(item: ItemView) -> Sequence[Mapping[str, Any]]:
    """The sub-items that are scored one by one: all, when at least one has a method of its own."""
    return item.sub_items if any(sub.get("method") for sub in item.sub_items) else ()


def _year(item: ItemView) -> dict[str, int]:
    """Bands over dates without a year belong to the year the item is due or starts in."""
    day = item.due or item.starts_on
    return {"year": day.year} if day is not None and "year" not in item.params else {}
