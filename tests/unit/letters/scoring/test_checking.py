"""A method is told to be unusable before the period is over, with what is wrong."""

from decimal import Decimal
from typing import Any

import pytest

from engine.letters.kinds import Direction, Method
from engine.letters.scoring import checking
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Terms


def codes(method: Method, params: dict[str, Any], **more: Any) -> list[str]:
    terms = Terms(method, target=Decimal(100), weight=Decimal(20), params=params, **more)
    return [each.code for each in checking.problems(terms, Rules())]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        (Method.RATIO, {}),
        (Method.INTERP, {"points": [[80, 60], [100, 100]]}),
        (Method.BAND, {"bands": [[None, 90, 60], [90, None, 100]]}),
        (Method.EXPR, {"expr": "10 * (1 + (A - k) / T)", "constants": {"k": 5}}),
        (Method.STEP, {"step": 1, "step_unit": "pp", "minus": 2}),
        (Method.DEDUCT, {"events": [{"event": "事故", "points": 5}]}),
        (Method.BOOL, {"cond": "<=5"}),
        (Method.PANEL, {"raters": [{"role": "客户", "weight": 100}]}),
        (Method.MILESTONE, {"per_day": 2}),
        (Method.MANUAL, {}),
    ],
)
def test_a_complete_method_has_no_problem(method: Method, params: dict[str, Any]) -> None:
    assert codes(method, params) == []


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        (Method.BAND, {}, "score.bands_missing"),
        (Method.BAND, {"bands": [[None, 80, 60], [90, None, 100]]}, "score.band_gap"),
        (Method.BAND, {"bands": [[None, 90, 60], [80, None, 100]]}, "score.band_overlap"),
        (Method.EXPR, {}, "score.expr_missing"),
        (Method.EXPR, {"expr": "A +"}, "score.expr"),
        (Method.EXPR, {"expr": "A * bonus"}, "score.expr"),
        (Method.STEP, {"step_unit": "mile"}, "score.step_unit"),
        (Method.DEDUCT, {"events": [{"event": "事故", "points": "五"}]}, "score.number"),
        (Method.BOOL, {"cond": "five"}, "score.condition"),
        (Method.MILESTONE, {"per_day": "x"}, "score.number"),
    ],
)
def test_what_is_wrong_is_named(method: Method, params: dict[str, Any], code: str) -> None:
    """domain.md §6: gaps and overlaps are findings with an example."""
    assert code in codes(method, params)


def test_anchors_out_of_order_and_targets_of_nothing_are_told() -> None:
    assert codes(Method.INTERP, {}, threshold=Decimal(120)) == ["score.anchor_order"]
    assert codes(Method.INTERP, {}, direction=Direction.RANGE) == ["score.range_needs_band"]
    empty = Terms(Method.RATIO, target=Decimal(0), weight=Decimal(20))
    assert [each.code for each in checking.problems(empty, Rules())] == ["score.target_not_positive"]
