"""Reading the forms that start with a keyword: if, for, some, every, function."""

from abc import abstractmethod

from engine.decisions.feel.errors import mistake
from engine.decisions.feel.lexer import Token
from engine.decisions.feel.syntax import For, If, Lambda, Node, Quantified, Sequence
from engine.decisions.feel.type_syntax import TypeReader
from engine.decisions.feel.values.types import ANY, FeelType


class Forms(TypeReader):
    """The part of the parser about keywords."""

    @abstractmethod
    def expression(self) -> Node:
        """A whole expression."""

    def if_form(self, token: Token) -> Node:
        """`if … then … else …`."""
        self.at += 1
        condition = self.expression()
        self.expect("then")
        yes = self.expression()
        self.expect("else")
        return If(token.start, condition, yes, self.expression())

    def for_form(self, token: Token) -> Node:
        """`for … in … return …`."""
        self.at += 1
        with self.scope(["partial"]):
            loops = self._loops()
            self.expect("return")
            return For(token.start, loops, self.expression())

    def quantified_form(self, token: Token) -> Node:
        """`some` or `every … in … satisfies …`."""
        self.at += 1
        with self.scope():
            loops = self._loops()
            self.expect("satisfies")
            return Quantified(token.start, token.text == "every", loops, self.expression())

    def _loops(self) -> tuple[tuple[str, Node], ...]:
        loops: list[tuple[str, Node]] = []
        while not loops or self.take(","):
            name = self.name_until("in")
            if name is None:
                self.fail("a name, then in")
            self.expect("in")
            start = self.token.start
            domain = self.expression()
            if self.take(".."):
                domain = Sequence(start, domain, self.expression())
            loops.append((name, domain))
            self.known.add(name)
        return tuple(loops)

    def function_form(self, token: Token) -> Node:
        """`function(…) …`."""
        self.at += 1
        self.expect("(")
        parameters: list[tuple[str, FeelType]] = []
        while not self.take(")"):
            name = self.name_until(":", ",", ")")
            if name is None:
                self.fail("a parameter", ")")
            wanted = self.type() if self.take(":") else ANY
            parameters.append((name, wanted or ANY))
            if not self.sees(")"):
                self.expect(",")
        if self.sees("external"):
            raise mistake("feel.external-function", "functions in Java are refused", self.text, self.token.start)
        with self.scope(name for name, _ in parameters):
            return Lambda(token.start, tuple(parameters), self.expression())
