"""Item definitions as types of FEEL, allowed values included (DMN 1.5 §7.3.3)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.decisions.dmn.syntax import TypeDefinition
from engine.decisions.feel.budget import Run
from engine.decisions.feel.compiler import RUN
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.expression import compile_text
from engine.decisions.feel.values.types import ANY, BY_NAME, FeelType

MAX_DEPTH = 30


class Types(Mapping[str, FeelType]):
    """The named types of one model; those of imported ones as `import.name`."""

    def __init__(self, definitions: tuple[TypeDefinition, ...], imported: Mapping[str, "Types"]) -> None:
        self._definitions = {definition.name: definition for definition in definitions}
        self._imported = imported
        self._made: dict[str, FeelType] = {}
        self._depth = 0

    def __getitem__(self, name: str) -> FeelType:
        found = self.named(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._definitions
        for prefix, types in self._imported.items():
            yield from (f"{prefix}.{name}" if prefix else name for name in types)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def members(self) -> Iterator[str]:
        """The names of all components, for paths with spaces and signs."""
        waiting = list(self._definitions.values())
        while waiting:
            definition = waiting.pop()
            waiting.extend(definition.components)
            yield from (component.name for component in definition.components)
        for types in self._imported.values():
            yield from types.members()

    def named(self, name: str) -> FeelType | None:
        """The type with this name, None when there is none; `feel:number` and `number` are the same."""
        plain = name.rpartition(":")[2] if ":" in name else name
        if plain in self._made:
            return self._made[plain]
        if plain in self._definitions:
            made = self._made[plain] = self._of(self._definitions[plain])
            return made
        prefix, _, rest = plain.partition(".")
        for imported, types in self._imported.items():
            if imported == prefix or not imported:
                found = types.named(rest if imported else plain)
                if found:
                    return found
        return BY_NAME.get(plain)

    def wanted(self, name: str) -> FeelType:
        """The type with this name; Any for none and for an unknown one."""
        return (self.named(name) or ANY) if name else ANY

    def _of(self, definition: TypeDefinition) -> FeelType:
        if self._depth >= MAX_DEPTH:
            return ANY
        self._depth += 1
        try:
            return self._collected(definition, self._element(definition))
        finally:
            self._depth -= 1

    def _element(self, definition: TypeDefinition) -> FeelType:
        if definition.parameters is not None:
            parameters = tuple(self.wanted(name) for name in definition.parameters)
            return FeelType("function", parameters=parameters, result=self.wanted(definition.result))
        if definition.components:
            return FeelType("context", members={part.name: self._of(part) for part in definition.components})
        base = self.named(definition.base) if definition.base else ANY
        return base if base is not None else ANY

    def _collected(self, definition: TypeDefinition, element: FeelType) -> FeelType:
        if definition.allowed:
            element = _restricted(element, definition.allowed)
        whole = FeelType("list", element) if definition.collection else element
        if definition.constraint:
            whole = _restricted(whole, definition.constraint)
        return replace(whole, name=definition.name)


def _restricted(base: FeelType, text: str) -> FeelType:
    tests = allowed_by(text)
    before = base.allowed
    if before is None:
        return replace(base, allowed=tests)
    return replace(base, allowed=lambda value: before(value) and tests(value))


def allowed_by(text: str) -> Callable[[Any], bool]:
    """Whether a value passes unary tests; everything does when they are broken (the linter tells), and null always."""
    try:
        tests = compile_text(text, unary=True)
    except FeelError:
        return lambda value: True
    return lambda value: value is None or tests.run({"?": value, RUN: Run()}) is True
