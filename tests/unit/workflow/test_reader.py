"""Files from outside: hardened XML, any prefix, the owner's file untouched."""

import pytest

from engine.kernel.errors import BadDefinition
from engine.workflow.spiff import reader
from engine.workflow.spiff.diagram import build
from engine.workflow.spiff.normaliser import normalise
from tests.unit.workflow.diagrams import drawn, node, nodes
from tests.unit.workflow.plays import Play

GOOD = drawn(nodes("start:s user:a end:e"), "s a e")
BILLION = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bpmn.not_xml"),
        (b"\x00\xff", "bpmn.not_xml"),
        (b"<a>", "bpmn.not_xml"),
        (b"<a/>", "bpmn.not_bpmn"),
        (BILLION + GOOD, "bpmn.doctype"),
        (OUTSIDE + GOOD, "bpmn.doctype"),
        (GOOD + b" " * reader.MAX_BYTES, "bpmn.too_large"),
        (drawn(nodes(" ".join(f"user:n{i}" for i in range(5001)))), "bpmn.too_many_elements"),
        (GOOD.replace(b"<bpmn:userTask", b"<a>" * 120 + b"</a>" * 120 + b"<bpmn:userTask"), "bpmn.too_deep"),
    ],
    ids=["empty", "binary", "broken", "other", "entities", "file", "large", "many", "deep"],
)
def test_what_is_no_diagram_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(BadDefinition) as refused:
        reader.read(content)

    assert refused.value.code == code


def test_any_prefix_of_the_namespace_will_do() -> None:
    plain = GOOD.replace(b"bpmn:", b"").replace(b"xmlns:bpmn", b"xmlns")
    other = GOOD.replace(b"bpmn:", b"semantic:").replace(b"xmlns:bpmn", b"xmlns:semantic")

    assert [Play(content).open for content in (plain, other)] == [["a"], ["a"]]


def test_comments_and_instructions_are_nothing() -> None:
    content = GOOD.replace(b"<bpmn:process", b"<!-- x --><?y z?><bpmn:process")

    assert Play(content).open == ["a"]


def test_normalising_twice_changes_nothing_more_and_the_file_is_never_touched() -> None:
    content = drawn(
        nodes("start:s user:b user:c end:e") + node("userTask", "a", default="a-c"),
        "s a",
        "a b : x",
        "a c",
        "b e",
        "c e",
    )
    once = normalise(build(reader.read(content)))
    ids = [set(scope.nodes) for scope in once.processes.values()]

    twice = normalise(once)

    assert [set(scope.nodes) for scope in twice.processes.values()] == ids == [{"s", "a", "a [split]", "b", "c", "e"}]
    assert b"split" not in content
