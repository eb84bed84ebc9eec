"""List functions that make one value of many (DMN 1.5 §10.3.4.4)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins.numbers import attempt
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.values.arithmetic import add, divide, multiply
from engine.decisions.feel.values.comparison import less
from engine.decisions.feel.values.numbers import CONTEXT

Aggregate = Callable[[Run, list[Any]], Any]


def aggregate(name: str, result: str = "number") -> Callable[[Aggregate], Aggregate]:
    """Declares a function that takes one list, or its elements one by one."""

    def register(act: Aggregate) -> Aggregate:
        builtin(name, "list: list", result)(act)
        builtin(name, "list*!: Any", result)(lambda run, *values: act(run, list(values)) if len(values) > 1 else None)
        return act

    return register


def _numbers(values: list[Any]) -> bool:
    return bool(values) and all(value.__class__ is Decimal for value in values)


@aggregate("min", "Any")
def minimum(run: Run, values: list[Any]) -> Any:
    return _extreme(values, less)


@aggregate("max", "Any")
def maximum(run: Run, values: list[Any]) -> Any:
    return _extreme(values, lambda left, right: less(right, left))


def _extreme(values: list[Any], precedes: Callable[[Any, Any], bool | None]) -> Any:
    if not values:
        return None
    best = values[0]
    for value in values:
        better = precedes(value, best)
        if better is None:
            return None
        if better:
            best = value
    return best


@aggregate("sum", "Any")
def total(run: Run, values: list[Any]) -> Any:
    return _fold(add, values)


@aggregate("product")
def product(run: Run, values: list[Any]) -> Any:
    return _fold(multiply, values) if _numbers(values) else None


def _fold(operation: Callable[[Any, Any], Any], values: list[Any]) -> Any:
    if not values or values[0].__class__ in (str, bool, list, dict):
        return None
    result = values[0]
    for value in values[1:]:
        if value.__class__ is not result.__class__:
            return None
        result = operation(result, value)
    return result


@aggregate("mean", "Any")
def mean(run: Run, values: list[Any]) -> Any:
    return divide(_fold(add, values), Decimal(len(values))) if values else None


@aggregate("median")
def median(run: Run, values: list[Any]) -> Any:
    if not _numbers(values):
        return None
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle]), Decimal(2))


@aggregate("stddev")
def standard_deviation(run: Run, values: list[Any]) -> Any:
    """Of a sample: divided by n - 1; null for one number."""
    average = mean(run, values) if _numbers(values) and len(values) > 1 else None
    if average is None:
        return None
    squares = [multiply(CONTEXT.subtract(value, average), CONTEXT.subtract(value, average)) for value in values]
    variance = divide(_fold(add, squares), Decimal(len(values) - 1))
    return None if variance is None else attempt(CONTEXT.sqrt, variance)


@aggregate("mode", "list")
def mode(run: Run, values: list[Any]) -> Any:
    """The most frequent numbers, smallest first."""
    if values and not _numbers(values):
        return None
    counts: dict[Any, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(value for value, times in counts.items() if times == most)


@aggregate("all", "boolean")
def every(run: Run, values: list[Any]) -> bool | None:
    return _decide(values, False)


@aggregate("any", "boolean")
def some(run: Run, values: list[Any]) -> bool | None:
    return _decide(values, True)


def _decide(values: list[Any], decisive: bool) -> bool | None:
    if any(value is decisive for value in values):
        return decisive
    return (not decisive) if all(value.__class__ is bool for value in values) else None
