"""The matrix as the table that approvals ask: the shipped template means exactly the shipped table (REQ-029)."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from engine.decisions import dmn
from engine.letters.matrix import rendering, vocabulary
from engine.people.authority import Authority, Duty, check
from tests.paths import ROOT

SHIPPED = (ROOT / "processes" / "approval" / rendering.TABLE).read_bytes()
LIMIT = Decimal(20)
MODES = ("STRONG", "STRATEGIC", "WEAK")
LEVELS = ("ANNUAL", "QUARTER", "MONTH", "PROJECT", "TERM")


NAMES = ("control_mode", "level", "kind", "key_change", "finance", "affected_weight", "collaborator_count")


def _facts(*values: Any) -> dict[str, Any]:
    return {**dict(zip(NAMES, values, strict=True)), "centre_count": values[-1], "org_type": "PROJECT"}


def _route(model: dmn.Model, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    rows = model.decide("route", facts).value
    names = ("stage", "mode", "ratio", "limit", "escalate")
    told = {"file"}  # whom a stage asks is written in the drawing; only copies read it here
    return sorted({(*(str(row[name]) for name in names), row["who"] * (row["stage"] in told)) for row in rows})


def _reviewers(model: dmn.Model, facts: dict[str, Any]) -> Any:
    subject = {**facts, "centres": [3] * facts["centre_count"], "org": 5}
    return model.decide("reviewers", {"subject": subject}).value


@pytest.mark.parametrize("mode", MODES)
def test_the_template_of_a_mode_asks_exactly_those_whom_the_shipped_table_asks(mode: str) -> None:
    """REQ-010 to REQ-013: every combination of level, kind, key, finance, weight and helpers."""
    shipped = dmn.read(SHIPPED)
    rendered = dmn.read(rendering.render(SHIPPED, vocabulary.whole_template(), {}, LIMIT))

    for level, kind, key, finance, weight, count in product(
        LEVELS, ("LETTER", "ADJUSTMENT"), (True, False), (True, False), (10, 20, 21), (0, 1)
    ):
        facts = _facts(mode, level, kind, key, finance, weight, count)
        assert _route(rendered, facts) == _route(shipped, facts), facts
        assert _reviewers(rendered, facts) == _reviewers(shipped, facts), facts


def test_the_template_breaks_no_rule_of_the_matrix() -> None:
    assert check(vocabulary.whole_template()) == []


def test_a_reviewer_of_its_own_is_asked_one_after_the_other_in_the_order_of_the_numbers() -> None:
    rows = (
        *vocabulary.whole_template(),
        Authority("MONTH_LETTER", Duty.REVIEW, "岗位:成本经理", order=8),
        Authority("MONTH_LETTER", Duty.REVIEW, "组织:CG", order=7),
    )
    model = dmn.read(rendering.render(SHIPPED, rows, {"CG": 42}, LIMIT))
    facts = _facts("STRATEGIC", "MONTH", "LETTER", False, False, 100, 0)

    assert ("centre_review", "SEQ") in {row[:2] for row in _route(model, facts)}
    assert _reviewers(model, facts) == [{"rule": "head", "org": 42}, {"rule": "position", "value": "成本经理"}]


def test_a_duty_for_one_type_of_unit_holds_there_alone() -> None:
    rows = (*vocabulary.whole_template(), Authority("MONTH_LETTER", Duty.APPROVE, "COMMITTEE", org_type="CENTER"))
    model = dmn.read(rendering.render(SHIPPED, rows, {}, LIMIT))
    facts = _facts("STRONG", "MONTH", "LETTER", False, False, 100, 0)

    assert "committee_vote" not in {row[0] for row in _route(model, facts)}
    assert "committee_vote" in {row[0] for row in _route(model, {**facts, "org_type": "CENTER"})}


def test_what_is_rendered_has_no_findings_as_a_table() -> None:
    rendered = rendering.render(SHIPPED, vocabulary.whole_template(), {}, LIMIT)

    assert [finding for finding in dmn.check(rendered) if finding.severity == "error"] == []
