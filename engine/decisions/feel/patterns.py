"""Regular expressions on text: XPath's syntax, a limit on time, null for what XPath calls an error."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any

import regex

from engine.decisions.feel.budget import MAX_PATTERN_SECONDS, MAX_STRING, Run, exceeded
from engine.decisions.feel.pattern_syntax import BadPattern, Translator, escaped, without_space

MAX_TEXT = 100_000


@dataclass(frozen=True)
class Pattern:
    """A pattern ready to run, and how many groups it has."""

    ready: Any
    groups: int
    literal: bool


@dataclass(frozen=True)
class Replacement:
    """What to put in place of a match, and the flags of the pattern."""

    text: str
    flags: str


_PIECE = re.compile(r"\$([0-9]{1,6})|\\([$\\])|([^$\\]+)")


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Pattern | None:
    if any(flag not in "smixq" for flag in flags):
        return None
    options = regex.V1 | (regex.IGNORECASE if "i" in flags else 0)
    try:
        if "q" in flags:
            return Pattern(regex.compile("".join(map(escaped, pattern)), options), 0, True)
        source = without_space(pattern) if "x" in flags else pattern
        translator = Translator(source, dot_all="s" in flags, lines="m" in flags)
        return Pattern(regex.compile(translator.translated(), options), translator.groups, False)
    except (BadPattern, regex.error, RecursionError):
        return None


def _ready(pattern: str, flags: str, text: str) -> Pattern | None:
    if len(text) > MAX_TEXT:
        raise exceeded("pattern", MAX_TEXT)
    return _compiled(pattern, flags)


@contextmanager
def _timed(run: Run) -> Iterator[float]:
    """The seconds left for patterns; what was used is taken off. Raises FeelBudgetExceeded when they are used up."""
    start = perf_counter()
    try:
        yield max(run.pattern_seconds, 0.001)
    except TimeoutError as slow:
        raise exceeded("pattern", int(MAX_PATTERN_SECONDS * 1000)) from slow
    finally:
        run.pattern_seconds -= perf_counter() - start


def matches(run: Run, text: str, pattern: str, flags: str) -> bool | None:
    """Whether the pattern matches somewhere in the text."""
    found = _ready(pattern, flags, text)
    if found is None:
        return None
    with _timed(run) as seconds:
        return found.ready.search(text, timeout=seconds) is not None


def replace(run: Run, text: str, pattern: str, replacement: Replacement) -> str | None:
    """The text with every match replaced; `$1` stands for a group. Null when the pattern matches the empty text."""
    found = _ready(pattern, replacement.flags, text)
    pieces = None if found is None else _pieces(replacement.text, found)
    if found is None or pieces is None:
        return None
    size = 0

    def substitute(match: Any) -> str:
        nonlocal size
        made = "".join(piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces)
        size += len(made)
        if size > MAX_STRING:
            raise exceeded("string", MAX_STRING)
        return made

    with _timed(run) as seconds:
        if found.ready.search("", timeout=seconds):
            return None
        return str(found.ready.sub(substitute, text, timeout=seconds))


def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    """The pieces between matches; null when the pattern matches the empty text."""
    found = _ready(delimiter, "", text)
    if found is None:
        return None
    pieces, at = [], 0
    with _timed(run) as seconds:
        if found.ready.search("", timeout=seconds):
            return None
        for match in found.ready.finditer(text, timeout=seconds):
            pieces.append(text[at : match.start()])
            at = match.end()
    return [*pieces, text[at:]]


def _pieces(text: str, found: Pattern) -> list[str | int] | None:
    """Texts and group numbers of a replacement; None when it is malformed."""
    if found.literal:
        return [text]
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        part = _PIECE.match(text, at)
        if part is None:
            return None
        at = part.end()
        if part[1]:
            number, rest = _group(part[1], found.groups)
            pieces.extend([number, rest])
        else:
            pieces.append(part[2] or part[3])
    return pieces


def _group(digits: str, groups: int) -> tuple[int | str, str]:
    """The longest number that is a group, and the digits left over; a single digit without a group is empty."""
    for size in range(len(digits), 0, -1):
        if int(digits[:size]) <= groups:
            return int(digits[:size]), digits[size:]
    return "", digits[1:]
