"""The machine's verbs: what they refuse, and what they leave as it was."""

import pytest

from engine.kernel.errors import BadDefinition, InvalidInput, NotFound
from engine.workflow.errors import Stale
from engine.workflow.spiff import machine, programs
from engine.workflow.step import Answer
from tests.unit.workflow.diagrams import (
    boundary,
    condition,
    drawn,
    extensions,
    message,
    node,
    nodes,
    script,
    sub,
    timer,
)
from tests.unit.workflow.plays import Play, World

TWO = drawn(nodes("start:s user:a user:b end:e end:e2") + boundary("w", "a", timer("PT1H")), "s a b e", "w e2")


def test_a_task_that_is_closed_cannot_be_completed_again() -> None:
    play = Play(TWO)
    token = play.task("a").token
    play.answer("a")

    with pytest.raises(Stale) as refused:
        play.act(machine.complete, token, Answer())

    assert refused.value.code == "task.closed"


def test_a_timer_that_was_withdrawn_or_counted_on_is_stale() -> None:
    play = Play(TWO)
    armed = play.step.timers[0]
    play.answer("a")

    for seq in (armed.seq, armed.seq + 1):
        with pytest.raises(Stale):
            play.act(machine.fire, armed.token, seq)


def test_a_message_that_nobody_waits_for_is_stale() -> None:
    with pytest.raises(Stale):
        Play(TWO).send()


def test_what_has_not_failed_cannot_be_retried() -> None:
    play = Play(TWO)

    with pytest.raises(Stale):
        play.act(machine.retry, play.task("a").token)


def test_an_unknown_start_event_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        Play(TWO, start_event="nine")

    assert refused.value.fields["known"] == ["s"]


def test_a_process_that_no_file_holds_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadDefinition) as refused:
        programs.compile({"p.bpmn": TWO}, "q")

    assert (refused.value.code, refused.value.fields["processes"]) == ("bpmn.no_process", ["p"])


def test_the_same_content_is_compiled_once() -> None:
    assert programs.compile({"p.bpmn": TWO}, "p") is programs.compile({"p.bpmn": TWO}, "p")


def test_cancelling_withdraws_everything() -> None:
    play = Play(TWO)

    play.act(machine.cancel)

    assert (play.outcome, play.open, play.due) == ("terminated", [], [])
    assert play.went("cancel") == ["a"]


def test_an_ended_instance_stays_as_it_ended() -> None:
    play = Play(TWO).answer("a", x=1).answer("b")

    again = machine.look(play.program, play.step.state, play.world)

    assert (str(again.outcome), again.data) == ("completed", {"x": 1})


def test_a_token_moves_beside_itself_but_not_into_another_scope() -> None:
    content = drawn(
        nodes("start:s user:a user:b end:e") + sub("box", nodes("start:s2 user:i end:e2"), "s2 i e2"), "s a box b e"
    )
    play = Play(content)
    token = play.task("a").token

    with pytest.raises(NotFound):
        play.act(machine.move, token, "nowhere")
    with pytest.raises(InvalidInput):
        play.act(machine.move, token, "i")
    play.act(machine.move, token, "b")
    assert play.open == ["b"]


def test_an_expression_that_fails_is_an_incident_with_its_text_and_the_answer_is_kept_for_the_retry() -> None:
    task = node("userTask", "a", extensions('<lf:output name="x" value="=due_in(text)"/>'))
    play = Play(drawn(nodes("start:s user:b end:e") + task, "s a b e")).answer("a", text="nonsense")
    assert play.open in ([], ["b"])

    again = Play(drawn(nodes("start:s user:b end:e") + task, "s a b e")).answer("a", text="2wd")

    assert again.task("b").data["x"].tzinfo is not None


def test_conditions_on_time_are_looked_at_when_asked() -> None:
    due = boundary("w", "a", condition('now() > date and time("2026-01-10T00:00:00Z")'))
    play = Play(drawn(nodes("start:s user:a end:e user:b end:e2") + due, "s a e", "w b e2"))
    play.act(machine.evaluate)
    assert play.open == ["a"]

    play.later(days=10).act(machine.evaluate)

    assert play.open == ["b"]


def test_only_declared_fields_of_a_form_land_in_the_data() -> None:
    form = b'{"components": [{"key": "amount"}, {"type": "group", "components": [{"key": "note"}]}]}'
    task = node("userTask", "a", extensions('<lf:form key="f"/><lf:node variable="decision"/>'))
    files = {"p.bpmn": drawn(nodes("start:s user:b end:e") + task, "s a b e"), "f.form.json": form}
    play = Play(programs.compile(files, "p"))

    play.answer("a", amount=1, note="n", admin=True, outcome="APPROVED", opinion="fine")

    assert play.task("b").data == {
        "amount": 1, "note": "n", "decision": "APPROVED", "outcome": "APPROVED", "opinion": "fine"
    }  # fmt: skip


def test_a_scope_whose_listener_cannot_be_armed_begins_once_after_the_retry() -> None:
    event = node("startEvent", "xs", extensions('<lf:correlation value="=order"/>') + message()) + nodes("end:xe")
    box = sub("box", nodes("start:s2 user:i end:e2") + sub("ev", event, "xs xe", triggeredByEvent="true"), "s2 i e2")
    content = drawn(nodes("start:s and:f user:b end:e end:e3") + box, "s f box e", "f b e3")
    play = Play(content)
    assert play.failed == [("box", "workflow.correlation_empty")]

    play.answer("b", order=7).retry()

    assert play.open == ["i"]
    assert [wait.key for wait in play.step.waits] == ["7"]


def test_scripts_are_assignments_that_see_the_ones_before() -> None:
    play = Play(
        drawn(
            nodes("start:s end:e")
            + script("t", 'x = 2\ny = x * 3\n// a remark\nz = if y > 5\n  then "big" else "small"'),
            "s t e",
        )
    )

    assert play.data == {"x": 2, "y": 6, "z": "big"}


def test_a_rule_task_asks_its_table_and_keeps_the_answer() -> None:
    task = node(
        "businessRuleTask",
        "t",
        extensions('<lf:decision ref="route" result="way"/><lf:input name="n" value="=x + 1"/>'),
    )
    files = {"p.bpmn": drawn(nodes("start:s end:e") + task, "s t e"), "route.dmn": b""}
    world = World(tables={"route": lambda data: {"stage": data["n"]}})

    assert Play(programs.compile(files, "p"), {"x": 1}, world=world).data["way"] == {"stage": 2}


@pytest.mark.parametrize("text", ['__import__("os").system("true")', "x.__class__.__mro__", "open(1)", "().__class__"])
def test_nothing_is_executed_as_python(text: str) -> None:
    content = drawn(nodes("start:s end:e") + script("t", f"y = {text}"), "s t e")

    try:
        found = Play(content, {"x": 1}).data.get("y")
    except BadDefinition as refused:
        found = refused.fields["findings"][0].code

    assert found in (None, "bpmn.expression")


def test_two_tokens_wait_for_the_same_message_and_one_message_reaches_one() -> None:
    catch = node("receiveTask", "c", messageRef="d.m") + node("receiveTask", "d", messageRef="d.m")
    play = Play(drawn(nodes("start:s and:f end:e end:e2") + catch, "s f c e", "f d e2")).send()

    assert [wait.node.id for wait in play.step.waits] == ["d"]
