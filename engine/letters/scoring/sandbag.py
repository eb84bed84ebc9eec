"""A target worse than what was reached before limits what can be scored (domain.md §6, anti-sandbagging)."""

from decimal import Decimal

from engine.letters.scoring.exact import HUNDRED, optional
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Terms


def cap(terms: Terms, rules: Rules) -> Decimal | None:
    """The most an item may score whose target is worse than its base value; None when it is not, or has no base."""
    worse = worse_by(terms)
    if worse is None or worse <= 0:
        return None
    if worse >= rules.sandbag_grave_from:
        return rules.sandbag_grave_cap
    return rules.sandbag_mild_cap if worse <= rules.sandbag_mild_until else rules.sandbag_middle_cap


def worse_by(terms: Terms) -> Decimal | None:
    """By how many per cent of the base value the target is worse; negative when it is better."""
    if terms.base is None or terms.direction not in {Direction.HIGHER, Direction.LOWER}:
        return None
    wanted = optional(terms.target, "target")
    if wanted is None:
        return None
    distance = terms.base - wanted if terms.direction is Direction.HIGHER else wanted - terms.base
    if terms.base == 0:
        return HUNDRED.copy_sign(distance) if distance else Decimal(0)
    return distance / abs(terms.base) * HUNDRED


def base(direction: Direction, last_year: Decimal, three_years: Decimal) -> Decimal:
    """The base value of domain.md §3 rule 8: the less demanding of last year and the mean of three years."""
    return max(last_year, three_years) if direction is Direction.LOWER else min(last_year, three_years)
