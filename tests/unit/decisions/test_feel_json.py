"""Values as JSON: faithful for process state, plain for people."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import feel

SCALARS = (
    st.none()
    | st.booleans()
    | st.text()
    | st.integers(-(10**33), 10**33).map(Decimal)
    | st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.builds(feel.DaysDuration, st.integers(-(10**20), 10**20))
    | st.builds(feel.YearsMonths, st.integers(-(10**6), 10**6))
    | st.builds(feel.Time, st.integers(0, 86_399_999_999_999))
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_a_value_comes_back_from_json_as_it_went(value: Any) -> None:
    stored = json.loads(json.dumps(feel.to_json(value)))

    assert feel.from_json(stored) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ('@"2026-03-31"', '"2026-03-31"'),
        ('{"中": [1, null, true], d: @"P1D"}', '{"中": [1, null, true], "d": "P1D"}'),
        ("[1..5)", '"[1..5)"'),
        ("1e300", "1" + "0" * 300),
    ],
)
def test_people_get_plain_json(text: str, shown: str) -> None:
    written = feel.json_text(feel.evaluate(text, {}))

    assert json.loads(written) is not Ellipsis
    assert Decimal(written) == Decimal(shown) if shown.isdigit() else written == shown


def test_python_values_of_the_host_are_written_too() -> None:
    assert feel.to_json({"a": 1, "b": date(2026, 1, 1), "c": timedelta(hours=36), "d": 0.5}) == {
        "a": 1,
        "b": {"@": "2026-01-01"},
        "c": {"@": "P1DT12H"},
        "d": {"@": "0.5"},
    }


@pytest.mark.parametrize("damaged", [{"@": "no date"}, {"@": 5}, {"@": "range"}, {"@": None}])
def test_damaged_json_is_refused_by_an_error_of_feel(damaged: Any) -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.from_json(damaged)

    assert caught.value.code == "feel.bad-json"


@pytest.mark.parametrize("act", [feel.from_json, feel.to_json, feel.json_text])
def test_values_nested_too_deep_are_an_error_of_feel(act: Any) -> None:
    nested: list[Any] = []
    for _ in range(20_000):
        nested = [nested]

    with pytest.raises(feel.FeelBudgetExceeded):
        act(nested)


def test_a_moment_keeps_its_zone() -> None:
    moment = feel.evaluate('@"2026-03-31T09:30:00@Asia/Shanghai"', {})

    assert feel.from_json(feel.to_json(moment)).tzinfo.key == "Asia/Shanghai"
    assert isinstance(moment, datetime)
