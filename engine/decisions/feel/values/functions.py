"""Functions as values: the built-in ones, those written in FEEL, and those the host gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.decisions.feel.budget import Run
from engine.decisions.feel.values.types import ANY, FeelType

Positional = Callable[[Run, list[Any]], Any]
Named = Callable[[Run, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class HostFunction:
    """A function that the host gives: its name in FEEL, its parameters' names and the Python callable.

    It gets and returns plain Python values. ArithmeticError, LookupError, TypeError and ValueError become null.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]


@dataclass(frozen=True, eq=False, slots=True)
class Function:
    """A callable value of FEEL; two are equal only when they are the same one."""

    name: str
    parameters: tuple[tuple[str, FeelType], ...]
    positional: Positional
    named: Named
    result: FeelType = ANY


def ordered(parameters: tuple[str, ...], given: Mapping[str, Any]) -> list[Any] | None:
    """The named arguments in the order of the parameters, None when the names are not exactly these."""
    if len(given) != len(parameters) or any(name not in given for name in parameters):
        return None
    return [given[name] for name in parameters]
