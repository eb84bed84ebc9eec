"""Tokens into a syntax tree: the operators of FEEL by precedence (DMN 1.5 §10.3.1.2)."""

from collections.abc import Mapping

from engine.decisions.feel.cursor import MAX_CHAIN
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.names import KnownNames
from engine.decisions.feel.primaries import COMPARISONS, Primaries
from engine.decisions.feel.syntax import (
    Between,
    Binary,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    NotIn,
)
from engine.decisions.feel.values.types import FeelType

OR, AND, COMPARE, ADD, MULTIPLY, POWER = 1, 2, 3, 4, 5, 6
BINDING = {
    "or": OR,
    "and": AND,
    "between": COMPARE,
    "in": COMPARE,
    **dict.fromkeys(COMPARISONS, COMPARE),
    "+": ADD,
    "-": ADD,
    "*": MULTIPLY,
    "/": MULTIPLY,
    "**": POWER,
}


class Parser(Primaries):
    """The part of the parser about operators."""

    def expression(self) -> Node:
        with self.deeper():
            return self.operators(self.operand(), OR)

    def arithmetic(self) -> Node:
        with self.deeper():
            return self.operators(self.operand(), ADD)

    def operators(self, left: Node, least: int) -> Node:
        """`left` with all operators behind it that bind at least as strongly as `least`."""
        for _ in range(MAX_CHAIN):
            token = self.token
            binding = BINDING.get(token.text, 0) if token.kind in ("symbol", "name") else 0
            if binding < least or not binding:
                return left
            self.at += 1
            left = self._applied(token.text, token.start, left, binding)
        raise self.mistake("fewer operators in a row")

    def _applied(self, operator: str, position: int, left: Node, binding: int) -> Node:
        if operator == "between":
            low = self.operators(self.operand(), ADD)
            self.expect("and")
            return Between(position, left, low, self.operators(self.operand(), ADD))
        if operator == "in":
            return In(position, left, self._tests_of_in())
        right = self.operators(self.operand(), binding + 1)
        if operator in ("and", "or"):
            parts = left.parts if isinstance(left, Logic) and left.operator == operator else (left,)
            return Logic(position, operator, (*parts, right))
        return Binary(position, operator, left, right)

    def operand(self) -> Node:
        """A value, perhaps negated, perhaps with `instance of`."""
        token = self.token
        if token.kind == "symbol" and token.text == "-":
            self.at += 1
            with self.deeper():
                return Negation(token.start, self.operand())
        return self._typed(self.primary())

    def _typed(self, node: Node) -> Node:
        while self.sees("instance"):
            position = self.token.start
            self.at += 1
            self.expect("of")
            node = InstanceOf(position, node, self.type())
        return node

    def _tests_of_in(self) -> tuple[Node, ...]:
        token = self.token
        if token.kind == "symbol" and token.text in COMPARISONS:
            return (self.test(),)
        if token.kind == "symbol" and token.text == "(":
            inside = self.bracketed(several=True)
            if isinstance(inside, tuple):
                return inside
            return (self.operators(self._typed(self.extended(inside)), ADD),)
        return (self.operators(self.operand(), ADD),)

    def whole_expression(self) -> Node:
        """The whole text as one expression."""
        node = self.expression()
        self._end("an operator", "the end")
        return node

    def whole_tests(self) -> Node:
        """The whole text as unary tests (grammar rule 15): `-`, tests between commas, or `not(…)` around them."""
        if self.take("-") and self.token.kind == "end":
            return Literal(0, True)
        self.at = 0
        return self._negated_tests() or self._tests()

    def _negated_tests(self) -> Node | None:
        if not (self.sees("not") and self.tokens[1].text == "("):
            return None
        self.at = 2
        try:
            with self.inside():
                tests = self._listed_tests()
            self.expect(")")
            self._end("the end")
        except FeelError:
            self.at, self.depth, self.filters, self.brackets, self.known = 0, 0, 0, 0, self.root
            return None
        return NotIn(0, In(0, Name(0, "?"), tests, True))

    def _tests(self) -> Node:
        tests = self._listed_tests()
        self._end(",", "an operator", "the end")
        return In(0, Name(0, "?"), tests, True)

    def _listed_tests(self) -> tuple[Node, ...]:
        tests = [self.test()]
        while self.take(","):
            tests.append(self.test())
        return tuple(tests)

    def _end(self, *expected: str) -> None:
        if self.token.kind != "end":
            self.fail(*expected)


def parse(text: str, known: KnownNames, *, types: Mapping[str, FeelType] | None = None, unary: bool = False) -> Node:
    """The tree of an expression, or of unary tests. Raises FeelError."""
    parser = Parser(text, known, types or {})
    return parser.whole_tests() if unary else parser.whole_expression()
