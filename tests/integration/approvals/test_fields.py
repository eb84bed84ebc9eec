"""Field rights on the server: what a node's form does not declare editable is refused (APR-28)."""

from typing import Any

import orjson
import pytest

from engine.approvals import batches, decisions
from engine.approvals.decisions import Decision
from engine.kernel.errors import InvalidInput, NotAllowed
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row

COMPONENTS = [
    {"type": "text", "text": "请填写"},
    {"type": "textfield", "key": "reason", "label": "理由", "validate": {"required": True, "maxLength": 5}},
    {"type": "number", "key": "amount", "label": "金额", "validate": {"min": 1, "max": 100}},
    {"type": "textfield", "key": "number", "label": "编号", "readonly": True},
    {"type": "select", "key": "kind", "label": "种类", "values": [{"label": "甲", "value": "A"}]},
    {"type": "checkbox", "key": "counted", "label": "计入"},
    {"type": "group", "components": [{"type": "textfield", "key": "note", "label": "备注"}]},
    {
        "type": "textfield",
        "key": "proof",
        "label": "证明",
        "validate": {"required": True},
        "conditional": {"hide": '=reason != "须证明"'},
    },
]
FORM = orjson.dumps({"type": "default", "components": COMPONENTS})


def _files() -> dict[str, bytes]:
    files = gated(Step("check", (person("a"),), extra='<lf:form key="check" />'))
    return {**files, "check.form.json": FORM}


@pytest.fixture
def open_task(stage: Stage) -> int:
    return stage.start(_files(), a=stage.company.wang)


def test_declared_fields_reach_the_process(stage: Stage, open_task: int) -> None:
    stage.approve(
        stage.company.wang, values={"reason": "可以", "amount": 12, "kind": "A", "counted": True, "note": "x"}
    )

    assert {name: stage.data(open_task)[name] for name in ("reason", "amount", "note")} == {
        "reason": "可以",
        "amount": 12,
        "note": "x",
    }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"reason": "ok", "salary": 1}, "form.not_editable"),
        ({"reason": "ok", "number": "1"}, "form.not_editable"),
        ({"reason": "ok", "outcome": "APPROVED"}, "form.not_editable"),
        ({"reason": "ok", "amount": 101}, "form.maximum"),
        ({"reason": "ok", "amount": 0}, "form.minimum"),
        ({"reason": "ok", "amount": "many"}, "form.number"),
        ({"reason": "ok", "kind": "B"}, "form.choice"),
        ({"reason": "ok", "counted": "yes"}, "form.yes_no"),
        ({"reason": "too long"}, "form.length"),
        ({}, "form.required"),
        ({"reason": ""}, "form.required"),
    ],
)
def test_what_the_form_does_not_allow_is_refused_and_named(
    stage: Stage, open_task: int, values: dict[str, Any], code: str
) -> None:
    """APR-28"""
    with pytest.raises(InvalidInput) as refused:
        stage.approve(stage.company.wang, values=values)

    assert (refused.value.code, stage.acts(open_task)) == (code, [])


def test_a_rejection_needs_no_fields(stage: Stage, open_task: int) -> None:
    assert stage.say(stage.company.wang, "REJECTED").outcome == "REJECTED"


def test_a_deciding_node_without_a_form_takes_no_fields(stage: Stage) -> None:
    """APR-28"""
    who = stage.company
    stage.start(gated(Step("check", (person("a"),))), a=who.wang)

    with pytest.raises(InvalidInput, match="cannot be changed"):
        stage.approve(who.wang, values={"amount": 1})


def test_a_form_with_a_required_field_is_no_part_of_a_batch(stage: Stage, open_task: int) -> None:
    """APR-26"""
    (result,) = batches.approve(stage.engine, [stage.task()], stage.company.wang)

    assert (result.approved, result.code) == (False, "batch.fields")


def test_a_task_with_a_page_of_its_own_is_done_there_and_nowhere_else(stage: Stage) -> None:
    """APR-28: the page's use-case checks what is done; the general decision must not pass it by."""
    who = stage.company
    files = row(Step("edit", (person("a"),), 'kind="act"', '<lf:page name="letter.edit" />'))
    instance = stage.start(files, a=who.wang)
    with pytest.raises(NotAllowed, match="own page"):
        stage.say(who.wang, "DONE", values={"anything": 1})

    task = stage.task()
    with stage.store.start_work() as work:
        decisions.decide_in(stage.engine, work, task, who.wang, Decision("DONE"))
        work.commit()

    assert stage.status(instance) == "completed"


def test_an_instance_keeps_the_form_of_its_own_version(stage: Stage) -> None:
    """A form that was published later does not change what a running instance asks."""
    who = stage.company
    stage.start(_files(), a=who.wang)
    first = stage.task()
    newer = orjson.dumps({"components": [{"type": "textfield", "key": "other"}]})
    stage.start({**_files(), "check.form.json": newer}, a=who.wang)

    with pytest.raises(InvalidInput):
        stage.approve(who.wang, stage.task(), values={"reason": "ok"})
    assert stage.approve(who.wang, first, values={"reason": "ok"}).outcome == "APPROVED"
    assert stage.approve(who.wang, values={"other": "x"}).outcome == "APPROVED"


def test_a_field_that_a_condition_shows_is_needed_and_a_hidden_one_is_refused(stage: Stage, open_task: int) -> None:
    """FEEL conditions of the form count on the server (`ux.md` §4.4)."""
    wang = stage.company.wang

    with pytest.raises(InvalidInput, match="证明 is empty"):
        stage.approve(wang, values={"reason": "须证明"})
    with pytest.raises(InvalidInput) as hidden:
        stage.approve(wang, values={"reason": "可以", "proof": "附件"})
    assert hidden.value.code == "form.not_editable"
    stage.approve(wang, values={"reason": "须证明", "proof": "附件"})

    assert stage.data(open_task)["proof"] == "附件"
