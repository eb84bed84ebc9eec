"""Literals, names, paths, lists, contexts and ranges as closures."""

from collections.abc import Callable
from typing import Any

from engine.decisions.feel.budget import checked_list
from engine.decisions.feel.compiler.calls import function_of
from engine.decisions.feel.compiler.dispatch import Build, Closure, Scope, closure_of, compiles, pay, pay_for
from engine.decisions.feel.syntax import (
    Comparison,
    ContextOf,
    Embedded,
    Interval,
    Lambda,
    ListOf,
    Literal,
    Name,
    Node,
    Path,
)
from engine.decisions.feel.values.borders import READY, into
from engine.decisions.feel.values.comparison import comparable
from engine.decisions.feel.values.properties import property_of
from engine.decisions.feel.values.ranges import Range, comparison_range

COST_OF_CONTEXT = 8


@compiles(Literal)
def literal(node: Literal, build: Build) -> Closure:
    value = node.value
    return lambda scope: value


@compiles(Embedded)
def embedded(node: Embedded, build: Build) -> Closure:
    closure: Closure = node.closure
    return closure


@compiles(Name)
def name(node: Name, build: Build) -> Closure:
    wanted, otherwise = node.name, build.functions.get(node.name)
    if build.raw and not node.bound:
        return _raw_name(wanted, otherwise)

    def look_up(scope: Scope) -> Any:
        try:
            return scope[wanted]
        except KeyError:
            return otherwise

    return look_up


def _raw_name(wanted: str, otherwise: Any) -> Closure:
    def look_up(scope: Scope) -> Any:
        try:
            value = scope[wanted]
        except KeyError:
            return otherwise
        return value if value.__class__ in READY else into(value)

    return look_up


@compiles(Path)
def path(node: Path, build: Build) -> Closure:
    if build.raw and isinstance(node.source, Name) and not node.source.bound:
        return _raw_path(node.source.name, node.name)
    source, wanted = closure_of(node.source, build), node.name

    def follow(scope: Scope) -> Any:
        value = source(scope)
        if value.__class__ is dict:
            return value.get(wanted)
        pay_for(scope, value)
        return member_of(value, wanted)

    return follow


def _raw_path(name: str, wanted: str) -> Closure:
    """`name.wanted` over the caller's data: only the member is turned into a value of FEEL."""

    def follow(scope: Scope) -> Any:
        value = scope.get(name)
        if value.__class__ is dict:
            found = value.get(wanted)
            return found if found.__class__ in READY else into(found)
        return member_of(into(value), wanted)

    return follow


def member_of(value: Any, wanted: str) -> Any:
    """`value.wanted`: of a context, of each element of a list, or a property of a date, time, duration or range."""
    if value.__class__ is dict:
        return value.get(wanted)
    if value.__class__ is list:
        return [member_of(item, wanted) for item in value]
    return property_of(value, wanted)


@compiles(ListOf)
def list_of(node: ListOf, build: Build) -> Closure:
    items = [closure_of(item, build) for item in node.items]
    return lambda scope: checked_list([item(scope) for item in items])


@compiles(ContextOf)
def context_of(node: ContextOf, build: Build) -> Closure:
    entries = [(key, _entry(key, value, build)) for key, value in node.entries]
    unique = len({key for key, _ in node.entries}) == len(node.entries)

    def build_context(scope: Scope) -> Any:
        pay(scope, COST_OF_CONTEXT)
        inner, made = dict(scope), {}
        for key, value in entries:
            inner[key] = made[key] = value(inner)
        return made

    return build_context if unique else lambda scope: None


def _entry(key: str, value: Node, build: Build) -> Closure:
    return function_of(value, build, key) if isinstance(value, Lambda) else closure_of(value, build)


@compiles(Interval)
def interval(node: Interval, build: Build) -> Closure:
    low, high = closure_of(node.low, build), closure_of(node.high, build)

    def build_range(scope: Scope) -> Any:
        return make_interval(low(scope), high(scope), node.low_included, node.high_included)

    return build_range


def make_interval(low: Any, high: Any, low_included: bool, high_included: bool) -> Range | None:
    """The range; null when the ends have different types or no order, or when both are null."""
    known = high if low is None else low
    if not comparable(known, known if high is None else high):
        return None
    return Range(low, high, low_included, high_included)


@compiles(Comparison)
def comparison(node: Comparison, build: Build) -> Closure:
    operand = closure_of(node.operand, build)
    return _comparison_closure(node.operator, operand)


def _comparison_closure(operator: str, operand: Callable[[Scope], Any]) -> Closure:
    return lambda scope: comparison_range(operator, operand(scope))
