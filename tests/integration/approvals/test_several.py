"""Approval nodes inside a multi-instance: each element is a node of its own."""

from engine.approvals import inbox
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, person, row

FILL = Step("fill", ('rule="starter"',), 'kind="act"')
LOOP = '<bpmn:multiInstanceLoopCharacteristics lf:collection="=heads" lf:element="head" lf:result="answers" />'


def _files() -> dict[str, bytes]:
    files = row(FILL, Step("each", (person("head"),)), Step("last", (person("c"),)))
    text = files["row.bpmn"].decode()
    closing = text.index("</bpmn:userTask>", text.index('id="each"'))
    return {"row.bpmn": (text[:closing] + LOOP + text[closing:]).encode()}


def test_each_element_is_decided_by_its_own_person(stage: Stage) -> None:
    who = stage.company
    stage.start(_files(), heads=[who.wang, who.sun], c=who.zhou)
    stage.say(who.chen, "DONE")
    tasks = {stage.asked(task)[0][0]: task for task, _ in stage.open()}

    stage.approve(who.sun, tasks[who.sun])
    stage.approve(who.wang, tasks[who.wang])

    assert [node for _, node in stage.open()] == ["last"]


def test_a_return_out_of_a_multi_instance_loses_no_task(stage: Stage) -> None:
    """APR-14; the trap: a return inside a multi-instance that loses the task."""
    who = stage.company
    instance = stage.start(_files(), heads=[who.wang, who.sun], c=who.zhou)
    stage.say(who.chen, "DONE")
    tasks = {stage.asked(task)[0][0]: task for task, _ in stage.open()}

    stage.say(who.wang, "RETURNED", tasks[who.wang], target="fill")
    back = [node for _, node in stage.open()]
    left = inbox.counts(stage.engine, who.sun)["todo"]
    stage.say(who.chen, "DONE")

    assert (back, left) == (["fill"], 0)
    assert sorted(stage.asked(task)[0][0] for task, _ in stage.open()) == sorted([who.wang, who.sun])
    assert stage.status(instance) == "running"


def test_a_return_to_a_multi_instance_asks_everybody_again(stage: Stage) -> None:
    """APR-14"""
    who = stage.company
    stage.start(_files(), heads=[who.wang, who.sun], c=who.zhou)
    stage.say(who.chen, "DONE")
    for task, _ in stage.open():
        stage.approve(stage.asked(task)[0][0], task)

    stage.say(who.zhou, "RETURNED", target="each")

    assert [node for _, node in stage.open()] == ["each", "each"]
