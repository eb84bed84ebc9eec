"""What keeps FEEL fast, as counts that no noise can change; times are in `benchmarks/feel.py`."""

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from engine.decisions import dmn, feel
from engine.decisions.feel.expression import _cached
from tests.unit.decisions.models import decision, model, table


def calls_of(act: Callable[[], Any]) -> int:
    """How many Python functions one call enters."""
    entered = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal entered
        entered += event == "call"

    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(None)
    return entered - 1  # the lambda itself


@pytest.mark.parametrize(
    ("text", "calls"),
    [("金额 > 50000", 2), ('得分 >= 90 and 等级 = "A"', 4), ('部门.级别 = "A"', 3), ("金额 * 2 + 1 > 上限", 6)],
)
def test_a_condition_enters_few_functions(text: str, calls: int) -> None:
    data = {"金额": Decimal(1), "得分": Decimal(95), "等级": "A", "部门": {"级别": "A"}, "上限": Decimal(9)}
    expression = feel.compile(text)

    assert calls_of(lambda: expression(data)) <= calls


def test_a_text_is_compiled_once() -> None:
    _cached.cache_clear()

    for score in range(50):
        feel.evaluate("score > 10", {"score": score})

    assert _cached.cache_info().misses == 1


def test_a_large_table_is_not_walked_rule_by_rule() -> None:
    rows = [[f"[{at}..{at + 1})", '"a", "b"', f"not({at % 5})", str(at)] for at in range(1000)]
    large = dmn.read(model(decision(table(rows, inputs=("x", "y", "z")))), limits=dmn.Limits(elements=20_000))
    data = {"x": Decimal(500), "y": "a", "z": Decimal(7)}
    large.decide("d", data)

    assert calls_of(lambda: large.decide("d", data)) < 100
