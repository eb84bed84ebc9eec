"""Three-way merge of branch data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.workflow.errors import Stuck
from engine.workflow.spiff.merge import three_way

DATA = some.dictionaries(some.sampled_from("abcd"), some.integers(0, 3) | some.lists(some.integers(0, 2), max_size=2))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ({"x": 1}, {"x": 2}, {"x": 1}, {"x": 2}),
        ({"x": 1}, {"x": 1}, {"x": 2}, {"x": 2}),
        ({"x": 1}, {"x": 1}, {}, {}),
        ({"x": 1}, {}, {"x": 1}, {}),
        ({}, {"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"l": [1]}, {"l": [1, 2]}, {"l": [1, 3]}, {"l": [1, 2, 3]}),
        ({"l": [1, 2]}, {"l": [1, 3, 2]}, {"l": [1, 2, 4]}, {"l": [1, 3, 2, 4]}),
        ({"c": {"a": 1, "b": 1}}, {"c": {"a": 2, "b": 1}}, {"c": {"a": 1, "b": 3}}, {"c": {"a": 2, "b": 3}}),
        ({"x": 1}, {"x": 2}, {"x": 2}, {"x": 2}),
    ],
)
def test_what_only_one_side_changed_stands(base: Any, ours: Any, theirs: Any, merged: Any) -> None:
    assert three_way(base, ours, theirs) == merged


def test_true_and_one_are_not_the_same() -> None:
    assert three_way({"x": 1}, {"x": 1}, {"x": True}) == {"x": True}
    assert three_way({"x": 1}, {"x": 1}, {"x": True})["x"] is True


@pytest.mark.parametrize(
    ("ours", "theirs"), [({"x": 2}, {"x": 3}), ({"x": [2]}, {"x": [3, 4], "y": 1}), ({"x": {"a": 1}}, {"x": 5})]
)
def test_a_contradiction_names_its_variable_unless_one_side_is_preferred(ours: Any, theirs: Any) -> None:
    with pytest.raises(Stuck) as refused:
        three_way({"x": [1]}, ours, theirs)

    assert refused.value.fields["variables"] == ["x"]
    assert three_way({"x": [1]}, ours, theirs, prefer="theirs")["x"] == theirs["x"]
    assert three_way({"x": [1]}, ours, theirs, prefer="ours")["x"] == ours["x"]


@given(DATA, DATA)
def test_a_side_that_changed_nothing_has_no_say(base: Any, theirs: Any) -> None:
    assert three_way(base, base, theirs) == theirs
    assert three_way(base, theirs, base) == theirs


@given(DATA, DATA, DATA)
def test_nothing_that_was_given_is_changed(base: Any, ours: Any, theirs: Any) -> None:
    before = repr((base, ours, theirs))

    three_way(base, ours, theirs, prefer="ours")

    assert repr((base, ours, theirs)) == before


def test_additions_reach_a_side_that_lacks_what_they_were_added_to() -> None:
    assert three_way({"l": [1]}, {}, {"l": [1, 2]}, prefer="ours") == {"l": [2]}
    assert three_way({"l": [1]}, {"l": [3]}, {"l": [1, 2]}, prefer="ours") == {"l": [3, 2]}
    assert three_way({"l": [1]}, {"l": [1, 2]}, {"l": [3]}, prefer="theirs") == {"l": [3, 2]}
