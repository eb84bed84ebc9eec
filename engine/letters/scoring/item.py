"""One item: its method, then every limit that holds for it (domain.md §6, §9)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from engine.letters.scoring import band, boolean, deduct, expr, interp, manual, milestone, panel, ratio, sandbag, step
from engine.letters.scoring.exact import HUNDRED, clamp, optional, result
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Facts, Method, Score, Terms

METHODS: MappingProxyType[Method, Callable[[Terms, Facts, Rules], Score]] = MappingProxyType(
    {
        Method.RATIO: ratio.score,
        Method.INTERP: interp.score,
        Method.BAND: band.score,
        Method.EXPR: expr.score,
        Method.STEP: step.score,
        Method.DEDUCT: deduct.score,
        Method.BOOL: boolean.score,
        Method.PANEL: panel.score,
        Method.MILESTONE: milestone.score,
        Method.MANUAL: manual.score,
        Method.UNSET: manual.score,
    }
)

_AROUND_HUNDRED = frozenset({Method.RATIO, Method.INTERP, Method.MILESTONE})
_CAP_IN_PARAMS = frozenset({Method.RATIO, Method.INTERP, Method.EXPR})


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """The item's score by its method and within its limits; unscored as long as a fact is missing.

    Raises InvalidInput where terms or facts cannot be computed with: the code names what and the message the remedy.
    """
    found = METHODS[terms.method](terms, facts, rules)
    if found.points is None:
        return found
    return _signed(found, found.points, terms) if terms.signed else _weighted(found, found.points, terms, rules)


def _signed(found: Score, points: Decimal, terms: Terms) -> Score:
    if terms.method in _AROUND_HUNDRED:
        points -= HUNDRED
    least = None if terms.max_minus is None else -terms.max_minus
    return _limited(found, points, [("max", lambda now: clamp(now, least, terms.max_plus))])


def _weighted(found: Score, points: Decimal, terms: Terms, rules: Rules) -> Score:
    most, least = cap(terms, rules), _floor(terms, rules)
    agreed = sandbag.cap(terms, rules)
    return _limited(
        found,
        points,
        [
            ("cap", lambda now: clamp(now, None, most)),
            ("floor", lambda now: clamp(now, least, None)),
            ("sandbag", lambda now: clamp(now, None, agreed)),
            ("factor", lambda now: now * terms.factor),
            ("factor_cap", lambda now: clamp(now, None, terms.factor_cap)),
            ("carried_over", lambda now: clamp(now, None, rules.carried_over_cap if terms.carried_over else None)),
        ],
    )


def cap(terms: Terms, rules: Rules) -> Decimal | None:
    """The most an item can score: its own, or the regulation's for tasks or for KPIs; None is no limit."""
    if terms.uncapped:
        return None
    if terms.cap is not None:
        return terms.cap
    if terms.method is Method.STEP and (terms.max_plus is not None or "max_plus" in terms.params):
        return None  # the rule limits what can be gained by itself
    if terms.method in _CAP_IN_PARAMS and "cap" in terms.params:
        return optional(terms.params["cap"], "cap")
    return rules.cap_task if terms.kind == "TASK" else rules.cap_kpi


def _floor(terms: Terms, rules: Rules) -> Decimal | None:
    if terms.params.get("unfloored"):
        return None
    return terms.floor if terms.floor is not None else rules.floor


def _limited(found: Score, points: Decimal, limits: list[tuple[str, Callable[[Decimal], Decimal]]]) -> Score:
    """Apply the limits one after the other; those that changed something are told and written into the formula."""
    told, text = [], found.formula
    for name, limit in limits:
        held = limit(points)
        if held != points:
            told.append((name, held))
            text += f" → {result(held)} [{name}]"
        points = held
    return replace(found, points=points, formula=text, limits=tuple(told))
