"""Reading what stands between operators: literals, names, lists, ranges, contexts, calls."""

from abc import abstractmethod
from decimal import Decimal

from engine.decisions.feel.cursor import MAX_CHAIN
from engine.decisions.feel.errors import mistake
from engine.decisions.feel.forms import Forms
from engine.decisions.feel.lexer import Token, string_value
from engine.decisions.feel.names import KEYWORDS
from engine.decisions.feel.syntax import (
    Call,
    Comparison,
    ContextOf,
    Filter,
    Interval,
    ListOf,
    Literal,
    Name,
    Node,
    Path,
)
from engine.decisions.feel.values.calendar import parse_date, parse_moment, parse_time
from engine.decisions.feel.values.durations import parse_duration
from engine.decisions.feel.values.numbers import number

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
CONSTANTS = {"true": True, "false": False, "null": None}
START = "a value"


class Primaries(Forms):
    """The part of the parser below operators."""

    @abstractmethod
    def arithmetic(self) -> Node:
        """An expression without comparison and logic."""

    def primary(self) -> Node:
        """A value with the paths, filters and calls behind it."""
        token = self.token
        if token.kind == "symbol" and token.text == "(":
            inside = self.bracketed(several=False)
            if isinstance(inside, Node):
                return self.extended(inside)
        return self.extended(self._plain(token))

    def extended(self, node: Node) -> Node:
        """The node with `.name`, `[…]` and `(…)` that follow it."""
        for _ in range(MAX_CHAIN):
            token = self.token
            if token.kind != "symbol":
                return node
            if token.text == "." and self.tokens[self.at + 1].kind == "name":
                self.at += 1
                node = Path(token.start, node, self.name())
            elif token.text == "[" and not self._closes_range():
                node = self._filter(node, token)
            elif token.text == "(":
                node = self._call(node, token)
            else:
                return node
        raise self.mistake("a shorter chain")

    def _closes_range(self) -> bool:
        return self.range_ends and self.brackets == self.range_brackets

    range_ends = False
    brackets = 0
    range_brackets = 0

    def _plain(self, token: Token) -> Node:
        if token.kind == "number":
            return self._number(token)
        if token.kind == "string":
            self.at += 1
            return Literal(token.start, string_value(token.text))
        if token.kind == "name":
            return self._word(token)
        if token.kind == "symbol":
            if token.text in ("[", "]"):
                return self._list_or_range(token)
            if token.text == "{":
                return self._context(token)
            if token.text == "@":
                return self._moment(token)
        raise self.mistake(START)

    def _number(self, token: Token) -> Node:
        self.at += 1
        value = number(Decimal(token.text)) if len(token.text) < 6000 else None
        if value is None:
            raise mistake("feel.bad-number", "this number is too large", self.text, token.start, found=token.text[:40])
        return Literal(token.start, value)

    def _moment(self, token: Token) -> Node:
        self.at += 1
        literal = self.token
        if literal.kind != "string":
            self.fail('a text such as "2026-03-31"')
        self.at += 1
        text = string_value(literal.text)
        for parse in (parse_date, parse_moment, parse_time, parse_duration):
            value = parse(text)
            if value is not None:
                return Literal(token.start, value)
        expected = ("a date", "a time", "a date and time", "a duration")
        message = f'@{literal.text} is not a date, time, date and time or duration; write @"2026-03-31" or @"P3D"'
        raise mistake("feel.bad-moment", message, self.text, token.start, expected=expected, found=text)

    def _word(self, token: Token) -> Node:
        word = token.text
        compound = word in KEYWORDS and self.known.longest(self.tokens, self.at)
        if word not in KEYWORDS or compound:
            name = self.name()
            return Name(token.start, name, self.is_bound(name), self.filters > 0)
        if word in CONSTANTS:
            self.at += 1
            return Literal(token.start, CONSTANTS[word])
        if word == "if":
            return self.if_form(token)
        if word == "for":
            return self.for_form(token)
        if word in ("some", "every"):
            return self.quantified_form(token)
        if word == "function":
            return self.function_form(token)
        raise self.mistake(START)

    def _filter(self, source: Node, token: Token) -> Node:
        self.at += 1
        self.filters += 1
        with self.scope(["item"]), self.inside():
            condition = self.expression()
        self.filters -= 1
        self.expect("]")
        return Filter(token.start, source, condition)

    def _call(self, function: Node, token: Token) -> Node:
        self.at += 1
        names: list[str] = []
        arguments: list[Node] = []
        with self.inside():
            while not self.take(")"):
                name = self.name_until(":")
                if (name is None) != (not names) and arguments:
                    self.fail("all arguments by name, or none")
                if name is not None:
                    self.expect(":")
                    names.append(name)
                arguments.append(self.expression())
                if not self.sees(")"):
                    self.expect(",", ")")
                    if self.sees(")"):
                        self.fail(START)
        return Call(token.start, function, tuple(arguments), tuple(names) if names else None)

    def _context(self, token: Token) -> Node:
        self.at += 1
        entries: list[tuple[str, Node]] = []
        with self.scope(), self.inside():
            while not self.take("}"):
                name = self._key()
                self.expect(":")
                if self.sees("function"):
                    self.known.add(name)  # a function may call itself
                entries.append((name, self.expression()))
                self.known.add(name)
                if not self.sees("}"):
                    self.expect(",", "}")
        return ContextOf(token.start, tuple(entries))

    def _key(self) -> str:
        if self.token.kind == "string":
            self.at += 1
            return string_value(self.tokens[self.at - 1].text)
        name = self.name_until(":")
        if name is None:
            self.fail("a name and a colon", "}")
        return name

    def _list_or_range(self, token: Token) -> Node:
        self.at += 1
        if token.text == "[" and self.take("]"):
            return ListOf(token.start, ())
        with self.inside():
            first = self.test() if token.text == "[" else self.arithmetic()
            if self.sees("..") or token.text == "]":
                return self._range(token, first)
            items = [first]
            while self.take(","):
                items.append(self.test())
        self.expect("]", ",")
        return ListOf(token.start, tuple(items))

    def bracketed(self, *, several: bool) -> Node | tuple[Node, ...]:
        """`(…)`: an expression, a range, a comparison; with `several`, also tests between commas."""
        token = self.token
        self.at += 1
        with self.deeper(), self.inside():
            first = self.test()
            if self.sees(".."):
                return self._range(token, first)
            tests = [first]
            while several and self.take(","):
                tests.append(self.test())
        self.expect(")")
        return first if len(tests) == 1 else tuple(tests)

    def test(self) -> Node:
        """`< value` or an expression."""
        token = self.token
        if token.kind == "symbol" and token.text in COMPARISONS:
            self.at += 1
            return Comparison(token.start, token.text, self.arithmetic())
        return self.expression()

    def _range(self, token: Token, low: Node) -> Node:
        self.expect("..")
        self.range_ends, before = True, (self.range_ends, self.range_brackets)
        self.range_brackets = self.brackets
        high = self.arithmetic()
        self.range_ends, self.range_brackets = before
        closing = self.expect("]", ")", "[")
        return Interval(token.start, low, high, token.text == "[", closing.text == "]")

    def inside(self) -> "_Inside":
        """Between brackets: a `[` there never closes a range outside."""
        return _Inside(self)


class _Inside:
    def __init__(self, parser: Primaries) -> None:
        self.parser = parser

    def __enter__(self) -> None:
        self.parser.brackets += 1

    def __exit__(self, *_: object) -> None:
        self.parser.brackets -= 1
