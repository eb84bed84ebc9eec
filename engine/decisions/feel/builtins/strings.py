"""String functions (DMN 1.5 §10.3.4.3)."""

from decimal import Decimal
from typing import Any

from engine.decisions.feel import patterns
from engine.decisions.feel.budget import MAX_STRING, Run, checked_list, checked_string, exceeded
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.values.numbers import truncated


@builtin("substring", "string: string, start position: number, length?: number", "string")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Characters from a position that counts from 1, or from -1 at the end."""
    at, size = truncated(start), truncated(length) if length is not None else len(string)
    if not at or abs(at) > len(string) or size is None or size < 1:
        return None
    first = at - 1 if at > 0 else len(string) + at
    return string[first : first + size]


@builtin("string length", "string: string", "number")
def string_length(run: Run, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case", "string: string", "string")
def upper_case(run: Run, string: str) -> str:
    return checked_string(string.upper())


@builtin("lower case", "string: string", "string")
def lower_case(run: Run, string: str) -> str:
    return checked_string(string.lower())


@builtin("substring before", "string: string, match: string", "string")
def substring_before(run: Run, string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after", "string: string, match: string", "string")
def substring_after(run: Run, string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin("contains", "string: string, match: string", "boolean")
def contains(run: Run, string: str, match: str) -> bool:
    return match in string


@builtin("starts with", "string: string, match: string", "boolean")
def starts_with(run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with", "string: string, match: string", "boolean")
def ends_with(run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches", "input: string, pattern: string, flags?: string", "boolean")
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool | None:
    return patterns.matches(run, text, pattern, flags or "")


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string", "string")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    return patterns.replace(run, text, pattern, patterns.Replacement(replacement, flags or ""))


@builtin("split", "string: string, delimiter: string", "list")
def split(run: Run, string: str, delimiter: str) -> list[str] | None:
    parts = patterns.split(run, string, delimiter)
    return None if parts is None else checked_list(parts)


@builtin("string join", "list: list, delimiter?: string", "string")
def string_join(run: Run, texts: list[Any], delimiter: str | None = None) -> str | None:
    """The texts one after the other; nulls are left out."""
    present = [text for text in texts if text is not None]
    if any(text.__class__ is not str for text in present):
        return None
    glue = delimiter or ""
    if sum(map(len, present)) + len(glue) * len(present) > MAX_STRING:
        raise exceeded("string", MAX_STRING)
    return glue.join(present)
