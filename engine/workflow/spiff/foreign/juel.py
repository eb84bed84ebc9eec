"""Expressions as Camunda 7, Flowable and Activiti write them (`${…}`): the part that means the same in FEEL."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from engine.decisions import feel
from engine.decisions.feel import FeelError

_OPENING = re.compile(r"[$#]\{")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<name>[^\W\d][\w$]*|\$[\w$]*)"
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]]))"
)
_WORDS = {
    "and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "le": "<=",
    "gt": ">", "ge": ">=", "div": "/", "mod": "%",
}  # fmt: skip
_BINDING = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6}
_SPELLED = {"||": "or", "&&": "and", "==": "="}
_OF_THE_ENGINE = frozenset(
    {"execution", "task", "caseExecution", "authenticatedUserId", "currentUser", "connector", "vars", "variables"}
)
_TIGHT = 7


class Untranslatable(ValueError):
    """The expression asks for something that FEEL does not mean the same way; the text says what."""


@dataclass(frozen=True)
class Piece:
    """A part of a text: literal, or the inside of `${…}`."""

    text: str
    expression: bool


def pieces(text: str) -> list[Piece]:
    """The literal and the `${…}` parts of a text, in order. Raises Untranslatable for one that is not closed."""
    found: list[Piece] = []
    at = 0
    while (opening := _OPENING.search(text, at)) is not None:
        end = _closing(text, opening.end())
        if opening.start() > at:
            found.append(Piece(text[at : opening.start()], False))
        found.append(Piece(text[opening.end() : end].strip(), True))
        at = end + 1
    return [*found, Piece(text[at:], False)] if at < len(text) else found


def is_juel(text: str) -> bool:
    """Whether a text holds `${…}` or `#{…}`."""
    return _OPENING.search(text) is not None


def translate(text: str, hidden: Collection[str] = ()) -> str:
    """The FEEL text that means the same; a mixed text becomes a concatenation, as there, without nulls.

    `hidden` are names that are no process data here. Raises Untranslatable.
    """
    parts = pieces(text)
    if len(parts) == 1 and parts[0].expression:
        return _checked(parts[0].text, hidden)
    joined = (f"string({_checked(one.text, hidden)})" if one.expression else quoted(one.text) for one in parts)
    return f'string join([{", ".join(joined)}], "")'


def attribute(text: str, hidden: Collection[str] = ()) -> str:
    """The text as an attribute of ours: FEEL after `=`, or the literal itself. Raises Untranslatable."""
    stripped = text.strip()
    if is_juel(stripped):
        return f"={translate(stripped, hidden)}"
    return f"={quoted(stripped)}" if stripped.startswith("=") else stripped


def variable(text: str) -> str | None:
    """The name when the text is `${name}` and no more."""
    parts = pieces(text.strip()) if is_juel(text) else []
    alone = len(parts) == 1 and parts[0].expression and parts[0].text.isidentifier()
    return parts[0].text if alone else None


def quoted(text: str) -> str:
    """A text as a FEEL literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "").replace("\t", "\\t")
    return f'"{escaped}"'


def _closing(text: str, start: int) -> int:
    quote = ""
    for at in range(start, len(text)):
        sign = text[at]
        if quote:
            quote = "" if sign == quote and text[at - 1] != "\\" else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "}":
            return at
    raise Untranslatable("the brace is not closed")


def _checked(text: str, hidden: Collection[str]) -> str:
    parser = _Parser(list(_tokens(text)), frozenset(hidden))
    written = parser.whole()
    try:
        compiled = feel.compile(written)
    except FeelError as error:
        raise Untranslatable(f"{written} is no FEEL") from error
    strange = (parser.names - compiled.free) | (compiled.names - parser.names)
    if strange:
        raise Untranslatable(f"{', '.join(sorted(strange))} means something else in FEEL")
    return written


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise Untranslatable(f"'{text[at:].strip()[:20]}' is not understood")
        kind = str(found.lastgroup)
        word = found.group(kind)
        at = found.end()
        yield ("sign", _WORDS[word]) if kind == "name" and word in _WORDS else (kind, word)
    yield "end", ""


@dataclass
class _Parser:
    """Reads one expression and writes FEEL; what is not surely the same raises Untranslatable."""

    tokens: list[tuple[str, str]]
    hidden: frozenset[str]
    at: int = 0
    names: set[str] = field(default_factory=set)

    def whole(self) -> str:
        written = self._choice()
        if self.tokens[self.at][0] != "end":
            raise Untranslatable(f"'{self.tokens[self.at][1]}' is not expected there")
        return written

    def _choice(self) -> str:
        asked = self._binary(1)
        if not self._skips("?"):
            return asked
        first = self._choice()
        self._expect(":")
        return f"if {asked} then {first} else {self._choice()}"

    def _binary(self, tightness: int) -> str:
        if tightness == _TIGHT:
            return self._unary()
        left = self._binary(tightness + 1)
        while _BINDING.get(self._sign()) == tightness:
            sign = self._next()
            right = self._binary(tightness + 1)
            left = f"({left} {_SPELLED.get(sign, sign)} {right})"
        if self._sign() == "%":
            raise Untranslatable("the remainder of a negative number is another one in FEEL")
        return left

    def _unary(self) -> str:
        if self._skips("!"):
            return f"({self._unary()} != true)"  # null counts as false there, so its negation is true
        if self._skips("-"):
            return f"(-{self._unary()})"
        if self.tokens[self.at] == ("name", "empty"):
            self.at += 1
            return _empty(self._unary())
        return self._postfix()

    def _postfix(self) -> str:
        written = self._primary()
        while self._sign() in (".", "[", "("):
            sign = self._next()
            if sign == "(":
                raise Untranslatable("it calls a method or function")
            written = self._property(written) if sign == "." else self._member(written)
        return written

    def _property(self, of: str) -> str:
        kind, word = self.tokens[self.at]
        if kind != "name" or not word.isidentifier():
            raise Untranslatable("a property has no plain name")
        self.at += 1
        return f"{of}.{word}"

    def _member(self, of: str) -> str:
        kind, word = self.tokens[self.at]
        self.at += 1
        self._expect("]")
        if kind == "number" and word.isdigit():
            return f"{of}[{int(word) + 1}]"  # counted from 0 there, from 1 here
        if kind == "text":
            return f"get value({of}, {_text(word)})"
        raise Untranslatable("only a number or a text may stand in brackets")

    def _primary(self) -> str:
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return word
        if kind == "text":
            return _text(word)
        if kind == "name":
            return self._name(word)
        if word == "(":
            inner = self._choice()
            self._expect(")")
            return f"({inner})"
        raise Untranslatable(f"'{word}' is not expected there" if word else "it ends too early")

    def _name(self, word: str) -> str:
        if word in ("true", "false", "null"):
            return word
        if word in _OF_THE_ENGINE or word in self.hidden:
            raise Untranslatable(f"{word} belongs to the other engine")
        if not word.isidentifier():
            raise Untranslatable(f"{word} is no name in FEEL")
        self.names.add(word)
        return "(loopCounter - 1)" if word == "loopCounter" else word  # from 0 there, from 1 here

    def _sign(self) -> str:
        kind, word = self.tokens[self.at]
        return word if kind == "sign" else ""

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _skips(self, sign: str) -> bool:
        if self._sign() != sign:
            return False
        self.at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._skips(sign):
            raise Untranslatable(f"'{sign}' is missing")


def _empty(of: str) -> str:
    return (
        f"(if {of} = null then true else if {of} instance of string then {of} = "
        f'"" else if {of} instance of list<Any> then count({of}) = 0 else {of} = {{}})'
    )


def _text(word: str) -> str:
    return quoted(re.sub(r"\\(.)", r"\1", word[1:-1]))
