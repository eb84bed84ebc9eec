"""Formulas of one's own, in FEEL (domain.md §6 EXPR)."""

from decimal import Decimal

import pytest

from engine.kernel.errors import InvalidInput
from engine.letters.scoring import expr, item
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Facts, Method, Terms

D = Decimal


def scored(text: str, facts: Facts, **terms: object) -> Decimal | None:
    params = {"expr": text, **terms.pop("params", {})}  # type: ignore[dict-item]
    return item.score(Terms(Method.EXPR, weight=D(10), params=params, **terms), facts, Rules()).points


def test_a_formula_counts_in_points_of_the_letter_where_it_says_so() -> None:
    """domain.md §6: 10 × [1 + (A − 5 %) / 8 %]."""
    facts = Facts(D("0.09"))
    params = {"score_unit": "points"}
    assert scored("10 * (1 + (A - 0.05) / 0.08)", facts, params=params, uncapped=True) == 150


def test_a_product_of_rates_uses_the_scores_of_other_items() -> None:
    """Letter 37: 营业收入完成率 × 毛利润完成率."""
    assert scored("items.K01 * items.K02 / 100", Facts(D(1), others={"K01": D(90), "K02": D(80)})) == 72


def test_an_item_waits_for_the_items_its_formula_uses() -> None:
    found = item.score(Terms(Method.EXPR, params={"expr": "items.K01 + A"}), Facts(D(1)), Rules())
    assert found.missing == "item:K01"


def test_constants_and_chinese_names_are_known_to_the_formula() -> None:
    """Letter 01: 资金占用费 年化 8.4%."""
    facts = Facts(D(100))
    assert scored("A - 占用额 * 费率", facts, params={"constants": {"占用额": 200, "费率": "0.084"}}) == D("83.2")


def test_the_target_may_be_the_mean_of_the_peers_and_the_rank_is_known() -> None:
    facts = Facts(D(90), peers=(D(100), D(80), D(120)))
    assert scored("100 * A / T", facts, params={"target_from": "PEER_MEAN"}) == 90
    assert scored("110 - 10 * rank", facts) == 80


def test_means_of_months_are_lists() -> None:
    assert scored("mean([80, 90, A])", Facts(D(100))) == 90


@pytest.mark.parametrize("text", ["A +", "A + nobody", '"text"', "A > 1"])
def test_a_formula_that_gives_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        scored(text, Facts(D(1)))
    assert caught.value.code == "score.expr"


def test_formulas_that_use_each_other_have_an_order_or_are_refused() -> None:
    assert expr.order({"c": "items.b + items.a", "a": "A", "b": "items.a * 2"}) == ["a", "b", "c"]
    with pytest.raises(InvalidInput, match="wait for each other"):
        expr.order({"a": "items.b", "b": "items.a"})


def test_the_formula_is_told_with_its_numbers() -> None:
    found = item.score(Terms(Method.EXPR, target=D(4), params={"expr": "100 * A / T"}), Facts(D(3)), Rules())
    assert found.formula == "100 * A / T [A = 3, T = 4] = 75.00"
