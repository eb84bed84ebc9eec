"""INTERP: straight lines between threshold, target and challenge, or between points of one's own (domain.md §6)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import HUNDRED, ZERO, number, result, show
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Facts, Score, Terms, unscored
from engine.letters.scoring.units import converted, target

Anchor = tuple[Decimal, Decimal]
"""A value and the points of 100 it is worth."""


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """Points on the line between the two anchors around the actual value; 0 beyond the worst, flat beyond the best."""
    if facts.actual is None:
        return unscored("actual")
    actual = number(facts.actual, "actual")
    line = anchors(terms, rules)
    lower = terms.direction is Direction.LOWER
    if lower:
        line = [(-value, points) for value, points in line]
    found = _on(line, -actual if lower else actual, bool(terms.params.get("extrapolate")))
    return _told(found, line, actual, -1 if lower else 1)


def anchors(terms: Terms, rules: Rules) -> list[Anchor]:
    """The anchors from worst to best; a threshold that is missing follows from the target.

    Raises InvalidInput(`score.range_needs_band`) for RANGE, (`score.anchor_order`) where two anchors are out of order.
    """
    if terms.direction is Direction.RANGE:
        raise InvalidInput("score.range_needs_band", "INTERP has one better side: use BAND or STEP for a range")
    own = terms.params.get("points")
    line = _own(terms, own) if own else _standard(terms, rules)
    ordered = [-value for value, _ in line] if terms.direction is Direction.LOWER else [value for value, _ in line]
    if any(second <= first for first, second in pairwise(ordered)):
        listed = ", ".join(show(value) for value, _ in line)
        raise InvalidInput(
            "score.anchor_order", f"threshold, target and challenge are {listed}: each must be better", values=listed
        )
    return line


def _standard(terms: Terms, rules: Rules) -> list[Anchor]:
    wanted = target(terms)
    worst = terms.threshold if terms.threshold is not None else _default_threshold(wanted, terms, rules)
    line = [(worst, rules.interp_threshold_points), (wanted, HUNDRED)]
    if terms.challenge is not None:
        line.append((terms.challenge, rules.interp_challenge_points))
    return line


def _default_threshold(wanted: Decimal, terms: Terms, rules: Rules) -> Decimal:
    lower = terms.direction is Direction.LOWER
    share = rules.interp_threshold_share_lower if lower else rules.interp_threshold_share
    # a share of a negative target lies on its better side: the distance counts, not the sign
    return wanted + abs(wanted) * (share - 1)


def _own(terms: Terms, given: Sequence[Sequence[object]]) -> list[Anchor]:
    return [(number(value, "points"), converted(number(points, "points"), terms)) for value, points in given]


def _on(line: Sequence[Anchor], at: Decimal, extrapolate: bool) -> tuple[str, Anchor, Anchor, Decimal]:
    pairs = list(pairwise(line))
    if at < line[0][0] and not extrapolate:
        return "below_threshold", *pairs[0], ZERO
    if at > line[-1][0] and not extrapolate:
        return "best", *pairs[-1], line[-1][1]
    low, high = next((pair for pair in pairs if at <= pair[1][0]), pairs[-1])
    return "between", low, high, low[1] + (high[1] - low[1]) * (at - low[0]) / (high[0] - low[0])


def _told(found: tuple[str, Anchor, Anchor, Decimal], line: Sequence[Anchor], actual: Decimal, sign: int) -> Score:
    branch, low, high, points = found
    if branch == "below_threshold":
        worse = "<" if sign == 1 else ">"
        return Score(points, f"{show(actual)} {worse} {show(sign * line[0][0])} → 0.00", branch)
    if branch == "best":
        better = ">" if sign == 1 else "<"
        return Score(points, f"{show(actual)} {better} {show(sign * line[-1][0])} → {result(points)}", branch)
    left, right = show(sign * low[0]), show(sign * high[0])
    rise = f"({show(high[1])} − {show(low[1])}) × ({show(actual)} − {left}) ÷ ({right} − {left})"
    return Score(points, f"{show(low[1])} + {rise} = {result(points)}", branch)
