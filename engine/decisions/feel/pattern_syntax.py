"""Regular expressions of XPath (XML Schema) rewritten for the `regex` package; what XPath does not know is refused."""

from collections.abc import Callable

MAX_PATTERN = 1_000
MAX_REPEAT = 10_000
_CLASSES = {
    "s": r" \t\n\r",
    "d": r"\p{Nd}",
    "i": r"\p{L}_:",
    "c": r"\p{L}\p{M}\p{Nd}\-._:\u00b7",
}
_WORD = r"\p{P}\p{Z}\p{C}"
_SINGLE = {"n": r"\n", "r": r"\r", "t": r"\t"}
_LITERAL = frozenset("\\|.-^?*+{}()[]$")
_SPECIAL = frozenset("\\|.^$?*+{}()[]-&~#")


class BadPattern(Exception):
    """The text is not a regular expression of XPath."""


class Translator:
    """Reads a pattern once from left to right."""

    def __init__(self, pattern: str, *, dot_all: bool, lines: bool) -> None:
        self.pattern = pattern
        self.at = 0
        self.open: list[int] = []
        self.groups = 0
        self.closed: set[int] = set()
        self.repeats = 1
        self.dot = r"(?s:.)" if dot_all else r"[^\n\r]"
        self.start = r"(?:\A|(?<=\n)(?!\Z))" if lines else r"\A"
        self.end = r"(?=\n|\Z)" if lines else r"\Z"

    def translated(self) -> str:
        """The pattern for `regex` in version 1. Raises BadPattern."""
        if len(self.pattern) > MAX_PATTERN:
            raise BadPattern
        parts = []
        repeatable = False
        while self.at < len(self.pattern):
            part, repeatable = self._next(repeatable)
            parts.append(part)
        if self.open:
            raise BadPattern
        return "".join(parts)

    def _take(self) -> str:
        if self.at >= len(self.pattern):
            raise BadPattern
        self.at += 1
        return self.pattern[self.at - 1]

    def _sees(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def _next(self, repeatable: bool) -> tuple[str, bool]:
        character = self._take()
        if character in "*+?{":
            if not repeatable:
                raise BadPattern
            return self._quantifier(character), False
        if character in "^$|":
            return {"^": self.start, "$": self.end, "|": "|"}[character], False
        if character == "(":
            return self._group(), False
        act = _ATOMS.get(character)
        if act:
            return act(self), True
        if character in "}]":
            raise BadPattern
        return escaped(character), True

    def _quantifier(self, character: str) -> str:
        text = character
        if character == "{":
            counts = self._until("}")
            low, comma, high = counts.partition(",")
            if not low.isdecimal() or (high and (not high.isdecimal() or int(high) < int(low))) or len(counts) > 11:
                raise BadPattern
            self.repeats *= max(int(high or low), 1)
            if self.repeats > MAX_REPEAT:
                raise BadPattern
            text = f"{{{int(low)}{comma}{high}}}"
        if self._sees("?"):
            text += self._take()
        return text

    def _until(self, end: str) -> str:
        stop = self.pattern.find(end, self.at)
        if stop < 0:
            raise BadPattern
        text, self.at = self.pattern[self.at : stop], stop + 1
        return text

    def _group(self) -> str:
        if self._sees("?"):
            if not self._sees("?:"):
                raise BadPattern
            self.at += 2
            self.open.append(0)
            return "(?:"
        self.groups += 1
        self.open.append(self.groups)
        return "("

    def close(self) -> str:
        """The end of a group."""
        if not self.open:
            raise BadPattern
        self.closed.add(self.open.pop())
        return ")"

    def any(self) -> str:
        """A dot."""
        return self.dot

    def escape(self) -> str:
        """What follows a backslash."""
        character = self._take()
        if character.isdecimal():
            return self._back_reference(character)
        if character in _LITERAL:
            return escaped(character)
        if character in _SINGLE:
            return _SINGLE[character]
        return f"[{self._class_escape(character)}]" if character not in "SDICW" else self._negated_class(character)

    def _negated_class(self, character: str) -> str:
        return f"[^{_CLASSES[character.lower()]}]" if character != "W" else f"[{_WORD}]"

    def _class_escape(self, character: str) -> str:
        """The members of an escape for use inside brackets."""
        if character in _CLASSES:
            return _CLASSES[character]
        if character == "w":
            return f"[^{_WORD}]"
        if character in "SDICW":
            return self._negated_class(character)
        if character in "pP" and self._take() == "{":
            return self._property(character)
        raise BadPattern

    def _property(self, letter: str) -> str:
        name = self._until("}")
        if not name.replace("-", "").isalnum() or not name.isascii():
            raise BadPattern
        if name.startswith("Is"):
            return rf"\{letter}{{In{name[2:].replace('-', '')}}}"
        if len(name) > 2:
            raise BadPattern
        return rf"\{letter}{{{name}}}"

    def _back_reference(self, digit: str) -> str:
        number = int(digit)
        while self._sees_digit() and int(f"{number}{self.pattern[self.at]}") in self.closed:
            number = int(f"{number}{self._take()}")
        if number not in self.closed or not number:
            raise BadPattern
        return rf"(?:\{number})"

    def _sees_digit(self) -> bool:
        return self.at < len(self.pattern) and self.pattern[self.at] in "0123456789"

    def bracket(self) -> str:
        """A class in brackets, perhaps with another subtracted."""
        negated = self._sees("^")
        self.at += negated
        members: list[str] = []
        minus = ""
        while True:
            if self._sees("-[") and members:
                self.at += 2
                minus = f"--{self.bracket()}"
                if self._take() != "]":
                    raise BadPattern
                break
            if self._sees("]") and members:
                self.at += 1
                break
            members.append(self._member())
        inside = "".join(members)
        return f"[[{'^' if negated else ''}{inside}]{minus}]" if minus else f"[{'^' if negated else ''}{inside}]"

    def _member(self) -> str:
        first, single = self._character()
        if not single or not self._sees("-") or self._sees("-]") or self._sees("-["):
            return first if not single else escaped(first)
        self.at += 1
        last, single = self._character()
        if not single or last < first:
            raise BadPattern
        return f"{escaped(first)}-{escaped(last)}"

    def _character(self) -> tuple[str, bool]:
        """One character (True) or the members of a class (False)."""
        character = self._take()
        if character in "[]":
            raise BadPattern
        if character != "\\":
            return character, True
        escape = self._take()
        if escape in _LITERAL:
            return escape, True
        if escape in _SINGLE:
            return {"n": "\n", "r": "\r", "t": "\t"}[escape], True
        return self._class_escape(escape), False


_ATOMS: dict[str, Callable[[Translator], str]] = {
    ")": Translator.close,
    ".": Translator.any,
    "\\": Translator.escape,
    "[": Translator.bracket,
}


def escaped(character: str) -> str:
    return "\\" + character if character in _SPECIAL else character


def without_space(pattern: str) -> str:
    """The pattern under flag x: white space counts only inside brackets."""
    kept, depth, at = [], 0, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\" and depth:
            kept.append(pattern[at : at + 2])
            at += 2
            continue
        depth += (character == "[") - (character == "]" and depth > 0)
        if depth or character not in " \t\n\r":
            kept.append(character)
        at += 1
    return "".join(kept)
