"""What a linter says about a decision model: broken cells, gaps, overlaps, unreachable rules, missing arrows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.decisions.dmn.coverage import Coverage, Spot, coverage
from engine.decisions.dmn.graph import DEFAULT_LIMITS, read
from engine.decisions.dmn.logic import Witness
from engine.decisions.dmn.model import Model
from engine.decisions.dmn.syntax import Decision, Input, Knowledge, Service
from engine.decisions.dmn.tables import Table
from engine.decisions.dmn.xml import Limits
from engine.decisions.feel.budget import Run
from engine.decisions.feel.checks import Known, findings
from engine.decisions.feel.compiler import RUN
from engine.decisions.feel.names import nearest
from engine.decisions.feel.values.comparison import equal
from engine.decisions.feel.values.text import text_of
from engine.decisions.feel.values.types import ANY
from engine.kernel.errors import BadDefinition
from engine.kernel.findings import Finding

Functions = tuple[str, ...]


def check(
    xml: bytes,
    *,
    imports: Mapping[str, bytes] | None = None,
    functions: Iterable[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> list[Finding]:
    """All findings about a file; an error means that it cannot be used, a warning that it surely is not meant so.

    `functions` are the names of the host's functions.
    """
    try:
        model = read(xml, imports=imports, limits=limits)
    except BadDefinition as broken:
        element = str(broken.fields.get("element", ""))
        return [Finding(broken.code, "error", element, broken.message, "correct the file", broken.fields)]
    hosted = tuple(functions)
    return [finding for part in model.definitions.parts.values() for finding in _part(model, part, hosted)]


def _part(model: Model, part: Any, functions: Functions) -> Iterator[Finding]:
    yield from _type(model, part)
    if isinstance(part, Service):
        yield from _references(model, part.name, (*part.outputs, *part.input_decisions, *part.inputs))
    if not isinstance(part, Decision | Knowledge):
        return
    yield from _references(model, part.name, part.requires)
    logic = part.logic if isinstance(part, Decision) else part.function
    if logic is None:
        yield Finding(
            "dmn.no-logic", "warning", part.name, f"{part.name} has no logic", "draw a table or write an expression"
        )
        return
    yield from _texts(model, part, functions)


def _type(model: Model, part: Any) -> Iterator[Finding]:
    name = part.variable.type_name
    if name and model.types.named(name) is None:
        near = nearest(name, model.types)
        yield Finding(
            "dmn.unknown-type",
            "error",
            part.name,
            f'{part.name} has type "{name}", which is not defined',
            f'choose "{near}"' if near else "define the type or choose another",
            {"type": name, "nearest": near},
        )


def _references(model: Model, owner: str, references: Any) -> Iterator[Finding]:
    for reference in references:
        if model.resolve(reference) is None:
            yield Finding(
                "dmn.dangling-reference",
                "error",
                owner,
                f"{owner} requires {reference.id}, which is not in the model",
                "delete the arrow and draw it again",
                {"reference": reference.id},
            )


def _texts(model: Model, part: Decision | Knowledge, functions: Functions) -> Iterator[Finding]:
    """Compile the part anew: broken texts are told, good ones are looked at, tables are walked."""
    witness = Witness()
    model.compiled(part, witness, told=functions)
    for element, problem in witness.broken:
        yield Finding(
            problem.code, "error", element or part.name, f"{part.name}: {problem.message}", "correct it", problem.fields
        )
    known = _known(model, part)
    known = replace(known, callables=known.callables | set(functions))
    for element, expression in witness.texts:
        for finding in findings(expression.node, replace(known, element=element or part.name)):
            yield _missing_arrow(model, part, finding) or finding
    for table in witness.tables:
        if isinstance(table, Table):
            yield from _table(part.name, table)


def _known(model: Model, part: Decision | Knowledge) -> Known:
    """Types of what is required; unknown names are only told when the model declares inputs at all."""
    types = {}
    for reference in part.requires:
        found = model.resolve(reference)
        if found and not found[2]:
            wanted = found[0].types.wanted(found[1].variable.type_name)
            if wanted is not ANY:
                types[found[1].variable.name] = wanted
    declares = any(isinstance(other, Input) for other in model.definitions.parts.values())
    visible = frozenset(model.visible_names(part)) | frozenset(_inner_names(part))
    return Known(visible if declares else None, types, {}, callables=visible)


def _inner_names(part: Decision | Knowledge) -> Iterator[str]:
    """Names that boxed expressions inside declare."""
    yield "?"
    waiting: list[Any] = [part.logic if isinstance(part, Decision) else part.function]
    while waiting:
        found = waiting.pop()
        if isinstance(found, tuple):
            waiting.extend(found)
        elif hasattr(found, "__dataclass_fields__"):
            yield from (
                getattr(found, name) for name in ("name", "variable") if isinstance(getattr(found, name, 0), str)
            )
            waiting.extend(getattr(found, name) for name in found.__dataclass_fields__)
    yield from ("item", "partial")


def _missing_arrow(model: Model, part: Decision | Knowledge, finding: Finding) -> Finding | None:
    """A name that exists in the model, but has no arrow to this part."""
    names = {other.variable.name for other in model.definitions.parts.values()}
    name = finding.fields.get("name")
    if finding.code not in ("feel.unknown-name", "feel.unknown-function") or name not in names:
        return None
    return Finding(
        "dmn.missing-requirement",
        "error",
        finding.element,
        f'{part.name} uses "{name}" but does not require it: it is null',
        f'draw an arrow from "{name}" to "{part.name}"',
        {"name": name, "decision": part.name},
    )


def _table(owner: str, table: Table) -> Iterator[Finding]:
    yield from _unreadable_rules(owner, table)
    found = coverage(table)
    if found is None:
        return
    element = table.box.id or owner
    if not any(column.default for column in table.outputs) and _answers_once(table):
        yield from (_gap(owner, element, table, spot) for spot in found.gaps)
    if table.box.policy in ("UNIQUE", "ANY"):
        yield from _overlaps(owner, element, table, found)
    if found.complete:
        yield from _unreachable(owner, table, found)


def _answers_once(table: Table) -> bool:
    """Whether no matching rule leaves the table without a value; for lists that is common and meant."""
    return table.box.policy in ("UNIQUE", "ANY", "FIRST", "PRIORITY") or table.box.aggregation in ("SUM", "MIN", "MAX")


def _unreadable_rules(owner: str, table: Table) -> Iterator[Finding]:
    outputs = len(table.box.outputs)
    if outputs > 1 and table.box.aggregation:
        yield Finding(
            "dmn.aggregates-several",
            "error",
            table.box.id or owner,
            f"{owner}: {table.box.aggregation} needs one output, the table has {outputs}",
            "make one table for each output",
        )
    if table.box.policy in ("PRIORITY", "OUTPUT ORDER") and not any(column.ranks for column in table.outputs):
        yield Finding(
            "dmn.no-priorities",
            "error",
            table.box.id or owner,
            f"{owner}: hit policy {table.box.policy} needs the output values in their order",
            "list the output values of the output column, most important first",
        )


def _gap(owner: str, element: str, table: Table, spot: Spot) -> Finding:
    example = _example(table, spot)
    return Finding(
        "dmn.gap",
        "warning",
        element,
        f"{owner}: no rule answers for {_shown(example)}",
        "add a rule, or a default output",
        {"decision": owner, "example": example},
    )


def _overlaps(owner: str, element: str, table: Table, found: Coverage) -> Iterator[Finding]:
    for spot in found.overlaps:
        if table.box.policy == "ANY" and _same_outputs(table, spot):
            continue
        example, numbers = _example(table, spot), [rule + 1 for rule in spot.rules]
        yield Finding(
            "dmn.overlap",
            "error" if table.box.policy == "UNIQUE" else "warning",
            element,
            f"{owner}: rules {', '.join(map(str, numbers))} all match {_shown(example)}",
            "narrow one of them, or choose hit policy FIRST",
            {"decision": owner, "example": example, "rules": numbers},
        )


def _same_outputs(table: Table, spot: Spot) -> bool:
    values = [table.output({RUN: Run()}, rule) for rule in spot.rules]
    return all(equal(values[0], value) is True for value in values)


def _unreachable(owner: str, table: Table, found: Coverage) -> Iterator[Finding]:
    reached = found.first_hits if table.box.policy == "FIRST" else found.matched
    for at, rule in enumerate(table.box.rules):
        if not reached >> at & 1:
            yield Finding(
                "dmn.unreachable-rule",
                "warning",
                rule.id or f"{owner} {at + 1}",
                f"{owner}: rule {at + 1} can never decide",
                "delete it, or move it before the rules that hide it",
                {"decision": owner, "rule": at + 1},
            )


def _example(table: Table, spot: Spot) -> dict[str, str]:
    labels = [column.label or column.text for column in table.box.inputs]
    return {
        label: text_of(value) or "" if not isinstance(value, str) else f'"{value}"'
        for label, value in zip(labels, spot.example, strict=True)
        if value is not None
    }


def _shown(example: Mapping[str, str]) -> str:
    return ", ".join(f"{label} = {value}" for label, value in example.items()) or "any input"
