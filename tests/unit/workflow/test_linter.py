"""Each finding: the diagram that has it, the element that it names; good diagrams have none."""

import re

import pytest

from engine.kernel.findings import Finding
from engine.workflow.spiff import linter
from engine.workflow.spiff.linter import soundness
from tests.paths import ROOT
from tests.unit.workflow.diagrams import (
    boundary,
    condition,
    definition,
    drawn,
    extensions,
    file,
    foreign,
    message,
    node,
    nodes,
    process,
    script,
    several,
    sub,
    timer,
)
from webui import words

OK = nodes("start:s user:a end:e")
CODES = re.compile(r'(?:book\.error|book\.warning|\.note|self\._say|BadDefinition)\(\s*"(?:bpmn\.)?([a-z_]+)"')
LINK = '<bpmn:linkEventDefinition name="{}"/>'


def times(number: int) -> str:
    count = f"<bpmn:loopCardinality>{number}</bpmn:loopCardinality>"
    return f"<bpmn:multiInstanceLoopCharacteristics>{count}</bpmn:multiInstanceLoopCharacteristics>"


def inner(ident: str, start: str, *, interrupting: str = "true") -> str:
    return sub(ident, start + nodes("end:xe"), "xs xe", triggeredByEvent="true")


BAD: dict[str, tuple[str, bytes]] = {
    "no_process": ("", file()),
    "duplicate_id": ("a", drawn(OK + nodes("end:a"), "s a e")),
    "reserved_id": ("End", drawn(nodes("start:s user:End end:e"), "s End e")),
    "too_many_nodes": (
        "p",
        drawn(
            nodes("start:s end:e") + nodes(" ".join(f"user:n{i}" for i in range(400))),
            "s " + " ".join(f"n{i}" for i in range(400)) + " e",
        ),
    ),
    "missing_id": ("", drawn(OK + "<bpmn:userTask/>", "s a e")),
    "explosive": (
        "i",
        drawn(
            nodes("start:s end:e")
            + sub("box", nodes("start:s2 end:e2") + node("task", "i", times(100)) + times(100), "s2 i e2"),
            "s box e",
        ),
    ),
    "too_many_instances": ("a", drawn(nodes("start:s end:e") + node("userTask", "a", times(1001)), "s a e")),
    "flow_reference": ("a-gone", drawn(OK, "s a e", "a gone")),
    "flow_crosses": (
        "i-e",
        drawn(nodes("start:s end:e") + sub("box", nodes("start:s2 user:i end:e2"), "s2 i e2"), "s box e", "i e"),
    ),
    "incoming": ("s", drawn(OK, "s a e", "a s")),
    "outgoing": ("e", drawn(OK, "s a e", "e a")),
    "triggered_flow": ("ev", drawn(OK + inner("ev", node("startEvent", "xs", message())), "s a e", "a ev")),
    "boundary_host": ("w", drawn(OK + boundary("w", "e", timer("PT1H")), "s a e", "w e")),
    "unreachable": ("b", drawn(OK + nodes("user:b"), "s a e", "b e")),
    "event_place": ("e", drawn(nodes("start:s user:a") + node("endEvent", "e", timer("PT1H")), "s a e")),
    "event_missing": ("c", drawn(OK + node("intermediateCatchEvent", "c"), "s a c e")),
    "reference": (
        "c",
        drawn(OK + node("intermediateCatchEvent", "c", definition("message", messageRef="gone")), "s a c e"),
    ),
    "event_name": ("c", drawn(OK + node("intermediateCatchEvent", "c", definition("signal")), "s a c e")),
    "event_text": ("c", drawn(OK + node("intermediateCatchEvent", "c", definition("timer")), "s a c e")),
    "error_code": ("e", drawn(nodes("start:s") + node("endEvent", "e", definition("error")), "s e")),
    "cancel_place": ("e", drawn(nodes("start:s") + node("endEvent", "e", definition("cancel")), "s e")),
    "compensate_reference": (
        "e",
        drawn(nodes("start:s") + node("endEvent", "e", definition("compensate", activityRef="x")), "s e"),
    ),
    "error_interrupts": ("w", drawn(OK + boundary("w", "a", definition("error"), interrupting=False), "s a e", "w e")),
    "boundary_leads_nowhere": ("w", drawn(OK + boundary("w", "a", timer("PT1H")), "s a e")),
    "compensation_handler": ("w", drawn(OK + boundary("w", "a", definition("compensate")), "s a e")),
    "default_flow": ("g", drawn(OK + node("exclusiveGateway", "g", default="s-a"), "s a g e")),
    "condition_missing": (
        "g-b",
        drawn(nodes("start:s user:a user:b xor:g end:e"), "s g", "g a : x", "g b", "a e", "b e"),
    ),
    "condition_ignored": (
        "f-a",
        drawn(nodes("start:s user:a user:b and:f end:e end:d"), "s f", "f a : x", "f b e", "a d"),
    ),
    "event_gateway_targets": (
        "g",
        drawn(nodes("start:s event:g end:e") + node("receiveTask", "c", messageRef="d.m"), "s g c e"),
    ),
    "event_gateway_target": (
        "b",
        drawn(nodes("start:s event:g user:b end:e") + node("receiveTask", "c", messageRef="d.m"), "s g c e", "g b e"),
    ),
    "event_gateway_shared": (
        "c",
        drawn(
            nodes("start:s event:g xor:x user:b end:e")
            + node("receiveTask", "c", messageRef="d.m")
            + node("intermediateCatchEvent", "t", timer("PT1H")),
            "s g c e",
            "g t b c",
        ),
    ),
    "event_gateway_all": (
        "g",
        drawn(
            nodes("start:s end:e")
            + node("eventBasedGateway", "g", eventGatewayType="Parallel")
            + node("receiveTask", "c", messageRef="d.m")
            + node("intermediateCatchEvent", "t", timer("PT1H")),
            "s g c e",
            "g t e",
        ),
    ),
    "link_target": ("l", drawn(nodes("start:s") + node("intermediateThrowEvent", "l", LINK.format("2")), "s l")),
    "link_twice": (
        "l",
        drawn(
            OK
            + node("intermediateCatchEvent", "l", LINK.format("2"))
            + node("intermediateCatchEvent", "k", LINK.format("2"))
            + node("intermediateThrowEvent", "t", LINK.format("2")),
            "s a t",
            "l e",
            "k e",
        ),
    ),
    "event_subprocess_start": ("ev", drawn(OK + inner("ev", node("startEvent", "xs")), "s a e")),
    "quantity": ("a", drawn(nodes("start:s end:e") + node("userTask", "a", startQuantity="0"), "s a e")),
    "loop_behaviour": ("a", drawn(nodes("start:s end:e") + node("userTask", "a", several(behavior="One")), "s a e")),
    "loop_endless": (
        "a",
        drawn(nodes("start:s end:e") + node("userTask", "a", "<bpmn:standardLoopCharacteristics/>"), "s a e"),
    ),
    "loop_collection": (
        "a",
        drawn(nodes("start:s end:e") + node("userTask", "a", "<bpmn:multiInstanceLoopCharacteristics/>"), "s a e"),
    ),
    "expression": (
        "g-b",
        drawn(
            nodes("start:s user:a user:b end:e") + node("exclusiveGateway", "g", default="g-a"),
            "s g a e",
            "g b : x >",
            "b e",
        ),
    ),
    "expression_language": (
        "a",
        drawn(
            nodes("start:s end:e") + node("userTask", "a", extensions('<lf:input name="x" value="${y}"/>')),
            "s a e",
        ),
    ),
    "expression_foreign": (
        "g-b",
        drawn(
            nodes("start:s user:a user:b end:e") + node("exclusiveGateway", "g", default="g-a"),
            "s g a e",
            "g b : ${x.get()}",
            "b e",
        ),
    ),
    "foreign_code": (
        "t",
        foreign(nodes("start:s end:e") + node("serviceTask", "t", **{"c:class": "org.example.Book"}), "s t e"),
    ),
    "decision_shape": (
        "t",
        drawn(
            nodes("start:s end:e")
            + node("businessRuleTask", "t", extensions('<lf:decision ref="one" result="r" shape="results"/>')),
            "s t e",
        ),
    ),
    "script_language": (
        "t",
        drawn(
            nodes("start:s end:e")
            + node("scriptTask", "t", "<bpmn:script>x = 1</bpmn:script>", scriptFormat="javascript"),
            "s t e",
        ),
    ),
    "script_line": ("t", drawn(nodes("start:s end:e") + script("t", "print(1)"), "s t e")),
    "extension_incomplete": (
        "a",
        drawn(nodes("start:s end:e") + node("userTask", "a", extensions('<lf:who value="x"/>')), "s a e"),
    ),
    "extension_value": (
        "a",
        drawn(nodes("start:s end:e") + node("userTask", "a", extensions('<lf:node mode="MOST"/>')), "s a e"),
    ),
    "form_missing": (
        "a",
        drawn(nodes("start:s end:e") + node("userTask", "a", extensions('<lf:form key="f"/>')), "s a e"),
    ),
    "decision_missing": (
        "a",
        drawn(
            nodes("start:s end:e") + node("businessRuleTask", "a", extensions('<lf:decision ref="d" result="r"/>')),
            "s a e",
        ),
    ),
    "called_missing": ("a", drawn(nodes("start:s end:e") + node("callActivity", "a"), "s a e")),
    "deadlock": (
        "j",
        drawn(
            nodes("start:s user:a user:b and:j end:e") + node("exclusiveGateway", "g", default="g-a"),
            "s g a j e",
            "g b : x",
            "b j",
        ),
    ),
    "tokens_grow": ("a", drawn(nodes("start:s xor:m and:f user:a end:e"), "s m f a e", "f m")),
}

DOUBTFUL: dict[str, tuple[str, bytes]] = {
    "not_executable": ("p", drawn(OK, "s a e").replace(b' isExecutable="true"', b"")),
    "data_assignment": (
        "a",
        drawn(
            nodes("start:s end:e")
            + node(
                "userTask",
                "a",
                "<bpmn:dataInputAssociation><bpmn:targetRef>x</bpmn:targetRef><bpmn:assignment>"
                "<bpmn:from>a</bpmn:from><bpmn:to>b</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>",
            ),
            "s a e",
        ),
    ),
    "correlation_subscription": (
        "p",
        drawn('<bpmn:correlationSubscription id="k" correlationKeyRef="x"/>' + OK, "s a e"),
    ),
    "compensation_waits": (
        "e",
        drawn(nodes("start:s") + node("endEvent", "e", definition("compensate", waitForCompletion="false")), "s e"),
    ),
    "empty": ("box", drawn(nodes("start:s end:e") + sub("box", ""), "s box e")),
    "expression_doubtful": (
        "g-a",
        drawn(
            nodes("start:s user:a end:e") + node("exclusiveGateway", "g", default="g-e"),
            "s g e",
            'g a : 1 + "x"',
            "a e",
        ),
    ),
    "dead_end": ("b", drawn(OK + nodes("user:b") + node("exclusiveGateway", "g", default="g-a"), "s g a e", "g b : x")),
    "script_empty": ("t", drawn(nodes("start:s end:e") + node("scriptTask", "t"), "s t e")),
    "extension": ("a", drawn(nodes("start:s end:e") + node("userTask", "a", extensions("<lf:whoo/>")), "s a e")),
    "extension_attribute": (
        "a",
        drawn(nodes("start:s end:e") + node("userTask", "a", extensions('<lf:limit four="2wd"/>')), "s a e"),
    ),
    "name": (
        "g-a",
        drawn(
            nodes("start:s user:a end:e")
            + script("t", "approved = true")
            + node("exclusiveGateway", "g", default="g-e"),
            "s t g e",
            "g a : aproved",
            "a e",
        ),
    ),
    "foreign": (
        "a",
        foreign(nodes("start:s end:e") + node("userTask", "a", **{"c:followUpDate": "2026-01-31"}), "s a e"),
    ),
    "foreign_form": (
        "a",
        foreign(nodes("start:s end:e") + node("userTask", "a", **{"c:formKey": "embedded:app:forms/a.html"}), "s a e"),
    ),
    "foreign_field": (
        "a",
        foreign(
            nodes("start:s end:e")
            + node("userTask", "a", extensions('<c:formData><c:formField id="x" type="colour"/></c:formData>')),
            "s a e",
        ),
    ),
    "no_operation": ("t", drawn(nodes("start:s service:t end:e"), "s t e")),
    "no_decision": ("t", drawn(nodes("start:s end:e") + node("businessRuleTask", "t"), "s t e")),
    "no_message": ("t", drawn(nodes("start:s end:e") + node("sendTask", "t"), "s t e")),
    "multi_merge": ("x", drawn(nodes("start:s and:f user:a user:b xor:x user:c end:e"), "s f a x c e", "f b x")),
}


ONE_OUTPUT = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">'
    b'<decision id="one" name="one"><decisionTable id="t"><output id="o"/></decisionTable></decision></definitions>'
)


def found_in(content: bytes) -> list[Finding]:
    return linter.check({"p.bpmn": content, "one.dmn": ONE_OUTPUT})


@pytest.mark.parametrize("code", BAD)
def test_what_cannot_run_is_refused_at_its_element_with_a_remedy(code: str) -> None:
    element, content = BAD[code]

    found = [finding for finding in found_in(content) if finding.code == f"bpmn.{code}"]

    assert [(finding.severity, finding.element, finding.file) for finding in found][:1] == [
        ("error", element, "p.bpmn")
    ]
    assert found[0].message.endswith((".", "}")) or found[0].message
    assert found[0].remedy.endswith((".", "?"))


@pytest.mark.parametrize("code", DOUBTFUL)
def test_what_is_doubtful_is_a_warning(code: str) -> None:
    element, content = DOUBTFUL[code]

    found = [finding for finding in found_in(content) if finding.code == f"bpmn.{code}"]

    assert [(finding.severity, finding.element) for finding in found][:1] == [("warning", element)]
    assert not [finding for finding in found_in(content) if finding.severity == "error"]


def test_a_called_process_that_is_not_deployed_is_a_warning_where_that_is_known() -> None:
    files = {"p.bpmn": drawn(nodes("start:s end:e") + node("callActivity", "c", calledElement="q"), "s c e")}

    assert [finding.code for finding in linter.check(files, called=[])] == ["bpmn.called_unknown"]
    assert linter.check(files, called=["q"]) == linter.check(files) == []


def test_an_and_branch_that_ends_early_is_a_deadlock_of_its_join() -> None:
    content = drawn(
        nodes("start:s and:f user:a user:b and:j end:e end:away") + node("exclusiveGateway", "g", default="g-j"),
        "s f a j e",
        "f b g j",
        "g away : x",
    )

    assert [(f.code, f.element, f.fields["missing"]) for f in linter.check({"p.bpmn": content})] == [
        ("bpmn.deadlock", "j", ["g-j"])
    ]


EXPLODING = {
    "quantities in a row": drawn(
        nodes("start:s end:e")
        + "".join(node("task", ident, completionQuantity="20") for ident in ("a", "b", "c"))
        + node("task", "d"),
        "s a b c d e",
    ),
    "a call in a multi-instance": file(
        process(nodes("start:s end:e") + node("callActivity", "c", times(200), calledElement="q"), "s c e"),
        process(nodes("start:s2 end:e2") + node("task", "d", times(200)), "s2 d e2", key="q"),
    ),
}
CALM = {
    "instances one after the other": drawn(
        nodes("start:s end:e")
        + sub(
            "box",
            nodes("start:s2 end:e2")
            + node("task", "i", times(900))
            + times(900).replace("Characteristics>", 'Characteristics isSequential="true">', 1),
            "s2 i e2",
        ),
        "s box e",
    ),
    "many in a row": drawn(
        nodes("start:s end:e") + "".join(node("task", f"n{i}", times(900)) for i in range(20)),
        "s " + " ".join(f"n{i}" for i in range(20)) + " e",
    ),
    "what was multiplied is collected": drawn(
        nodes("start:s end:e")
        + "".join(node("task", f"n{i}", completionQuantity="90", startQuantity="90" if i else "1") for i in range(4)),
        "s " + " ".join(f"n{i}" for i in range(4)) + " e",
    ),
}


@pytest.mark.parametrize("name", EXPLODING)
def test_what_would_make_more_tokens_than_are_run_is_refused_where_most_of_them_stand(name: str) -> None:
    found = linter.check({"p.bpmn": EXPLODING[name]})

    assert ("bpmn.explosive", "d") in [(one.code, one.element) for one in found]


@pytest.mark.parametrize("name", CALM)
def test_what_stays_within_the_tokens_that_are_run_is_not(name: str) -> None:
    assert linter.check({"p.bpmn": CALM[name]}) == []


ELSEWHERE = {"called_unknown", "too_tangled"}
"""Codes with a test of their own in this file."""
OF_FILES = {"too_large", "doctype", "entity", "not_xml", "not_bpmn", "too_many_elements", "too_deep"}


def test_every_code_that_the_linter_has_is_proved_by_a_diagram() -> None:
    spiff = ROOT / "engine/workflow/spiff"
    sources = [
        spiff / "reader.py",
        *sorted(path for part in ("linter", "foreign") for path in (spiff / part).glob("*.py")),
    ]
    written = {code for path in sources for code in CODES.findall(path.read_text("utf-8"))}

    assert len(written) > 60
    assert written <= BAD.keys() | DOUBTFUL.keys() | ELSEWHERE | OF_FILES


def test_a_join_of_too_many_choices_is_told_to_be_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "MOST_MARKINGS", 200)
    inner, paths = nodes("start:s end:e and:f or:j"), ["s f", "j e"]
    for n in range(8):
        inner += nodes(f"task:a{n} task:b{n}") + node("exclusiveGateway", f"g{n}", default=f"g{n}-a{n}")
        paths += [f"f g{n}", f"g{n} a{n} j", f"g{n} b{n} : x > {n}", f"b{n} j"]

    found = linter.check({"p.bpmn": drawn(inner, *paths)})

    assert [(one.code, one.severity, one.element) for one in found] == [("bpmn.too_tangled", "warning", "p")]


GOOD = {
    "loop with a join inside": drawn(
        nodes("start:s xor:m and:f user:a user:b and:j end:e") + node("exclusiveGateway", "g", default="g-m"),
        "s m f a j g",
        "f b j",
        "g e : done",
        "g m",
    ),
    "reminder in a loop": drawn(
        nodes("start:s xor:m user:a task:r end:e end:e2")
        + boundary("w", "a", timer("R/P1D", "timeCycle"), interrupting=False)
        + node("exclusiveGateway", "g", default="g-m"),
        "s m a g",
        "g e : done",
        "g m",
        "w r e2",
    ),
    "inclusive pair": drawn(
        nodes("start:s user:a user:b or:j end:e") + node("inclusiveGateway", "g", default="g-j"),
        "s g",
        "g a : x",
        "g b : y",
        "g j",
        "a j e",
        "b j",
    ),
    "endless subprocess with a way out": drawn(
        nodes("start:s end:e")
        + sub("box", nodes("start:s2 xor:m user:i"), "s2 m i m")
        + boundary("w", "box", message()),
        "s box",
        "w e",
    ),
    "conditional start in an event subprocess": drawn(
        OK + inner("ev", node("startEvent", "xs", condition("x > 1"))),
        "s a e",
    ),
    "a pool that is only drawn": file(
        process(OK, "s a e"), process(nodes("start:s9 xor:g9"), "s9 g9", key="other").replace("true", "false")
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_diagram_has_no_finding(name: str) -> None:
    assert linter.check({"p.bpmn": GOOD[name]}) == []


@pytest.mark.parametrize("key", ["adjustment", "approval", "drafting", "escalation", "scoring"])
def test_the_shipped_processes_have_no_finding(key: str) -> None:
    files = {path.name: path.read_bytes() for path in (ROOT / "processes" / key).iterdir() if path.is_file()}

    assert linter.check(files) == []


@pytest.mark.parametrize("code", [*BAD, *DOUBTFUL])
def test_every_finding_is_worded_for_people_with_what_it_is_about(code: str) -> None:
    _, content = (BAD | DOUBTFUL)[code]

    found = next(one for one in found_in(content) if one.code == f"bpmn.{code}")

    assert words.known(found.code) and words.known(f"{found.code}.remedy")
    assert str(words.WORDS[found.code]) % found.fields
    assert str(words.WORDS[f"{found.code}.remedy"]) % found.fields


def test_many_choices_in_many_parallel_branches_are_checked_quickly() -> None:
    inner, paths = nodes("start:s end:e and:f and:j"), ["s f", "j e"]
    for n in range(60):
        inner += nodes(f"user:a{n} user:b{n} xor:m{n}") + node("exclusiveGateway", f"g{n}", default=f"g{n}-a{n}")
        paths += [f"f g{n}", f"g{n} a{n} m{n} j", f"g{n} b{n} : x > {n}", f"b{n} m{n}"]

    assert linter.check({"p.bpmn": drawn(inner, *paths)}) == []
