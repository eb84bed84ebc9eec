"""RATIO: points in proportion to attainment (domain.md §6)."""

from decimal import Decimal

from engine.letters.scoring.exact import HUNDRED, ZERO, number, optional, result, show
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Facts, Score, Terms, unscored
from engine.letters.scoring.units import attainment, positive_target


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """100·A/T (higher) or 100·(2 − A/T) (lower); 0 below the share of the target that the regulation asks for."""
    if facts.actual is None:
        return unscored("actual")
    wanted, actual = positive_target(terms), number(facts.actual, "actual")
    share = attainment(actual, wanted, terms.direction)
    quotient = f"{show(actual)} ÷ {show(wanted)}"
    text = f"2 − {quotient}" if terms.direction is Direction.LOWER else quotient
    least = _least(terms, rules)
    if share < least:
        return Score(ZERO, f"{text} = {show(share)} < {show(least)} → 0.00", "below_floor_share")
    points = HUNDRED * share
    return Score(points, f"100 × ({text}) = {result(points)}", "proportional")


def _least(terms: Terms, rules: Rules) -> Decimal:
    if terms.zero_below is not None:
        return terms.zero_below
    given = optional(terms.params.get("zero_below"), "zero_below")
    return rules.ratio_zero_below if given is None else given
