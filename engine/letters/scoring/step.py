"""STEP: so many points more or less for every unit better or worse than the target (domain.md §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import HUNDRED, ZERO, number, optional, result, show, steps
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Facts, Score, Terms, unscored
from engine.letters.scoring.units import converted, positive_target, start, target

_SHARES = {"pct_of_target": HUNDRED, "permille": Decimal(1000), "permille_of_budget": Decimal(1000)}
_PLAIN = {"pp", "abs", "day", "hour"}


@dataclass(frozen=True)
class Steps:
    """The rule's parameters, read and completed with the regulation's defaults; amounts in the rule's own points."""

    size: Decimal
    unit: str
    plus: Decimal
    minus: Decimal
    round_plus: str
    round_minus: str
    max_plus: Decimal | None
    max_minus: Decimal | None
    allowance: Decimal
    zero_beyond: Decimal | None


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """100 (or 0 for signed items) plus or minus the points of whole steps, each side within its limit."""
    if facts.actual is None:
        return unscored("actual")
    if rows := terms.params.get("rows"):
        return _counted_rows(terms, facts, rows)
    rule, actual = read(terms, rules), number(facts.actual, "actual")
    if "per" in terms.params:
        return _per(terms, rule, actual)
    distance = _distance(terms, rule, actual)
    if rule.zero_beyond is not None and -distance > rule.zero_beyond:
        return Score(ZERO, f"{show(-distance)} > {show(rule.zero_beyond)} → 0.00", "zero")
    return _counted(terms, rule, distance)


def read(terms: Terms, rules: Rules) -> Steps:
    """The parameters of a STEP item.

    One side that is not named gives nothing; with neither named the regulation's step and its limits hold.
    A rule of one's own has only the limits that it writes, in the points it counts in.
    Raises InvalidInput(`score.step_unit`, `score.number`).
    """
    params = terms.params
    unit = str(params.get("step_unit", "pct_of_target")).split(" ")[0]
    if unit not in _SHARES and unit not in _PLAIN:
        raise InvalidInput("score.step_unit", f"step_unit is {unit!r}: use {_units()}", unit=unit, known=_units())
    own = bool({"plus", "minus"} & params.keys())
    default = ZERO if own else rules.step_points
    limit = None if own or terms.signed else rules.step_max
    rounding = _roundings(params)
    return Steps(
        size=number(params.get("step", params.get("per", rules.step_size)), "step"),
        unit=unit,
        plus=number(params.get("plus", default), "plus"),
        minus=number(params.get("minus", default), "minus"),
        round_plus=rounding["plus"],
        round_minus=rounding["minus"],
        max_plus=_limit(terms, "max_plus", limit),
        max_minus=_limit(terms, "max_minus", limit),
        allowance=number(params.get("allowance", 0), "allowance"),
        zero_beyond=optional(params.get("zero_beyond"), "zero_beyond"),
    )


def _units() -> str:
    return ", ".join(sorted(_SHARES.keys() | _PLAIN))


def _limit(terms: Terms, name: str, default: Decimal | None) -> Decimal | None:
    """The most that one side moves, in points of 100 of the item; the item's own field wins over the parameter."""
    agreed = getattr(terms, name)
    own = agreed if agreed is not None else optional(terms.params.get(name), name)
    return default if own is None else converted(own, terms)


def _roundings(params: Mapping[str, Any]) -> dict[str, str]:
    """`round_plus`, `round_minus`; `part_step` (`ceil`, `minus:ceil, plus:floor`) says the same in one text."""
    found = {"plus": "floor", "minus": "floor"}
    for part in str(params.get("part_step", "")).replace("unstated", "").split(","):
        side, _, how = part.strip().rpartition(":")
        if how:
            found.update(dict.fromkeys([side] if side else found, how))
    return {side: str(params.get(f"round_{side}", how)) for side, how in found.items()}


def _distance(terms: Terms, rule: Steps, actual: Decimal) -> Decimal:
    """How far the result is on the better side, in the rule's unit; negative on the worse side, allowance taken off."""
    if terms.direction is Direction.RANGE:
        low, high = number(terms.params.get("low"), "low"), number(terms.params.get("high"), "high")
        better = min(actual - low, high - actual, ZERO)
    else:
        better = target(terms) - actual if terms.direction is Direction.LOWER else actual - target(terms)
    if share := _SHARES.get(rule.unit):
        better = better / positive_target(terms) * share
    if rule.allowance and better < 0:
        return min(better + rule.allowance, ZERO)
    return better


def _counted(terms: Terms, rule: Steps, distance: Decimal) -> Score:
    better = distance >= 0
    count = steps(abs(distance), rule.size, rule.round_plus if better else rule.round_minus)
    amount, most = (rule.plus, rule.max_plus) if better else (rule.minus, rule.max_minus)
    gained = converted(count * amount, terms)
    limited = most is not None and gained > most
    moved = most if limited and most is not None else gained
    points = start(terms) + (moved if better else -moved)
    sign = "+" if better else "−"
    each = show(converted(amount, terms))
    text = f"{show(start(terms))} {sign} {show(count)} × {each}"
    if limited:
        text += f" (≤ {show(most)})"
    return Score(points, f"{text} = {result(points)}", "better" if better else "worse")


def _per(terms: Terms, rule: Steps, actual: Decimal) -> Score:
    """`per`: so many points for each one done; a target, where there is one, is what earns the start value."""
    wanted = target(terms) if terms.target not in (None, "") else ZERO
    return _counted(terms, rule, actual - wanted)


def _counted_rows(terms: Terms, facts: Facts, rows: Mapping[str, Any]) -> Score:
    """`rows`: points per kind of thing achieved; the actual value says how many of each (`{kind: count}`)."""
    done = facts.actual if isinstance(facts.actual, Mapping) else {str(facts.actual): 1}
    if unknown := sorted(set(map(str, done)) - set(map(str, rows))):
        raise InvalidInput("score.row_unknown", f"{unknown[0]!r} is no row of the rule", row=unknown[0])
    parts = [(number(count, "count"), number(rows[kind], "rows")) for kind, count in done.items()]
    gained = converted(sum((count * each for count, each in parts), ZERO), terms)
    most = _limit(terms, "max_plus", None)
    points = start(terms) + (min(gained, most) if most is not None else gained)
    text = " + ".join(f"{show(count)} × {show(each)}" for count, each in parts) or "0"
    return Score(points, f"{text} = {result(points)}", "rows")
