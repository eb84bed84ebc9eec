"""An administrator moves a token with a reason: what may be moved where, what is told before, what is written."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine.approvals import joining
from engine.kernel.errors import Conflict, InvalidInput
from engine.kernel.work import Store, Work
from engine.people import persons
from engine.people.persons import NewPerson
from engine.workflow import definitions, history, instances, rerouting, tasks
from engine.workflow.engine import Engine
from engine.workflow.rerouting import Preview
from engine.workflow.step import Answer
from tests.builders.diagrams import operation, process, sequence, timed, user
from tests.builders.engines import make_engine

ADMIN = 1
FORK = (
    '<startEvent id="begin"/><parallelGateway id="fork"/><parallelGateway id="join"/><endEvent id="done"/>'
    + user("a")
    + user("b")
    + user("after")
    + sequence("begin", "fork", "a", "join", "after", "done")
    + sequence("fork", "b", "join")
)


@pytest.fixture
def engine(store: Store) -> Engine:
    made = make_engine(store)
    joining.join(made)
    with made.start_work() as work:
        persons.add(work, NewPerson("E001", "陈静"))
        work.commit()
    return made


@pytest.fixture
def line(engine: Engine) -> int:
    """At `a` of a, b, c; a reminder listens beside `a`."""
    body = '<startEvent id="begin"/><endEvent id="done"/>' + "".join(map(user, ("a", "b", "c", "late")))
    beside = timed("a", "late", after="P1D", interrupting=False) + sequence("late", "done")
    definitions.deploy(engine, process("order", body + beside + sequence("begin", "a", "b", "c", "done")))
    return instances.start_one(engine, "order", starter=1)


def forked(engine: Engine) -> int:
    definitions.deploy(engine, process("order", FORK))
    return instances.start_one(engine, "order", starter=1)


def token_at(engine: Engine, instance_id: int, node: str) -> str:
    with engine.start_work(reading=True) as work:
        found = rerouting.tokens(engine, work, instance_id)
    return next(each.token for each in found if each.node.id == node)


def told(engine: Engine, instance_id: int, node: str, target: str) -> Preview:
    with engine.start_work(reading=True) as work:
        return rerouting.preview(engine, work, instance_id, token_at(engine, instance_id, node), target)


def open_nodes(engine: Engine, instance_id: int) -> list[str]:
    with engine.start_work(reading=True) as work:
        return sorted(each.node for each in tasks.of_instance(engine, work, instance_id, status="open"))


def test_a_token_is_taken_to_another_node_and_history_keeps_who_and_why(engine: Engine, line: int) -> None:
    """Issue 4 item 6: move of a token by an admin with a reason."""
    rerouting.move(engine, line, token_at(engine, line, "a"), "c", ADMIN, "b was done on paper ")

    with engine.start_work(reading=True) as work:
        last = history.of(work, line)[-2:]
    said = next(each for each in last if each.act == "token.moved")
    assert open_nodes(engine, line) == ["c"]
    assert (said.actor, said.detail["node"], said.detail["to"]) == (ADMIN, "a", "c")
    assert said.detail["reason"] == "b was done on paper"


def test_before_a_move_it_is_told_what_ends_and_what_begins_and_nothing_is_changed(engine: Engine, line: int) -> None:
    seen = told(engine, line, "a", "c")

    assert [each.id for each in seen.ends] == ["a", "a_timer"]
    assert [each.id for each in seen.begins] == ["c"]
    assert (seen.ends_instance, seen.certain, seen.stranded) == (False, True, ())
    assert open_nodes(engine, line) == ["a"]


def test_a_move_to_the_end_says_that_the_instance_ends(engine: Engine, line: int) -> None:
    assert told(engine, line, "a", "done").ends_instance


def test_operations_on_the_way_are_foreseen_and_not_carried_out(engine: Engine) -> None:
    ran: list[str] = []

    def note(engine: Engine, work: Work, call: Any, context: Any) -> Mapping[str, Any]:
        ran.append(call.name)
        return {}

    engine.operations.register("note", note)
    body = '<startEvent id="begin"/><endEvent id="done"/>' + user("a") + operation("op", "note") + user("b")
    definitions.deploy(engine, process("order", body + sequence("begin", "a", "op", "b", "done")))
    instance_id = instances.start_one(engine, "order", starter=1)

    seen = told(engine, instance_id, "a", "op")

    assert ([each.id for each in seen.runs], [each.id for each in seen.begins]) == (["op"], ["b"])
    assert (seen.certain, ran) == (False, [])


def test_a_move_out_of_a_parallel_branch_tells_which_join_would_wait_for_ever(engine: Engine) -> None:
    seen = told(engine, forked(engine), "a", "after")

    assert [(each.code, each.element) for each in seen.stranded] == [("migration.join_starves", "join")]


def test_a_token_is_never_put_at_a_join_that_waits_for_its_branches(engine: Engine) -> None:
    instance_id = forked(engine)
    with engine.start_work(reading=True) as work:
        (position, _) = rerouting.tokens(engine, work, instance_id)

    assert [each.id for each in position.targets] == ["fork", "done", "a", "b", "after"]
    with pytest.raises(InvalidInput, match="join is no node"):
        rerouting.move(engine, instance_id, position.token, "join", ADMIN, "try")


def test_a_move_without_a_reason_is_refused(engine: Engine, line: int) -> None:
    with pytest.raises(InvalidInput, match="say why"):
        rerouting.move(engine, line, token_at(engine, line, "a"), "c", ADMIN, "  ")


def test_a_token_that_went_on_meanwhile_is_not_moved(engine: Engine, line: int) -> None:
    token = token_at(engine, line, "a")
    with engine.start_work(reading=True) as work:
        (task,) = tasks.of_instance(engine, work, line, status="open")
    tasks.complete_one(engine, task.id, Answer({}), ADMIN)

    with pytest.raises(Conflict, match="does not stand there"):
        rerouting.move(engine, line, token, "c", ADMIN, "too late")


def test_a_suspended_instance_is_not_moved(engine: Engine, line: int) -> None:
    token = token_at(engine, line, "a")
    instances.suspend(engine, line, ADMIN, "audit")

    with pytest.raises(Conflict, match="suspended"):
        rerouting.move(engine, line, token, "c", ADMIN, "no")


def test_a_subprocess_is_moved_as_a_whole(engine: Engine) -> None:
    inside = '<startEvent id="in"/><endEvent id="out"/>' + user("x") + sequence("in", "x", "out")
    body = f'<startEvent id="begin"/><endEvent id="done"/><subProcess id="box" name="box">{inside}</subProcess>'
    definitions.deploy(engine, process("order", body + user("b") + sequence("begin", "box", "b", "done")))
    instance_id = instances.start_one(engine, "order", starter=1)

    rerouting.move(engine, instance_id, token_at(engine, instance_id, "box"), "b", ADMIN, "box is not needed")

    assert open_nodes(engine, instance_id) == ["b"]
