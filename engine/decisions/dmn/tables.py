"""Decision tables as closures: every hit policy and aggregation (DMN 1.5 §8.2)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from engine.decisions.dmn.cells import Cell, cell_of
from engine.decisions.dmn.logic import Place, broken_closure, compiles_box
from engine.decisions.dmn.syntax import Column, TableBox
from engine.decisions.dmn.table_index import ColumnIndex
from engine.decisions.dmn.types import allowed_by
from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins import FUNCTIONS
from engine.decisions.feel.builtins.aggregates import maximum, minimum, total
from engine.decisions.feel.compiler import RUN, Build, Closure, Scope, closure_of
from engine.decisions.feel.compiler.dispatch import pay_for
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.expression import Expression, compile_text
from engine.decisions.feel.syntax import In, Node
from engine.decisions.feel.values.comparison import equal
from engine.decisions.feel.values.conformance import coerced
from engine.decisions.feel.values.types import FeelType

MAX_FIRED = 1_000
ANYTHING = ("", "-")


@dataclass(frozen=True)
class FiredRule:
    """A row that decided: its decision, its place from 1, its id and its annotations by column."""

    decision: str
    index: int
    id: str
    annotations: dict[str, str]


@dataclass(frozen=True)
class InputColumn:
    """A compiled input: its expression, the values it may have, its cells as nodes, and the look-up over them."""

    expression: Closure
    wanted: FeelType
    allowed: Callable[[Any], bool] | None
    nodes: tuple[Node | None, ...]
    index: ColumnIndex


@dataclass(frozen=True)
class OutputColumn:
    """A compiled output: its entries by rule, its default, and the rank of its values for PRIORITY."""

    name: str
    entries: tuple[Closure, ...]
    wanted: FeelType
    default: Closure | None
    ranks: tuple[Callable[[Any], bool], ...]

    def rank(self, value: Any) -> int:
        """The place of the value in the list of output values; after all of them when it is not there."""
        return next((at for at, matches in enumerate(self.ranks) if matches(value)), len(self.ranks))


class Table:
    """A compiled decision table."""

    def __init__(self, box: TableBox, place: Place) -> None:
        self.box = box
        self.decision = place.decision
        self.inputs = [_input(box, at, column, place) for at, column in enumerate(box.inputs)]
        self.outputs = [_output(box, at, column, place) for at, column in enumerate(box.outputs)]
        self.everything = (1 << len(box.rules)) - 1
        self.cost = 5 + len(box.rules) // 50
        self.choose = _POLICIES[box.policy]
        if place.witness:
            place.witness.tables.append(self)

    def __call__(self, scope: Scope) -> Any:
        """The table's value: of its single output, or a context of all."""
        scope[RUN].spend(self.cost)
        rules = self.matching(scope)
        if rules is None:
            return None
        if not rules:
            return self._default(scope)
        return self.choose(self, scope, rules)

    def matching(self, scope: Scope) -> list[int] | None:
        """The matching rules from 0 in order; None when an input has a value that it may not have."""
        bits, values = self.everything, []
        for column in self.inputs:
            value = column.expression(scope)
            if column.allowed is not None and not column.allowed(value):
                return None
            values.append(value)
            bits &= column.index.rules(value, scope)
            if not bits:
                return []
        for column, value in zip(self.inputs, values, strict=True):
            bits = column.index.confirmed(value, scope, bits)
        return _positions(bits)

    def output(self, scope: Scope, rule: int) -> Any:
        """The value of one rule."""
        values = []
        for column in self.outputs:
            value = column.entries[rule](scope)
            pay_for(scope, value)
            values.append(coerced(value, column.wanted))
        return self._shaped(values)

    def fire(self, scope: Scope, rules: list[int]) -> None:
        """Note the rules that decided."""
        fired = scope[RUN].fired
        if len(fired) < MAX_FIRED:
            found = [(at, self.box.rules[at]) for at in rules]
            fired.extend(FiredRule(self.decision, at + 1, rule.id, dict(rule.annotations)) for at, rule in found)

    def _shaped(self, values: list[Any]) -> Any:
        if len(values) == 1:
            return values[0]
        return {column.name: value for column, value in zip(self.outputs, values, strict=True)}

    def _default(self, scope: Scope) -> Any:
        if self.box.aggregation == "COUNT":
            return Decimal(0)
        if all(column.default is None for column in self.outputs):
            return None
        return self._shaped([column.default(scope) if column.default else None for column in self.outputs])


def _positions(bits: int) -> list[int]:
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def _input(box: TableBox, at: int, column: Column, place: Place) -> InputColumn:
    expression = place.expression(column.text, column.id) if column.text else None
    cells: list[Cell | None] = []
    tests: list[Closure] = []
    nodes: list[Node | None] = []
    inner = place.with_names(["?"])
    for number, rule in enumerate(box.rules, 1):
        text = rule.tests[at]
        made = inner.expression("-" if text in ANYTHING else text, f"{rule.id or number}", unary=True)
        nodes.append(made.node if isinstance(made, Expression) else None)
        cells.append(cell_of(made.node) if isinstance(made, Expression) else None)
        tests.append(made.run if isinstance(made, Expression) else broken_closure(made))
    closure: Closure = expression.run if isinstance(expression, Expression) else lambda scope: None
    if expression is not None and not isinstance(expression, Expression):
        closure = broken_closure(expression)
    allowed = allowed_by(column.values) if column.values not in ANYTHING else None
    return InputColumn(closure, place.types.wanted(column.type_name), allowed, tuple(nodes), ColumnIndex(cells, tests))


def _output(box: TableBox, at: int, column: Column, place: Place) -> OutputColumn:
    entries = tuple(_entry(rule.outputs[at], rule.id or str(number), place) for number, rule in enumerate(box.rules, 1))
    default = _entry(column.default, column.id, place) if column.default else None
    wanted = place.types.wanted(column.type_name)
    return OutputColumn(column.name, entries, wanted, default, _ranks(column.values))


def _entry(text: str, element: str, place: Place) -> Closure:
    if text in ANYTHING:
        return lambda scope: None
    made = place.expression(text, element)
    return made.run if isinstance(made, Expression) else broken_closure(made)


def _ranks(text: str) -> tuple[Callable[[Any], bool], ...]:
    """One test for each listed value; none when the list cannot be read (the linter tells)."""
    if text in ANYTHING:
        return ()
    try:
        node = compile_text(text, unary=True).node
    except FeelError:
        return ()
    if not isinstance(node, In):
        return ()
    build = Build(FUNCTIONS)
    return tuple(_passes(closure_of(replace(node, tests=(test,)), build)) for test in node.tests)


def _passes(test: Closure) -> Callable[[Any], bool]:
    return lambda value: test({"?": value, RUN: Run()}) is True


Choose = Callable[[Table, Scope, list[int]], Any]


def _unique(table: Table, scope: Scope, rules: list[int]) -> Any:
    if len(rules) > 1:
        return None
    table.fire(scope, rules)
    return table.output(scope, rules[0])


def _first(table: Table, scope: Scope, rules: list[int]) -> Any:
    table.fire(scope, rules[:1])
    return table.output(scope, rules[0])


def _any(table: Table, scope: Scope, rules: list[int]) -> Any:
    values = [table.output(scope, rule) for rule in rules]
    if not all(equal(values[0], value) is True for value in values[1:]):
        return None
    table.fire(scope, rules)
    return values[0]


def _ranked(table: Table, scope: Scope, rules: list[int]) -> list[tuple[tuple[int, ...], int, Any]]:
    """Rank, rule and value, best first; equals in the order of the rules."""
    found = []
    for rule in rules:
        values = [column.entries[rule](scope) for column in table.outputs]
        rank = tuple(column.rank(value) for column, value in zip(table.outputs, values, strict=True))
        found.append((rank, rule, table.output(scope, rule)))
    return sorted(found, key=lambda entry: (entry[0], entry[1]))


def _priority(table: Table, scope: Scope, rules: list[int]) -> Any:
    _, rule, value = _ranked(table, scope, rules)[0]
    table.fire(scope, [rule])
    return value


def _output_order(table: Table, scope: Scope, rules: list[int]) -> Any:
    ranked = _ranked(table, scope, rules)
    table.fire(scope, [rule for _, rule, _ in ranked])
    return [value for _, _, value in ranked]


def _collect(table: Table, scope: Scope, rules: list[int]) -> Any:
    table.fire(scope, rules)
    values = [table.output(scope, rule) for rule in rules]
    aggregation = table.box.aggregation
    if not aggregation:
        return values
    if aggregation == "COUNT":
        return Decimal(len(values))
    aggregate = {"SUM": total, "MIN": minimum, "MAX": maximum}[aggregation]
    return aggregate(scope[RUN], values)


_POLICIES: dict[str, Choose] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "RULE ORDER": _collect,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
compiles_box(TableBox, Table)
