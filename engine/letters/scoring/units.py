"""How far a result is from its target, and what one point of a rule is worth in the score of its item."""

from decimal import Decimal

from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import HUNDRED, number
from engine.letters.scoring.terms import Direction, Terms


def converted(amount: Decimal, terms: Terms) -> Decimal:
    """An amount of the rule in points of 100 of its item.

    `score_unit: points` counts in points of the letter (扣1分 of an item of weight 5 is 20 of 100); anything else in
    points of the item's 100. A rule that writes its own base (100−差错数×10) counts in the base's points.
    Signed items count in points of the letter anyway.
    Raises InvalidInput(`score.weight_missing`) for points of the letter on an item without weight.
    """
    params = terms.params
    unit = params.get("base_unit", "item") if "base" in params else params.get("score_unit", "item")
    if terms.signed or unit != "points":
        return amount
    if terms.weight <= 0:
        raise InvalidInput(
            "score.weight_missing", "the rule counts in points of the letter: give the item a weight above 0"
        )
    return amount * HUNDRED / terms.weight


def start(terms: Terms) -> Decimal:
    """What an item has before anything is added or deducted: 100, or 0 for signed items; `base` overrides it."""
    given = terms.params.get("base")
    if given is not None:
        return converted(number(given, "base"), terms)
    return Decimal(0) if terms.signed else HUNDRED


def target(terms: Terms) -> Decimal:
    """The target as a number. Raises InvalidInput(`score.target_missing`) where there is none."""
    if terms.target is None or terms.target == "":
        raise InvalidInput("score.target_missing", "the method needs a target: enter one")
    return number(terms.target, "target")


def positive_target(terms: Terms) -> Decimal:
    """The target where a method divides by it.

    Raises InvalidInput(`score.target_not_positive`): a share of zero or of a loss means nothing, use BAND.
    """
    wanted = target(terms)
    if wanted <= 0:
        raise InvalidInput(
            "score.target_not_positive",
            f"the target is {wanted}; {terms.method} divides by it and needs more than 0: use BAND or INTERP",
            target=str(wanted),
            method=str(terms.method),
        )
    return wanted


def attainment(actual: Decimal, wanted: Decimal, direction: Direction | None) -> Decimal:
    """r of domain.md §6: A/T, or 2 − A/T where lower is better."""
    return 2 - actual / wanted if direction is Direction.LOWER else actual / wanted
