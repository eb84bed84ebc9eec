"""Boxed expressions from XML."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from engine.decisions.dmn.syntax import (
    AGGREGATIONS,
    HIT_POLICIES,
    Box,
    Column,
    ConditionalBox,
    ContextBox,
    FilterBox,
    FunctionBox,
    InvocationBox,
    IteratorBox,
    ListBox,
    LiteralBox,
    RelationBox,
    Rule,
    TableBox,
    Variable,
)
from engine.decisions.dmn.xml import Element
from engine.kernel.errors import BadDefinition


def read_box(parent: Element) -> Box | None:
    """The first boxed expression directly inside, None when there is none."""
    for child in parent.children(*_READERS):
        return _READERS[child.tag](child)
    return None


def _required(parent: Element | None, owner: Element) -> Box:
    box = None if parent is None else read_box(parent)
    if box is None:
        raise BadDefinition(
            "dmn.missing-expression",
            f"{owner.tag} {owner.described()} lacks an expression: fill it in",
            element=owner.described(),
        )
    return box


def _literal(element: Element) -> LiteralBox:
    return LiteralBox(element.id, element.get("typeRef"), element.text())


def _context(element: Element) -> ContextBox:
    entries = []
    for entry in element.children("contextEntry"):
        variable = entry.child("variable")
        named = None if variable is None else Variable(variable.name, variable.get("typeRef"))
        entries.append((named, read_box(entry) or LiteralBox(entry.id, "", "null")))
    return ContextBox(element.id, element.get("typeRef"), tuple(entries))


def _invocation(element: Element) -> InvocationBox:
    bindings = []
    for binding in element.children("binding"):
        parameter = binding.child("parameter")
        bindings.append(
            ("" if parameter is None else parameter.name, read_box(binding) or LiteralBox(binding.id, "", "null"))
        )
    return InvocationBox(element.id, element.get("typeRef"), _required(element, element), tuple(bindings))


def read_function(element: Element) -> FunctionBox:
    """A function definition, or the logic of a business knowledge model."""
    parameters = tuple(Variable(c.name, c.get("typeRef")) for c in element.children("formalParameter"))
    return FunctionBox(
        element.id, element.get("typeRef"), parameters, read_box(element), element.get("kind", "FEEL").upper()
    )


def _relation(element: Element) -> RelationBox:
    columns = tuple(column.name for column in element.children("column"))
    rows = []
    for row in element.children("row"):
        cells = tuple(_READERS[cell.tag](cell) for cell in row.children(*_READERS))
        if len(cells) != len(columns):
            raise BadDefinition(
                "dmn.uneven-relation",
                f"a row of {element.described()} has {len(cells)} cells; expected {len(columns)}",
                element=element.described(),
            )
        rows.append(cells)
    return RelationBox(element.id, element.get("typeRef"), columns, tuple(rows))


def _list(element: Element) -> ListBox:
    return ListBox(element.id, element.get("typeRef"), tuple(_READERS[c.tag](c) for c in element.children(*_READERS)))


def _conditional(element: Element) -> ConditionalBox:
    condition, yes, no = (_required(element.child(tag), element) for tag in ("if", "then", "else"))
    return ConditionalBox(element.id, element.get("typeRef"), condition, yes, no)


def _filter(element: Element) -> FilterBox:
    source, match = (_required(element.child(tag), element) for tag in ("in", "match"))
    return FilterBox(element.id, element.get("typeRef"), source, match)


def _iterator(kind: Literal["for", "some", "every"], element: Element) -> IteratorBox:
    body = element.child("return" if kind == "for" else "satisfies")
    return IteratorBox(
        element.id,
        element.get("typeRef"),
        kind,
        " ".join(element.get("iteratorVariable").split()),
        _required(element.child("in"), element),
        _required(body, element),
    )


def _table(element: Element) -> TableBox:
    policy = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation")
    if policy not in HIT_POLICIES or aggregation not in AGGREGATIONS:
        raise BadDefinition(
            "dmn.hit-policy",
            f"{element.described()} has hit policy {policy} {aggregation}; expected one of {', '.join(HIT_POLICIES)}",
            element=element.described(),
            policy=policy,
        )
    inputs = tuple(_input(child) for child in element.children("input"))
    outputs = tuple(_output(child) for child in element.children("output"))
    titles = [child.name or f"annotation {at}" for at, child in enumerate(element.children("annotation"), 1)]
    rules = tuple(_rule(child, len(inputs), len(outputs), titles) for child in element.children("rule"))
    return TableBox(element.id, element.get("typeRef"), inputs, outputs, rules, policy, aggregation)


def _input(element: Element) -> Column:
    expression, values = element.child("inputExpression"), element.child("inputValues")
    text = "" if expression is None else expression.text()
    return Column(
        id=element.id,
        label=element.get("label") or text,
        name="",
        text=text,
        type_name="" if expression is None else expression.get("typeRef"),
        values="" if values is None else values.text(),
    )


def _output(element: Element) -> Column:
    values, default = element.child("outputValues"), element.child("defaultOutputEntry")
    return Column(
        id=element.id,
        label=element.get("label") or element.name,
        name=element.name,
        text="",
        type_name=element.get("typeRef"),
        values="" if values is None else values.text(),
        default="" if default is None else default.text(),
    )


def _rule(element: Element, inputs: int, outputs: int, titles: list[str]) -> Rule:
    tests = tuple(child.text() for child in element.children("inputEntry"))
    results = tuple(child.text() for child in element.children("outputEntry"))
    if len(tests) != inputs or len(results) != outputs:
        raise BadDefinition(
            "dmn.uneven-rule",
            f"rule {element.described()} has {len(tests)} inputs and {len(results)} outputs; "
            f"the table has {inputs} and {outputs}",
            element=element.described(),
        )
    notes = [child.text() for child in element.children("annotationEntry")]
    titles = titles + [f"annotation {at}" for at in range(len(titles) + 1, len(notes) + 1)]
    annotations = dict(zip(titles, notes, strict=False))
    description = element.text("description")
    return Rule(element.id, tests, results, {**annotations, **({"description": description} if description else {})})


_READERS: dict[str, Callable[[Element], Box]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "functionDefinition": read_function,
    "relation": _relation,
    "list": _list,
    "conditional": _conditional,
    "filter": _filter,
    "decisionTable": _table,
    "for": partial(_iterator, "for"),
    "some": partial(_iterator, "some"),
    "every": partial(_iterator, "every"),
}
