"""`for`, `some`, `every` and filters as closures; every turn is paid for."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.decisions.feel.budget import MAX_LIST, Run, checked_list, exceeded
from engine.decisions.feel.compiler.dispatch import RUN, Build, Closure, Scope, closure_of, compiles, names_in, size_of
from engine.decisions.feel.syntax import Filter, For, Literal, Negation, Node, Quantified, Sequence
from engine.decisions.feel.values.calendar import Date, date_of_number
from engine.decisions.feel.values.numbers import integer
from engine.decisions.feel.values.ranges import Range


class NoList(Exception):
    """What a loop should run over is neither a list nor a value."""


Loops = list[tuple[str, Closure]]


@compiles(Sequence)
def sequence(node: Sequence, build: Build) -> Closure:
    low, high = closure_of(node.low, build), closure_of(node.high, build)
    return lambda scope: _steps(low(scope), high(scope))


def _steps(low: Any, high: Any) -> Any:
    if low.__class__ is Date and high.__class__ is Date:
        return map(date_of_number, _whole_steps(low.day_number, high.day_number))
    first, last = integer(low), integer(high)
    if first is None or last is None:
        raise NoList
    return map(Decimal, _whole_steps(first, last))


def _whole_steps(first: int, last: int) -> range:
    if abs(last - first) >= MAX_LIST:
        raise exceeded("list", MAX_LIST)
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _domain(value: Any) -> Any:
    if value.__class__ is list or isinstance(value, map):
        return value
    if value is None or value.__class__ is Range:
        raise NoList
    return [value]


def _turns(loops: Loops, scope: Scope, run: Run, cost: int) -> Iterator[None]:
    """Sets the loop variables in the scope, once for each combination."""
    (name, domain), *inner = loops
    for value in _domain(domain(scope)):
        scope[name] = value
        run.spend(cost)
        if inner:
            yield from _turns(inner, scope, run, cost)
        else:
            yield


@compiles(For)
def loop(node: For, build: Build) -> Closure:
    loops = [(name, closure_of(domain, build)) for name, domain in node.loops]
    body, cost = closure_of(node.body, build), size_of(node)
    looks_back = "partial" in names_in(node.body)

    def repeat(scope: Scope) -> Any:
        inner, results = dict(scope), list[Any]()
        run = scope[RUN]
        try:
            for _ in _turns(loops, inner, run, cost):
                if looks_back:
                    run.spend(len(results) // 4)
                    inner["partial"] = results.copy()
                results.append(body(inner))
                if len(results) > MAX_LIST:
                    raise exceeded("list", MAX_LIST)
        except NoList:
            return None
        return results

    return repeat


@compiles(Quantified)
def quantified(node: Quantified, build: Build) -> Closure:
    loops = [(name, closure_of(domain, build)) for name, domain in node.loops]
    body, cost = closure_of(node.body, build), size_of(node)
    decisive = not node.every

    def test_all(scope: Scope) -> bool | None:
        inner = dict(scope)
        verdict: bool = node.every
        unclear = False
        try:
            for _ in _turns(loops, inner, scope[RUN], cost):
                found = body(inner)
                if found is decisive:
                    return not verdict
                unclear = unclear or found is not verdict
        except NoList:
            return None
        return None if unclear else verdict

    return test_all


@compiles(Filter)
def filter_of(node: Filter, build: Build) -> Closure:
    source = closure_of(node.source, build)
    position = _fixed_position(node.condition)
    if position is not None:
        return lambda scope: element(_listed(source(scope)), position)
    condition, cost = closure_of(node.condition, build), size_of(node.condition)
    names = sorted(names_in(node.condition) - {"item"})

    def select(scope: Scope) -> Any:
        items, inner = _listed(source(scope)), dict(scope)
        kept = []
        run = scope[RUN]
        for item in items:
            run.spend(cost)
            _enter_item(inner, scope, item, names)
            verdict = condition(inner)
            if verdict.__class__ is Decimal:
                return element(items, verdict)
            if verdict is True:
                kept.append(item)
            elif verdict is not False and verdict is not None:
                return None
        return kept if items else _from_nothing(condition, inner)

    return select


def strict_filter(source: Closure, match: Node, build: Build) -> Closure:
    """A boxed filter: null when the match is not a boolean for every element (DMN 1.5 §10.2.1.10)."""
    condition, cost, names = closure_of(match, build), size_of(match), sorted(names_in(match) - {"item"})

    def select(scope: Scope) -> Any:
        items, inner, kept = _listed(source(scope)), dict(scope), []
        for item in items:
            scope[RUN].spend(cost)
            _enter_item(inner, scope, item, names)
            verdict = condition(inner)
            if verdict is True:
                kept.append(item)
            elif verdict is not False and verdict is not None:
                return None
        return kept

    return select


def _fixed_position(condition: Node) -> Decimal | None:
    if isinstance(condition, Literal) and isinstance(condition.value, Decimal):
        return condition.value
    if isinstance(condition, Negation) and isinstance(condition.operand, Literal):
        value = condition.operand.value
        return -value if isinstance(value, Decimal) else None
    return None


def _listed(value: Any) -> list[Any]:
    if value.__class__ is list:
        return checked_list(value)
    return [] if value is None else [value]


def _enter_item(inner: Scope, outer: Scope, item: Any, names: list[str]) -> None:
    """Members of the item hide the names outside, even `item`."""
    members = item if item.__class__ is dict else {}
    inner["item"] = members.get("item", item)
    for name in names:
        if name in members:
            inner[name] = members[name]
        elif name in outer:
            inner[name] = outer[name]
        else:
            inner.pop(name, None)


def _from_nothing(condition: Closure, scope: Scope) -> Any:
    """An empty list by position is null, by condition it is empty."""
    return None if condition({**scope, "item": None}).__class__ is Decimal else []


def element(items: list[Any], position: Decimal) -> Any:
    """The element at a position that counts from 1, or from -1 at the end; null outside."""
    at = integer(position)
    if not at or abs(at) > len(items):
        return None
    return items[at - 1] if at > 0 else items[at]
