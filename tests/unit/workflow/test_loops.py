"""Activities that run several times."""

import pytest

from engine.workflow.spiff import machine
from tests.unit.workflow.diagrams import (
    DECLARED,
    boundary,
    definition,
    drawn,
    extensions,
    file,
    node,
    nodes,
    process,
    several,
    sub,
    timer,
)
from tests.unit.workflow.plays import Play

PEOPLE = {"people": ["u1", "u2", "u3", "u4"]}


def voting(inner: str = "", **more: str) -> bytes:
    task = node("userTask", "vote", several(inner=inner, **more))
    return drawn(nodes("start:s user:after end:e") + task, "s vote after e")


def until(text: str) -> str:
    return f"<bpmn:completionCondition>{text}</bpmn:completionCondition>"


def test_everybody_gets_an_instance_with_their_own_element_and_index() -> None:
    play = Play(voting(), PEOPLE)

    assert [(task.index, task.data["person"]) for task in play.step.open] == [
        (0, "u1"),
        (1, "u2"),
        (2, "u3"),
        (3, "u4"),
    ]


def test_results_stand_in_the_order_of_the_collection_whoever_answers_first() -> None:
    play = Play(voting(), {"people": ["u1", "u2"]})

    play.answer("vote", 1, ok=False).answer("vote", 0, ok=True)

    assert play.open == ["after"]
    assert play.data["votes"] == [{"ok": True}, {"ok": False}]
    assert "person" not in play.data and "ok" not in play.data
    assert [(m.node, m.index) for m in play.trace if m.node == "vote" and m.event == "leave"] == [
        ("vote", 1),
        ("vote", 0),
    ]


def test_the_completion_condition_sees_all_results_and_withdraws_the_rest() -> None:
    play = Play(voting(until("count(votes[item.ok = true]) >= 2")), PEOPLE)

    play.answer("vote", 0, ok=True).answer("vote", 1, ok=False)
    assert len(play.open) == 2
    play.answer("vote", 2, ok=True)

    assert play.open == ["after"]
    assert play.data["votes"] == [{"ok": True}, {"ok": False}, {"ok": True}]
    assert [(m.node, m.index) for m in play.trace if m.event == "cancel"] == [("vote", 3)]


def test_the_completion_condition_may_count() -> None:
    play = Play(voting(until("nrOfCompletedInstances / nrOfInstances >= 0.5")), PEOPLE)

    assert play.answer("vote", 3).answer("vote", 0).open == ["after"]


def test_one_after_the_other_stops_at_its_condition() -> None:
    play = Play(voting(until("ok = false"), isSequential="true"), PEOPLE)

    assert [task.index for task in play.step.open] == [0]
    play.answer("vote", 0, ok=True)
    assert [task.data["person"] for task in play.step.open] == ["u2"]
    play.answer("vote", 1, ok=False)

    assert play.open == ["after"]
    assert play.data["votes"] == [{"ok": True}, {"ok": False}]


def test_an_empty_collection_is_passed_and_a_missing_one_is_an_incident() -> None:
    assert Play(voting(), {"people": []}).data["votes"] == []
    assert Play(voting(), {}).failed == [("vote", "workflow.collection")]


def test_a_withdrawn_instance_counts_as_finished() -> None:
    play = Play(voting(), {"people": ["u1", "u2"]}).answer("vote", 0, ok=True)

    play.act(machine.withdraw, play.task("vote", 1).token)

    assert play.open == ["after"]
    assert play.data["votes"] == [{"ok": True}]


def test_a_boundary_event_interrupts_all_instances() -> None:
    task = node("userTask", "vote", several()) + boundary("late", "vote", timer("2wd"))
    play = Play(drawn(nodes("start:s user:after end:e end:e2") + task, "s vote e", "late after e2"), PEOPLE)

    play.answer("vote", 0, ok=True).fire("late")

    assert play.open == ["after"]
    assert play.went("cancel") == ["vote"] * 3
    assert play.data["votes"] == [{"ok": True}]


def test_subprocesses_run_several_times_each_with_its_own_data() -> None:
    box = sub("box", nodes("start:s2 user:a user:b end:e2") + several("people", "person", "done"), "s2 a b e2")
    play = Play(drawn(nodes("start:s end:e") + box, "s box e"), {"people": ["u1", "u2"]})

    play.answer("a", 1, x=2).answer("a", 0, x=1).answer("b", 0).answer("b", 1)

    assert play.data["done"] == [{"x": 1}, {"x": 2}]
    assert {m.index for m in play.trace if m.node == "a"} == {0, 1}


def test_the_standard_collection_and_items_of_bpmn_work_too() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>people</bpmn:loopDataInputRef>"
        '<bpmn:loopDataOutputRef>votes</bpmn:loopDataOutputRef><bpmn:inputDataItem id="who" name="person"/>'
        '<bpmn:outputDataItem id="vote_"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    play = Play(drawn(nodes("start:s end:e") + node("userTask", "a", loop), "s a e"), {"people": ["u1", "u2"]})

    play.answer("a", 0, vote_=1).answer("a", 1, vote_=2)

    assert play.data["votes"] == [1, 2]


@pytest.mark.parametrize(("before", "rounds"), [("true", 2), ("false", 3)])
def test_a_standard_loop_runs_while_its_condition_holds(before: str, rounds: int) -> None:
    loop = (
        f'<bpmn:standardLoopCharacteristics testBefore="{before}"><bpmn:loopCondition>n &lt; 2</bpmn:loopCondition>'
        "</bpmn:standardLoopCharacteristics>"
    )
    play = Play(
        drawn(nodes("start:s end:e") + node("userTask", "a", loop), "s a e"), {"n": 0 if before == "true" else -1}
    )

    for _ in range(rounds):
        assert play.open == ["a"]
        play.answer("a", n=play.data["n"] + 1)

    assert play.outcome == "completed"


def test_a_standard_loop_ends_at_its_maximum() -> None:
    loop = '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'
    play = Play(drawn(nodes("start:s end:e") + node("userTask", "a", loop), "s a e"))

    assert play.answer("a").answer("a").outcome == "completed"


def test_outputs_of_an_instance_are_its_result_even_when_nothing_changed() -> None:
    inner = extensions('<lf:output name="id" value="=person"/><lf:output name="reason" value="=reason"/>') + several()
    play = Play(drawn(nodes("start:s end:e") + node("userTask", "a", inner), "s a e"), {"people": [1], "reason": None})

    assert play.answer("a", 0).data["votes"] == [{"id": 1, "reason": None}]


def test_a_condition_that_fails_can_be_retried_without_a_second_answer() -> None:
    play = Play(voting(until('nrOfInstances > date("x")')), {"people": ["u1"]})
    first = play.answer("vote", 0, ok=True)

    assert first.open in ([], ["after"])


def test_a_behaviour_event_is_thrown_for_each_instance_or_for_the_first() -> None:
    shared = definition("signal", id="each", signalRef="d.g")
    caught = boundary("w", "a", definition("signal", signalRef="d.g"), interrupting=False)
    for behaviour, reference, times in (("None", "noneBehaviorEventRef", 2), ("One", "oneBehaviorEventRef", 1)):
        task = node("userTask", "a", several(behavior=behaviour, **{reference: "each"})) + caught
        content = file(
            process(nodes("start:s user:b end:e end:e2") + task, "s a e", "w b e2"), declared=DECLARED + shared
        )
        play = Play(content, {"people": [1, 2]}).answer("a", 0).answer("a", 1)
        assert play.open == ["b"] * times


def test_start_and_completion_quantities_collect_and_multiply_tokens() -> None:
    many = node("userTask", "a", completionQuantity="3")
    few = node("userTask", "b", startQuantity="3")
    play = Play(drawn(nodes("start:s end:e") + many + few, "s a b e")).answer("a")

    assert play.open == ["b"]
    assert play.answer("b").outcome == "completed"


def test_what_was_written_outside_meanwhile_is_no_result_of_an_instance() -> None:
    box = sub("box", nodes("start:s2 user:a end:e2") + several("people", "person", "done"), "s2 a e2")
    play = Play(drawn(nodes("start:s and:f user:b end:e end:e2x") + box, "s f box e", "f b e2x"), {"people": [1, 2]})

    play.answer("b", told=True).answer("a", 0, x=1).answer("a", 1, x=2)

    assert (play.data["done"], play.data["told"]) == ([{"x": 1}, {"x": 2}], True)
