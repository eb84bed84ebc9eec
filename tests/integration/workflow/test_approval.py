"""One completion is one transaction: rows, state and history move together."""

import pytest
from sqlalchemy import select

from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Store
from engine.workflow import definitions, history, instances, standings, tasks
from engine.workflow.engine import Engine
from engine.workflow.step import Answer
from engine.workflow.tables import instance_state, task
from tests.builders import counting
from tests.builders.diagrams import APPROVAL
from tests.builders.engines import make_engine

ALICE, BOB = 1, 2
KEY = "Process_approval"


@pytest.fixture
def engine(store: Store) -> Engine:
    made = make_engine(store)
    definitions.deploy(made, APPROVAL, actor=ALICE)
    return made


def _open(engine: Engine, instance_id: int) -> int:
    with engine.start_work(reading=True) as work:
        return tasks.of_instance(engine, work, instance_id, status="open")[0].id


def _complete(engine: Engine, instance_id: int, **values: object) -> None:
    tasks.complete_one(engine, _open(engine, instance_id), Answer(values), BOB)


def test_an_instance_is_drafted_rejected_drafted_again_and_approved(engine: Engine) -> None:
    instance_id = instances.start_one(engine, KEY, title="采购申请", starter=ALICE, business_key="P-1")
    for values in ({"amount": 1}, {"approved": False}, {"amount": 2}, {"approved": True}):
        _complete(engine, instance_id, **values)

    view = instances.view(engine, instance_id)

    assert (view.status, view.title, view.starter, view.ended_at is None) == ("completed", "采购申请", ALICE, False)


def test_a_completion_takes_few_statements_and_one_commit(engine: Engine) -> None:
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    task_id = _open(engine, instance_id)

    with counting.statements() as counted:
        tasks.complete_one(engine, task_id, Answer({"amount": 1}), BOB)

    assert (counted.commits, counted.count <= 7) == (1, True), counted.texts


def test_an_answer_lands_in_the_data(engine: Engine) -> None:
    instance_id = instances.start_one(engine, KEY, data={"title": "t"}, starter=ALICE)

    _complete(engine, instance_id, amount=7)

    assert instances.data(engine, instance_id) == {"title": "t", "amount": 7}


def test_the_second_person_to_complete_is_told_who_was_faster(engine: Engine) -> None:
    """APR-34"""
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    task_id = _open(engine, instance_id)
    tasks.complete_one(engine, task_id, Answer({"amount": 1}), BOB)
    before = _rows(engine, instance_id)

    with pytest.raises(Conflict) as refused:
        tasks.complete_one(engine, task_id, Answer({"amount": 2}), ALICE)

    assert (refused.value.code, refused.value.fields["by"]) == ("task.decided", BOB)
    assert _rows(engine, instance_id) == before


def test_an_unknown_task_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFound) as refused:
        tasks.complete_one(engine, 99, Answer(), BOB)

    assert refused.value.code == "task.unknown"


def test_leaving_without_commit_changes_nothing(engine: Engine) -> None:
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    before = _rows(engine, instance_id)

    with engine.start_work() as work:
        tasks.complete(engine, work, _open_in(work, instance_id), Answer({"amount": 1}), BOB)

    assert _rows(engine, instance_id) == before


def test_a_work_that_goes_on_after_its_commit_looks_again(engine: Engine) -> None:
    """Locks end with the commit, and what was read under them with the locks."""
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    with engine.start_work() as work:
        tasks.complete(engine, work, _open_in(work, instance_id), Answer({"amount": 1}), BOB)
        work.commit()
        first = standings.held(work, instance_id)
        tasks.complete(engine, work, _open_in(work, instance_id), Answer({"approved": True}), BOB)
        work.commit()

    assert first is None
    assert instances.view(engine, instance_id).status == "completed"


def test_history_has_one_line_per_step_with_its_moves(engine: Engine) -> None:
    """APR-35"""
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    _complete(engine, instance_id, amount=1)

    with engine.start_work(reading=True) as work:
        started, completed = history.of(work, instance_id)

    assert (started.act, started.actor, completed.act, completed.actor) == (
        "instance.started",
        ALICE,
        "task.completed",
        BOB,
    )
    assert ("draft", "leave", None) in completed.moves
    assert ("review", "enter", None) in completed.moves


def test_a_suspended_instance_takes_no_act_until_it_is_resumed(engine: Engine) -> None:
    """APR-18"""
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    task_id = _open(engine, instance_id)
    instances.suspend(engine, instance_id, ALICE, "check first")

    with pytest.raises(Conflict) as refused:
        tasks.complete_one(engine, task_id, Answer({"amount": 1}), BOB)
    instances.resume(engine, instance_id, ALICE, "checked")
    tasks.complete_one(engine, task_id, Answer({"amount": 1}), BOB)

    assert refused.value.code == "instance.suspended"
    assert _open(engine, instance_id) != task_id


def test_a_cancelled_instance_has_no_open_task_and_takes_no_act(engine: Engine) -> None:
    """APR-17"""
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    task_id = _open(engine, instance_id)
    instances.cancel(engine, instance_id, ALICE, "no longer needed")

    with pytest.raises(Conflict) as refused:
        tasks.complete_one(engine, task_id, Answer({"amount": 1}), BOB)

    assert refused.value.fields["status"] == "cancelled"
    assert instances.view(engine, instance_id).status == "cancelled"


def test_an_instance_that_ended_cannot_be_cancelled_again(engine: Engine) -> None:
    instance_id = instances.start_one(engine, KEY, starter=ALICE)
    instances.cancel(engine, instance_id, ALICE, "once")

    with pytest.raises(Conflict) as refused:
        instances.cancel(engine, instance_id, ALICE, "twice")

    assert refused.value.code == "instance.ended"


def _open_in(work: object, instance_id: int) -> int:
    query = select(task.c.id).where(task.c.instance_id == instance_id, task.c.status == "open")
    return int(work.connection.execute(query).scalar_one())  # type: ignore[attr-defined]


def _rows(engine: Engine, instance_id: int) -> list[object]:
    with engine.start_work(reading=True) as work:
        state = work.connection.execute(select(instance_state).where(instance_state.c.instance_id == instance_id)).all()
        rows = work.connection.execute(select(task).where(task.c.instance_id == instance_id)).all()
        return [state, rows, len(history.of(work, instance_id))]
