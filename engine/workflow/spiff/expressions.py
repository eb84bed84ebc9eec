"""FEEL as the machine uses it: compiled once per text, evaluated with the step's clock and functions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol

from engine.decisions import feel
from engine.decisions.feel import Expression, FeelError, HostFunction
from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import local
from engine.workflow.errors import Stuck
from engine.workflow.functions import CalendarFunctions

HOST_FUNCTIONS = CalendarFunctions(WorkCalendar, datetime.min.replace(tzinfo=UTC))
"""The functions that every expression may call, for checking; a step brings its own."""
HOST_NAMES = frozenset(HOST_FUNCTIONS)


class Surroundings(Protocol):
    """The clock and the host functions of a step; every `Ports` is one."""

    @property
    def now(self) -> datetime: ...

    @property
    def functions(self) -> Mapping[str, HostFunction]: ...


@lru_cache(maxsize=8192)
def _plain(text: str) -> Expression | None:
    """The text as it is without functions of the step; None when it is no FEEL without them."""
    try:
        return feel.compile(text)
    except FeelError:
        return None


def evaluate(text: str, data: Mapping[str, Any], ports: Surroundings) -> Any:
    """The value of a FEEL text; `today()` is the day in the group's own zone.

    Raises Stuck (`workflow.expression`) that quotes it when it cannot be evaluated.
    """
    plain = _plain(text)
    try:
        # names with signs or keywords are found only where the parser is told of them
        told = plain is None or feel.peculiar(data)
        if plain is not None and not told and not any(name in ports.functions for name in plain.names - data.keys()):
            return plain(data, now=local(ports.now))
        return feel.evaluate(text, data, now=local(ports.now), functions=ports.functions)
    except FeelError as error:
        raise Stuck("workflow.expression", f"{text}: {error.message}", **{**error.fields, "text": text}) from error


def names(written: str, ports: Surroundings) -> frozenset[str]:
    """The variables that an attribute's expression reads; none for a literal and for what is no FEEL."""
    plain = _plain(written[1:]) if written.startswith("=") else None
    return frozenset() if plain is None else plain.names - ports.functions.keys()


def holds(text: str, data: Mapping[str, Any], ports: Surroundings) -> bool:
    """True when the condition is true; false and null are not."""
    return evaluate(text, data, ports) is True


def value(written: str, data: Mapping[str, Any], ports: Surroundings) -> Any:
    """An attribute's value: FEEL when it starts with `=`, otherwise the text itself."""
    return evaluate(written[1:], data, ports) if written.startswith("=") else written


def assignments(script: str) -> list[tuple[str, str]]:
    """The `name = expression` lines of a script; an indented line that assigns nothing continues the one before.

    Raises ValueError with the line that is no assignment.
    """
    joined: list[str] = []
    for line in script.splitlines():
        if not line.strip() or line.strip().startswith("//"):
            continue
        if joined and line[0].isspace() and not _assigns(line):
            joined[-1] += "\n" + line.strip()
        else:
            joined.append(line.strip())
    return [_split(line) for line in joined]


def _split(line: str) -> tuple[str, str]:
    name, _, expression = line.partition("=")
    if not _assigns(line) or not expression.strip():
        raise ValueError(line)
    return name.strip(), expression.strip()


def _assigns(line: str) -> bool:
    name, sign, expression = line.partition("=")
    words = name.strip().split(" ")
    return bool(sign) and not expression.startswith("=") and all(word.isidentifier() for word in words)
