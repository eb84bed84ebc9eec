"""Text into tokens; every character of FEEL's grammar (DMN 1.5 §10.3.1.2) that is not white space belongs to one."""

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.decisions.feel.budget import MAX_TEXT, exceeded
from engine.decisions.feel.errors import mistake

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_TOKEN = re.compile(
    rf"""
    (?P<space>[\s\u0085\ufeff]+|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)
  | (?P<name>[{_START}][{_PART}]*)
  | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<symbol>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{{}},:.@])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: kind is name, number, string, symbol, other or end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """All tokens, the last of kind `end`. Raises FeelError for a text without its closing quote or comment mark."""
    if len(text) > MAX_TEXT:
        raise exceeded("text", MAX_TEXT)
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind != "space":
            found.append(Token(kind or "other", match.group(), match.start(), match.end()))
            if kind == "other":
                _refuse_unclosed(text, match.group(), match.start())
    found.append(Token("end", "", len(text), len(text)))
    return found


def _refuse_unclosed(text: str, character: str, position: int) -> None:
    if character == '"':
        raise mistake("feel.unclosed-string", 'this text has no closing ": add it', text, position, expected=['"'])


@lru_cache(maxsize=4096)
def words(name: str) -> tuple[str, ...]:
    """The tokens' texts of a name: what the parser compares, so that white space does not matter."""
    return tuple(match.group() for match in _TOKEN.finditer(name) if match.lastgroup != "space")


_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|([nrt"\'\\]))')
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")


def string_value(literal: str) -> str:
    """What a string literal stands for; an escape that FEEL does not know stays as written (`\\s` in patterns)."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    plain = _ESCAPE.sub(_unescaped, body)
    joined = _PAIR.sub(lambda pair: pair.group().encode("utf-16", "surrogatepass").decode("utf-16"), plain)
    return _LONE.sub("\ufffd", joined)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if not code:
        return _SIMPLE[found[3]]
    point = int(code, 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"
