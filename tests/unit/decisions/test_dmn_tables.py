"""Decision tables: hit policies, aggregation, outputs, and the rows that decided (DMN 1.5 §8.2)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import dmn
from engine.decisions.dmn.cells import cell_of
from engine.decisions.dmn.table_index import ColumnIndex
from engine.decisions.feel.budget import Run
from engine.decisions.feel.compiler import RUN
from engine.decisions.feel.expression import compile_text
from engine.decisions.feel.values.borders import into
from tests.unit.decisions.models import decision, model, table

GRADES = [
    ["[90..120]", '"A"', "办法第十二条"],
    ["[80..90)", '"B"', "办法第十三条"],
    ["< 80", '"C"', "办法第十四条"],
]


def decide(logic: str, **data: Any) -> dmn.Outcome:
    return dmn.read(model(decision(logic))).decide("d", data)


def test_the_row_that_decided_is_told_with_its_article() -> None:
    outcome = decide(table(GRADES), x=85)

    assert outcome.value == "B"
    assert outcome.rules == (dmn.FiredRule("d", 2, "r2", {"依据": "办法第十三条"}),)


OVERLAPPING = [["> 1", '"low"'], ["> 2", '"high"'], ["> 3", '"mid"']]
BY_POLICY = [
    ("UNIQUE", None, []),
    ("FIRST", "low", [1]),
    ("PRIORITY", "high", [2]),
    ("RULE ORDER", ["low", "high", "mid"], [1, 2, 3]),
    ("OUTPUT ORDER", ["high", "mid", "low"], [2, 3, 1]),
    ("COLLECT", ["low", "high", "mid"], [1, 2, 3]),
    ("ANY", None, []),
]


@pytest.mark.parametrize(("policy", "value", "rows"), BY_POLICY)
def test_a_hit_policy_chooses_among_matching_rows(policy: str, value: Any, rows: list[int]) -> None:
    outcome = decide(table(OVERLAPPING, policy=policy, values='"high", "mid", "low"'), x=5)

    assert outcome.value == value
    assert [rule.index for rule in outcome.rules] == rows


def test_any_takes_rows_that_agree() -> None:
    assert decide(table([["> 1", "7"], ["> 2", "7"]], policy="ANY"), x=5).value == Decimal(7)


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_collecting_makes_one_number(aggregation: str, value: int) -> None:
    rows = [["> 1", "10"], ["> 2", "20"], ["> 3", "30"], ["> 9", "40"]]

    assert decide(table(rows, policy="COLLECT", aggregation=aggregation), x=5).value == value


def test_several_outputs_make_a_context() -> None:
    logic = table([["> 1", '"A"', "1.2"]], outputs=("等级", "系数"))

    assert decide(logic, x=5).value == {"等级": "A", "系数": Decimal("1.2")}


def test_the_default_answers_when_no_row_does() -> None:
    assert decide(table([["> 9", "1"]], default="0"), x=5).value == 0


def test_nothing_answers_without_a_row_and_without_a_default() -> None:
    assert decide(table([["> 9", "1"]]), x=5).value is None


def test_an_input_that_is_not_allowed_is_answered_by_no_row() -> None:
    assert decide(table([["-", "1"]], allowed='"优", "良"'), x="差").value is None


def test_cells_may_use_other_names_functions_and_the_tested_value() -> None:
    rows = [['starts with(?, "安全")', '"S"'], ["limit", '"L"'], ["length > 3", '"long"']]

    values = [decide(table(rows, policy="FIRST"), x=x, limit="y", length=4).value for x in ("安全生产", "y", "z")]

    assert values == ["S", "L", "long"]


def test_a_cell_that_is_no_feel_is_told_and_matches_nothing() -> None:
    outcome = decide(table([["> >", "1"], ["-", "2"]], policy="FIRST"), x=5)

    assert outcome.value == 2
    assert [problem.code for problem in outcome.problems] == ["feel.unexpected"]


TEXTS = (
    "-", "1", "2.5", "< 2", ">= 2", "[1..3]", "(1..3)", "]1..3[", "1, 3", "< 1, > 3", "not(2)", "not(< 2)", "!= 2",
    "-2",
    '"a"', '"a", "b"', 'not("a")', '> "a"', "true", "false", "not(true)", "null", "not(null)", "not(null, 1)", "[3..1]",
    '@"2026-01-01"', '[@"2026-01-01"..@"2026-02-01")', 'not(1, "a")', "? = 2", "[1, 2]", "limit", "= 2", "true, 1",
)  # fmt: skip
CELLS = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=12)
DAYS = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 15), date(2026, 2, 1)]
VALUES = st.sampled_from([*DAYS, None, 0, 1, 2, 2.5, 3, 4, -2, "a", "b", "", True, False, "2026", [1], {"a": 1}])


@settings(max_examples=150, deadline=None)
@given(CELLS, VALUES)
def test_the_index_lets_the_same_rows_through_as_testing_each_cell(cells: list[str], value: Any) -> None:
    tests = [compile_text(cell, unary=True) for cell in cells]
    tested, scope = into(value), {RUN: Run(), "limit": Decimal(2)}
    one_by_one = [at for at, test in enumerate(tests) if test.run({**scope, "?": tested}) is True]

    index = ColumnIndex([cell_of(test.node) for test in tests], [test.run for test in tests])
    bits = index.confirmed(tested, scope, index.rules(tested, scope))

    assert [at for at in range(len(cells)) if bits >> at & 1] == one_by_one
