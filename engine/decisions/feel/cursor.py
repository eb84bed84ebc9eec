"""Walking over the tokens: what comes next, what was expected instead, which names are known."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from engine.decisions.feel.budget import MAX_NESTING, exceeded
from engine.decisions.feel.errors import FeelError, mistake
from engine.decisions.feel.lexer import Token, tokens
from engine.decisions.feel.names import KEYWORDS, KnownNames, nearest

FULL_WIDTH = {
    "，": ",",
    "（": "(",
    "）": ")",
    "＞": ">",
    "＜": "<",
    "＝": "=",
    "＋": "+",
    "－": "-",
    "：": ":",
    "“": '"',
    "”": '"',
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "；": ",",
    "【": "[",
    "】": "]",
}
COMPARING = frozenset("＞＜＝")  # nobody names a thing so, and 得分＞90 would be one name
MAX_CHAIN = 300


class Cursor:
    """A position in the tokens of one text."""

    def __init__(self, text: str, known: KnownNames) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.root = known
        self.known = known
        self.filters = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def sees(self, text: str) -> bool:
        """Whether the next token is this symbol or keyword."""
        token = self.tokens[self.at]
        return token.text == text and token.kind in ("symbol", "name")

    def take(self, text: str) -> bool:
        """Step over this symbol or keyword when it comes next."""
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, *wanted: str) -> Token:
        """The next token, one of these. Raises FeelError otherwise."""
        token = self.tokens[self.at]
        if token.text not in wanted or token.kind not in ("symbol", "name"):
            self.fail(*wanted)
        self.at += 1
        return token

    def fail(self, *expected: str) -> NoReturn:
        """Raises what the next token deserves."""
        raise self.mistake(*expected)

    def mistake(self, *expected: str) -> FeelError:
        token = self.token
        wanted = " or ".join(expected)
        if token.kind == "end":
            return mistake(
                "feel.unexpected-end",
                f"the text ends here; expected {wanted}",
                self.text,
                token.start,
                expected=expected,
            )
        before = self.tokens[self.at - 1].text if self.at else ""
        for sign in (*token.text, *before):
            if sign in FULL_WIDTH:
                return self._full_width(sign, expected)
        near = nearest(token.text, expected) if token.kind == "name" else None
        hint = f'; did you mean "{near}"?' if near else ""
        message = f'unexpected "{token.text}"; expected {wanted}{hint}'
        return mistake(
            "feel.unexpected", message, self.text, token.start, expected=expected, found=token.text, nearest=near
        )

    def _full_width(self, sign: str, expected: tuple[str, ...] = ()) -> FeelError:
        """The mistake of a Chinese keyboard: a sign that looks like one of FEEL's."""
        remedy = FULL_WIDTH[sign]
        position = self.text.rfind(sign, 0, self.token.end)
        message = f'unexpected "{sign}"; write the half-width {remedy}'
        return mistake("feel.full-width", message, self.text, position, expected=expected, found=sign, instead=remedy)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level of nesting. Raises FeelBudgetExceeded beyond the limit."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise exceeded("nesting", MAX_NESTING)
        yield
        self.depth -= 1

    @contextmanager
    def scope(self, names: Iterable[str] = ()) -> Iterator[KnownNames]:
        """A block in which more names are known."""
        outer, self.known = self.known, KnownNames(names, self.known)
        yield self.known
        self.known = outer

    def is_bound(self, name: str) -> bool:
        """Whether the text itself declares the name around this place."""
        level: KnownNames | None = self.known
        while level is not None and level is not self.root:
            if name in level.single or any(
                name == known for entries in level.compound.values() for _, known in entries
            ):
                return True
            level = level.parent
        return False

    def name(self) -> str:
        """The longest known name that starts here, or all words up to a keyword or sign."""
        match = self.known.longest(self.tokens, self.at)
        start = self.at
        self.at += match[1] if match else 1
        while self._is_word():
            self.at += 1
        if match and self.at == start + match[1]:
            return match[0]
        name = self._spelled(start) if self.at > start + 1 else self.tokens[start].text
        if not name.isascii() and not self.known.knows(name):
            for sign in COMPARING & set(name):
                raise self._full_width(sign)
        return name

    def _is_word(self) -> bool:
        token = self.tokens[self.at]
        return token.kind == "name" and token.text not in KEYWORDS

    def _spelled(self, start: int) -> str:
        """The tokens from `start` up to here as one name, white space as single spaces."""
        first, last = self.tokens[start], self.tokens[self.at - 1]
        return " ".join(self.text[first.start : last.end].split())

    def name_until(self, *ends: str) -> str | None:
        """The name spelled by all tokens before one of these; None (and no step) when something else comes between."""
        at = self.at
        while self.tokens[at].kind in ("name", "number", "other") or self.tokens[at].text in ("+", "-", "*", "/", "."):
            if self.tokens[at].text in ends:
                break
            at += 1
        if at == self.at or self.tokens[at].text not in ends or self.tokens[self.at].kind not in ("name", "other"):
            return None
        start, self.at = self.at, at
        return self._spelled(start)
