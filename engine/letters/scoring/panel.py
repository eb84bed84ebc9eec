"""PANEL: what raters gave, by groups with weights (domain.md §6)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import HUNDRED, ZERO, number, optional, result, show
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Facts, Rating, Score, Terms, unscored


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """The weighted mean of the groups' means. Unscored until every group has a rating."""
    if not facts.ratings:
        return unscored("ratings")
    weights = groups(terms)
    by_group: dict[str, list[Decimal]] = {}
    for rating in facts.ratings:
        check(rating, terms, rules)
        by_group.setdefault(_group(rating, weights), []).append(_points(rating, terms))
    if missing := sorted(set(weights) - set(by_group)):
        return unscored(f"ratings:{missing[0]}")
    parts = [(weights.get(name, HUNDRED), _mean(points)) for name, points in sorted(by_group.items())]
    whole = sum((weight for weight, _ in parts), ZERO)
    points = sum((weight * mean for weight, mean in parts), ZERO) / whole
    text = " + ".join(f"{show(weight / whole * HUNDRED)}% × {show(mean)}" for weight, mean in parts)
    return Score(points, f"{text} = {result(points)}", "panel")


def groups(terms: Terms) -> dict[str, Decimal]:
    """Rater groups with their weights; empty when everybody counts the same."""
    raters = terms.params.get("raters")
    if not isinstance(raters, Sequence) or isinstance(raters, str):
        return {}
    return {str(entry.get("role", entry.get("group", ""))): number(entry["weight"], "weight") for entry in raters}


def check(rating: Rating, terms: Terms, rules: Rules) -> None:
    """Refuse a rating outside its scale or level, or without the comment that an extreme one needs.

    Raises InvalidInput(`score.rating_scale`, `score.rating_level`, `score.rating_comment`).
    """
    points = _points(rating, terms)
    if not 0 <= points <= _most(terms):
        raise InvalidInput(
            "score.rating_scale",
            f"{rating.rater} gave {show(points)}; 0 to {show(_most(terms))} is the scale",
            rater=rating.rater,
            most=show(_most(terms)),
        )
    _check_level(rating, points, terms.params.get("levels"))
    extreme = points < rules.panel_comment_below or points > rules.panel_comment_above
    if extreme and not rating.comment.strip():
        raise InvalidInput(
            "score.rating_comment",
            f"{show(points)} needs a comment (below {show(rules.panel_comment_below)}"
            f" or above {show(rules.panel_comment_above)})",
            points=show(points),
        )


def _check_level(rating: Rating, points: Decimal, levels: Mapping[str, Sequence[Any]] | None) -> None:
    if not levels:
        return
    if rating.level is None or rating.level not in levels:
        raise InvalidInput("score.rating_level", "choose a level first", known="、".join(levels))
    low, high = (number(edge, "levels") for edge in levels[rating.level])
    if not low <= points <= high:
        raise InvalidInput(
            "score.rating_level",
            f"{rating.level} is {show(low)} to {show(high)}, not {show(points)}",
            known=f"{show(low)}–{show(high)}",
        )


def _most(terms: Terms) -> Decimal:
    scale = terms.params.get("scale")
    return number(scale[1], "scale") if scale else HUNDRED


def _points(rating: Rating, terms: Terms) -> Decimal:
    """One rater's points of 100; per criterion they are counted against what the criteria add up to."""
    if rating.criteria:
        most = [number(limit, "criteria") for limit in terms.params.get("criteria", [])]
        if len(most) != len(rating.criteria) or any(
            not 0 <= given <= limit for given, limit in zip(rating.criteria, most, strict=True)
        ):
            raise InvalidInput("score.rating_criteria", "one number per criterion, none above its limit")
        return sum(rating.criteria, ZERO) / sum(most, ZERO) * HUNDRED
    points = optional(rating.points, "points")
    if points is None:
        raise InvalidInput("score.rating_points", f"{rating.rater} gave no number", rater=rating.rater)
    return points


def _group(rating: Rating, weights: Mapping[str, Decimal]) -> str:
    if weights and rating.group not in weights:
        known = "、".join(weights)
        raise InvalidInput("score.rating_group", f"{rating.group!r} is no rater group: {known}", known=known)
    return rating.group if weights else ""


def _mean(points: Sequence[Decimal]) -> Decimal:
    return sum(points, ZERO) / len(points)
