"""Arithmetic, comparison, logic and membership as closures, with short ways for what conditions mostly are."""

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.decisions.feel.compiler.constants import PYTHON, against_constant
from engine.decisions.feel.compiler.dispatch import Build, Closure, Scope, closure_of, compiles, names_in, pay, pay_for
from engine.decisions.feel.syntax import (
    Between,
    Binary,
    Comparison,
    If,
    In,
    InstanceOf,
    Literal,
    Logic,
    Negation,
    Node,
    NotIn,
)
from engine.decisions.feel.values.arithmetic import OPERATIONS, negate
from engine.decisions.feel.values.comparison import both, compare, equal, member, within
from engine.decisions.feel.values.conformance import instance_of
from engine.decisions.feel.values.numbers import CONTEXT
from engine.decisions.feel.values.ranges import Range, comparison_range
from engine.decisions.feel.values.weights import LETTERS_PER_STEP, LONG

COST_OF_POWER = 100
_DECIMAL: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": CONTEXT.power,
}


@compiles(Binary)
def binary(node: Binary, build: Build) -> Closure:
    if node.operator in OPERATIONS:
        return _arithmetic(node, build)
    if isinstance(node.right, Literal) and node.right.value.__class__ in (Decimal, str):
        return against_constant(node.operator, node.left, node.right.value, build)
    return _compare(node.operator, closure_of(node.left, build), closure_of(node.right, build))


def _arithmetic(node: Binary, build: Build) -> Closure:
    left, right = closure_of(node.left, build), closure_of(node.right, build)
    general, exact = OPERATIONS[node.operator], _DECIMAL[node.operator]
    if isinstance(node.right, Literal) and node.right.value.__class__ is Decimal and node.operator != "**":
        return _with_constant(node.operator, left, node.right.value)
    if node.operator == "**":
        return _paid(lambda scope: general(left(scope), right(scope)), COST_OF_POWER)

    def calculate(scope: Scope) -> Any:
        first, second = left(scope), right(scope)
        if first.__class__ is Decimal and second.__class__ is Decimal:
            try:
                return exact(first, second)
            except DecimalException:
                return None
        value = general(first, second)
        if value.__class__ is str and len(value) > LONG:
            pay(scope, len(value) // LETTERS_PER_STEP)
        return value

    return calculate


def _with_constant(sign: str, left: Closure, constant: Decimal) -> Closure:
    general, exact = OPERATIONS[sign], _DECIMAL[sign]

    def calculate(scope: Scope) -> Any:
        first = left(scope)
        if first.__class__ is Decimal:
            try:
                return exact(first, constant)
            except DecimalException:
                return None
        return general(first, constant)

    return calculate


def _paid(closure: Closure, cost: int) -> Closure:
    def act(scope: Scope) -> Any:
        pay(scope, cost)
        return closure(scope)

    return act


def _compare(sign: str, left: Closure, right: Closure) -> Closure:
    python = PYTHON[sign]

    def compare_values(scope: Scope) -> bool | None:
        first, second = left(scope), right(scope)
        if first.__class__ is Decimal and second.__class__ is Decimal:
            return python(first, second)
        if second.__class__ is first.__class__:
            pay_for(scope, first)
        return compare(sign, first, second)

    return compare_values


@compiles(Logic)
def logic(node: Logic, build: Build) -> Closure:
    parts = [closure_of(part, build) for part in node.parts]
    decisive = node.operator == "or"
    return _pair(decisive, *parts) if len(parts) == 2 else _chain(decisive, parts)


def _pair(decisive: bool, first: Closure, second: Closure) -> Closure:
    neutral = not decisive

    def decide(scope: Scope) -> bool | None:
        left = first(scope)
        if left is decisive:
            return not neutral
        right = second(scope)
        if right is decisive:
            return not neutral
        return neutral if left is neutral and right is neutral else None

    return decide


def _chain(decisive: bool, parts: list[Closure]) -> Closure:
    neutral = not decisive

    def decide(scope: Scope) -> bool | None:
        verdict: bool | None = neutral
        for part in parts:
            value = part(scope)
            if value is decisive:
                return not neutral
            if value is not neutral:
                verdict = None
        return verdict

    return decide


@compiles(Negation)
def negation(node: Negation, build: Build) -> Closure:
    operand = closure_of(node.operand, build)
    return lambda scope: negate(operand(scope))


@compiles(If)
def conditional(node: If, build: Build) -> Closure:
    condition, yes, no = (closure_of(part, build) for part in (node.condition, node.yes, node.no))
    return lambda scope: yes(scope) if condition(scope) is True else no(scope)


@compiles(Between)
def between(node: Between, build: Build) -> Closure:
    value, low, high = (closure_of(part, build) for part in (node.value, node.low, node.high))

    def lies_between(scope: Scope) -> bool | None:
        tested = value(scope)
        return both(compare(">=", tested, low(scope)), compare("<=", tested, high(scope)))

    return lies_between


@compiles(InstanceOf)
def is_instance(node: InstanceOf, build: Build) -> Closure:
    value, wanted = closure_of(node.value, build), node.wanted
    if wanted is None:
        return lambda scope: None
    return _weighed(value, lambda found: instance_of(found, wanted))


def _weighed(value: Closure, judge: Callable[[Any], bool]) -> Closure:
    def weigh(scope: Scope) -> bool:
        found = value(scope)
        pay_for(scope, found)
        return judge(found)

    return weigh


@compiles(In)
def membership(node: In, build: Build) -> Closure:
    value = closure_of(node.value, build)
    tests = [_test(test, build, node) for test in node.tests]
    if len(tests) == 1:
        test = tests[0]
        return lambda scope: test(scope, value(scope))

    def one_of(scope: Scope) -> bool | None:
        tested, verdict = value(scope), False
        for test in tests:
            found = test(scope, tested)
            if found is True:
                return True
            if found is None:
                verdict = None  # type: ignore[assignment]  # three-valued: mypy infers bool from the start value
        return verdict

    return one_of


Test = Callable[[Scope, Any], bool | None]


def _test(node: Node, build: Build, whole: In) -> Test:
    closure = closure_of(node, build)
    if isinstance(node, Comparison):
        operand, sign = closure_of(node.operand, build), node.operator
        return lambda scope, value: within(value, comparison_range(sign, operand(scope)))
    if not whole.implicit:
        verdict = member if len(whole.tests) == 1 else _equal_or_member
        return _weighed_test(verdict, closure)
    if isinstance(node, Literal):
        constant = node.value
        return lambda scope, value: equal(value, constant)
    if "?" in names_in(node):
        return lambda scope, value: closure(scope) is True
    return _weighed_test(passes, closure)


def _weighed_test(verdict: Callable[[Any, Any], bool | None], closure: Closure) -> Test:
    def test(scope: Scope, value: Any) -> bool | None:
        found = closure(scope)
        pay_for(scope, found)
        return verdict(value, found)

    return test


def _equal_or_member(value: Any, test: Any) -> bool | None:
    return equal(value, test) is True or member(value, test)


def passes(value: Any, test: Any) -> bool | None:
    """Whether the tested value passes what a unary test without `?` evaluated to (grammar rule 7)."""
    if test is True and value.__class__ is not bool:
        return True
    if test.__class__ in (list, Range):
        return _equal_or_member(value, test)
    return equal(value, test)


@compiles(NotIn)
def negated(node: NotIn, build: Build) -> Closure:
    tests = closure_of(node.tests, build)

    def none_of(scope: Scope) -> bool | None:
        verdict = tests(scope)
        return None if verdict is None else not verdict

    return none_of
