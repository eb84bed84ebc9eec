"""Caps, floors and factors that hold for an item whatever its method (domain.md §6, §9)."""

from decimal import Decimal

import pytest

from engine.letters.scoring import item, sandbag
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Facts, Method, Terms

RULES = Rules()
D = Decimal


def points(terms: Terms, actual: str) -> Decimal | None:
    return item.score(terms, Facts(D(actual)), RULES).points


@pytest.mark.parametrize(
    ("target", "cap"), [("100", None), ("99", "116.67"), ("80", "116.67"), ("79", "113.33"), ("50", "110")]
)
def test_a_target_worse_than_the_base_value_limits_what_can_be_scored(target: str, cap: str | None) -> None:
    terms = Terms(Method.RATIO, target=D(target), base=D(100))
    assert sandbag.cap(terms, RULES) == (None if cap is None else D(cap))
    assert points(terms, "1000") == D(cap or "120")


def test_a_higher_cost_target_is_a_worse_one() -> None:
    assert sandbag.cap(Terms(Method.RATIO, target=D(130), base=D(100), direction=Direction.LOWER), RULES) == D("113.33")


def test_the_base_value_is_the_less_demanding_of_last_year_and_three_years() -> None:
    assert sandbag.base(Direction.HIGHER, D(90), D(100)) == 90
    assert sandbag.base(Direction.LOWER, D(90), D(100)) == 100


def test_tasks_end_at_100_kpis_at_120_and_an_item_may_say_otherwise() -> None:
    assert points(Terms(Method.RATIO, kind="TASK", target=D(100)), "150") == 100
    assert points(Terms(Method.RATIO, target=D(100), cap=D(150)), "150") == 150
    assert points(Terms(Method.RATIO, target=D(100), uncapped=True), "300") == 300


def test_a_floor_of_its_own_may_be_negative() -> None:
    terms = Terms(Method.STEP, target=D(100), floor=D(-20), params={"step": 1, "minus": 10, "max_minus": 500})
    assert points(terms, "80") == -20


def test_a_change_for_ones_own_reasons_costs_a_tenth_and_ends_at_90() -> None:
    """REQ-055: the cap of 90 applies after the factor 0.9."""
    terms = Terms(Method.RATIO, target=D(100), factor=D("0.9"), factor_cap=D(90))
    assert points(terms, "90") == 81
    assert points(terms, "120") == 90


def test_a_carried_over_item_ends_at_80() -> None:
    assert points(Terms(Method.RATIO, target=D(100), carried_over=True), "100") == 80


def test_what_held_the_points_back_is_told() -> None:
    found = item.score(Terms(Method.RATIO, target=D(100)), Facts(D(150)), RULES)
    assert found.limits == (("cap", D(120)),)
    assert found.formula == "100 × (150 ÷ 100) = 150.00 → 120.00 [cap]"


@pytest.mark.parametrize(("actual", "delta"), [("110", "5"), ("97", "-3"), ("50", "-8")])
def test_items_of_a_base_adjust_letter_move_within_their_plus_and_minus(actual: str, delta: str) -> None:
    terms = Terms(Method.RATIO, target=D(100), signed=True, max_plus=D(5), max_minus=D(8), zero_below=D(0))
    assert points(terms, actual) == D(delta)
