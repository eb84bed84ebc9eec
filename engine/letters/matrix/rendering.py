"""The matrix written into the table that approvals ask: the rows of `route` and `reviewers` of `approval_route.dmn`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree

from engine.kernel.errors import BadDefinition
from engine.kernel.xml import root_of
from engine.letters.matrix.vocabulary import (
    ADJUSTMENT,
    CENTER,
    FILE,
    LEVELS,
    POSITION,
    REVIEWERS,
    ROUTED,
    STAGES,
    UNIT,
    Stage,
)
from engine.people.authority import Authority, Condition, Duty

TABLE = "approval_route.dmn"
DECIDING = (Duty.REVIEW, Duty.APPROVE)
ORDER = [stage.name for stage in STAGES.values()]


@dataclass(frozen=True)
class Rule:
    """One row: what has to hold (input → unary test), what follows, why."""

    when: Mapping[str, str]
    stage: Stage
    who: str
    why: str


def render(table: bytes, rows: Iterable[Authority], units: Mapping[str, int], high_weight: Decimal) -> bytes:
    """The table with the rows of this matrix; limits, inputs and the drawing stay as they are.

    `units` maps codes to ids; `high_weight` is the regulation's limit of §9. Raises BadDefinition for a table without
    the decisions `route` and `reviewers`.
    """
    root = root_of(table)
    matrix = [row for row in rows if row.type in ROUTED]
    rules = list(_rules(matrix, high_weight))
    reviewers = [(when, _who(row, units), row.article) for row, when in _reviewers(matrix, high_weight)]
    route = _table(root, "route")
    _replace(route, "route", [(rule.when, _outputs(rule), rule.why) for rule in rules])
    _replace(_table(root, "reviewers"), "reviewers", [(when, [who], why) for when, who, why in reviewers])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def stage_of(row: Authority) -> Stage | None:
    """The stage that a row makes: None for duties that ask nobody to decide."""
    if row.duty in (Duty.FILE, Duty.ARCHIVE):
        return FILE
    asked = row.duty in DECIDING or (row.actor == "COLLABORATOR" and row.duty is Duty.PARTICIPATE)
    # an adjustment reaches its approval after plan operations have reviewed it (`domain.md` §9)
    if not asked or (row.type == ADJUSTMENT and row.actor == "OPS"):
        return None
    return STAGES.get(row.actor, REVIEWERS)


def _rules(matrix: list[Authority], high_weight: Decimal) -> Iterator[Rule]:
    found = [(row, stage_of(row)) for row in matrix]
    staged = [(row, stage) for row, stage in found if stage is not None and stage is not FILE]
    # of several rows for one stage the first one says how votes count: reviewers one by one before all at once
    staged.sort(key=lambda each: (ORDER.index(each[1].name), each[1] is not REVIEWERS))
    for row, stage in staged:
        for when in _whens(row, high_weight):
            yield Rule({**when, **({stage.needs: "> 0"} if stage.needs else {})}, stage, stage.who, row.article)
    for row, filed in found:
        if filed is FILE:
            yield from (Rule(when, FILE, row.actor, row.article) for when in _whens(row, high_weight))


def _reviewers(matrix: list[Authority], high_weight: Decimal) -> Iterator[tuple[Authority, dict[str, str]]]:
    asked = [row for row in matrix if (stage := stage_of(row)) is not None and stage.name == REVIEWERS.name]
    for row in sorted(asked, key=lambda each: (each.duty is Duty.APPROVE, each.order or 0)):
        for when in _whens(row, high_weight):
            yield row, {**when, **({"centre_count": "> 0"} if row.actor == CENTER else {})}


def _whens(row: Authority, high_weight: Decimal) -> list[dict[str, str]]:
    """What has to hold for a row; a condition with an "or" needs several rows."""
    base = {"kind": '"ADJUSTMENT"'} if row.type == ADJUSTMENT else {"kind": '"LETTER"'}
    if row.type in LEVELS:
        base["level"] = f'"{LEVELS[row.type]}"'
    if row.control_mode:
        base["control_mode"] = f'"{row.control_mode}"'
    if row.org_type:
        base["org_type"] = f'"{row.org_type}"'
    return [base | more for more in _conditions(row, high_weight)]


def _conditions(row: Authority, high_weight: Decimal) -> list[dict[str, str]]:
    known: Mapping[Condition, list[dict[str, str]]] = {
        Condition.ALWAYS: [{}],
        Condition.KEY: [{"key_change": "true"}],
        Condition.FINANCE: [{"finance": "true"}],
        Condition.OTHER: [{"finance": "false"}],
        Condition.ANNUAL: [{"level": '"ANNUAL"'}] if row.type in {ADJUSTMENT, "ANNUAL_LETTER"} else [],
    }
    if row.condition is not Condition.MAJOR:
        return known[row.condition]
    if row.type in LEVELS:  # a letter is major by its level or its key items; weight is asked of adjustments
        return [{}] if row.type == "ANNUAL_LETTER" else [{"key_change": "true"}]
    later = {"level": 'not("ANNUAL")'}
    above = {**later, "key_change": "false", "affected_weight": f"> {high_weight:f}"}
    return [{"level": '"ANNUAL"'}, {**later, "key_change": "true"}, above]


def _outputs(rule: Rule) -> list[str]:
    stage = rule.stage
    ratio = _text(stage.ratio) if stage.ratio else "null"
    if stage is FILE:
        return [_text("file"), "null", "null", _text(rule.who), "null", "null"]
    limits = ["stage_limit.limit", "stage_limit.escalate"]
    return [_text(stage.name), _text(stage.mode), ratio, _text(rule.who), *limits]


def _who(row: Authority, units: Mapping[str, int]) -> str:
    """A rule of `lf:who` as a FEEL context."""
    if row.actor == CENTER:
        return '{rule: "head", org: subject.centres}'
    if row.actor.startswith(POSITION):
        return f'{{rule: "position", value: {_text(row.actor.removeprefix(POSITION))}}}'
    if row.actor.startswith(UNIT):
        return f'{{rule: "head", org: {units.get(row.actor.removeprefix(UNIT), 0)}}}'
    return f'{{rule: "role", value: {_text(row.actor)}, org: subject.org}}'


def _text(value: str | None) -> str:
    escaped = (value or "").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _table(root: Any, decision: str) -> Any:
    found = root.xpath(f"//*[local-name()='decision'][@name='{decision}']/*[local-name()='decisionTable']")
    if not found:
        raise BadDefinition("matrix.table", f"{TABLE} has no decision '{decision}': deploy the shipped process again")
    return found[0]


def _replace(table: Any, name: str, rules: Iterable[tuple[Mapping[str, str], list[str], str]]) -> None:
    space = etree.QName(table).namespace
    for old in table.findall(f"{{{space}}}rule"):
        table.remove(old)
    inputs = [str(each.get("id")).removeprefix(f"{name}_when_") for each in table.findall(f"{{{space}}}input")]
    for number, (when, outputs, why) in enumerate(rules, 1):
        rule = etree.SubElement(table, f"{{{space}}}rule", id=f"{name}_rule_{number}")
        for each in inputs:
            _entry(rule, f"{{{space}}}inputEntry", f"{name}_rule_{number}_{each}", when.get(each, "-"))
        for place, output in enumerate(outputs, 1):
            _entry(rule, f"{{{space}}}outputEntry", f"{name}_rule_{number}_gives_{place}", output)
        annotation = etree.SubElement(rule, f"{{{space}}}annotationEntry")
        etree.SubElement(annotation, f"{{{space}}}text").text = why or ""


def _entry(rule: Any, tag: str, key: str, text: str) -> None:
    entry = etree.SubElement(rule, tag, id=key)
    etree.SubElement(entry, tag.replace("inputEntry", "text").replace("outputEntry", "text")).text = text
