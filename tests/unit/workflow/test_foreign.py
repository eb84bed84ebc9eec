"""Diagrams of Camunda, Flowable and Activiti: each attribute that means the same is said in our words (issue 4.9)."""

from typing import Any

import orjson
import pytest

from engine.workflow import diagrams
from engine.workflow.spiff import linter, programs
from tests.paths import SHARED
from tests.unit.workflow.diagrams import (
    DECLARED,
    boundary,
    extensions,
    file,
    flows,
    foreign,
    node,
    nodes,
    process,
    script,
    timer,
)
from tests.unit.workflow.plays import Play, World

ENDS = nodes("start:s end:e")
MULTI = "<bpmn:multiInstanceLoopCharacteristics {}>{}</bpmn:multiInstanceLoopCharacteristics>"


def said(content: bytes, ident: str = "a") -> list[tuple[str, dict[str, str]]]:
    """What a node says in our words after reading."""
    program = programs.compile({"p.bpmn": content, "t.dmn": b"", "f.form.json": b'{"components": []}'}, "p")
    return [(one.name, dict(one.attributes)) for one in program.nodes[ident].extensions]


def user(**attributes: str) -> bytes:
    return foreign(ENDS + node("userTask", "a", **attributes), "s a e")


def codes(content: bytes, **files: bytes) -> list[tuple[str, str]]:
    return [(found.code, found.element) for found in linter.check({"p.bpmn": content, **files})]


POOL = ("node", {"kind": "act", "mode": "CLAIM"})
PEOPLE: dict[str, tuple[dict[str, str], list[tuple[str, dict[str, str]]]]] = {
    "an assignee is a person": ({"c:assignee": "T001"}, [("who", {"rule": "person", "value": "T001"})]),
    "an assignee from the data": (
        {"f:assignee": "${order.buyer}"},
        [("who", {"rule": "expression", "value": "=order.buyer"})],
    ),
    "candidates are a pool": (
        {"c:candidateUsers": "T001, ${lee}"},
        [("who", {"rule": "person", "value": "T001"}), ("who", {"rule": "expression", "value": "=lee"}), POOL],
    ),
    "a candidate expression keeps its commas": (
        {"f:candidateUsers": "${kind == 'a,b' ? lee : wu}"},
        [("who", {"rule": "expression", "value": '=if (kind = "a,b") then lee else wu'}), POOL],
    ),
    "a group is a role or a post": (
        {"f:candidateGroups": "HR"},
        [("who", {"rule": "role", "value": "HR"}), ("who", {"rule": "position", "value": "HR"}), POOL],
    ),
    "a due moment": ({"c:dueDate": "2026-11-30T18:00"}, [("limit", {"until": "2026-11-30T18:00"})]),
    "a due moment from the data": ({"f:dueDate": "${due}"}, [("limit", {"until": "=due"})]),
    "a time to do it in": ({"c:dueDate": "P2D"}, [("limit", {"for": "P2D"})]),
    "a priority": ({"c:priority": "80"}, [("node", {"kind": "act", "priority": "80"})]),
    "a priority in a pool": (
        {"c:candidateUsers": "T001", "c:priority": "${rank}"},
        [("who", {"rule": "person", "value": "T001"}), ("node", {"kind": "act", "mode": "CLAIM", "priority": "=rank"})],
    ),
    "a form beside the diagram": ({"c:formRef": "f", "c:formRefBinding": "deployment"}, [("form", {"key": "f"})]),
    "a deployed form": ({"c:formKey": "camunda-forms:deployment:forms/f.form"}, [("form", {"key": "f"})]),
    "a form key": ({"f:formKey": "f"}, [("form", {"key": "f"})]),
    "how it is run there": ({"c:asyncBefore": "true", "c:asyncAfter": "true", "f:async": "true"}, []),
}  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_a_user_task_keeps_who_until_when_and_which_form(name: str) -> None:
    attributes, expected = PEOPLE[name]

    content = user(**attributes)

    assert said(content) == expected
    assert [code for code, _ in codes(content, **{"f.form.json": b"{}"})] == []


def test_the_starter_is_asked_where_the_assignee_is_the_initiator() -> None:
    start = node("startEvent", "s", **{"c:initiator": "starter"})

    content = foreign(start + nodes("end:e") + node("userTask", "a", **{"c:assignee": "${starter}"}), "s a e")

    assert said(content) == [("who", {"rule": "starter"})]


def test_the_initiator_is_no_data_and_is_refused_in_a_condition() -> None:
    start = node("startEvent", "s", **{"c:initiator": "starter"})
    gate = node("exclusiveGateway", "g", default="g-e")

    content = foreign(start + nodes("end:e user:a") + gate, "s g e", "g a : ${starter == 'lee'}", "a e")

    assert ("bpmn.expression_foreign", "g-a") in codes(content)


def test_performers_in_bpmns_own_words_are_read() -> None:
    owner = (
        "<bpmn:potentialOwner><bpmn:resourceAssignmentExpression><bpmn:formalExpression>user(T001), group(HR)"
        "</bpmn:formalExpression></bpmn:resourceAssignmentExpression></bpmn:potentialOwner>"
    )

    content = foreign(ENDS + node("userTask", "a", owner, **{"f:dueDate": "P1D"}), "s a e")

    assert [attributes for name, attributes in said(content) if name == "who"] == [
        {"rule": "person", "value": "T001"},
        {"rule": "role", "value": "HR"},
        {"rule": "position", "value": "HR"},
    ]


def test_what_the_owner_says_in_our_words_wins() -> None:
    ours = extensions('<lf:who rule="starter"/><lf:limit for="2wd"/><lf:form key="f"/>')
    theirs = {"c:assignee": "lee", "c:dueDate": "P1D", "c:formKey": "other"}

    content = foreign(ENDS + node("userTask", "a", ours, **theirs), "s a e")

    assert [name for name, _ in said(content)] == ["who", "limit", "form"]


NO_EFFECT = {
    "followUpDate": {"c:followUpDate": "2026-01-31"},
    "candidates beside an assignee": {"c:assignee": "T001", "c:candidateUsers": "T002"},
    "businessCalendarName": {"f:businessCalendarName": "ours"},
    "a fixed version of a form": {"c:formRef": "f", "c:formRefBinding": "version", "c:formRefVersion": "2"},
}


@pytest.mark.parametrize("name", NO_EFFECT)
def test_what_has_no_meaning_here_is_told(name: str) -> None:
    assert codes(user(**NO_EFFECT[name]), **{"f.form.json": b"{}"}) == [("bpmn.foreign", "a")]


FIELDS = (
    '<c:formField id="sum" label="Sum" type="long" defaultValue="5"><c:validation>'
    '<c:constraint name="required"/><c:constraint name="max" config="100"/></c:validation></c:formField>'
    '<c:formField id="ok" label="Agreed" type="boolean" defaultValue="true"/>'
    '<c:formField id="kind" type="enum"><c:value id="a" name="First"/><c:value id="b"/></c:formField>'
    '<c:formField id="day" label="Day" type="date"><c:validation><c:constraint name="readonly"/></c:validation>'
    "</c:formField>"
)


def test_fields_in_the_diagram_become_a_form_of_ours() -> None:
    content = foreign(ENDS + node("userTask", "a", extensions(f"<c:formData>{FIELDS}</c:formData>")), "s a e")

    made = orjson.loads(diagrams.forms({"p.bpmn": content})["a.form.json"])

    assert said(content) == [("form", {"key": "a"})]
    assert made["components"] == [
        {
            **{"key": "sum", "label": "Sum", "type": "number", "decimalDigits": 0},
            **{"validate": {"required": True, "max": 100}, "defaultValue": 5},
        },
        {"key": "ok", "label": "Agreed", "type": "checkbox", "defaultValue": True},
        {
            **{"key": "kind", "label": "kind", "type": "select"},
            "values": [{"value": "a", "label": "First"}, {"value": "b", "label": "b"}],
        },
        {"key": "day", "label": "Day", "type": "datetime", "subtype": "date", "readonly": True, "dateLabel": "Day"},
    ]


def test_form_properties_of_flowable_become_a_form_and_only_their_fields_are_taken() -> None:
    properties = '<f:formProperty id="sum" name="Sum" type="long" required="true" writable="false"/>'
    content = foreign(ENDS + node("userTask", "a", extensions(properties)), "s a e")

    play = Play(content).answer("a", sum=5, other=1)

    assert orjson.loads(diagrams.forms({"p.bpmn": content})["a.form.json"])["components"][0] == {
        **{"key": "sum", "label": "Sum", "type": "number", "decimalDigits": 0},
        **{"readonly": True, "validate": {"required": True}},
    }
    assert play.data == {"sum": 5}


def test_a_validator_in_java_is_refused() -> None:
    validation = '<c:validation><c:constraint name="validator" config="org.V"/></c:validation>'
    field = f'<c:formField id="x" type="string">{validation}</c:formField>'

    content = foreign(ENDS + node("userTask", "a", extensions(f"<c:formData>{field}</c:formData>")), "s a e")

    assert ("bpmn.foreign_code", "a") in codes(content)


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "businessRuleTask"])
@pytest.mark.parametrize(("kind", "prefix"), [("external", "c"), ("external-worker", "f")])
def test_a_topic_is_work_for_a_program_outside(tag: str, kind: str, prefix: str) -> None:
    task = node(tag, "a", **{f"{prefix}:type": kind, f"{prefix}:topic": "book"})
    content = foreign(ENDS + task, "s a e")

    play = Play(content)

    assert codes(content) == []
    assert (play.open, said(content)) == (["a"], [("operation", {"topic": "book"})])
    assert play.answer("a", number=7).data == {"number": 7}


SENDING = {
    "c": '<bpmn:messageEventDefinition c:type="external" c:topic="tell"/>',
    "z": extensions('<z:taskDefinition type="tell"/>') + "<bpmn:messageEventDefinition/>",
}


@pytest.mark.parametrize("prefix", SENDING)
def test_a_message_that_a_program_outside_sends_is_waited_for(prefix: str) -> None:
    events = node("intermediateThrowEvent", "t", SENDING[prefix]) + node("endEvent", "e", SENDING[prefix])
    content = foreign(nodes("start:s") + events, "s t e")

    play = Play(content)

    assert codes(content) == []
    assert play.open == ["t"]
    assert play.answer("t", sent=1).open == ["e"]
    assert (play.answer("e").outcome, play.step.thrown) == ("completed", ())


JAVA: dict[str, str] = {
    "a class": node("serviceTask", "a", **{"c:class": "org.example.Book"}),
    "a delegate": node("serviceTask", "a", **{"f:delegateExpression": "${book}"}),
    "a call": node("serviceTask", "a", **{"c:expression": "${bean.book(order)}"}),
    "a connector": node("serviceTask", "a", extensions("<c:connector/>")),
    "mail": node("serviceTask", "a", **{"f:type": "mail"}),
    "a script as listener": node("userTask", "a", extensions('<c:taskListener event="create"/>')),
    "a listener": node("userTask", "a", extensions('<c:executionListener class="org.L" event="start"/>')),
    "a skipped task": node("userTask", "a", **{"f:skipExpression": "${skip}"}),
    "a resource": node("scriptTask", "a", "<bpmn:script/>", **{"c:resource": "deployment://x.groovy"}),
}


@pytest.mark.parametrize("name", JAVA)
def test_programs_of_another_engine_are_refused_at_their_element(name: str) -> None:
    found = linter.check({"p.bpmn": foreign(ENDS + JAVA[name], "s a e")})

    assert (found[0].code, found[0].severity, found[0].element) == ("bpmn.foreign_code", "error", "a")
    assert found[0].remedy


def parameter(value: str) -> str:
    return extensions(f'<c:inputOutput><c:inputParameter name="x">{value}</c:inputParameter></c:inputOutput>')


OTHER_LANGUAGES = {
    "an assignee": ("a", node("userTask", "a", **{"c:assignee": "${bean.who()}"})),
    "a group": ("a", node("userTask", "a", **{"c:candidateGroups": "HR, ${bean.groups()}"})),
    "a due date": ("a", node("userTask", "a", **{"f:dueDate": "${now()}"})),
    "a collection": ("a", node("userTask", "a", MULTI.format('c:collection="${bean.all()}"', ""))),
    "a parameter": ("a", node("userTask", "a", parameter("${b.c()}"))),
    "a parameter script": ("a", node("userTask", "a", parameter('<c:script scriptFormat="groovy">1</c:script>'))),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_LANGUAGES)
def test_expressions_in_another_language_are_refused_at_their_element(name: str) -> None:
    element, task = OTHER_LANGUAGES[name]

    assert ("bpmn.expression_foreign", element) in codes(foreign(ENDS + task, "s a e"))


def test_a_condition_in_groovy_is_refused() -> None:
    condition = '<bpmn:conditionExpression language="groovy">x == 1</bpmn:conditionExpression>'
    gate = node("exclusiveGateway", "g", default="g-e")
    inner = f'<bpmn:sequenceFlow id="g-a" sourceRef="g" targetRef="a">{condition}</bpmn:sequenceFlow>'

    assert codes(foreign(ENDS + nodes("user:a") + gate + inner, "s g e", "a e")) == [("bpmn.expression_foreign", "g-a")]


def test_conditions_numbers_and_times_in_juel_run() -> None:
    gate = node("exclusiveGateway", "g", default="g-e")
    wait = node("intermediateCatchEvent", "w", timer("${pause}"))
    many = node("task", "m", MULTI.format("", "<bpmn:loopCardinality>${count2}</bpmn:loopCardinality>"))
    content = foreign(ENDS + gate + wait + many, "s g e", "g w : ${sum > 5 && empty reason}", "w m e")

    play = Play(content, {"sum": 9, "pause": "PT2H", "count2": 3})

    assert play.due == ["w"]
    assert play.fire("w").went().count("m") == 3


SHAPES = {
    "singleEntry": ("entry", 5, 5),
    "collectEntries": ("entries", 5, [5]),
    "resultList": ("results", {"x": 1, "y": 2}, [{"x": 1, "y": 2}]),
    "singleResult": ("result", {"x": 1, "y": 2}, {"x": 1, "y": 2}),
}


@pytest.mark.parametrize("mapping", SHAPES)
def test_a_decision_gives_what_its_mapping_says(mapping: str) -> None:
    shape, answer, expected = SHAPES[mapping]
    said_there = {"c:decisionRef": "t", "c:resultVariable": "r", "c:decisionRefBinding": "deployment"}
    content = foreign(ENDS + node("businessRuleTask", "a", **said_there, **{"c:mapDecisionResult": mapping}), "s a e")
    program = programs.compile({"p.bpmn": content, "t.dmn": b""}, "p")

    play = Play(program, world=World(tables={"t": lambda _: answer}))

    assert play.program.nodes["a"].extension("decision").attributes == {"ref": "t", "result": "r", "shape": shape}
    assert play.data == {"r": expected}


def test_a_decision_that_gives_several_values_where_one_is_expected_is_an_incident() -> None:
    theirs = {"c:decisionRef": "t", "c:resultVariable": "r", "c:mapDecisionResult": "singleEntry"}
    content = foreign(ENDS + node("businessRuleTask", "a", **theirs), "s a e")

    play = Play(programs.compile({"p.bpmn": content, "t.dmn": b""}, "p"), world=World(tables={"t": lambda _: [1, 2]}))

    assert play.failed == [("a", "workflow.decision_shape")]


def test_a_decision_task_of_flowable_names_its_table_in_a_field() -> None:
    field = '<f:field name="decisionTableReferenceKey"><f:string>t</f:string></f:field>'

    content = foreign(ENDS + node("serviceTask", "a", extensions(field), **{"f:type": "dmn"}), "s a e")

    assert ("decision", {"ref": "t", "shape": "result"}) in said(content)
    assert Play(
        programs.compile({"p.bpmn": content, "t.dmn": b""}, "p"), world=World(tables={"t": lambda _: {"x": 1}})
    ).data == {"x": 1}


def test_an_expression_without_a_call_sets_its_variable() -> None:
    task = node("serviceTask", "a", **{"c:expression": "${net + tax}", "c:resultVariable": "gross"})
    content = foreign(ENDS + task, "s a e")

    assert codes(content) == []
    assert Play(content, {"net": 10, "tax": 2}).data["gross"] == 12


@pytest.mark.parametrize(("language", "text"), [("juel", "${net + 1}"), ("feel", "net + 1")])
def test_a_script_that_is_an_expression_sets_its_variable(language: str, text: str) -> None:
    script_of = f"<bpmn:script>{text}</bpmn:script>"
    task = node("scriptTask", "a", script_of, scriptFormat=language, **{"f:resultVariable": "x"})

    assert Play(foreign(ENDS + task, "s a e"), {"net": 1}).data["x"] == 2


MULTIPLE = {
    "a variable": 'c:collection="people" c:elementVariable="person"',
    "an expression": 'f:collection="${team.people}" f:elementVariable="person"',
}


@pytest.mark.parametrize("name", MULTIPLE)
def test_a_collection_gives_one_task_for_each_element(name: str) -> None:
    done = "<bpmn:completionCondition>${nrOfCompletedInstances >= 2 || loopCounter == 5}</bpmn:completionCondition>"
    task = node("userTask", "a", MULTI.format(MULTIPLE[name], done), **{"c:assignee": "${person}"})
    people = ["T001", "T002", "T003"]

    play = Play(foreign(ENDS + task, "s a e"), {"people": people, "team": {"people": people}})

    assert [one.data["person"] for one in play.step.open] == people
    assert play.answer("a", 0).answer("a", 2).outcome == "completed"


PARAMETERS = extensions(
    "<c:inputOutput>"
    '<c:inputParameter name="plain">5</c:inputParameter><c:inputParameter name="sum">${net * 2}</c:inputParameter>'
    '<c:inputParameter name="pair"><c:list><c:value>${net}</c:value><c:value>x</c:value></c:list></c:inputParameter>'
    '<c:inputParameter name="map"><c:map><c:entry key="n">${net}</c:entry></c:map></c:inputParameter>'
    '<c:outputParameter name="total">${sum + given}</c:outputParameter></c:inputOutput>'
)


def test_parameters_go_in_and_an_output_is_one_variable_more() -> None:
    play = Play(foreign(ENDS + node("userTask", "a", PARAMETERS), "s a e"), {"net": 4})
    seen = play.task("a").data

    play.answer("a", given=1)

    assert {name: seen[name] for name in ("plain", "sum", "pair", "map")} == {
        **{"plain": "5", "sum": 8},
        **{"pair": [4, "x"], "map": {"n": 4}},
    }
    assert play.data == {"net": 4, "given": 1, "total": 9}


def called(inner: str, *, inside: str = "y = 1") -> Play:
    callee = process(nodes("start:s2 end:e2") + script("t2", inside), "s2 t2 e2", key="q")
    content = foreign(ENDS + node("callActivity", "a", inner, calledElement="q"), "s a e")
    return Play(content.replace(b"</bpmn:definitions>", callee.encode() + b"</bpmn:definitions>"), {"x": 1, "w": 2})


PASSED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "nothing but what is said": ('<c:out source="y" target="got"/>', "y = x", {"x": 1, "w": 2, "got": None}),
    "one in, one out": (
        '<c:in source="x" target="v"/><c:out sourceExpression="${y + 1}" target="got"/>',
        "y = v",
        {"x": 1, "w": 2, "got": 2},
    ),
    "all in and one more": (
        '<c:in variables="all"/><c:in sourceExpression="${x + 5}" target="v"/><c:out source="y" target="got"/>',
        "y = w + v",
        {"x": 1, "w": 2, "got": 8},
    ),
    "all out": ('<c:in variables="all"/><c:out variables="all"/>', "y = w", {"x": 1, "w": 2, "y": 2}),
    "the business key": (
        '<c:in businessKey="#{execution.processBusinessKey}"/><c:in source="w" target="w"/><c:out variables="all"/>',
        "y = w",
        {"x": 1, "w": 2, "y": 2},
    ),
}


@pytest.mark.parametrize("name", PASSED)
def test_a_called_process_gets_and_gives_what_its_mappings_say(name: str) -> None:
    mappings, inside, expected = PASSED[name]

    assert called(extensions(mappings), inside=inside).data == expected


def test_a_call_of_a_fixed_version_is_told_to_have_no_effect() -> None:
    versioned = {"c:calledElementBinding": "version", "c:calledElementVersion": "3"}
    content = foreign(ENDS + node("callActivity", "a", calledElement="q", **versioned), "s a e")

    found = linter.check({"p.bpmn": content})

    assert [(one.code, one.fields["said"]) for one in found] == [
        ("bpmn.foreign", ["c:calledElementBinding", "c:calledElementVersion"])
    ]


def test_a_caught_error_brings_its_code_and_message() -> None:
    throwing = node("endEvent", "x", '<bpmn:errorEventDefinition errorRef="d.x"/>')
    box = node("subProcess", "a", nodes("start:s2") + throwing + flows("s2 x"))
    caught = '<bpmn:errorEventDefinition errorRef="d.x" c:errorCodeVariable="code" c:errorMessageVariable="why"/>'

    play = Play(foreign(ENDS + nodes("end:f") + box + boundary("w", "a", caught), "s a e", "w f"))

    assert (play.data["code"], play.data["why"]) == ("E1", "x throws E1")


ZEEBE: dict[str, tuple[str, str, list[tuple[str, dict[str, str]]]]] = {
    "a worker": ("serviceTask", '<z:taskDefinition type="book"/>', [("operation", {"topic": "book"})]),
    "a worker with tries": (
        "sendTask",
        '<z:taskDefinition type="book" retries="5"/>',
        [("operation", {"topic": "book", "tries": "5"})],
    ),
    "an assignee": (
        "userTask",
        '<z:userTask/><z:assignmentDefinition assignee="=lee"/>',
        [("who", {"rule": "expression", "value": "=lee"})],
    ),
    "candidates": (
        "userTask",
        '<z:assignmentDefinition candidateGroups="HR"/>',
        [("who", {"rule": "role", "value": "HR"}), ("who", {"rule": "position", "value": "HR"}), POOL],
    ),
    "a schedule": ("userTask", '<z:taskSchedule dueDate="=due"/>', [("limit", {"until": "=due"})]),
    "a priority": ("userTask", '<z:priorityDefinition priority="9"/>', [("node", {"kind": "act", "priority": "9"})]),
    "a form": ("userTask", '<z:formDefinition formId="f"/>', [("form", {"key": "f"})]),
    "a decision": (
        "businessRuleTask",
        '<z:calledDecision decisionId="t" resultVariable="r"/>',
        [("decision", {"ref": "t", "result": "r"})],
    ),
    "mappings": (
        "serviceTask",
        '<z:taskDefinition type="mail"/><z:ioMapping><z:input source="=a + 1" target="to.name"/>'
        '<z:input source="me" target="to.from"/><z:output source="=x" target="y"/></z:ioMapping>',
        [
            ("operation", {"topic": "mail"}),
            ("input", {"name": "to", "value": '={"name": a + 1, "from": "me"}'}),
            ("output", {"name": "y", "value": "=x"}),
        ],
    ),
    "a call": (
        "callActivity",
        '<z:calledElement processId="q" propagateAllChildVariables="false"/>',
        [("carry", {"in": "all", "out": "said"})],
    ),
}


@pytest.mark.parametrize("name", ZEEBE)
def test_a_diagram_of_camunda_8_keeps_what_it_says(name: str) -> None:
    tag, inner, expected = ZEEBE[name]
    content = foreign(ENDS + node(tag, "a", extensions(inner)), "s a e")

    assert said(content) == expected
    assert [code for code, _ in codes(content, **{"f.form.json": b"{}", "t.dmn": b""})] == []


def test_a_loop_of_camunda_8_collects_what_its_instances_bring() -> None:
    loop = extensions(
        '<z:loopCharacteristics inputCollection="=people" inputElement="person" outputCollection="votes" '
        'outputElement="=vote"/>'
    )
    content = foreign(ENDS + node("userTask", "a", MULTI.format("", loop)), "s a e")

    play = Play(content, {"people": ["x", "y"]}).answer("a", 0, vote=1).answer("a", 1, vote=2)

    assert play.data["votes"] == [1, 2]


def test_a_message_of_camunda_8_names_its_key_for_those_who_wait_for_it() -> None:
    message = (
        '<bpmn:message id="d.k" name="paid">'
        + extensions('<z:subscription correlationKey="=order"/>')
        + "</bpmn:message>"
    )
    content = foreign(ENDS + node("receiveTask", "a", messageRef="d.k"), "s a e", declared=DECLARED + message)

    assert [(wait.name, wait.key) for wait in Play(content, {"order": 7}).step.waits] == [("paid", "7")]


def test_a_script_of_camunda_8_runs() -> None:
    task = node("scriptTask", "a", extensions('<z:script expression="= net + 1" resultVariable="x"/>'))

    assert Play(foreign(ENDS + task, "s a e"), {"net": 1}).data["x"] == 2


def test_a_form_inside_a_diagram_of_camunda_8_is_one_of_ours() -> None:
    form = extensions(
        '<z:userTaskForm id="inside">{"components": [{"key": "x", "type": "textfield"}]}</z:userTaskForm>'
    )
    task = node("userTask", "a", extensions('<z:formDefinition formKey="camunda-forms:bpmn:inside"/>'))
    content = foreign(form + ENDS + task, "s a e")

    assert said(content) == [("form", {"key": "inside"})]
    assert diagrams.forms({"p.bpmn": content}).keys() == {"inside.form.json"}
    assert Play(content).answer("a", x="1", y="2").data == {"x": "1"}


def test_reading_never_changes_the_owners_file_nor_what_a_second_reading_sees() -> None:
    content = user(**{"c:candidateUsers": "T001", "c:dueDate": "P1D"})
    kept = bytes(content)

    assert said(content) == said(content)
    assert content == kept


def test_a_diagram_without_others_words_is_read_as_it_is() -> None:
    content = file(process(ENDS + node("callActivity", "a", calledElement="q"), "s a e"))

    assert said(content) == []


@pytest.mark.parametrize("name", ["C.1.0", "C.1.1", "C.8.0", "C.8.1", "C.9.0", "C.9.1", "C.9.2"])
def test_the_shared_models_of_other_engines_keep_their_people_and_workers(name: str) -> None:
    path = SHARED / f"bpmn/miwg/{name}.bpmn"
    texts = path.read_text("utf-8")
    asked = texts.count("assignee=") + texts.count("candidateGroups=")
    workers = texts.count(":topic=") or texts.count("zeebe:taskDefinition ")

    found = linter.check({path.name: path.read_bytes()})

    assert asked + workers > 0
    assert not any(
        "assign" in str(one.fields.get("said")) or "candidate" in str(one.fields.get("said")) for one in found
    )
