"""Work for programs outside: leases, failures, errors, and everything that may happen to the instance meanwhile."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Store
from engine.workflow import definitions, incidents, instances, tasks
from engine.workflow.engine import Engine
from engine.workflow.outside import failing, working
from engine.workflow.outside.failing import Failure
from engine.workflow.outside.reading import Item
from engine.workflow.outside.working import Holder, Thrown, Wish
from engine.workflow.step import Answer
from tests.builders.diagrams import process, sequence
from tests.builders.engines import make_engine

ANNA, BERT = Holder("anna", 1), Holder("bert", 1)
MINUTE = timedelta(minutes=1)


def job(node: str, said: str = 'topic="print"', inside: str = "") -> str:
    return (
        f'<serviceTask id="{node}" name="{node}"><extensionElements><lf:operation {said}/>{inside}</extensionElements>'
        "</serviceTask>"
    )


def printing(said: str = 'topic="print"', inside: str = "") -> dict[str, bytes]:
    return process("printing", '<startEvent id="begin"/>' + job("print", said, inside) + '<endEvent id="done"/>'
                   + sequence("begin", "print", "done"))  # fmt: skip


CAUGHT = process(
    "caught",
    '<startEvent id="begin"/>' + job("print") + '<endEvent id="done"/><endEvent id="nopaper"/>'
    '<boundaryEvent id="out" attachedToRef="print"><errorEventDefinition id="oute" errorRef="paper"/></boundaryEvent>'
    + sequence("begin", "print", "done") + sequence("out", "nopaper"),
    '<error id="paper" errorCode="PAPER"/>',
)  # fmt: skip


@pytest.fixture
def engine(store: Store) -> Iterator[Engine]:
    yield make_engine(store)


def started(engine: Engine, files: dict[str, bytes] | None = None, **data: object) -> int:
    key = definitions.deploy(engine, files or printing()).key
    return instances.start_one(engine, key, data=data)


def wish(most: int = 1, lease: timedelta = 5 * MINUTE) -> Wish:
    return Wish(("print",), most, lease)


def one(engine: Engine, holder: Holder = ANNA) -> Item:
    (found,) = working.fetch(engine, holder, wish())
    return found


def test_work_is_fetched_with_its_data_and_completed_with_what_was_found_out(engine: Engine) -> None:
    instance = started(engine, pages=3)

    item = one(engine)
    working.complete(engine, item.task, ANNA, {"printed": 3})

    assert (item.topic, item.node, item.instance.id, item.variables) == ("print", "print", instance, {"pages": 3})
    assert instances.view(engine, instance).status == "completed"
    assert instances.data(engine, instance)["printed"] == 3


def test_only_what_the_inputs_name_is_handed_out_and_outputs_read_the_result(engine: Engine) -> None:
    inside = '<lf:input name="sheets" value="=pages * 2"/><lf:output name="cost" value="=result.cents / 100"/>'
    instance = started(engine, printing('topic="print"', inside), pages=3, secret="x")

    item = one(engine)
    working.complete(engine, item.task, ANNA, {"cents": 250})

    assert dict(item.variables) == {"sheets": 6}
    assert str(instances.data(engine, instance)["cost"]) == "2.5"


def test_nobody_else_gets_leased_work_until_the_lease_ends(engine: Engine, clock: ManualClock) -> None:
    started(engine)
    item = one(engine)

    early = working.fetch(engine, BERT, wish())
    clock.move(5 * MINUTE)
    late = working.fetch(engine, BERT, wish())

    assert early == ()
    assert [each.task for each in late] == [item.task]


def test_completing_after_the_lease_ended_is_refused_whoever_has_it_now(engine: Engine, clock: ManualClock) -> None:
    started(engine)
    item = one(engine)
    clock.move(5 * MINUTE)

    with pytest.raises(Conflict, match="not leased to 'anna' any more") as ended:
        working.complete(engine, item.task, ANNA, {})
    one(engine, BERT)
    with pytest.raises(Conflict) as taken:
        working.complete(engine, item.task, ANNA, {})

    assert ended.value.code == taken.value.code == "work.lost"
    working.complete(engine, item.task, BERT, {})


def test_a_heartbeat_keeps_the_lease(engine: Engine, clock: ManualClock) -> None:
    started(engine)
    item = one(engine)
    clock.move(4 * MINUTE)

    until = working.extend(engine, item.task, ANNA, 5 * MINUTE)
    clock.move(4 * MINUTE)

    assert until == clock.now() + MINUTE
    assert working.fetch(engine, BERT, wish()) == ()
    working.complete(engine, item.task, ANNA, {})


def test_work_that_is_given_back_is_ready_at_once_and_uses_no_try(engine: Engine) -> None:
    started(engine)
    item = one(engine)

    working.release(engine, item.task, ANNA)

    again = one(engine, BERT)
    assert (again.task, again.failures, again.left) == (item.task, 0, 3)


def test_pauses_double_and_the_last_failure_is_an_incident_that_a_retry_mends(
    engine: Engine, clock: ManualClock
) -> None:
    instance = started(engine)
    pauses = []
    for left in (2, 1, 0):
        item = one(engine)
        failed = working.fail(engine, item.task, ANNA, Failure("jam"))
        assert failed.left == left
        if failed.again_at is not None:
            pauses.append((failed.again_at - clock.now()).total_seconds())
            assert working.fetch(engine, ANNA, wish()) == ()
            clock.set(failed.again_at)

    clock.move(timedelta(days=1))
    assert pauses == [10, 20]
    assert working.fetch(engine, ANNA, wish()) == ()
    with engine.start_work(reading=True) as work:
        (stuck,) = incidents.open(work)
    assert (stuck.code, stuck.node, stuck.message) == ("work.failed", "print", "jam")
    assert instances.view(engine, instance).incidents == 1

    assert incidents.retry(engine, stuck.id, 1)
    item = one(engine)
    assert (item.failures, item.left) == (0, 3)
    working.complete(engine, item.task, ANNA, {})
    assert instances.view(engine, instance).incidents == 0


def test_the_longest_pause_is_an_hour() -> None:
    assert [failing.pause(each).total_seconds() for each in (1, 2, 5, 9, 10, 99)] == [10, 20, 160, 2560, 3600, 3600]


def test_a_diagram_says_how_often_work_may_fail_and_a_final_failure_does_not_wait(engine: Engine) -> None:
    started(engine, printing('topic="print" tries="1"'))
    first = one(engine)
    started(engine)
    second = one(engine)

    assert working.fail(engine, first.task, ANNA, Failure("jam")).again_at is None
    assert working.fail(engine, second.task, ANNA, Failure("no such printer", final=True)).again_at is None


def test_the_retries_of_a_foreign_diagram_are_its_tries(engine: Engine) -> None:
    said = '<z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" type="print" retries="1"/>'
    task = f'<serviceTask id="print"><extensionElements>{said}</extensionElements></serviceTask>'
    started(engine, process("zeebe", f'<startEvent id="b"/>{task}<endEvent id="e"/>' + sequence("b", "print", "e")))

    item = one(engine)

    assert (item.left, working.fail(engine, item.task, ANNA, Failure("jam")).again_at) == (1, None)


def test_a_failure_that_names_its_pause_is_given_out_after_it(engine: Engine, clock: ManualClock) -> None:
    started(engine)
    failed = working.fail(engine, one(engine).task, ANNA, Failure("cold", after=90 * MINUTE))

    assert failed.again_at == clock.now() + 90 * MINUTE


def test_an_error_is_caught_where_the_diagram_draws_it(engine: Engine) -> None:
    instance = started(engine, CAUGHT)

    working.throw(engine, one(engine).task, ANNA, Thrown("PAPER", "empty", {"code": "X", "tray": 2}))

    assert instances.view(engine, instance).status == "completed"


def test_an_error_that_nothing_catches_is_an_incident_and_a_retry_gives_the_work_out_again(engine: Engine) -> None:
    started(engine)
    working.throw(engine, one(engine).task, ANNA, Thrown("PAPER"))

    with engine.start_work(reading=True) as work:
        (stuck,) = incidents.open(work)
    assert stuck.code == "workflow.error_uncaught"
    assert working.fetch(engine, ANNA, wish()) == ()
    incidents.retry(engine, stuck.id, 1)
    working.complete(engine, one(engine).task, ANNA, {})


def test_work_of_a_cancelled_instance_is_over(engine: Engine) -> None:
    instance = started(engine)
    item = one(engine)
    instances.cancel(engine, instance, 1, "mistake")

    for act in (
        lambda: working.complete(engine, item.task, ANNA, {}),
        lambda: working.extend(engine, item.task, ANNA, MINUTE),
    ):
        with pytest.raises(Conflict) as over:
            act()
        assert over.value.code == "work.over"


def test_stuck_work_leaves_no_incident_when_its_instance_is_cancelled(engine: Engine) -> None:
    instance = started(engine)
    working.fail(engine, one(engine).task, ANNA, Failure("jam", final=True))

    instances.cancel(engine, instance, 1, "mistake")

    with engine.start_work(reading=True) as work:
        assert incidents.open(work) == []
    assert instances.view(engine, instance).incidents == 0


def test_a_suspended_instance_gives_nothing_out_and_takes_nothing(engine: Engine) -> None:
    first, item = started(engine), one(engine)
    second = started(engine)
    for each in (first, second):
        instances.suspend(engine, each, 1, "audit")

    assert working.fetch(engine, ANNA, wish(5)) == ()
    with pytest.raises(Conflict) as suspended:
        working.complete(engine, item.task, ANNA, {})
    assert suspended.value.code == "instance.suspended"
    instances.resume(engine, first, 1, "done")
    working.complete(engine, item.task, ANNA, {})


def test_work_that_was_completed_is_over_and_a_task_for_people_is_no_work(engine: Engine, store: Store) -> None:
    started(engine)
    item = one(engine)
    working.complete(engine, item.task, ANNA, {})

    with pytest.raises(Conflict) as over:
        working.complete(engine, item.task, ANNA, {})
    assert over.value.code == "work.over"
    with pytest.raises(NotFound):
        working.complete(engine, 999, ANNA, {})


def test_another_branch_goes_on_while_work_is_stuck_and_the_incident_stays(engine: Engine) -> None:
    body = (
        '<startEvent id="begin"/><parallelGateway id="fork"/>' + job("print") + '<userTask id="look" name="look"/>'
        '<userTask id="sign" name="sign"/><parallelGateway id="join"/><endEvent id="done"/>'
        + sequence("begin", "fork", "print", "join", "done") + sequence("fork", "look", "sign", "join")
    )  # fmt: skip
    instance = started(engine, process("both", body))
    working.fail(engine, one(engine).task, ANNA, Failure("jam", final=True))
    with engine.start_work(reading=True) as work:
        (look,) = [each for each in tasks.of_instance(engine, work, instance, status="open") if each.topic is None]

    tasks.complete_one(engine, look.id, Answer({}), 1)

    with engine.start_work(reading=True) as work:
        assert [each.code for each in incidents.open(work, instance_id=instance)] == ["work.failed"]
    assert instances.view(engine, instance).incidents == 1


def test_workers_that_race_never_get_the_same_work(engine: Engine) -> None:
    """Eight programs, forty pieces of work: each piece is given out once (PostgreSQL: SKIP LOCKED)."""
    key = definitions.deploy(engine, printing()).key
    for _ in range(40):
        instances.start_one(engine, key)
    got: dict[str, list[int]] = {}
    begin = threading.Barrier(8)

    def run(name: str) -> None:
        got[name] = []
        begin.wait()
        while found := working.fetch(engine, Holder(name, 1), wish(3)):
            got[name] += [each.task for each in found]

    threads = [threading.Thread(target=run, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    given = [task for tasks_of in got.values() for task in tasks_of]
    assert len(given) == len(set(given)) == 40


def test_two_that_complete_the_same_work_at_once_complete_it_once(engine: Engine) -> None:
    instance = started(engine)
    item = one(engine)
    told: list[str] = []
    begin = threading.Barrier(2)

    def run() -> None:
        begin.wait()
        try:
            working.complete(engine, item.task, ANNA, {})
            told.append("done")
        except Conflict as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["done", "work.over"]
    assert instances.view(engine, instance).status == "completed"
