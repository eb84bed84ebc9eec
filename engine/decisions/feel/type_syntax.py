"""How types are written: `number`, `list<number>`, `context<a: date>`, `function<string>->number`, item definitions."""

from collections.abc import Mapping

from engine.decisions.feel.cursor import Cursor
from engine.decisions.feel.names import KnownNames
from engine.decisions.feel.values.types import BY_NAME, FeelType


class TypeReader(Cursor):
    """Reads types; `types` are the named ones of the model."""

    def __init__(self, text: str, known: KnownNames, types: Mapping[str, FeelType]) -> None:
        super().__init__(text, known)
        self.types = types
        self.type_names = KnownNames([name for name in (*BY_NAME, *types) if not name.isidentifier()])

    def type(self) -> FeelType | None:
        """The type that is written here, None when nobody knows its name."""
        with self.deeper():
            name = self._type_name()
            if name in ("list", "range") and self.take("<"):
                element = self.type()
                self.expect(">")
                return element and FeelType(name, element)
            if name == "context" and self.take("<"):
                return self._context_type()
            if name == "function" and self.take("<"):
                return self._function_type()
            return self.types.get(name) or BY_NAME.get(name)

    def _type_name(self) -> str:
        if self.token.kind != "name":
            self.fail("a type")
        match = self.type_names.longest(self.tokens, self.at)
        if match:
            self.at += match[1]
            return match[0]
        start = self.at
        self.at += 1
        while self.sees(".") and self.tokens[self.at + 1].kind == "name":
            self.at += 2
        return self._spelled(start)

    def _context_type(self) -> FeelType | None:
        members: dict[str, FeelType | None] = {}
        while not self.take(">"):
            name = self.name_until(":")
            if name is None:
                self.fail("a name and a colon")
            self.expect(":")
            members[name] = self.type()
            if not self.sees(">"):
                self.expect(",")
        known = {name: member for name, member in members.items() if member}
        return FeelType("context", members=known) if len(known) == len(members) else None

    def _function_type(self) -> FeelType | None:
        parameters: list[FeelType | None] = []
        while not self.take(">"):
            parameters.append(self.type())
            if not self.sees(">"):
                self.expect(",")
        result = self.type() if self.take("->") else None
        known = tuple(parameter for parameter in parameters if parameter)
        return FeelType("function", parameters=known, result=result) if len(known) == len(parameters) else None
