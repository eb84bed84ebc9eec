"""A message reaches who waits for it, once; one that nobody waits for is kept."""

from collections.abc import Mapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from engine.kernel.errors import InvalidInput
from engine.kernel.work import Store, Work
from engine.workflow import definitions, incidents, instances, messages, tasks
from engine.workflow.engine import Engine
from engine.workflow.operations import CallContext
from engine.workflow.step import Answer, OperationCall
from tests.builders.diagrams import operation, process, sequence, user
from tests.builders.engines import jobs_of, make_engine

ROOTS = '<message id="m1" name="item.done"/><signal id="s1" name="month.closed"/>'
CATCH = (
    '<intermediateCatchEvent id="wait"><extensionElements><lf:correlation value="=item"/></extensionElements>'
    '<messageEventDefinition id="d1" messageRef="m1"/></intermediateCatchEvent>'
)
HEAR = '<intermediateCatchEvent id="wait"><signalEventDefinition id="d1" signalRef="s1"/></intermediateCatchEvent>'
ENDS = '<startEvent id="begin"/><endEvent id="done"/>'
WAITING = process("waiting", ENDS + CATCH + sequence("begin", "wait", "done"), ROOTS)
LATER = process("later", ENDS + user("first") + CATCH + sequence("begin", "first", "wait", "done"), ROOTS)
HEARING = process("hearing", ENDS + HEAR + sequence("begin", "wait", "done"), ROOTS)
CALLING = process("calling", ENDS + operation("call", "test.act") + sequence("begin", "call", "done"))

ASKING = process(
    "asking", ENDS + user("ask") + operation("call", "test.act") + sequence("begin", "ask", "call", "done")
)


@pytest.fixture
def engine(store: Store) -> Engine:
    made = make_engine(store)
    for files in (WAITING, LATER, HEARING, CALLING):
        definitions.deploy(made, files)
    return made


def _send(engine: Engine, key: str | None, name: str = "item.done") -> int:
    with engine.start_work() as work:
        reached = messages.send(engine, work, name, key, {"by": 7})
        work.commit()
    return reached


def _task(engine: Engine, instance_id: int) -> int:
    with engine.start_work(reading=True) as work:
        return tasks.of_instance(engine, work, instance_id, status="open")[0].id


def _status(engine: Engine, instance_id: int) -> str:
    return instances.view(engine, instance_id).status


def test_a_message_reaches_the_instance_with_its_key(engine: Engine) -> None:
    first, second = (instances.start_one(engine, "waiting", data={"item": item}) for item in ("a", "b"))

    reached = _send(engine, "b")

    assert (reached, _status(engine, first), _status(engine, second)) == (1, "running", "completed")
    assert instances.data(engine, second)["by"] == 7


def test_a_message_that_nobody_waits_for_is_kept_for_the_first_that_will(engine: Engine) -> None:
    reached = _send(engine, "a")
    first, second = (instances.start_one(engine, "waiting", data={"item": "a"}) for _ in range(2))
    jobs_of(engine).run()

    assert (reached, _status(engine, first), _status(engine, second)) == (0, "completed", "running")


def test_a_kept_message_is_delivered_when_a_later_step_waits_for_it(engine: Engine) -> None:
    instance_id = instances.start_one(engine, "later", data={"item": "a"})
    _send(engine, "a")
    with engine.start_work(reading=True) as work:
        (task,) = tasks.of_instance(engine, work, instance_id)
    tasks.complete_one(engine, task.id, Answer(), 1)
    jobs_of(engine).run()

    assert _status(engine, instance_id) == "completed"


def test_a_delivery_that_was_lost_with_its_process_is_swept_up(engine: Engine) -> None:
    _send(engine, "a")
    instance_id = instances.start_one(engine, "waiting", data={"item": "a"})
    jobs_of(engine).held.clear()

    swept = messages.sweep(engine)
    jobs_of(engine).run()

    assert (swept, messages.sweep(engine), _status(engine, instance_id)) == (1, 0, "completed")


def test_delivering_a_message_twice_has_one_effect(engine: Engine) -> None:
    _send(engine, "a")
    first, second = (instances.start_one(engine, "waiting", data={"item": "a"}) for _ in range(2))

    reached = (messages.deliver(engine, 1), messages.deliver(engine, 1))

    assert (reached, _status(engine, first), _status(engine, second)) == ((1, 0), "completed", "running")


def test_a_suspended_instance_gets_its_message_when_it_is_resumed(engine: Engine) -> None:
    """APR-18"""
    instance_id = instances.start_one(engine, "waiting", data={"item": "a"})
    instances.suspend(engine, instance_id, 1, "inquiry")
    reached = _send(engine, "a")
    instances.resume(engine, instance_id, 1, "done")
    jobs_of(engine).run()

    assert (reached, _status(engine, instance_id)) == (0, "completed")


def test_a_signal_reaches_everybody_who_waits_and_is_not_kept(engine: Engine) -> None:
    early = [instances.start_one(engine, "hearing") for _ in range(2)]
    with engine.start_work() as work:
        reached = messages.signal(engine, work, "month.closed")
        work.commit()
    late = instances.start_one(engine, "hearing")
    jobs_of(engine).run()

    assert (reached, [_status(engine, each) for each in (*early, late)]) == (2, ["completed", "completed", "running"])


class Act:
    """An operation that sends a message, and fails until it is mended."""

    mended = True

    def __call__(self, engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]:
        messages.send(engine, work, "item.done", "a")
        if not self.mended:
            raise InvalidInput("letter.weight", "weight is 101; expected 0 to 100: lower it", weight=101)
        return {"for": context.instance_id}


def test_a_message_from_an_operation_travels_after_the_commit(engine: Engine) -> None:
    waiting = instances.start_one(engine, "waiting", data={"item": "a"})
    engine.operations.register("test.act", Act())
    calling = instances.start_one(engine, "calling")
    before = _status(engine, waiting)
    jobs_of(engine).run()

    assert (before, _status(engine, waiting), _status(engine, calling)) == ("running", "completed", "completed")


def test_a_failed_operation_is_an_incident_and_what_it_wrote_is_undone(engine: Engine) -> None:
    waiting = instances.start_one(engine, "waiting", data={"item": "a"})
    act = Act()
    act.mended = False
    engine.operations.register("test.act", act)
    calling = instances.start_one(engine, "calling")
    messages.sweep(engine)
    jobs_of(engine).run()
    with engine.start_work(reading=True) as work:
        (incident,) = incidents.open(work, instance_id=calling)

    assert (incident.node, incident.code, incident.fields) == ("call", "letter.weight", {"weight": 101})
    assert (_status(engine, waiting), instances.view(engine, calling).incidents) == ("running", 1)


def test_a_mended_incident_goes_on_where_it_stood(engine: Engine) -> None:
    act = Act()
    act.mended = False
    engine.operations.register("test.act", act)
    calling = instances.start_one(engine, "calling")
    with engine.start_work(reading=True) as work:
        (incident,) = incidents.open(work)
    in_vain = incidents.retry(engine, incident.id, 1)

    act.mended = True
    through = incidents.retry(engine, incident.id, 1)

    assert (in_vain, through, _status(engine, calling)) == (False, True, "completed")
    assert instances.view(engine, calling).incidents == 0


def test_an_unknown_operation_is_an_incident_with_its_nearest_name(engine: Engine) -> None:
    engine.operations.register("test.acts", Act())
    calling = instances.start_one(engine, "calling")
    with engine.start_work(reading=True) as work:
        (incident,) = incidents.open(work, instance_id=calling)

    assert (incident.code, "did you mean test.acts?" in incident.message) == ("operation.unknown", True)


class Broken(Act):
    """Writes, then stumbles over a fault of its program until it is mended."""

    def __call__(self, engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]:
        messages.send(engine, work, "item.done", "a")
        return {"for": {}["missing"]} if not self.mended else {"for": 1}


def test_a_fault_in_an_operation_is_an_incident_with_its_number_in_the_log(engine: Engine) -> None:
    """The decision that led there stands, what the operation wrote does not, and a retry runs it again."""
    definitions.deploy(engine, ASKING)
    waiting = instances.start_one(engine, "waiting", data={"item": "a"})
    act = Broken()
    act.mended = False
    engine.operations.register("test.act", act)
    asking = instances.start_one(engine, "asking")

    with capture_logs() as logged:
        tasks.complete_one(engine, _task(engine, asking), Answer({"agreed": True}), 1)
    messages.sweep(engine)
    jobs_of(engine).run()
    with engine.start_work(reading=True) as work:
        (incident,) = incidents.open(work, instance_id=asking)

    assert (incident.code, incident.fields["error"]) == ("operation.fault", "KeyError")
    assert [(line["event"], line["number"]) for line in logged] == [("operation.fault", incident.fields["number"])]
    assert (instances.data(engine, asking), _status(engine, waiting)) == ({"agreed": True}, "running")
    act.mended = True
    assert incidents.retry(engine, incident.id, 1)
    jobs_of(engine).run()
    assert (_status(engine, asking), _status(engine, waiting)) == ("completed", "completed")
