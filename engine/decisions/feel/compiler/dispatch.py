"""From a node to its closure: one table, filled by the modules beside this one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engine.decisions.feel.syntax import Embedded, Name, Node, walk
from engine.decisions.feel.values.functions import Function
from engine.decisions.feel.values.weights import weight

Scope = dict[str, Any]
Closure = Callable[[Scope], Any]
RUN = " run"  # no name of FEEL starts with a space


@dataclass(frozen=True)
class Build:
    """What compiling needs to know: the functions that a name means when nothing else has it."""

    functions: Mapping[str, Function] = field(default_factory=dict)
    raw: bool = False  # free names give Python values as the caller has them; each use turns them into FEEL's


Compile = Callable[[Any, Build], Closure]
_LARGE = frozenset({list, dict, str})
_BY_CLASS: dict[type[Node], Compile] = {}
Made = TypeVar("Made", bound=Compile)


def compiles(kind: type[Node]) -> Callable[[Made], Made]:
    """Registers the function that compiles this class of nodes."""

    def register(made: Made) -> Made:
        _BY_CLASS[kind] = made
        return made

    return register


def closure_of(node: Node, build: Build) -> Closure:
    """The closure that evaluates the node in a scope."""
    return _BY_CLASS[node.__class__](node, build)


def pay(scope: Scope, cost: int) -> None:
    """Without a loop or a call there is no run: the length of the text bounds the work."""
    run = scope.get(RUN)
    if run is not None:
        run.spend(cost)


def pay_for(scope: Scope, value: Any) -> None:
    """Pay for looking at all of a list, context or long text."""
    if value.__class__ in _LARGE:
        pay(scope, weight(value))


def size_of(node: Node) -> int:
    """How many nodes there are: the cost of evaluating it once."""
    return sum(1 for _ in walk(node))


def names_in(node: Node) -> frozenset[str]:
    """Every name that is mentioned inside."""
    found = list(walk(node))
    embedded = frozenset[str]().union(*(part.names for part in found if isinstance(part, Embedded)))
    return embedded | {part.name for part in found if isinstance(part, Name)}
