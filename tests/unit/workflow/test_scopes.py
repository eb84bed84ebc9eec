"""Subprocesses, event subprocesses, called processes, transactions, ad-hoc work and compensation."""

from engine.workflow.spiff import programs
from tests.unit.workflow.diagrams import (
    boundary,
    condition,
    definition,
    drawn,
    extensions,
    file,
    message,
    node,
    nodes,
    process,
    script,
    sub,
    timer,
)
from tests.unit.workflow.plays import Play


def listening(event: str, *, interrupting: bool, inner: str = "user:x end:xe", path: str = "xs x xe") -> str:
    start = node("startEvent", "xs", event, isInterrupting=str(interrupting).lower())
    return sub("ev", start + nodes(inner), path, triggeredByEvent="true")


MAIN = nodes("start:s user:a user:b end:e")


def test_a_subprocess_sees_and_changes_the_data_around_it() -> None:
    box = sub("box", nodes("start:s2 user:i end:e2") + script("t", "y = x + 1"), "s2 t i e2")
    play = Play(drawn(nodes("start:s user:b end:e") + box, "s box b e"), {"x": 1})

    assert play.task("i").data["y"] == 2
    assert play.answer("i", z=3).task("b").data == {"x": 1, "y": 2, "z": 3}
    assert play.went() == ["s", "box", "s2", "t", "i", "e2", "b"]


def test_inputs_of_a_subprocess_stay_inside() -> None:
    box = sub("box", extensions('<lf:input name="k" value="=x * 2"/>') + nodes("start:s2 user:i end:e2"), "s2 i e2")
    play = Play(drawn(nodes("start:s user:b end:e") + box, "s box b e"), {"x": 2})

    assert play.task("i").data["k"] == 4
    assert "k" not in play.answer("i").data


def test_an_interrupting_boundary_keeps_what_the_subprocess_had_done() -> None:
    box = sub("box", nodes("start:s2 user:i user:j end:e2"), "s2 i j e2") + boundary("w", "box", timer("PT1H"))
    play = Play(drawn(nodes("start:s user:b end:e end:e3") + box, "s box e", "w b e3")).answer("i", kept=1)

    assert play.fire("w").task("b").data == {"kept": 1}
    assert play.went("cancel") == ["j", "box"]


def test_an_interrupting_message_event_subprocess_ends_everything_else() -> None:
    play = Play(drawn(MAIN + listening(message(), interrupting=True), "s a b e")).send(why="late")

    assert play.open == ["x"]
    assert play.step.waits == ()
    assert play.answer("x").outcome == "completed"
    assert play.data["why"] == "late"


def test_a_non_interrupting_message_event_subprocess_starts_each_time_and_hands_its_changes_over() -> None:
    play = Play(drawn(MAIN + listening(message(), interrupting=False), "s a b e")).send(n=1).send(n=2)
    assert sorted(play.open) == ["a", "x", "x"]

    play.answer("x", added=[1])
    play.answer("x", added=[2])

    assert play.answer("a").task("b").data["added"] == [1, 2]
    assert play.answer("b").outcome == "completed"


def test_a_timer_event_subprocess_does_not_hold_the_end_back() -> None:
    play = Play(drawn(MAIN + listening(timer("PT1H"), interrupting=False), "s a b e"))

    assert play.answer("a").answer("b").outcome == "completed"
    assert play.due == []


def test_a_timer_event_subprocess_of_a_cycle_fires_again() -> None:
    play = Play(drawn(MAIN + listening(timer("R/PT1H", "timeCycle"), interrupting=False), "s a b e"))

    assert sorted(play.fire("xs").fire("xs").open) == ["a", "x", "x"]
    assert play.due == ["xs"]


def test_an_error_event_subprocess_catches_what_is_thrown_in_its_scope() -> None:
    bad = node("endEvent", "bad", definition("error", errorRef="d.x"))
    event = listening(definition("error", errorRef="d.x"), interrupting=True)
    play = Play(drawn(nodes("start:s and:f user:a user:b end:e") + bad + event, "s f a bad", "f b e")).answer("a")

    assert play.open == ["x"]
    assert play.went("cancel") == ["b"]


def test_an_escalation_event_subprocess_runs_beside() -> None:
    up = node("intermediateThrowEvent", "up", definition("escalation", escalationRef="d.u"))
    event = listening(definition("escalation", escalationRef="d.u"), interrupting=False)

    assert sorted(Play(drawn(MAIN + up + event, "s up a b e")).open) == ["a", "x"]


def test_a_conditional_event_subprocess_fires_when_its_condition_becomes_true() -> None:
    play = Play(drawn(MAIN + listening(condition("total > 5"), interrupting=True), "s a b e"), {"total": 1})
    assert play.open == ["a"]

    assert play.answer("a", total=9).open == ["x"]


def test_event_subprocesses_listen_in_subprocesses_too() -> None:
    box = sub("box", nodes("start:s2 user:i end:e2") + listening(message(), interrupting=True), "s2 i e2")
    play = Play(drawn(nodes("start:s user:b end:e") + box, "s box b e")).send()

    assert play.open == ["x"]
    assert play.answer("x").open == ["b"]


CHILD = programs.compile({"child.bpmn": file(process(nodes("start:s user:i end:e"), "s i e", key="child"))}, "child")


def calling(inner: str = "") -> bytes:
    return drawn(
        nodes("start:s user:b end:e") + node("callActivity", "call", inner, calledElement="child"), "s call b e"
    )


def test_a_called_process_runs_in_the_same_instance_with_the_data_that_are_passed() -> None:
    mapped = extensions('<lf:input name="k" value="=x"/><lf:output name="answer" value="=r"/>')
    play = Play(calling(mapped), {"x": 1, "secret": 2}, called={"child": CHILD})
    assert play.task("i").data == {"k": 1}

    play.answer("i", r=5, other=6)

    assert play.data == {"x": 1, "secret": 2, "answer": 5}


def test_without_mappings_all_data_go_in_and_come_back() -> None:
    play = Play(calling(), {"x": 1}, called={"child": CHILD}).answer("i", y=2)

    assert play.data == {"x": 1, "y": 2}


def test_a_called_process_that_is_missing_is_an_incident() -> None:
    assert Play(calling()).failed == [("call", "workflow.called_missing")]


def test_an_error_climbs_out_of_a_called_process() -> None:
    bad = node("endEvent", "bad", definition("error", errorRef="d.x"))
    child = programs.compile({"c.bpmn": file(process(nodes("start:s user:i") + bad, "s i bad", key="child"))}, "child")
    content = drawn(
        nodes("start:s user:b end:e end:e2") + node("callActivity", "call", calledElement="child")
        + boundary("w", "call", definition("error")),
        "s call e", "w b e2",
    )  # fmt: skip

    assert Play(content, called={"child": child}).answer("i").open == ["b"]


def test_a_process_may_call_another_of_its_own_file_and_endless_calls_are_stopped() -> None:
    both = file(
        process(nodes("start:s end:e") + node("callActivity", "c", calledElement="q"), "s c e"),
        process(nodes("start:s2 user:i end:e2"), "s2 i e2", key="q"),
    )
    assert Play(both).answer("i").outcome == "completed"
    endless = drawn(nodes("start:s end:e") + node("callActivity", "c", calledElement="p"), "s c e")

    assert Play(endless).step.failures[0].code == "workflow.call_depth"


def test_ad_hoc_work_may_be_done_in_any_order_and_ends_by_its_condition() -> None:
    inner = nodes("user:i user:j user:k") + "<bpmn:completionCondition>done = true</bpmn:completionCondition>"
    play = Play(drawn(nodes("start:s user:b end:e") + sub("box", inner, tag="adHocSubProcess"), "s box b e"))
    assert sorted(play.open) == ["i", "j", "k"]

    play.answer("k")
    assert sorted(play.open) == ["i", "j"]
    play.answer("i", done=True)

    assert play.open == ["b"]
    assert play.went("cancel") == ["j"]


def test_ad_hoc_work_ends_when_all_is_done_and_may_be_ordered() -> None:
    box = sub("box", nodes("user:i user:j"), tag="adHocSubProcess", ordering="Sequential")
    play = Play(drawn(nodes("start:s user:b end:e") + box, "s box b e"))

    assert play.open == ["i"]
    assert play.answer("i").open == ["j"]
    assert play.answer("j").open == ["b"]


def undoable(ident: str) -> str:
    return (
        nodes(f"user:{ident}")
        + boundary(f"c_{ident}", ident, definition("compensate"))
        + node("userTask", f"undo_{ident}", isForCompensation="true")
        + f'<bpmn:association id="as_{ident}" sourceRef="c_{ident}" targetRef="undo_{ident}"/>'
    )


def test_compensation_undoes_what_was_done_newest_first_and_then_goes_on() -> None:
    throw = node("intermediateThrowEvent", "back", definition("compensate"))
    content = drawn(
        nodes("start:s user:z end:e") + undoable("a") + undoable("b") + undoable("c") + throw
        + node("exclusiveGateway", "g", default="g-back"),
        "s a b g back z e", "g c : more", "c back",
    )  # fmt: skip
    play = Play(content).answer("a").answer("b")

    assert play.open == ["undo_b"]
    assert play.answer("undo_b", x=1).open == ["undo_a"]
    assert play.answer("undo_a").open == ["z"]
    assert play.task("z").data["x"] == 1
    assert play.answer("z").outcome == "completed"


def test_compensation_of_one_activity_leaves_the_others() -> None:
    throw = node("endEvent", "back", definition("compensate", activityRef="a"))
    play = Play(drawn(nodes("start:s") + undoable("a") + undoable("b") + throw, "s a b back")).answer("a").answer("b")

    assert play.open == ["undo_a"]
    assert play.answer("undo_a").outcome == "completed"


def test_compensation_reaches_into_a_finished_subprocess() -> None:
    box = sub("box", nodes("start:s2 end:e2") + undoable("a") + undoable("b"), "s2 a b e2")
    throw = node("endEvent", "back", definition("compensate"))
    play = Play(drawn(nodes("start:s") + box + throw, "s box back")).answer("a").answer("b")

    assert play.open == ["undo_b"]
    assert play.answer("undo_b").answer("undo_a").outcome == "completed"


def test_cancelling_a_transaction_undoes_it_and_goes_on_at_its_cancel_event() -> None:
    stop = node("endEvent", "stop", definition("cancel"))
    box = sub(
        "box", nodes("start:s2 and:f user:i end:e2") + undoable("a") + stop, "s2 f a stop", "f i e2", tag="transaction"
    )
    content = drawn(
        nodes("start:s user:b end:e end:e3") + box + boundary("w", "box", definition("cancel")), "s box e", "w b e3"
    )
    play = Play(content).answer("a")
    assert play.open == ["undo_a"]

    assert play.answer("undo_a").open == ["b"]


def test_a_compensation_event_subprocess_undoes_its_scope_as_a_whole() -> None:
    undo = sub(
        "ev",
        node("startEvent", "xs", definition("compensate")) + nodes("user:x end:xe"),
        "xs x xe",
        triggeredByEvent="true",
    )
    box = sub("box", nodes("start:s2 end:e2") + undoable("a") + undo, "s2 a e2")
    throw = node("intermediateThrowEvent", "back", definition("compensate"))
    play = Play(drawn(nodes("start:s user:z end:e") + box + throw, "s box back z e")).answer("a")

    assert play.open == ["x"]
    assert play.answer("x", undone=True).open == ["z"]
    assert play.data["undone"] is True


def test_a_process_may_begin_at_a_task_that_receives_a_message() -> None:
    play = Play(drawn(nodes("user:a end:e") + node("receiveTask", "r", messageRef="d.m", instantiate="true"), "r a e"))

    assert play.open == []
    assert play.send(n=1).open == ["a"]


def test_event_subprocesses_listen_inside_event_subprocesses_too() -> None:
    inner = sub(
        "ev2", node("startEvent", "ys", timer("PT1H")) + nodes("user:y end:ye"), "ys y ye", triggeredByEvent="true"
    )
    outer = node("startEvent", "xs", message()) + nodes("user:x end:xe") + inner
    play = Play(drawn(MAIN + sub("ev", outer, "xs x xe", triggeredByEvent="true"), "s a b e")).send()
    assert play.open == ["x"]

    assert play.fire("ys").open == ["y"]
    assert play.answer("y").outcome == "completed"


def test_data_objects_stores_and_associations_may_be_drawn() -> None:
    objects = (
        '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="dor" dataObjectRef="do"/>'
        '<bpmn:dataStoreReference id="ds" name="Archive"/><bpmn:textAnnotation id="ta"><bpmn:text>x</bpmn:text>'
        '</bpmn:textAnnotation><bpmn:association id="as" sourceRef="a" targetRef="ta"/>'
        '<bpmn:group id="gr"/>'
    )
    inner = (
        '<bpmn:ioSpecification id="io"><bpmn:dataInput id="di"/><bpmn:inputSet id="is"/><bpmn:outputSet id="os"/>'
        '</bpmn:ioSpecification><bpmn:dataInputAssociation id="dia"><bpmn:sourceRef>dor</bpmn:sourceRef>'
        "<bpmn:targetRef>di</bpmn:targetRef></bpmn:dataInputAssociation>"
    )
    play = Play(drawn(nodes("start:s end:e") + node("userTask", "a", inner) + objects, "s a e"))

    assert play.answer("a", x=1).data == {"x": 1}


def test_what_a_message_brought_is_handed_over_when_its_branch_ends() -> None:
    play = Play(drawn(MAIN + listening(message(), interrupting=False), "s a b e")).send(n=1)
    assert "n" not in play.task("a").data

    play.answer("x")

    assert play.task("a").data["n"] == 1


def test_reminders_that_count_leave_no_trace_but_their_count() -> None:
    count = boundary("w", "a", timer("R/PT1H", "timeCycle"), interrupting=False) + script("t", "n = n + 1")
    play = Play(drawn(nodes("start:s user:a end:e end:e2") + count, "s a e", "w t e2"), {"n": 0})
    sizes = []
    for _ in range(50):
        sizes.append(len(play.fire("w").step.state))

    assert play.data["n"] == 50
    assert max(sizes) - min(sizes) < 20


def test_what_a_path_beside_wrote_is_kept_by_every_branch_that_waits_at_the_join() -> None:
    box = sub("box", nodes("start:s2 user:g end:e2"), "s2 g e2") + boundary(
        "w", "box", timer("PT1H"), interrupting=False
    )
    content = drawn(
        nodes("start:s and:f and:j user:a user:c user:h end:e end:q") + box, "s f a j e", "f box j", "f c j", "w h q"
    )
    play = Play(content).answer("a").answer("c").fire("w").answer("h", x=1).answer("g")

    assert (play.outcome, play.data) == ("completed", {"x": 1})


def test_additions_from_outside_are_added_once_to_each_branch_inside() -> None:
    inner = nodes("start:s2 and:f2 and:j2 user:i1 user:i2 end:e2")
    box = sub("box", inner, "s2 f2 i1 j2 e2", "f2 i2 j2")
    content = drawn(nodes("start:s and:f user:b end:e end:eb") + box, "s f box e", "f b eb")
    play = Play(content, {"log": [0]}).answer("i1", log=[0, 2]).answer("b", log=[0, 1]).answer("i2", log=[0, 1, 3])

    assert play.data["log"] == [0, 2, 1, 3]
