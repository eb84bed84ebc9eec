"""MILESTONE: what a deliverable is worth by its day and its quality (domain.md §6)."""

from dataclasses import dataclass
from decimal import Decimal

from engine.letters.scoring.exact import HUNDRED, ZERO, clamp, number, optional, result, show, steps
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Delivery, Facts, Score, Terms, unscored
from engine.letters.scoring.units import converted


@dataclass(frozen=True)
class Lateness:
    """Points per so many days late; free days; from which day on nothing is left; the bonus for being early."""

    points: Decimal
    days: Decimal
    free: Decimal
    zero_from: Decimal | None
    early: Decimal
    early_max: Decimal


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """The weighted sum of its deliverables; a final one that is missing or failed gives 0 and carries the item over."""
    if not facts.deliveries:
        return unscored("deliveries") if facts.actual is None else _counted(terms, facts, rules)
    if any(delivery.submitted is not None and delivery.result == "PENDING" for delivery in facts.deliveries):
        return unscored("review")
    rule = read(terms, rules)
    parts = [(delivery, *_one(delivery, rule, rules)) for delivery in facts.deliveries]
    if any(delivery.final and not _arrived(delivery) for delivery in facts.deliveries):
        lost = next(text for delivery, _, text in parts if delivery.final and not _arrived(delivery))
        return Score(ZERO, lost, "not_delivered", carry_over=True)
    whole = sum((delivery.weight for delivery, _, _ in parts), ZERO)
    points = sum((delivery.weight * worth_ for delivery, worth_, _ in parts), ZERO) / whole
    if len(parts) == 1:
        return Score(points, parts[0][2], "delivered")
    text = " + ".join(f"{show(delivery.weight / whole * HUNDRED)}% × [{told}]" for delivery, _, told in parts)
    return Score(points, f"{text} = {result(points)}", "delivered")


def _counted(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """Without deliverables the actual value says how many days late it was (negative: early)."""
    points, text = _by_day(number(facts.actual, "actual"), read(terms, rules))
    return Score(points, f"{text} = {result(points)}", "days")


def read(terms: Terms, rules: Rules) -> Lateness:
    """The item's lateness, completed from the regulation; `per_day`, or `per_days` with `minus`, give its points."""
    params = terms.params
    own = params.get("per_day", params.get("minus"))
    points = rules.milestone_points if own is None else converted(number(own, "per_day"), terms)
    return Lateness(
        points=points,
        days=number(params.get("per_days", rules.milestone_days), "per_days"),
        free=number(params.get("free_days", 0), "free_days"),
        zero_from=optional(params.get("zero_from_day"), "zero_from_day"),
        early=converted(number(params.get("early_bonus", 0), "early_bonus"), terms),
        early_max=converted(number(params.get("early_max", 0), "early_max"), terms),
    )


def _arrived(delivery: Delivery) -> bool:
    return delivery.submitted is not None and delivery.result != "FAIL"


def _one(delivery: Delivery, rule: Lateness, rules: Rules) -> tuple[Decimal, str]:
    if delivery.submitted is None:
        return ZERO, f"{delivery.name}: — → 0.00"
    if delivery.result == "FAIL":
        return ZERO, f"{delivery.name}: FAIL → 0.00"
    points, text = _by_day(Decimal((delivery.submitted - delivery.due).days), rule)
    quality = rules.milestone_conditional if delivery.result == "CONDITIONAL" and not delivery.cured else Decimal(1)
    if quality == 1:
        return points, f"{text} = {result(points)}"
    points *= quality
    return points, f"({text}) × {show(quality)} = {result(points)}"


def _by_day(late: Decimal, rule: Lateness) -> tuple[Decimal, str]:
    if late < 0:
        bonus = min(-late * rule.early, rule.early_max)
        return HUNDRED + bonus, f"100 + {show(bonus)}" if bonus else "100"
    counted = clamp(late - rule.free, ZERO, None)
    if rule.zero_from is not None and counted >= rule.zero_from:
        return ZERO, f"{show(counted)} ≥ {show(rule.zero_from)} → 0"
    times = steps(counted, rule.days, "ceil")
    points = clamp(HUNDRED - rule.points * times, ZERO, None)
    return points, f"100 − {show(rule.points)} × {show(times)}"
