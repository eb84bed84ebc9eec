"""Gateways: which way tokens go, and when they meet."""

import pytest

from tests.unit.workflow.diagrams import drawn, node, nodes, script
from tests.unit.workflow.plays import Play

FORK = nodes("start:s and:f user:a user:b and:j user:c end:e")
FORK_PATHS = ("s f a j c e", "f b j")


def test_the_first_flow_whose_condition_holds_is_taken_and_the_default_otherwise() -> None:
    content = drawn(
        nodes("start:s user:a user:b user:c end:e") + node("exclusiveGateway", "g", default="g-c"),
        "s g", "g a : x > 10", "g b : x > 5", "g c", "a e", "b e", "c e",
    )  # fmt: skip

    assert [Play(content, {"x": x}).open for x in (20, 7, 1)] == [["a"], ["b"], ["c"]]


def test_a_gateway_without_a_fitting_flow_is_an_incident_there_and_goes_on_after_a_retry_with_better_data() -> None:
    content = drawn(nodes("start:s xor:g user:a user:b end:e"), "s g", "g a : x = 1", "g b : x = 2", "a e", "b e")

    play = Play(content, {"x": 3})

    assert play.failed == [("g", "workflow.no_flow")]
    assert play.outcome == "incident"


def test_a_parallel_join_waits_for_every_branch_in_any_order() -> None:
    play = Play(drawn(FORK, *FORK_PATHS)).answer("b")
    assert play.open == ["a"]

    play.answer("a")

    assert play.open == ["c"]
    assert play.went().count("j") == 1


def test_a_parallel_join_in_a_loop_joins_again_in_each_round() -> None:
    content = drawn(
        nodes("start:s xor:m and:f user:a user:b and:j user:c end:e") + node("exclusiveGateway", "g", default="g-m"),
        "s m f a j c g", "f b j", "g e : done", "g m",
    )  # fmt: skip
    play = Play(content)

    for done in (False, False, True):
        play.answer("a").answer("b").answer("c", done=done)

    assert play.outcome == "completed"
    assert play.went().count("j") == 3


def test_an_inclusive_gateway_takes_every_fitting_flow_and_its_join_waits_for_those_only() -> None:
    content = drawn(
        nodes("start:s user:a user:b user:c or:j user:d end:e") + node("inclusiveGateway", "g", default="g-c"),
        "s g", "g a : x > 1", "g b : x > 2", "g c", "a j d e", "b j", "c j",
    )  # fmt: skip

    both = Play(content, {"x": 3})
    assert sorted(both.open) == ["a", "b"]
    both.answer("a")
    assert both.open == ["b"]
    both.answer("b")
    assert both.open == ["d"]
    assert Play(content, {"x": 0}).answer("c").open == ["d"]


def test_an_inclusive_join_goes_on_when_a_branch_turns_away_from_it() -> None:
    content = drawn(
        nodes("start:s and:f user:a user:b or:j user:d end:e end:away") + node("exclusiveGateway", "g", default="g-j"),
        "s f a j d e", "f b g j", "g away : leave",
    )  # fmt: skip
    play = Play(content).answer("a")
    assert play.open == ["b"]

    play.answer("b", leave=True)

    assert play.open == ["d"]


def test_a_complex_gateway_goes_on_at_its_count_and_takes_the_late_token_in() -> None:
    gate = node("complexGateway", "j", "<bpmn:activationCondition>activationCount >= 2</bpmn:activationCondition>")
    content = drawn(
        nodes("start:s and:f user:a user:b user:c user:d end:e") + gate,
        "s f a j d e", "f b j", "f c j",
    )  # fmt: skip
    play = Play(content).answer("a")
    assert sorted(play.open) == ["b", "c"]
    play.answer("b")
    assert sorted(play.open) == ["c", "d"]

    play.answer("c").answer("d")

    assert play.outcome == "completed"
    assert play.went().count("d") == 1


def test_several_flows_out_of_an_activity_are_parallel_and_conditional_ones_inclusive() -> None:
    plain = Play(drawn(nodes("start:s user:a user:b user:c end:e"), "s a", "a b e", "a c e")).answer("a")
    assert sorted(plain.open) == ["b", "c"]
    content = drawn(
        nodes("start:s user:b user:c user:d end:e") + node("userTask", "a", default="a-d"),
        "s a", "a b : x > 1", "a c : x > 2", "a d", "b e", "c e", "d e",
    )  # fmt: skip

    assert [sorted(Play(content).answer("a", x=x).open) for x in (3, 2, 1)] == [["b", "c"], ["b"], ["d"]]
    assert "a [split]" not in plain.went()


def test_a_condition_on_the_only_flow_of_an_activity_is_looked_at() -> None:
    play = Play(drawn(nodes("start:s user:a user:b end:e"), "s a", "a b : x > 1", "b e")).answer("a", x=0)

    assert play.failed[0][1] == "workflow.no_flow"


def test_all_plain_start_events_begin_and_a_process_without_one_begins_where_nothing_leads_to() -> None:
    two = Play(drawn(nodes("start:s start:t user:a user:b end:e"), "s a e", "t b e"))
    none = Play(drawn(nodes("user:a user:b"), "a b"))

    assert sorted(two.open) == ["a", "b"]
    assert none.open == ["a"]
    assert none.answer("a").answer("b").outcome == "completed"


def test_a_loop_that_never_waits_is_stopped_as_an_incident() -> None:
    content = drawn(
        nodes("start:s xor:m end:e") + script("t", "n = n + 1") + node("exclusiveGateway", "g", default="g-m"),
        "s m t g", "g e : n < 0", "g m",
    )  # fmt: skip

    play = Play(content, {"n": 1})

    assert play.step.failures[0].code == "workflow.endless"


@pytest.mark.parametrize("first", ["a", "b"])
def test_links_are_flows(first: str) -> None:
    link = '<bpmn:linkEventDefinition name="page 2"/>'
    content = drawn(
        nodes("start:s user:a user:b end:e xor:g")
        + node("intermediateThrowEvent", "out", link)
        + node("intermediateCatchEvent", "in", link),
        "s g", "g a : way = \"a\"", "g b : way = \"b\"", "a out", "b e", "in e",
    )  # fmt: skip

    play = Play(content, {"way": first}).answer(first)

    assert play.outcome == "completed"
    assert ("in" in play.went()) is (first == "a")
