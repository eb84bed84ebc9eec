"""Whole models: requirements, types, services, imports, and files that are refused (DMN 1.5 §6, §10.4)."""

from datetime import date
from decimal import Decimal

import pytest

from engine.decisions import dmn, feel
from engine.kernel.errors import BadDefinition, NotFound
from tests.unit.decisions.models import decision, literal, model, requirement, table

INPUT = '<inputData id="i" name="完成 率"><variable name="完成 率" typeRef="number"/></inputData>'


def test_a_required_decision_is_evaluated_once_however_often_it_is_used() -> None:
    once = decision(literal("tick()"), name="a")
    parts = [decision(literal("a"), name=name, requires=requirement("Decision", "a")) for name in ("b", "c")]
    top = decision(literal("b + c"), requires=requirement("Decision", "b") + requirement("Decision", "c"))
    calls: list[int] = []
    tick = feel.HostFunction("tick", (), lambda: calls.append(1) or len(calls))

    value = dmn.read(model(once, *parts, top)).decide("d", {}, functions={"tick": tick}).value

    assert (value, len(calls)) == (2, 1)


def test_a_requirement_that_no_text_mentions_is_not_evaluated() -> None:
    calls: list[int] = []
    tick = feel.HostFunction("tick", (), lambda: calls.append(1))
    unused = decision(literal("tick()"), name="a")

    top = decision(literal("1"), requires=requirement("Decision", "a"))
    dmn.read(model(unused, top)).decide("d", {}, functions={"tick": tick})

    assert calls == []


def test_names_with_spaces_are_known_through_requirements_and_types() -> None:
    member = '<itemComponent name="a-b c"><typeRef>number</typeRef></itemComponent>'
    types = f'<itemDefinition name="t">{member}</itemDefinition>'
    given = '<inputData id="p" name="p"><variable name="p" typeRef="t"/></inputData>'
    top = decision(literal("p.a-b c * 2"), requires=requirement("Input", "p"))

    assert dmn.read(model(types, given, top)).decide("d", {"p": {"a-b c": 4}}).value == 8


def test_an_input_of_the_wrong_type_is_null_and_a_date_may_be_text() -> None:
    given = '<inputData id="p" name="p"><variable name="p" typeRef="date"/></inputData>'
    read = dmn.read(model(given, decision(literal("p"), requires=requirement("Input", "p"))))

    assert read.decide("d", {"p": "2026-03-31"}).value == date(2026, 3, 31)
    assert read.decide("d", {"p": 5}).value is None


def test_data_that_no_element_declares_is_seen_by_name() -> None:
    assert dmn.read(model(decision(literal("某值 + a-b")))).decide("d", {"某值": 1, "a-b": 1}).value == 2


def test_a_function_of_the_host_may_have_keywords_in_its_name() -> None:
    between = feel.HostFunction("working days between", ("a", "b"), lambda a, b: b - a)
    xml = model(decision(table([["working days between(1, 4)", '"是"']])))

    assert dmn.read(xml).decide("d", {"x": 3}, functions={between.name: between}).value == "是"
    assert [f.code for f in dmn.check(xml, functions=[between.name])] == []


def test_a_knowledge_model_is_a_function() -> None:
    knowledge = (
        '<businessKnowledgeModel id="k" name="折算"><encapsulatedLogic><formalParameter name="s" typeRef="number"/>'
        f"{literal('s * 0.7')}</encapsulatedLogic></businessKnowledgeModel>"
    )
    top = decision(literal("折算(s: 90) + 折算(10)"), requires=requirement("Knowledge", "k"))

    assert dmn.read(model(knowledge, top)).decide("d", {}).value == 70


def test_a_service_is_asked_by_its_name() -> None:
    service = '<decisionService id="s" name="服务"><outputDecision href="#d"/><inputData href="#i"/></decisionService>'
    top = decision(literal("完成 率 * 100"), requires=requirement("Input", "i"))

    assert dmn.read(model(INPUT, top, service)).decide("服务", {"完成 率": 0.5}).value == 50


def test_an_imported_model_is_found_by_its_namespace() -> None:
    other = model(decision(literal('"共用"'), name="shared"), namespace="urn:other")
    link = '<import name="o" namespace="urn:other" importType="x"/>'
    arrow = '<informationRequirement><requiredDecision href="urn:other#shared"/></informationRequirement>'

    read = dmn.read(model(link, decision(literal("o.shared"), requires=arrow)), imports={"any.dmn": other})

    assert read.decide("d", {}).value == "共用"


def iterator(kind: str, source: str, body: str) -> str:
    last = "return" if kind == "for" else "satisfies"
    return f'<{kind} iteratorVariable="i"><in>{literal(source)}</in><{last}>{literal(body)}</{last}></{kind}>'


def conditional(condition: str) -> str:
    answers = f"<then>{literal('1')}</then><else>{literal('2')}</else>"
    return f"<conditional><if>{literal(condition)}</if>{answers}</conditional>"


RELATION = f'<relation><column name="a"/><row>{literal("1")}</row><row>{literal("x")}</row></relation>'
CONTEXT = (
    f'<context><contextEntry><variable name="a"/>{literal("x")}</contextEntry>'
    f"<contextEntry>{literal('a * 2')}</contextEntry></context>"
)
BINDING = f'<binding><parameter name="list"/>{literal("[string(x)]")}</binding>'
INVOCATION = f"<invocation>{literal('string join')}{BINDING}</invocation>"
BOXES = [
    (f"<list>{literal('1')}{literal('x')}</list>", [1, 5]),
    (RELATION, [{"a": 1}, {"a": 5}]),
    (conditional("x > 1"), 1),
    (conditional("null"), 2),
    (conditional('"no boolean"'), None),
    (f"<filter><in>{literal('[1, 5, 9]')}</in><match>{literal('item >= x')}</match></filter>", [5, 9]),
    (iterator("for", "[1, 2]", "i * x"), [5, 10]),
    (iterator("some", "[1, 9]", "i > x"), True),
    (iterator("every", "[1, 9]", "i > x"), False),
    (CONTEXT, 10),
    (INVOCATION, "5"),
]


@pytest.mark.parametrize(("logic", "value"), BOXES)
def test_a_boxed_expression_has_its_value(logic: str, value: object) -> None:
    assert dmn.read(model(decision(logic))).decide("d", {"x": 5}).value == value


def test_a_result_of_another_type_than_declared_is_null() -> None:
    assert dmn.read(model(decision(literal('"a"'), kind="number"))).decide("d", {}).value is None


def test_what_dmn_js_writes_is_read() -> None:
    extra = '<!-- 注释 --><x:note xmlns:x="urn:x">忽略</x:note>'
    logic = table([["> 1", "1", "说明"]]).replace("<rule", extra + "<rule")

    assert dmn.read(model(decision(logic))).decide("d", {"x": Decimal(2)}).value == 1


REFUSED = [
    (model(before='<!DOCTYPE d [<!ENTITY a "b">]>'), "dmn.doctype"),
    (model(before='<!DOCTYPE d SYSTEM "http://example.org/x.dtd">').decode().encode("utf-16"), "dmn.doctype"),
    (b"<definitions", "dmn.broken-xml"),
    (b"", "dmn.broken-xml"),
    (b"<html/>", "dmn.not-dmn"),
    (model("<decision/>" * 5001), "dmn.too-many-elements"),
    (model(decision('<literalExpression expressionLanguage="javascript"/>')), "dmn.expression-language"),
    (model(decision("<list>" * 120 + "</list>" * 120)), "dmn.too-deep"),
    (model(decision("<list>" * 400 + "</list>" * 400)), "dmn.broken-xml"),
    (b" " * (2 * 1024 * 1024 + 1), "dmn.too-large"),
    (model("<decision/>"), "dmn.nameless"),
    (model(decision(literal("1")), decision(literal("2"))), "dmn.double-id"),
    (model(decision(table([["1"]]))), "dmn.uneven-rule"),
    (model(decision(table([["1", "2"]], policy="BEST"))), "dmn.hit-policy"),
    (model('<import name="o" namespace="urn:gone"/>'), "dmn.missing-import"),
    (
        model(
            decision(literal("b"), name="a", requires=requirement("Decision", "b")),
            decision(literal("a"), name="b", requires=requirement("Decision", "a")),
        ),
        "dmn.cycle",
    ),
    (model(decision("<filter/>")), "dmn.missing-expression"),
]


@pytest.mark.parametrize(("xml", "code"), REFUSED, ids=[f"{code}-{at}" for at, (_, code) in enumerate(REFUSED)])
def test_a_file_that_cannot_be_used_is_refused_by_name(xml: bytes, code: str) -> None:
    with pytest.raises(BadDefinition) as caught:
        dmn.read(xml)

    assert caught.value.code == code


def test_an_unknown_decision_is_told_with_those_that_exist() -> None:
    with pytest.raises(NotFound) as caught:
        dmn.read(model(decision(literal("1")))).decide("x", {})

    assert caught.value.fields["known"] == ("d",)


def test_a_bomb_in_a_model_ends_at_the_budget() -> None:
    with pytest.raises(feel.FeelBudgetExceeded):
        dmn.read(model(decision(literal("for a in 1..9999, b in 1..9999 return a")))).decide("d", {})
