"""Rows become frozen dataclasses: `x_id` is field `x`, texts become enums, JSON lists tuples."""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

from sqlalchemy import Row

V = TypeVar("V")


def view(form: type[V], row: Row[Any] | Mapping[str, Any]) -> V:
    """The dataclass `form` filled from the columns of the same names."""
    values = row if isinstance(row, Mapping) else row._mapping
    key: Any = form  # a class is hashable, which mypy does not know of type[V]
    return form(**{name: _value(values[column], words) for name, column, words in _columns(key, frozenset(values))})


@cache
def _columns(form: Any, known: frozenset[str]) -> tuple[tuple[str, str, type[StrEnum] | None], ...]:
    hints = get_type_hints(form)
    found = []
    for field in fields(form):
        column = field.name if field.name in known else f"{field.name}_id"
        if column in known:
            found.append((field.name, column, _words(hints[field.name])))
    return tuple(found)


def _words(hint: Any) -> type[StrEnum] | None:
    kinds = [each for each in (hint, *get_args(hint)) if isinstance(each, type) and issubclass(each, StrEnum)]
    return kinds[0] if kinds else None


def _value(value: Any, words: type[StrEnum] | None) -> Any:
    if words is not None and value is not None:
        return words(value)
    return tuple(value) if isinstance(value, list) else value
