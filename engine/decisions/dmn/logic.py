"""Boxed expressions as closures over the names of a decision."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from engine.decisions.dmn.syntax import (
    Box,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    RelationBox,
)
from engine.decisions.dmn.types import Types
from engine.decisions.feel.builtins import FUNCTIONS
from engine.decisions.feel.compiler import RUN, Build, Closure, Scope, closure_of
from engine.decisions.feel.compiler.calls import Definition, make_function
from engine.decisions.feel.compiler.dispatch import pay_for
from engine.decisions.feel.compiler.loops import strict_filter
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.expression import Expression, compile_text
from engine.decisions.feel.syntax import Embedded, For, Node, Quantified
from engine.decisions.feel.values.conformance import coerced
from engine.decisions.feel.values.functions import Function
from engine.decisions.feel.values.types import ANY

COST_PER_BOX = 20


@dataclass
class Witness:
    """What a linter wants to see of compiling, with elements: texts that are no FEEL, those that are, and tables."""

    broken: list[tuple[str, FeelError]] = field(default_factory=list)
    texts: list[tuple[str, Expression]] = field(default_factory=list)
    tables: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """Where a boxed expression stands: its decision, the names it may use, and who watches it being compiled."""

    decision: str
    names: tuple[str, ...]
    types: Types
    witness: Witness | None = None
    used: set[str] = field(default_factory=set)
    made: dict[tuple[str, bool, tuple[str, ...]], Expression] = field(default_factory=dict)  # cells repeat each other

    def with_names(self, names: Iterable[str]) -> "Place":
        return replace(self, names=(*self.names, *names))

    def expression(self, text: str, element: str, *, unary: bool = False) -> Expression | FeelError:
        """The compiled text, or what is wrong with it (reported once)."""
        key = text, unary, self.names
        try:
            made = self.made[key] if key in self.made else self._compiled(text, unary=unary)
        except FeelError as broken:
            if self.witness:
                self.witness.broken.append((element, broken))
            return broken
        self.made[key] = made
        if self.witness:
            self.witness.texts.append((element, made))
        self.used.update(made.free)
        return made

    def _compiled(self, text: str, *, unary: bool) -> Expression:
        return compile_text(text, names=(*self.names, *self.types.members()), types=self.types, unary=unary)


def broken_closure(problem: FeelError) -> Closure:
    """Null, and a note in the run."""

    def note(scope: Scope) -> None:
        scope[RUN].problems.append(problem)

    return note


def box_node(box: Box, place: Place) -> Node:
    """The box as a node: of FEEL itself for a literal expression, else around its closure."""
    if isinstance(box, LiteralBox) and box.text and not box.type_name:
        made = place.expression(box.text, box.id)
        return made.node if isinstance(made, Expression) else Embedded(0, broken_closure(made))
    inner = replace(place, used=set())
    closure = box_closure(box, inner)
    place.used.update(inner.used)
    return Embedded(0, closure, frozenset(inner.used))


def box_closure(box: Box, place: Place) -> Closure:
    """The closure of a boxed expression; its value is coerced to the box's type."""
    closure = _COMPILERS[box.__class__](box, place)
    wanted = place.types.wanted(box.type_name)
    if wanted is ANY or isinstance(box, FunctionBox):
        return closure
    return _as_type(closure, wanted)


def _literal(box: LiteralBox, place: Place) -> Closure:
    if not box.text:
        return lambda scope: None
    made = place.expression(box.text, box.id)
    return made.run if isinstance(made, Expression) else broken_closure(made)


def _context(box: ContextBox, place: Place) -> Closure:
    entries: list[tuple[str, Closure]] = []
    result: Closure | None = None
    for variable, value in box.entries:
        closure = box_closure(value, place)
        if variable is None or not variable.name:
            result = closure
            continue
        wanted = place.types.wanted(variable.type_name)
        entries.append((variable.name, closure if wanted is ANY else _as_type(closure, wanted)))
        place = place.with_names([variable.name])

    def build(scope: Scope) -> Any:
        inner, made = dict(scope), {}
        for name, closure in entries:
            inner[name] = made[name] = closure(inner)
        return made if result is None else result(inner)

    return build


def _as_type(closure: Closure, wanted: Any) -> Closure:
    def act(scope: Scope) -> Any:
        value = closure(scope)
        pay_for(scope, value)
        return coerced(value, wanted)

    return act


def _invocation(box: InvocationBox, place: Place) -> Closure:
    function = box_closure(box.function, place)
    bindings = [(name, box_closure(value, place)) for name, value in box.bindings]

    def invoke(scope: Scope) -> Any:
        called = function(scope)
        if called.__class__ is not Function:
            return None
        return called.named(scope[RUN], {name: value(scope) for name, value in bindings})

    return invoke


def _function(box: FunctionBox, place: Place) -> Closure:
    parameters = tuple((parameter.name, place.types.wanted(parameter.type_name)) for parameter in box.parameters)
    if box.kind != "FEEL":
        refused = FeelError("dmn.external-function", f"{place.decision}: functions in {box.kind} are refused")
        if place.witness:
            place.witness.broken.append((box.id, refused))
        return broken_closure(refused)
    if box.body is None:
        return lambda scope: None
    body = box_closure(box.body, place.with_names(name for name, _ in parameters))
    result = place.types.wanted(box.type_name)
    if result.kind == "function":
        result = result.result or ANY
    definition = Definition(place.decision, parameters, body, COST_PER_BOX, result)
    return lambda scope: make_function(definition, dict(scope))


def _relation(box: RelationBox, place: Place) -> Closure:
    rows = [[(name, box_closure(cell, place)) for name, cell in zip(box.columns, row, strict=True)] for row in box.rows]
    return lambda scope: [{name: cell(scope) for name, cell in row} for row in rows]


def _list(box: ListBox, place: Place) -> Closure:
    items = [box_closure(item, place) for item in box.items]
    return lambda scope: [item(scope) for item in items]


def _conditional(box: ConditionalBox, place: Place) -> Closure:
    condition, yes, no = (box_closure(part, place) for part in (box.condition, box.yes, box.no))

    def choose(scope: Scope) -> Any:
        verdict = condition(scope)
        if verdict is not None and verdict.__class__ is not bool:
            return None
        return yes(scope) if verdict else no(scope)

    return choose


def _filter(box: FilterBox, place: Place) -> Closure:
    source, match = box_node(box.source, place), box_node(box.match, place.with_names(["item"]))
    build = Build(FUNCTIONS)
    return strict_filter(closure_of(source, build), match, build)


def _iterator(box: IteratorBox, place: Place) -> Closure:
    source = box_node(box.source, place)
    body = box_node(box.body, place.with_names([box.variable, "partial"]))
    loops = ((box.variable, source),)
    node = For(0, loops, body) if box.kind == "for" else Quantified(0, box.kind == "every", loops, body)
    return closure_of(node, Build(FUNCTIONS))


_COMPILERS: dict[type[Box], Callable[[Any, Place], Closure]] = {
    LiteralBox: _literal,
    ContextBox: _context,
    InvocationBox: _invocation,
    FunctionBox: _function,
    RelationBox: _relation,
    ListBox: _list,
    ConditionalBox: _conditional,
    FilterBox: _filter,
    IteratorBox: _iterator,
}


def compiles_box(kind: type[Box], compile_box: Callable[[Any, Place], Closure]) -> None:
    """Registers how another kind of box is compiled (decision tables stand in their own module)."""
    _COMPILERS[kind] = compile_box
