"""Approval nodes in a called process: returned to a step inside it, or out of it as the caller draws it."""

from engine.workflow import definitions
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, person, row

CALLED = row(Step("one", (person("a"),)), Step("two", (person("b"),)), key="called")
CALL = (
    '<bpmn:callActivity id="call" calledElement="called"><bpmn:extensionElements>'
    '<lf:input name="a" value="=a" /><lf:input name="b" value="=b" />'
    '<lf:output name="outcome" value="=outcome" /></bpmn:extensionElements></bpmn:callActivity>'
)


def _caller() -> dict[str, bytes]:
    """The submitter fills something in, then the called process approves it."""
    files = row(Step("fill", ('rule="starter"',), 'kind="act"'), Step("call", ()), key="caller")
    text = files["caller.bpmn"].decode()
    begin = text.index('<bpmn:userTask id="call"')
    end = text.index("</bpmn:userTask>", begin) + len("</bpmn:userTask>")
    return {"caller.bpmn": (text[:begin] + CALL + text[end:]).encode()}


def test_a_step_inside_a_called_process_is_returned_to(stage: Stage) -> None:
    """APR-14: the nodes passed in the called process; START is not among them, the caller does not draw it."""
    who = stage.company
    definitions.deploy(stage.engine, CALLED)
    instance = stage.start(_caller(), a=who.wang, b=who.sun)
    stage.say(who.chen, "DONE")
    stage.approve(who.wang)

    stage.say(who.sun, "RETURNED", target="one")
    back = stage.asked()
    stage.approve(who.wang)
    stage.approve(who.sun)

    assert (back, stage.status(instance)) == ([(who.wang, "PENDING")], "completed")
