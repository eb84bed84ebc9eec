"""Events that tokens wait for and throw."""

from engine.workflow.errors import BpmnError
from tests.unit.workflow.diagrams import (
    boundary,
    condition,
    definition,
    drawn,
    extensions,
    message,
    node,
    nodes,
    sub,
    timer,
)
from tests.unit.workflow.plays import MONDAY, Play, World

HOST = nodes("start:s user:a user:b end:e end:e2")


def guarded(event: str, *, interrupting: bool = True) -> bytes:
    return drawn(HOST + boundary("w", "a", event, interrupting=interrupting), "s a e", "w b e2")


def test_an_interrupting_timer_withdraws_its_activity() -> None:
    play = Play(guarded(timer("PT1H"))).fire("w")

    assert play.open == ["b"]
    assert play.went("cancel") == ["a"]
    assert play.due == []


def test_a_non_interrupting_timer_leaves_its_activity_open_and_fires_once() -> None:
    play = Play(guarded(timer("PT1H"), interrupting=False)).fire("w")

    assert sorted(play.open) == ["a", "b"]
    assert play.due == []
    assert play.answer("a").answer("b").outcome == "completed"


def test_a_completed_activity_takes_its_boundary_events_along() -> None:
    play = Play(guarded(timer("PT1H")))
    assert play.due == ["w"]

    play.answer("a")

    assert play.due == []
    assert play.outcome == "completed"
    assert "w" not in play.went()


def test_a_cycle_fires_as_often_as_it_says() -> None:
    play = Play(guarded(timer("R2/PT1H", "timeCycle"), interrupting=False))

    play.fire("w").fire("w")

    assert sorted(play.open) == ["a", "b", "b"]
    assert play.due == []
    assert (play.world.now - MONDAY).total_seconds() == 7200


def test_a_non_interrupting_message_boundary_fires_each_time() -> None:
    play = Play(guarded(message(), interrupting=False)).send(n=1).send(n=2)

    assert sorted(play.open) == ["a", "b", "b"]
    assert [task.data["n"] for task in play.step.open if task.node.id == "b"] == [1, 2]
    assert "n" not in play.task("a").data


def test_a_message_reaches_only_the_wait_with_its_key() -> None:

    catch = node("intermediateCatchEvent", "c", extensions('<lf:correlation value="=order"/>') + message())
    content = drawn(nodes("start:s user:a end:e") + catch, "s c a e")
    play = Play(content, {"order": 7})

    assert play.step.waits[0].key == "7"
    assert play.send(key="7", total=5).task("a").data["total"] == 5


def test_what_a_message_brings_is_chosen_by_outputs() -> None:
    outputs = extensions('<lf:output name="sum" value="=message.total * 2"/>')
    content = drawn(nodes("start:s end:e") + node("receiveTask", "c", outputs, messageRef="d.m"), "s c e")

    assert Play(content).send(total=5, other=1).data == {"sum": 10}


def test_the_first_event_of_an_event_gateway_wins_and_each_timer_has_its_own_time() -> None:
    content = drawn(
        nodes("start:s event:g user:a user:b user:c end:e")
        + node("intermediateCatchEvent", "m1", message())
        + node("intermediateCatchEvent", "t1", timer("PT1H"))
        + node("intermediateCatchEvent", "t2", timer("PT2H")),
        "s g m1 a e", "g t1 b e", "g t2 c e",
    )  # fmt: skip

    assert [t.due.hour for t in Play(content).step.timers] == [2, 3]
    assert Play(content).send().open == ["a"]
    assert Play(content).fire("t2").open == ["c"]
    after = Play(content).fire("t1")
    assert after.due == [] and after.step.waits == ()
    assert after.went() == ["s", "g", "t1", "b"]


def test_a_signal_reaches_everything_that_waits_and_leaves_the_instance_too() -> None:
    signal = definition("signal", signalRef="d.g")
    content = drawn(
        nodes("start:s and:f user:a user:b end:e end:e2 end:e3")
        + node("intermediateCatchEvent", "c1", signal)
        + node("intermediateCatchEvent", "c2", signal)
        + node("intermediateThrowEvent", "t", signal),
        "s f c1 e", "f c2 e2", "f a t b e3",
    )  # fmt: skip
    play = Play(content).answer("a")

    assert {"e", "e2"} <= set(play.went())
    assert [(t.kind, t.name) for t in play.step.thrown] == [("signal", "alarm")]


def test_a_signal_end_event_throws() -> None:
    content = drawn(nodes("start:s") + node("endEvent", "e", definition("signal", signalRef="d.g")), "s e")

    assert [thrown.name for thrown in Play(content).step.thrown] == ["alarm"]


def test_a_message_that_is_thrown_carries_its_inputs_and_key() -> None:
    extras = extensions('<lf:correlation value="=no"/><lf:input name="sum" value="=total"/>')
    content = drawn(nodes("start:s") + node("endEvent", "e", extras + message()), "s e")

    thrown = Play(content, {"no": "A1", "total": 3}).step.thrown[0]

    assert (thrown.kind, thrown.name, thrown.key, dict(thrown.data)) == ("message", "news", "A1", {"sum": 3})


INSIDE = sub("box", nodes("start:s2 user:a") + node("endEvent", "bad", definition("error", errorRef="d.x")), "s2 a bad")


def test_an_error_end_is_caught_by_its_code_or_by_an_event_for_any() -> None:
    for code in (definition("error", errorRef="d.x"), definition("error")):
        content = drawn(nodes("start:s user:b end:e end:e2") + INSIDE + boundary("w", "box", code), "s box e", "w b e2")
        play = Play(content).answer("a", note="kept")
        assert play.open == ["b"]
        assert play.data["note"] == "kept"


def test_an_error_that_nothing_catches_is_an_incident_where_it_was_thrown() -> None:
    other = boundary("w", "box", definition("error", errorRef="d.y"))
    content = drawn(nodes("start:s user:b end:e end:e2") + INSIDE + other, "s box e", "w b e2")

    play = Play(content).answer("a")

    assert play.failed == [("bad", "workflow.error_uncaught")]


def test_an_operation_can_throw_an_error_that_the_diagram_draws() -> None:
    def refuse(_: object) -> dict[str, object]:
        raise BpmnError("E1", "no budget")

    call = node("serviceTask", "a", extensions('<lf:operation name="pay"/>'))
    wrong = boundary("w", "a", definition("error", errorRef="d.x"))
    content = drawn(nodes("start:s user:b end:e end:e2") + call + wrong, "s a e", "w b e2")

    assert Play(content, world=World(operations={"pay": refuse})).open == ["b"]


def test_an_escalation_may_leave_what_it_escalates_running() -> None:
    raised = node("intermediateThrowEvent", "up", definition("escalation", escalationRef="d.u"))
    box = sub("box", nodes("start:s2 user:a end:e3") + raised, "s2 up a e3")
    for interrupting, still in ((False, ["a", "b"]), (True, ["b"])):
        caught = boundary("w", "box", definition("escalation", escalationRef="d.u"), interrupting=interrupting)
        content = drawn(nodes("start:s user:b end:e end:e2") + box + caught, "s box e", "w b e2")
        assert sorted(Play(content).open) == still


def test_terminate_ends_everything_at_once_and_in_a_subprocess_only_that() -> None:
    stop = node("endEvent", "stop", definition("terminate"))
    whole = Play(drawn(nodes("start:s and:f user:a user:b end:e") + stop, "s f a e", "f b stop")).answer("b")
    assert whole.outcome == "terminated"
    assert whole.went("cancel") == ["a"]
    box = sub("box", nodes("start:s2 and:f user:a user:b end:e3") + stop, "s2 f a e3", "f b stop")
    part = Play(drawn(nodes("start:s user:c end:e") + box, "s box c e")).answer("b")

    assert part.open == ["c"]


def test_a_conditional_event_waits_for_the_data_of_its_process() -> None:
    content = drawn(
        nodes("start:s and:f user:a user:b end:e end:e2") + node("intermediateCatchEvent", "c", condition("total > 5")),
        "s f a e", "f c b e2",
    )  # fmt: skip
    play = Play(content, {"total": 1})
    assert play.open == ["a"]

    play.answer("a", total=7)

    assert play.open == ["b"]


def test_a_start_event_that_is_named_begins_there() -> None:
    content = drawn(nodes("start:s user:a user:b end:e") + node("startEvent", "m1", message()), "s a e", "m1 b e")

    assert Play(content).open == ["a"]
    assert Play(content, start_event="m1").open == ["b"]


def test_a_signal_is_heard_by_a_branch_that_comes_to_listen_in_the_same_step() -> None:
    signal = definition("signal", signalRef="d.g")
    content = drawn(
        nodes("start:s and:f xor:x user:b end:e end:e2")
        + node("intermediateThrowEvent", "t", signal)
        + node("intermediateCatchEvent", "c", signal),
        "s f t e", "f x c b e2",
    )  # fmt: skip

    assert Play(content).open == ["b"]


def test_a_condition_sees_what_a_parallel_branch_has_set_before_it_ends() -> None:
    watch = boundary("w", "a", condition("x = 1"), interrupting=False)
    play = Play(
        drawn(
            nodes("start:s and:f and:j user:a user:c user:z user:b end:e end:e2") + watch,
            "s f a j e", "f c z j", "w b e2",
        )
    )  # fmt: skip

    assert sorted(play.answer("c", x=1).open) == ["a", "b", "z"]
