"""Expressions of Camunda 7, Flowable and Activiti in FEEL: the same value, or a refusal that says why."""

from typing import Any

import pytest

from engine.decisions import feel
from engine.workflow.spiff.foreign import juel

DATA = {
    "amount": 1200,
    "approved": False,
    "kind": "A",
    "order": {"lines": [{"price": 5}, {"price": 7}], "buyer": {"name": "Lee"}},
    "none": None,
    "blank": "",
    "list": [1],
    "nothing": [],
    "loopCounter": 1,
    "sum": 4,  # also a function of FEEL
}
SAME: dict[str, Any] = {
    "${amount}": 1200,
    "#{amount}": 1200,
    "${ order.buyer.name }": "Lee",
    "${order['buyer'].name}": "Lee",
    "${order.lines[0].price}": 5,
    "${amount > 1000 && !approved}": True,
    "${amount gt 1000 and not approved}": True,
    "${amount <= 1000 || kind == 'A'}": True,
    '${kind ne "A"}': False,
    "${(amount + 300) * 2 - -1}": 3001,
    "${amount div 2 eq 600}": True,
    "${kind == 'A' ? 'first' : 'other'}": "first",
    "${empty none}": True,
    "${empty blank}": True,
    "${empty nothing}": True,
    "${empty list}": False,
    "${!empty kind}": True,
    "${none == null}": True,
    "${!(none < 3)}": True,
    "${!none}": True,
    "${loopCounter == 0}": True,
    "Order of ${order.buyer.name}: ${amount}": "Order of Lee: 1200",
    "Order of ${none}": "Order of ",
    "${sum + 1}": 5,
    "${kind == 'it\\'s }'}": False,
}
REFUSED = {
    "${bean.decide(amount)}": "calls a method",
    "${now()}": "calls a method",
    "${execution.processInstanceId}": "belongs to the other engine",
    "${initiator}": "belongs to the other engine",
    "${amount % 2 == 0}": "remainder",
    "${amount": "not closed",
    "${amount >}": "ends too early",
    "${amount amount}": "not expected",
    "${a$b}": "no name",
    "${list[amount]}": "brackets",
    "${amount ^ 2}": "not understood",
    "${for}": "no FEEL",
    "${(amount}": "missing",
    "${order.'x'}": "no plain name",
}


@pytest.mark.parametrize("text", SAME)
def test_an_expression_has_the_value_that_it_has_there(text: str) -> None:
    assert feel.evaluate(juel.translate(text), DATA) == SAME[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_surely_the_same_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(juel.Untranslatable, match=REFUSED[text]):
        juel.translate(text, {"initiator"})


def test_a_literal_stays_one_in_an_attribute_of_ours() -> None:
    assert juel.attribute("lee") == "lee"
    assert juel.attribute("${lee}") == "=lee"
    assert feel.evaluate(juel.attribute("=lee")[1:], {}) == "=lee"
