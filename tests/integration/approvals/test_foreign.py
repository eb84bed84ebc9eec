"""A diagram drawn for Camunda 7, deployed as it is: the right people are asked, on both databases (issue 4.9)."""

import orjson
import pytest

from engine.approvals import acts, inbox
from engine.kernel.errors import InvalidInput
from engine.workflow import definitions, instances, tasks
from engine.workflow.step import Answer
from tests.integration.approvals.conftest import Stage

BUYING = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:test">
  <process id="buying" name="Buying" isExecutable="true" camunda:historyTimeToLive="P30D">
    <startEvent id="begin" camunda:initiator="starter" />
    <sequenceFlow id="f1" sourceRef="begin" targetRef="ask" />
    <userTask id="ask" name="Ask" camunda:assignee="${starter}" camunda:asyncAfter="true">
      <extensionElements>
        <camunda:formData>
          <camunda:formField id="amount" label="Amount" type="long">
            <camunda:validation><camunda:constraint name="required" /></camunda:validation>
          </camunda:formField>
          <camunda:formField id="checkers" label="Checkers" type="string" />
        </camunda:formData>
      </extensionElements>
    </userTask>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="rule" />
    <businessRuleTask id="rule" camunda:decisionRef="who_checks" camunda:mapDecisionResult="singleEntry"
      camunda:resultVariable="checkers" />
    <sequenceFlow id="f3" sourceRef="rule" targetRef="check" />
    <userTask id="check" name="Check" camunda:assignee="${checker}" camunda:priority="70">
      <multiInstanceLoopCharacteristics camunda:collection="${checkers}" camunda:elementVariable="checker">
        <completionCondition xsi:type="tFormalExpression">${nrOfCompletedInstances &gt;= 2}</completionCondition>
      </multiInstanceLoopCharacteristics>
    </userTask>
    <sequenceFlow id="f4" sourceRef="check" targetRef="large" />
    <exclusiveGateway id="large" default="small" />
    <sequenceFlow id="large_one" sourceRef="large" targetRef="sign">
      <conditionExpression xsi:type="tFormalExpression">${amount &gt; 1000}</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="small" sourceRef="large" targetRef="book" />
    <userTask id="sign" name="Sign" camunda:candidateGroups="OPS, 成本总监" camunda:dueDate="P2D" />
    <sequenceFlow id="f5" sourceRef="sign" targetRef="book" />
    <serviceTask id="book" name="Book" camunda:type="external" camunda:topic="book">
      <extensionElements>
        <camunda:inputOutput>
          <camunda:inputParameter name="text">Order of ${amount}</camunda:inputParameter>
          <camunda:outputParameter name="booked">${number}</camunda:outputParameter>
        </camunda:inputOutput>
      </extensionElements>
    </serviceTask>
    <sequenceFlow id="f6" sourceRef="book" targetRef="done" />
    <endEvent id="done" />
  </process>
</definitions>""".encode()
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="urn:test">
  <decision id="who_checks" name="Who checks"><decisionTable id="t" hitPolicy="FIRST">
    <input id="i"><inputExpression id="x"><text>amount</text></inputExpression></input>
    <output id="o" name="people" />
    <rule id="r1"><inputEntry id="a"><text>&gt; 1000</text></inputEntry>
      <outputEntry id="b"><text>["T004", "T005", "T006"]</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c"><text>-</text></inputEntry>
      <outputEntry id="e"><text>["T004"]</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>"""
FILES = {"buying.bpmn": BUYING, "rules.dmn": TABLE}


def test_a_camunda_diagram_runs_through_with_the_people_that_it_names(stage: Stage) -> None:
    who = stage.company
    instance = stage.start(FILES)

    assert [person for person, _ in stage.asked()] == [who.chen]
    _done(stage, who.chen, amount=1500)
    asked = [stage.asked(task) for task, _ in stage.open()]
    assert [[person for person, _ in each] for each in asked] == [[who.wang], [who.sun], [who.zhao]]
    for person in (who.wang, who.zhao):
        _checked(stage, person)

    assert sorted(stage.asked()) == sorted([(who.zhao, "POOLED"), (who.wang, "POOLED")])
    acts.claim(stage.engine, stage.task(), who.wang)
    _done(stage, who.wang)
    _worked(stage)

    assert instances.view(stage.engine, instance).status == "completed"
    assert instances.data(stage.engine, instance)["booked"] == 7


def test_its_form_is_kept_with_the_definition_and_takes_only_its_fields(stage: Stage) -> None:
    stage.start(FILES)

    with pytest.raises(InvalidInput) as strange:
        _done(stage, stage.company.chen, other=1)
    with pytest.raises(InvalidInput) as missing:
        _done(stage, stage.company.chen)
    with stage.engine.start_work(reading=True) as work:
        kept = definitions.files(work, definitions.current(work, "buying").id)

    assert (strange.value.code, missing.value.code) == ("form.not_editable", "form.required")
    assert orjson.loads(kept["ask.form.json"])["components"][0]["label"] == "Amount"
    assert kept["buying.bpmn"] == BUYING


def test_its_priority_and_due_date_stand_in_the_inbox(stage: Stage) -> None:
    who = stage.company
    stage.start(FILES)
    _done(stage, who.chen, amount=1500)

    with stage.engine.start_work(reading=True) as work:
        checking = tasks.view(stage.engine, work, stage.task("check"))
    for person in (who.wang, who.sun):
        _checked(stage, person)
    with stage.engine.start_work(reading=True) as work:
        signing = tasks.view(stage.engine, work, stage.task("sign"))

    assert checking.priority == 70
    assert (signing.due_at - signing.opened_at).days == 2
    assert inbox.counts(stage.engine, who.wang)["claim"] == 1


def _done(stage: Stage, person: int, **values: object) -> None:
    stage.say(person, "DONE", values=values)


def _checked(stage: Stage, person: int) -> None:
    """The person does the task that asks for them."""
    mine = next(task for task, _ in stage.open() if stage.asked(task)[0][0] == person)
    stage.say(person, "DONE", mine)


def _worked(stage: Stage) -> None:
    """The program outside takes its work by topic and answers."""
    with stage.engine.start_work(reading=True) as work:
        [task] = [number for number, _ in stage.open() if tasks.view(stage.engine, work, number).topic == "book"]
        view = tasks.view(stage.engine, work, task)
    assert (view.kind, view.topic) == ("external", "book")
    tasks.complete_one(stage.engine, task, Answer({"number": 7}), None)
