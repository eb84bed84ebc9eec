"""Grades, annual results and the group's roll-up (domain.md §6, §10)."""

from decimal import Decimal

import pytest

from engine.kernel.errors import InvalidInput
from engine.letters.scoring import results
from engine.letters.scoring.results import Standing
from engine.letters.scoring.rules import Rules

D = Decimal
RULES = Rules()


@pytest.mark.parametrize(
    ("value", "grade"), [("95", "A"), ("94.99", "B"), ("85", "B"), ("70", "C"), ("60", "D"), ("59.99", "E"), ("0", "E")]
)
def test_a_score_has_the_best_grade_whose_edge_it_reaches(value: str, grade: str) -> None:
    """REQ-063."""
    assert results.grade(D(value), RULES) == grade


def test_a_veto_of_the_letter_is_grade_e() -> None:
    assert results.grade(D("59.99"), RULES, vetoed=True) == "E"


def test_the_year_is_seven_tenths_annual_letter_and_three_tenths_months() -> None:
    assert results.annual(D(90), [D(80), D(100), D(60)], RULES) == 87
    assert results.annual(D(90), [], RULES) == 90


def test_the_group_index_divides_60_and_40_equally_within_the_type() -> None:
    """REQ-058."""
    standings = [
        Standing(1, "SUBSIDIARY", D(90)),
        Standing(2, "SUBSIDIARY", D(80)),
        Standing(3, "CENTER", D(100)),
        Standing(4, "DEPT", D(0)),
    ]
    assert results.index(standings, RULES.type_shares) == 91
    assert results.shares(standings, RULES.type_shares) == {1: D("0.3"), 2: D("0.3"), 3: D("0.4")}


def test_a_type_without_results_gives_its_share_to_the_others() -> None:
    assert results.index([Standing(1, "SUBSIDIARY", D(90))], RULES.type_shares) == 90
    assert results.index([], RULES.type_shares) is None


def test_an_organisation_may_have_a_share_of_its_own() -> None:
    standings = [Standing(1, "SUBSIDIARY", D(100), D(50)), Standing(2, "CENTER", D(80))]
    assert results.index(standings, RULES.type_shares) == 90
    with pytest.raises(InvalidInput):
        results.shares([Standing(1, "SUBSIDIARY", D(1), D(101))], RULES.type_shares)


@pytest.mark.parametrize(
    ("index", "rate", "status"),
    [
        ("90", "95", "GREEN"),
        ("90", "94.9", "YELLOW"),
        ("80", "84", "ORANGE"),
        ("69.9", "100", "RED"),
        ("95", "10", "ORANGE"),
    ],
)
def test_the_status_needs_index_and_punctuality(index: str, rate: str, status: str) -> None:
    assert results.status(D(index), D(rate)) == status


def test_without_a_result_there_is_no_status() -> None:
    assert results.status(None, None) == "NONE"
    assert results.on_time(0, 0) is None
    assert results.on_time(19, 20) == 95
