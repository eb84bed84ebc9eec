"""The syntax tree: one frozen class for each form of expression."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from engine.decisions.feel.values.types import ANY, FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """An expression and where it starts in the text."""

    position: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, boolean, null or `@"…"`, already as its value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name; `bound` when the text declares it (loop variable, parameter, entry); in a filter it may be a member."""

    name: str
    bound: bool = False
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left operator right` for arithmetic and comparison."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """A chain of `and` or of `or`."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in test` or `value in (test, test)`; a unary test when `implicit` (the value is `?`)."""

    value: Node
    tests: tuple[Node, ...]
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class NotIn(Node):
    """`not(…)` around unary tests."""

    tests: In


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`< value` and its likes, as a test or as a range."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[low..high]` and its open forms."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """`low..high` as what a loop runs over."""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """`{name: value}`; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`source.name`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`source[condition]`, by position or by condition."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`function(arguments)`; `names` when they are given by name."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for a in x, b in y return body`."""

    loops: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every` `a in x, b in y satisfies body`."""

    every: bool
    loops: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`; `wanted` is None for a type nobody knows."""

    value: Node
    wanted: FeelType | None


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """`function(a: number) body`."""

    parameters: tuple[tuple[str, FeelType], ...]
    body: Node
    result: FeelType = ANY


@dataclass(frozen=True, slots=True)
class Embedded(Node):
    """A closure from elsewhere (a boxed expression) as a node; `names` are those that it reads."""

    closure: Any
    names: frozenset[str] = frozenset()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything inside."""
    waiting: list[Any] = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Node):
            yield found
            waiting.extend(getattr(found, name) for name in _parts(found.__class__))
        elif found.__class__ is tuple:
            waiting.extend(found)


_PARTS: dict[type, tuple[str, ...]] = {}


def _parts(kind: type) -> tuple[str, ...]:
    """The fields that may hold nodes."""
    if kind not in _PARTS:
        _PARTS[kind] = tuple(field.name for field in fields(kind) if "Node" in str(field.type) or field.name == "tests")
    return _PARTS[kind]
