"""What a linter says about models: gaps, overlaps and hidden rules with an example, missing arrows, broken cells."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import dmn
from engine.kernel.findings import Finding
from tests.unit.decisions.models import decision, literal, model, requirement, table


def findings(*parts: str) -> list[Finding]:
    return dmn.check(model(*parts))


def codes(*parts: str) -> list[str]:
    return [finding.code for finding in findings(*parts)]


def test_a_gap_is_told_with_an_input_that_nobody_answers() -> None:
    (gap,) = findings(decision(table([["< 60", '"D"'], ["(60..120]", '"A"'], ["> 120", '"X"']])))

    assert (gap.code, gap.severity, gap.fields["example"]) == ("dmn.gap", "warning", {"x": "60"})


def test_an_overlap_is_told_with_an_input_and_its_rules() -> None:
    (overlap,) = findings(decision(table([["<= 60", '"D"'], [">= 60", '"A"']])))

    assert (overlap.code, overlap.severity) == ("dmn.overlap", "error")
    assert (overlap.fields["example"], overlap.fields["rules"]) == ({"x": "60"}, [1, 2])


def test_a_rule_hidden_by_earlier_ones_is_told() -> None:
    (hidden,) = findings(decision(table([[">= 1", "1"], ["> 5", "2"], ["< 1", "3"]], policy="FIRST")))

    assert (hidden.code, hidden.fields["rule"], hidden.element) == ("dmn.unreachable-rule", 2, "r2")


def test_a_gap_in_two_columns_names_both() -> None:
    rows = [["< 5", "true", "1"], [">= 5", "-", "2"]]

    (gap,) = findings(decision(table(rows, inputs=("a", "b"), kinds=("number", "boolean"))))

    assert gap.fields["example"] == {"a": "4", "b": "false"}


@pytest.mark.parametrize(
    "logic",
    [
        table([["< 5", "1"], [">= 5", "2"]]),
        table([["true", "1"], ["false", "2"]]),
        table([["true", "1"], ["false", "2"]], kinds=("boolean",)),
        table([['"优"', "1"], ['not("优")', "2"]]),
        table([['"优"', "1"], ['"良"', "2"]], allowed='"优", "良"'),
        table([['"优"', "1"]], default="0"),
        table([["> 3", "1"]], policy="COLLECT"),
        table([["> limit", "1"]]),
        table([["< 5", "1"], ["< 9", "1"], [">= 9", "1"]], policy="ANY"),
    ],
)
def test_a_table_without_fault_is_not_remarked(logic: str) -> None:
    assert findings(decision(logic)) == []


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([decision(table([["> >", "1"]]))], "feel.unexpected"),
        ([decision(literal("summ(1)"))], "feel.unknown-function"),
        ([decision(literal('"1" > 2'))], "feel.compares-types"),
        ([decision(literal("1"), kind="tGone")], "dmn.unknown-type"),
        ([decision("")], "dmn.no-logic"),
        ([decision(literal("1"), requires=requirement("Decision", "gone"))], "dmn.dangling-reference"),
        ([decision(table([["-", "1"]], policy="PRIORITY"))], "dmn.no-priorities"),
        (['<inputData id="i" name="i"/>', decision(literal("i + 1"))], "dmn.missing-requirement"),
        (
            ['<inputData id="i" name="得分"/>', decision(literal("分 > 1"), requires=requirement("Input", "i"))],
            "feel.unknown-name",
        ),
    ],
)
def test_a_fault_is_told_by_its_code(parts: list[str], code: str) -> None:
    assert code in codes(*parts)


def test_a_table_of_a_thousand_rules_is_checked() -> None:
    rows = [[f"[{at}..{at + 1})", '"a", "b"', str(at)] for at in range(1000)]

    found = dmn.check(model(decision(table(rows, inputs=("x", "y")))), limits=dmn.Limits(elements=20_000))

    assert {finding.code for finding in found} == {"dmn.gap"}


CELL = st.sampled_from(["-", "1", "< 2", ">= 2", "[1..3]", "(3..5]", "not(2)", "> 4", "2, 4", "< 1"])
ROWS = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.tuples(st.integers(0, 6), st.integers(0, 6)))
def test_a_table_said_to_be_complete_answers_every_input(rows: list[tuple[str, str]], point: tuple[int, int]) -> None:
    xml = model(decision(table([[*row, "1"] for row in rows], inputs=("a", "b"), policy="FIRST")))
    gaps = [finding for finding in dmn.check(xml) if finding.code == "dmn.gap"]
    read = dmn.read(xml)

    answered = read.decide("d", {"a": point[0], "b": point[1]}).value is not None

    assert answered or gaps
    for gap in gaps:
        example: dict[str, Any] = {name: float(text) for name, text in gap.fields["example"].items()}
        assert read.decide("d", {"a": 0, "b": 0, **example}).value is None
