"""Regular expressions on text: XPath's syntax, a limit on time, null for what XPath calls an error."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from engine.decisions.feel.budget import MAX_STRING, exceeded
from engine.decisions.feel.pattern_syntax import BadPattern, Translator, _escaped, without_space

SECONDS = 0.25  # per call; measured in ADR feel-patterns
MAX_TEXT = 100_000


@dataclass(frozen=True)
class Pattern:
    """A pattern ready to run, and how many groups it has."""

    ready: Any
    groups: int
    literal: bool


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> Pattern | None:
    if any(flag not in "smixq" for flag in flags):
        return None
    options = regex.V1 | (regex.IGNORECASE if "i" in flags else 0)
    try:
        if "q" in flags:
            return Pattern(regex.compile("".join(map(_escaped, pattern)), options), 0, True)
        source = without_space(pattern) if "x" in flags else pattern
        translator = Translator(source, dot_all="s" in flags, lines="m" in flags)
        return Pattern(regex.compile(translator.translated(), options), translator.groups, False)
    except (BadPattern, regex.error, RecursionError):
        return None


def _ready(pattern: str, flags: str, text: str) -> Pattern | None:
    if len(text) > MAX_TEXT:
        raise exceeded("pattern", MAX_TEXT)
    return _compiled(pattern, flags)


def matches(text: str, pattern: str, flags: str) -> bool | None:
    """Whether the pattern matches somewhere in the text."""
    found = _ready(pattern, flags, text)
    if found is None:
        return None
    try:
        return found.ready.search(text, timeout=SECONDS) is not None
    except TimeoutError as slow:
        raise exceeded("pattern", int(SECONDS * 1000)) from slow


def replace(text: str, pattern: str, replacement: str, flags: str) -> str | None:
    """The text with every match replaced; `$1` stands for a group. Null when the pattern matches the empty text."""
    found = _ready(pattern, flags, text)
    pieces = _pieces(replacement, found.groups) if found and not found.literal else [replacement]
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

    try:
        if found.ready.search("", timeout=SECONDS):
            return None
        return str(found.ready.sub(substitute, text, timeout=SECONDS))
    except TimeoutError as slow:
        raise exceeded("pattern", int(SECONDS * 1000)) from slow


def split(text: str, delimiter: str) -> list[str] | None:
    """The pieces between matches; null when the pattern matches the empty text."""
    found = _ready(delimiter, "", text)
    if found is None:
        return None
    pieces, at = [], 0
    try:
        if found.ready.search("", timeout=SECONDS):
            return None
        for match in found.ready.finditer(text, timeout=SECONDS):
            pieces.append(text[at : match.start()])
            at = match.end()
    except TimeoutError as slow:
        raise exceeded("pattern", int(SECONDS * 1000)) from slow
    return [*pieces, text[at:]]


def _pieces(replacement: str, groups: int) -> list[str | int] | None:
    """Texts and group numbers of a replacement; None when it is malformed."""
    pieces: list[str | int] = []
    at = 0
    while at < len(replacement):
        character = replacement[at]
        following = replacement[at + 1 : at + 2]
        if character == "\\" and following in ("\\", "$"):
            pieces.append(following)
        elif character == "$" and following in set("0123456789"):
            end = at + 2
            while replacement[end : end + 1] in set("0123456789") and int(replacement[at + 1 : end + 1]) <= groups:
                end += 1
            number = int(replacement[at + 1 : end])
            pieces.append(number if number <= groups else "")
            at = end
            continue
        elif character in "\\$":
            return None
        else:
            pieces.append(character)
            at += 1
            continue
        at += 2
    return pieces
