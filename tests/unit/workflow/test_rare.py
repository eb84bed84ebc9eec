"""What BPMN says beside the everyday: complex behaviour, names with signs, what branches see, beginnings by message."""

import pytest

from engine.workflow.spiff import linter, machine
from tests.unit.workflow.diagrams import (
    DECLARED,
    boundary,
    condition,
    definition,
    drawn,
    extensions,
    file,
    node,
    nodes,
    process,
    several,
    sub,
)
from tests.unit.workflow.plays import Play

THROWN = '<bpmn:event id="t"><bpmn:signalEventDefinition signalRef="d.g"/></bpmn:event>'
COMPLEX = (
    "<bpmn:complexBehaviorDefinition><bpmn:condition>{}</bpmn:condition>" + THROWN + "</bpmn:complexBehaviorDefinition>"
)


def behaving(inner: str) -> bytes:
    task = node("userTask", "a", several(behavior="Complex", inner=inner))
    caught = boundary("w", "a", definition("signal", signalRef="d.g"), interrupting=False)
    return drawn(nodes("start:s user:told end:e end:e2") + task + caught, "s a e", "w told e2")


def test_a_complex_behaviour_throws_where_its_condition_over_all_results_holds() -> None:
    play = Play(behaving(COMPLEX.format("count(votes[item.ok]) = 2")), {"people": [1, 2, 3, 4]})

    play.answer("a", 0, ok=True).answer("a", 1, ok=False)
    before = play.open.count("told")
    play.answer("a", 2, ok=True)

    assert (before, play.open.count("told")) == (0, 1)


def test_a_complex_behaviour_with_several_definitions_throws_each_that_holds() -> None:
    both = COMPLEX.format("nrOfCompletedInstances = 1") + COMPLEX.format("nrOfCompletedInstances &lt; 3").replace(
        'id="t"', 'id="t2"'
    )

    play = Play(behaving(both), {"people": [1, 2]}).answer("a", 0).answer("a", 1)

    assert play.open.count("told") == 3


def test_a_behaviour_error_ends_the_activity_at_its_boundary() -> None:
    thrown = '<bpmn:event id="t"><bpmn:errorEventDefinition errorRef="d.x"/></bpmn:event>'
    task = node("userTask", "a", several(behavior="Complex", inner=COMPLEX.format("true").replace(THROWN, thrown)))
    caught = boundary("w", "a", definition("error", errorRef="d.x"))

    play = Play(
        drawn(nodes("start:s user:told end:e end:e2") + task + caught, "s a e", "w told e2"), {"people": [1, 2]}
    )

    assert play.answer("a", 0).open == ["told"]


@pytest.mark.parametrize("inner", ["", COMPLEX.format("true").replace("d.g", "gone")])
def test_a_complex_behaviour_without_an_event_is_refused(inner: str) -> None:
    assert [found.code for found in linter.check({"p.bpmn": behaving(inner)})] == ["bpmn.loop_behaviour"]


def test_the_condition_of_a_complex_behaviour_is_checked() -> None:
    found = linter.check({"p.bpmn": behaving(COMPLEX.format("votes >"))})

    assert [(one.code, one.element) for one in found] == [("bpmn.expression", "a")]


# what conditions see (docs/bpmn.md, "Data")

GUARD = sub(
    "guard", node("startEvent", "gs", condition("stop = true")) + nodes("user:halt end:ge"), "gs halt ge",
    triggeredByEvent="true",
)  # fmt: skip
BESIDE = drawn(
    nodes("start:s and:f and:j user:b user:b2 end:e") + sub("box", nodes("start:s2 user:i end:e2") + GUARD, "s2 i e2"),
    "s f box j e",
    "f b b2 j",
)


def test_a_condition_inside_a_subprocess_sees_at_once_what_a_branch_outside_has_written() -> None:
    play = Play(BESIDE)

    play.answer("b", stop=True)

    assert play.open == ["b2", "halt"]


def test_what_a_branch_wrote_itself_counts_more_than_what_another_wrote() -> None:
    inner = node("startEvent", "gs", condition("stop = true")) + nodes("user:halt end:ge")
    guard = sub("guard", inner, "gs halt ge", triggeredByEvent="true")
    box = sub("box", nodes("start:s2 user:n user:i end:e2") + guard, "s2 n i e2")
    play = Play(drawn(nodes("start:s and:f and:j user:b user:b2 end:e") + box, "s f box j e", "f b b2 j"))

    play.answer("n", stop=False).answer("b", stop=True)

    assert sorted(play.open) == ["b2", "i"]


def test_an_input_hides_the_variable_of_the_same_name_outside() -> None:
    inputs = extensions('<lf:input name="stop" value="=false"/>')
    box = sub("box", inputs + nodes("start:s2 user:i end:e2") + GUARD, "s2 i e2")
    play = Play(drawn(nodes("start:s and:f and:j user:b user:b2 end:e") + box, "s f box j e", "f b b2 j"))

    play.answer("b", stop=True)

    assert sorted(play.open) == ["b2", "i"]


def test_instances_of_a_loop_do_not_see_each_other_but_what_is_outside() -> None:
    box = sub(
        "box", nodes("start:s2 user:i user:i2 end:e2") + GUARD + several("people", "person", "done"), "s2 i i2 e2"
    )
    content = drawn(nodes("start:s and:f and:j user:b user:b2 end:e") + box, "s f box j e", "f b b2 j")
    apart = Play(content, {"people": [1, 2]}).answer("i", 0, stop=True)
    outside = Play(content, {"people": [1, 2]}).answer("b", stop=True)

    assert sorted(apart.open) == ["b", "halt", "i"]
    assert sorted(outside.open) == ["b2", "halt", "halt"]


def test_a_called_process_sees_only_its_own_data() -> None:
    called = process(nodes("start:s2 user:i end:e2") + GUARD, "s2 i e2", key="q")
    main = process(
        nodes("start:s and:f and:j user:b user:b2 end:e") + node("callActivity", "c", calledElement="q"),
        "s f c j e",
        "f b b2 j",
    )

    assert Play(file(main, called)).answer("b", stop=True).open == ["i", "b2"]


# names that only data define


def test_a_name_with_a_sign_is_that_variable_where_the_data_has_it() -> None:
    gate = node("exclusiveGateway", "g", default="g-e")
    content = drawn(nodes("start:s user:a end:e") + gate, "s g e", "g a : net-total > 5", "a e")

    assert Play(content, {"net-total": 9}).open == ["a"]
    assert Play(content, {"net": 9, "total": 1}).open == ["a"]
    assert Play(content, {"net": 9, "total": 8}).outcome == "completed"


def test_names_with_spaces_and_signs_are_found_together() -> None:
    gate = node("exclusiveGateway", "g", default="g-e")
    content = drawn(nodes("start:s user:a end:e") + gate, "s g e", 'g a : Risk Level = "high" and step-2 = 5', "a e")

    assert Play(content, {"Risk Level": "high", "step-2": 5}).open == ["a"]


def test_a_name_that_the_diagram_defines_is_known_to_the_check() -> None:
    task = node("userTask", "a", extensions('<lf:output name="for-all" value="=result"/>'))
    gate = node("exclusiveGateway", "g", default="g-e")
    content = drawn(nodes("start:s end:e user:b") + task + gate, "s a g e", "g b : for-all = 1", "b e")
    unknown = drawn(nodes("start:s end:e user:b user:a") + gate, "s a g e", "g b : for-all = 1", "b e")

    assert linter.check({"p.bpmn": content}) == []
    assert [found.code for found in linter.check({"p.bpmn": unknown})] == ["bpmn.expression"]


def test_a_slip_in_the_name_of_a_forms_field_is_told() -> None:
    task = node("userTask", "a", extensions('<lf:form key="f"/>'))
    gate = node("exclusiveGateway", "g", default="g-e")
    content = drawn(nodes("start:s end:e user:b") + task + gate, "s a g e", "g b : aproved", "b e")
    form = b'{"components": [{"key": "approved", "type": "checkbox"}]}'

    found = linter.check({"p.bpmn": content, "f.form.json": form})

    assert [(one.code, one.fields["near"]) for one in found] == [("bpmn.name", "approved")]


# beginnings by message

RECEIVING = drawn(
    nodes("start:s user:a end:e user:b end:e2") + node("receiveTask", "r", messageRef="d.m", instantiate="true"),
    "s a e",
    "r b e2",
)
CHOOSING = drawn(
    nodes("user:a user:b end:e end:e2")
    + node("eventBasedGateway", "g", instantiate="true")
    + node("receiveTask", "r", messageRef="d.m")
    + node("intermediateCatchEvent", "c", definition("signal", signalRef="d.g")),
    "g r a e",
    "g c b e2",
)


def test_a_receive_task_that_instantiates_begins_an_instance_of_its_own() -> None:
    assert linter.check({"p.bpmn": RECEIVING}) == []
    assert Play(RECEIVING).open == ["a"]
    assert Play(RECEIVING, start_event="r").open == ["b"]


def test_an_event_gateway_that_instantiates_begins_behind_the_event_that_came() -> None:
    assert linter.check({"p.bpmn": CHOOSING}) == []
    assert Play(CHOOSING, start_event="r").open == ["a"]
    assert Play(CHOOSING, start_event="c").open == ["b"]
    assert Play(CHOOSING).send().open == ["a"]


# tasks that are called


def test_a_call_activity_runs_a_global_task() -> None:
    shared = node("globalUserTask", "sign") + node("globalScriptTask", "add", "<bpmn:script>x = 2</bpmn:script>")
    calls = node("callActivity", "c", calledElement="sign") + node("callActivity", "d", calledElement="add")
    content = file(process(nodes("start:s end:e") + calls, "s c d e"), declared=DECLARED + shared)

    play = Play(content)

    assert linter.check({"p.bpmn": content}) == []
    assert play.open == ["sign.task"]
    assert play.answer("sign.task", ok=True).data == {"ok": True, "x": 2}


def test_an_event_that_throws_nothing_is_passed() -> None:
    content = drawn(nodes("start:s user:a end:e") + node("intermediateThrowEvent", "t"), "s t a e")

    assert (linter.check({"p.bpmn": content}), Play(content).open) == ([], ["a"])


def test_a_state_with_a_complex_behaviour_survives_saving() -> None:
    play = Play(behaving(COMPLEX.format("nrOfCompletedInstances = 2")), {"people": [1, 2, 3]}).answer("a", 0)

    again = machine.complete(play.program, play.step.state, play.task("a", 1).token, machine.Answer({}), play.world)

    assert [task.node.id for task in again.open] == ["a", "told"]
