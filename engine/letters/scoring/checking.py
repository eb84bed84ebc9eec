"""Whether an item's method can be computed with as it is written: what is missing, unreadable, silent or said twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.kernel.errors import BadDefinition, InvalidInput
from engine.letters.scoring import band, boolean, deduct, expr, interp, milestone, panel, step, units
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Method, Terms


@dataclass(frozen=True)
class Problem:
    """Why a method would not give a score; `code` and `fields` are worded as errors are."""

    code: str
    message: str
    fields: Mapping[str, Any]


def problems(terms: Terms, rules: Rules) -> list[Problem]:
    """Everything that is wrong with the parameters of the method, without any fact; empty when it can be computed."""
    try:
        _READ[terms.method](terms, rules)
        return [*_places(terms)]
    except (InvalidInput, BadDefinition) as refused:
        return [Problem(refused.code, refused.message, refused.fields)]


def _places(terms: Terms) -> list[Problem]:
    if terms.method is not Method.BAND:
        return []
    found = band.faults(terms)
    return [
        Problem(f"score.band_{each.code}", f"the bands have a {each.code} at {each.example}", {"example": each.example})
        for each in found
    ]


def _bands(terms: Terms, _rules: Rules) -> object:
    return None if terms.params.get("levels") else band.read(terms)


def _condition(terms: Terms, _rules: Rules) -> object:
    condition = terms.params.get("cond")
    return boolean.holds(str(condition), 0) if condition else None


def _nothing(_terms: Terms, _rules: Rules) -> object:
    return None


_READ: Mapping[Method, Callable[[Terms, Rules], object]] = MappingProxyType(
    {
        Method.RATIO: lambda terms, _rules: units.positive_target(terms),
        Method.INTERP: interp.anchors,
        Method.BAND: _bands,
        Method.EXPR: lambda terms, _rules: expr.check(terms),
        Method.STEP: step.read,
        Method.DEDUCT: lambda terms, _rules: deduct.table(terms),
        Method.BOOL: _condition,
        Method.PANEL: lambda terms, _rules: panel.groups(terms),
        Method.MILESTONE: milestone.read,
        Method.MANUAL: _nothing,
        Method.UNSET: _nothing,
    }
)
