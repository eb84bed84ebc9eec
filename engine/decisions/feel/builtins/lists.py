"""List functions that keep or choose elements (DMN 1.5 §10.3.4.4)."""

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.decisions.feel.budget import Run, checked_list
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.values.comparison import equal, less
from engine.decisions.feel.values.functions import Function
from engine.decisions.feel.values.identity import identity
from engine.decisions.feel.values.numbers import truncated


@builtin("list contains", "list: list, element!: Any", "boolean")
def list_contains(run: Run, values: list[Any], element: Any) -> bool:
    return any(equal(value, element) is True for value in values)


@builtin("count", "list: list", "number")
def count(run: Run, values: list[Any]) -> Decimal:
    return Decimal(len(values))


@builtin("sublist", "list: list, start position: number, length?: number", "list")
def sublist(run: Run, values: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    at, size = truncated(start), truncated(length) if length is not None else len(values)
    if not at or abs(at) > len(values) or size is None or size < 0:
        return None
    first = at - 1 if at > 0 else len(values) + at
    if length is not None and first + size > len(values):
        return None
    return values[first : first + size]


@builtin("append", "list: list, item*!: Any", "list")
def append(run: Run, values: list[Any], *items: Any) -> list[Any]:
    return checked_list([*values, *items])


@builtin("concatenate", "list*: list", "list")
def concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    return checked_list([value for values in lists for value in values])


@builtin("insert before", "list: list, position: number, newItem!: Any", "list")
def insert_before(run: Run, values: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    at = _index(values, position)
    return None if at is None else checked_list([*values[:at], item, *values[at:]])


@builtin("remove", "list: list, position: number", "list")
def remove(run: Run, values: list[Any], position: Decimal) -> list[Any] | None:
    at = _index(values, position)
    return None if at is None else [*values[:at], *values[at + 1 :]]


@builtin("list replace", "list: list, position: number, newItem!: Any", "list")
def list_replace(run: Run, values: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    at = _index(values, position)
    return None if at is None else [*values[:at], item, *values[at + 1 :]]


@builtin("list replace", "list: list, match: function, newItem!: Any", "list")
def list_replace_matching(run: Run, values: list[Any], match: Function, item: Any) -> list[Any] | None:
    """Each element for which `match(element, new item)` is true gives way to the new item."""
    if len(match.parameters) != 2:
        return None
    verdicts = [match.positional(run, [value, item]) for value in values]
    if any(verdict.__class__ is not bool for verdict in verdicts):
        return None
    return [item if verdict else value for value, verdict in zip(values, verdicts, strict=True)]


@builtin("reverse", "list: list", "list")
def reverse(run: Run, values: list[Any]) -> list[Any]:
    return values[::-1]


@builtin("index of", "list: list, match!: Any", "list")
def index_of(run: Run, values: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(at) for at, value in enumerate(values, 1) if equal(value, match) is True]


@builtin("union", "list*: list", "list")
def union(run: Run, *lists: list[Any]) -> list[Any]:
    return distinct_values(run, concatenate(run, *lists))


@builtin("distinct values", "list: list", "list")
def distinct_values(run: Run, values: list[Any]) -> list[Any]:
    first: dict[Any, Any] = {}
    for value in values:
        first.setdefault(identity(value), value)
    return list(first.values())


@builtin("flatten", "list: list", "list")
def flatten(run: Run, values: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for value in values:
        run.spend(1)
        flat.extend(flatten(run, value) if value.__class__ is list else [value])
    return checked_list(flat)


@builtin("sort", "list: list, precedes: function", "list")
def sort(run: Run, values: list[Any], precedes: Function) -> list[Any] | None:
    """Sorted by `precedes(a, b)`; equals keep their order."""
    if len(precedes.parameters) != 2:
        return None

    def order(left: Any, right: Any) -> int:
        if precedes.positional(run, [left, right]) is True:
            return -1
        return 1 if precedes.positional(run, [right, left]) is True else 0

    ordered: list[Any] = sorted(values, key=cmp_to_key(order))
    return ordered


@builtin("sort", "list: list", "list")
def sort_naturally(run: Run, values: list[Any]) -> list[Any] | None:
    """Smallest first; null when two values have no common order."""
    if any(less(values[0], value) is None for value in values):
        return None
    return sorted(
        values, key=cmp_to_key(lambda left, right: -1 if less(left, right) else 1 if less(right, left) else 0)
    )


def _index(values: list[Any], position: Decimal) -> int | None:
    at = truncated(position)
    if not at or abs(at) > len(values):
        return None
    return at - 1 if at > 0 else len(values) + at
