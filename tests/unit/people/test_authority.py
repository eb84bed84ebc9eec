"""The authority matrix holds its rules (`domain.md` §1)."""

import pytest

from engine.people import authority
from engine.people.authority import Authority, Duty

GOOD = (
    Authority("LETTER", Duty.EXECUTE, "ORG_HEAD", primary=True),
    Authority("LETTER", Duty.EXECUTE, "EXECUTOR"),
    Authority("LETTER", Duty.REVIEW, "OPS", order=1),
    Authority("LETTER", Duty.REVIEW, "OPS_HEAD", order=2),
    Authority("LETTER", Duty.APPROVE, "LEADER"),
)


def test_a_matrix_with_one_lead_an_approver_and_ordered_reviews_is_sound() -> None:
    assert authority.check(GOOD) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (GOOD[1:], "authority.primary"),
        ((*GOOD, Authority("LETTER", Duty.EXECUTE, "OWNER", primary=True)), "authority.primary"),
        (GOOD[:4], "authority.approver"),
        ((*GOOD, Authority("LETTER", Duty.REVIEW, "HR", order=2)), "authority.order"),
    ],
)
def test_a_broken_rule_is_a_finding(rows: tuple[Authority, ...], code: str) -> None:
    """REQ-019, REQ-021, REQ-027."""
    assert [finding.code for finding in authority.check(rows)] == [code]


def test_a_row_for_one_mode_is_checked_together_with_those_for_all() -> None:
    rows = (*GOOD, Authority("LETTER", Duty.REVIEW, "HR", control_mode="STRONG", order=2))

    assert [finding.element for finding in authority.check(rows)] == ["LETTER/STRONG"]
