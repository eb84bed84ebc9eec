"""Comparing with a constant, what conditions mostly do: one closure for each operator, without a call in between."""

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.decisions.feel.compiler.dispatch import Build, Closure, Scope, closure_of
from engine.decisions.feel.syntax import Name, Node
from engine.decisions.feel.values.borders import into
from engine.decisions.feel.values.comparison import compare

Slow = Callable[[Any], bool | None]
Verdict = bool | None


def against_constant(sign: str, left: Node, constant: Decimal | str, build: Build) -> Closure:
    """`left sign constant`; values of another type than the constant take the general way."""
    value = closure_of(left, build)
    if isinstance(left, Name) and not left.bound and left.name not in build.functions:

        def slow(found: Any) -> Verdict:
            return compare(sign, into(found) if build.raw else found, constant)

        return _OF_NAME[sign](left.name, constant, slow)
    return _of_value(sign, value, constant)


def _of_value(sign: str, left: Closure, constant: Any) -> Closure:
    kind, test = constant.__class__, PYTHON[sign]

    def compare_value(scope: Scope) -> Verdict:
        value = left(scope)
        return test(value, constant) if value.__class__ is kind else compare(sign, value, constant)

    return compare_value


def _equal(name: str, constant: Any, slow: Slow) -> Closure:
    kind = constant.__class__

    def test(scope: Scope) -> Verdict:
        value = scope.get(name)
        return value == constant if value.__class__ is kind else slow(value)

    return test


def _unequal(name: str, constant: Any, slow: Slow) -> Closure:
    kind = constant.__class__

    def test(scope: Scope) -> Verdict:
        value = scope.get(name)
        return value != constant if value.__class__ is kind else slow(value)

    return test


def _less(name: str, constant: Any, slow: Slow) -> Closure:
    kind = constant.__class__

    def test(scope: Scope) -> Verdict:
        value = scope.get(name)
        return value < constant if value.__class__ is kind else slow(value)

    return test


def _at_most(name: str, constant: Any, slow: Slow) -> Closure:
    kind = constant.__class__

    def test(scope: Scope) -> Verdict:
        value = scope.get(name)
        return value <= constant if value.__class__ is kind else slow(value)

    return test


def _greater(name: str, constant: Any, slow: Slow) -> Closure:
    kind = constant.__class__

    def test(scope: Scope) -> Verdict:
        value = scope.get(name)
        return value > constant if value.__class__ is kind else slow(value)

    return test


def _at_least(name: str, constant: Any, slow: Slow) -> Closure:
    kind = constant.__class__

    def test(scope: Scope) -> Verdict:
        value = scope.get(name)
        return value >= constant if value.__class__ is kind else slow(value)

    return test


_OF_NAME: dict[str, Callable[[str, Any, Slow], Closure]] = {
    "=": _equal,
    "!=": _unequal,
    "<": _less,
    "<=": _at_most,
    ">": _greater,
    ">=": _at_least,
}
PYTHON: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""The comparisons as Python makes them, for two values of one plain kind."""
