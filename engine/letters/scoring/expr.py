"""EXPR: a FEEL expression over the item's figures, its constants and other items' scores (domain.md §6)."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from engine.decisions import feel
from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import ZERO, number, result, show
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Facts, Score, Terms, unscored
from engine.letters.scoring.units import converted

_ITEM = re.compile(r'\bitems\.([^\W\d]\w*)|get value\(\s*items\s*,\s*"([^"]+)"')


def score(terms: Terms, facts: Facts, rules: Rules) -> Score:
    """The value of the expression. Unscored while the actual value or another item's score is missing."""
    text = _text(terms)
    if waiting := sorted(references(text) - facts.others.keys()):
        return unscored(f"item:{waiting[0]}")
    if facts.actual is None and (_mentions(text, "A") or _mentions(text, "rank")):
        return unscored("actual")
    found, told = value(terms, facts, text, {})
    points = converted(found, terms)
    return Score(points, f"{told} = {result(points)}", "expression")


def value(terms: Terms, facts: Facts, text: str, extra: Mapping[str, Any]) -> tuple[Decimal, str]:
    """What an expression of an item gives, and the expression with its numbers.

    It may use A, T, base, threshold, challenge, the item's constants, `items.CODE` (points of another item), `peers`,
    `peer_mean` and `rank` (1 is best). With `target_from: PEER_MEAN` T is the mean of the peers.
    Raises InvalidInput(`score.expr`) where it cannot be read or gives no number.
    """
    known = {**_names(terms, facts), **extra}
    try:
        expression = feel.compile(text, names=known.keys())
        found = expression(known)
    except feel.FeelError as error:
        raise InvalidInput("score.expr", f"{text}: {error}", expr=text, reason=str(error)) from error
    if unknown := sorted(expression.names - known.keys()):
        raise InvalidInput("score.expr", f"{text}: {unknown[0]!r} is unknown", expr=text, reason=unknown[0])
    if not isinstance(found, (Decimal, int)) or isinstance(found, bool):
        raise InvalidInput("score.expr", f"{text} gives {found!r}; a number was expected", expr=text, reason=str(found))
    used = ", ".join(f"{name} = {show(entry)}" for name, entry in known.items() if _told(text, name, entry))
    return Decimal(found), f"{text} [{used}]" if used else text


def references(text: str) -> set[str]:
    """The codes of the items whose scores an expression uses."""
    return {first or second for first, second in _ITEM.findall(text)}


def order(expressions: Mapping[str, str]) -> list[str]:
    """The codes of EXPR items in an order in which each finds what it uses.

    Raises InvalidInput(`score.expr_cycle`) naming the items that wait for each other.
    """
    ordered: list[str] = []
    waiting = {code: references(text) & expressions.keys() for code, text in expressions.items()}
    while waiting:
        ready = sorted(code for code, needs in waiting.items() if needs <= set(ordered))
        if not ready:
            circle = ", ".join(sorted(waiting))
            raise InvalidInput("score.expr_cycle", f"these items wait for each other: {circle}", items=circle)
        ordered += ready
        waiting = {code: needs for code, needs in waiting.items() if code not in ready}
    return ordered


NAMES = frozenset({"A", "T", "base", "threshold", "challenge", "items", "peers", "peer_mean", "rank"})


def check(terms: Terms) -> None:
    """Whether the formula can be read and names nothing unknown. Raises InvalidInput(`score.expr`, `…_missing`)."""
    text = _text(terms)
    known = NAMES | (terms.params.get("constants") or {}).keys() | terms.constants.keys()
    try:
        unknown = sorted(feel.compile(text, names=known).names - known)
    except feel.FeelError as error:
        raise InvalidInput("score.expr", f"{text}: {error}", expr=text, reason=str(error)) from error
    if unknown:
        raise InvalidInput("score.expr", f"{text}: {unknown[0]!r} is unknown", expr=text, reason=unknown[0])


def _text(terms: Terms) -> str:
    text = str(terms.params.get("expr", "")).strip()
    if not text:
        raise InvalidInput("score.expr_missing", "the method EXPR needs its expression: enter it")
    return text


def _names(terms: Terms, facts: Facts) -> dict[str, Any]:
    mean = sum(facts.peers, ZERO) / len(facts.peers) if facts.peers else None
    wanted = mean if terms.params.get("target_from") == "PEER_MEAN" else _plain(terms.target)
    constants = {str(name): _plain(entry) for name, entry in terms.params.get("constants", {}).items()}
    return {
        **constants,
        **terms.constants,
        "A": _plain(facts.actual),
        "T": wanted,
        "base": terms.base,
        "threshold": terms.threshold,
        "challenge": terms.challenge,
        "items": dict(facts.others),
        "peers": list(facts.peers),
        "peer_mean": mean,
        "rank": _rank(terms, facts),
    }


def _plain(entry: Any) -> Any:
    """Figures as numbers, everything else as it is."""
    try:
        return number(entry)
    except InvalidInput:
        return entry


def _rank(terms: Terms, facts: Facts) -> Decimal | None:
    if facts.actual is None or not facts.peers:
        return None
    actual = number(facts.actual, "actual")
    lower = terms.direction is Direction.LOWER
    ahead: Iterable[bool] = (peer < actual if lower else peer > actual for peer in facts.peers)
    return Decimal(1 + sum(ahead))


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _told(text: str, name: str, entry: Any) -> bool:
    return entry is not None and not isinstance(entry, (Mapping, list)) and _mentions(text, name)
