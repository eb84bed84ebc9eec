"""BOOL: reached or not (domain.md §6)."""

import re
from decimal import Decimal
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import HUNDRED, ZERO, number, optional, result, show
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Facts, Score, Terms, unscored
from engine.letters.scoring.units import converted, start

_CONDITION = re.compile(r"^\s*(<=|>=|<|>|=|≤|≥)\s*(.+)$")
_YES = {"是", "有", "达成", "达标", "完成", "yes", "true", "1"}
_NO = {"否", "无", "未达成", "不达标", "未完成", "no", "false", "0"}


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """100 when reached, else 0; `pass` and `fail` give other amounts (a negative `fail` is a deduction)."""
    if facts.actual is None:
        return unscored("actual")
    done = reached(terms, facts.actual)
    given = optional(terms.params.get("pass" if done else "fail"), "pass" if done else "fail")
    points = _points(terms, done, given)
    return Score(points, f"{_shown(facts.actual)} → {result(points)}", "reached" if done else "missed")


def _points(terms: Terms, done: bool, given: Decimal | None) -> Decimal:
    if given is not None:
        amount = converted(given, terms)
        return start(terms) + amount if amount < 0 else amount
    if terms.signed:
        return (terms.max_plus or ZERO) if done else -(terms.max_minus or ZERO)
    return HUNDRED if done else ZERO


def reached(terms: Terms, actual: Any) -> bool:
    """Whether `actual` meets the condition (`cond`), or else the target in its direction, or else says yes."""
    if condition := terms.params.get("cond"):
        return holds(str(condition), actual)
    said = None if _is_number(terms.target) and not isinstance(actual, bool) else yes_no(actual)
    if said is not None:
        return said == (yes_no(terms.target) is not False or _is_number(terms.target))
    if terms.target in (None, ""):
        raise InvalidInput("score.yes_no", f"{actual!r} is neither yes nor no: answer 是 or 否", value=str(actual))
    done, goal = number(actual, "actual"), number(terms.target, "target")
    return done <= goal if terms.direction is Direction.LOWER else done >= goal


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def holds(condition: str, actual: Any) -> bool:
    """Whether a comparison such as `<=5` or `>=60%` is true of `actual`. Raises InvalidInput(`score.condition`)."""
    found = _CONDITION.match(condition)
    if not found:
        raise InvalidInput("score.condition", f"{condition!r} is no comparison: write <=5, >=60 …", condition=condition)
    sign, limit = found.group(1), number(found.group(2), "cond")
    value = number(actual, "actual")
    if sign in {"<=", "≤"}:
        return value <= limit
    if sign in {">=", "≥"}:
        return value >= limit
    if sign == "=":
        return value == limit
    return value < limit if sign == "<" else value > limit


def yes_no(value: Any) -> bool | None:
    """True for 是 and its like, False for 否, None for anything else."""
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    return True if text in _YES else False if text in _NO else None


def _shown(actual: Any) -> str:
    return ("✓" if actual else "✗") if isinstance(actual, bool) else show(actual)
