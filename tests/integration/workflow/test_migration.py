"""Running instances of one version of a process go to another: plan, dry run, run, refusal, history."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.approvals import decisions, joining
from engine.approvals.decisions import Decision
from engine.approvals.tables import assignment
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotFound
from engine.kernel.work import Store, Work
from engine.people import persons
from engine.people.persons import NewPerson
from engine.workflow import definitions, history, incidents, instances, messages, tasks, timers
from engine.workflow.engine import Engine
from engine.workflow.migration import plans, progress, runs, terms
from engine.workflow.migration.progress import Progress
from engine.workflow.migration.terms import Terms
from engine.workflow.step import Answer
from engine.workflow.views import TaskView
from tests.builders import counting
from tests.builders.diagrams import operation, process, sequence, timed, user
from tests.builders.engines import jobs_of, make_engine

ADMIN = 1
Files = Mapping[str, bytes]


@pytest.fixture
def engine(store: Store) -> Engine:
    made = make_engine(store)
    joining.join(made)
    with made.start_work() as work:
        persons.add(work, NewPerson("E001", "陈静"))
        persons.add(work, NewPerson("E002", "李建国"))
        work.commit()
    return made


def line(*ids: str, more: str = "", asks: str = '<lf:who rule="starter"/>') -> Files:
    """Begin, user tasks in a row, end; `more` is drawn beside them."""
    body = '<startEvent id="begin"/><endEvent id="done"/>' + "".join(user(each, asks) for each in ids)
    return process("order", body + more + sequence("begin", *ids, "done"))


def agreed(engine: Engine, mapping: Mapping[str, str] | None = None, **more: Any) -> Terms:
    with engine.start_work(reading=True) as work:
        return terms.read(engine, work, "order", (1, 2), mapping=mapping, **more)


def migrated(engine: Engine, mapping: Mapping[str, str] | None = None, *, trial: bool = False) -> Progress:
    migration_id = runs.begin(engine, agreed(engine, mapping), ADMIN, trial=trial)
    jobs_of(engine).run()
    with engine.start_work(reading=True) as work:
        return progress.of(work, migration_id)


def reasons(engine: Engine, done: Progress) -> dict[int, list[str]]:
    with engine.start_work(reading=True) as work:
        found = progress.lines(work, done.id, (progress.CANNOT, progress.REFUSED))
    return {each.instance_id: [one.code for one in each.findings] for each in found}


def open_task(engine: Engine, instance_id: int) -> TaskView:
    with engine.start_work(reading=True) as work:
        (found,) = tasks.of_instance(engine, work, instance_id, status="open")
    return found


def answer(engine: Engine, instance_id: int) -> None:
    tasks.complete_one(engine, open_task(engine, instance_id).id, Answer({}), ADMIN)


def version(engine: Engine, instance_id: int) -> int:
    with engine.start_work(reading=True) as work:
        return definitions.by_id(work, instances.view_in(work, instance_id).definition_id).version


def test_instances_keep_their_version_until_they_are_migrated(engine: Engine) -> None:
    definitions.deploy(engine, line("a", "b"))
    kept = instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, line("a", "c", "b"))
    before = version(engine, kept)

    done = migrated(engine)

    answer(engine, kept)
    assert (before, version(engine, kept), done.status, done.counts) == (1, 2, "done", {"moved": 1})
    assert open_task(engine, kept).node == "c"


def test_a_trial_tells_of_every_instance_and_changes_none(engine: Engine) -> None:
    definitions.deploy(engine, line("a", "b"))
    first, second = (instances.start_one(engine, "order", starter=1) for _ in range(2))
    answer(engine, second)
    definitions.deploy(engine, line("a"))
    with engine.start_work(reading=True) as work:
        before = work.connection.execute(select(assignment)).all()

    done = migrated(engine, trial=True)

    with engine.start_work(reading=True) as work:
        after = work.connection.execute(select(assignment)).all()
        acts = [each.act for each in history.of(work, first)]
    assert done.counts == {"can": 1, "cannot": 1}
    assert reasons(engine, done) == {second: ["migration.target_missing"]}
    assert (version(engine, first), version(engine, second), before == after) == (1, 1, True)
    assert "instance.migrated" not in acts


def test_what_a_trial_found_able_is_migrated_and_the_others_stay(engine: Engine) -> None:
    definitions.deploy(engine, line("a", "b"))
    first, second = (instances.start_one(engine, "order", starter=1) for _ in range(2))
    answer(engine, second)
    definitions.deploy(engine, line("a"))
    trial = migrated(engine, trial=True)

    migration_id = runs.begin(engine, agreed(engine), ADMIN, trial=False, after_trial=trial.id)
    jobs_of(engine).run()

    with engine.start_work(reading=True) as work:
        assert progress.of(work, migration_id).counts == {"moved": 1}
    assert (version(engine, first), version(engine, second)) == (2, 1)


def test_a_task_keeps_its_people_its_due_moment_its_opinions_and_votes(engine: Engine, clock: ManualClock) -> None:
    both = '<lf:who rule="person" value="=[1, 2]"/><lf:node kind="decide" mode="ALL"/><lf:limit for="P2D"/>'
    definitions.deploy(engine, line("a", "b", asks=both))
    kept = instances.start_one(engine, "order", starter=1)
    task = open_task(engine, kept)
    decisions.decide(engine, task.id, 1, Decision("APPROVED", opinion="同意"))
    clock.move(timedelta(hours=5))
    named = both.replace("P2D", "P9D")
    definitions.deploy(engine, line("z", "b", asks=named))

    migrated(engine, {"a": "z"})

    after = open_task(engine, kept)
    with engine.start_work(reading=True) as work:
        rows = work.connection.execute(
            select(assignment).where(assignment.c.task_id == task.id).order_by(assignment.c.person_id)
        ).all()
        waiting = [each.due_at for each in timers.of_instance(work, kept)]
    assert (after.id, after.node, after.name, after.due_at) == (task.id, "z", "z", task.due_at)
    assert [(row.person_id, row.state, row.opinion, row.node) for row in rows] == [
        (1, "APPROVED", "同意", "z"),
        (2, "PENDING", None, "z"),
    ]
    assert waiting == [task.due_at]
    assert decisions.decide(engine, task.id, 2, Decision("APPROVED")).outcome == "APPROVED"


def test_history_says_who_migrated_and_where_things_stand_now(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))
    kept = instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, line("z"))

    migrated(engine, {"a": "z"})

    with engine.start_work(reading=True) as work:
        told = next(each for each in history.of(work, kept) if each.act == "instance.migrated")
    assert told.actor == ADMIN
    assert told.detail["from"], told.detail["to"] == (1, 2)
    assert told.detail["mapping"] == {"a": "z"}


def test_only_a_timer_whose_text_changed_gets_another_moment(engine: Engine, clock: ManualClock) -> None:
    def drawn(after: str, *ids: str) -> Files:
        beside = user("chase") + timed("a", "chase", after=after, interrupting=False) + sequence("chase", "done")
        return line(*ids, more=beside)

    definitions.deploy(engine, drawn("P1D", "a"))
    kept = instances.start_one(engine, "order", starter=1)
    with engine.start_work(reading=True) as work:
        (before,) = timers.of_instance(work, kept)
    clock.move(timedelta(hours=3))
    definitions.deploy(engine, drawn("P1D", "a", "b"))
    migrated(engine)
    with engine.start_work(reading=True) as work:
        (same,) = timers.of_instance(work, kept)
        third = definitions.deploy(engine, drawn("P3D", "a", "b"))

    with engine.start_work(reading=True) as work:
        on = terms.read(engine, work, "order", (2, third.version))
    runs.begin(engine, on, ADMIN, trial=False)
    jobs_of(engine).run()

    with engine.start_work(reading=True) as work:
        (after,) = timers.of_instance(work, kept)
    assert (same.id, same.due_at) == (before.id, before.due_at)
    assert after.due_at == before.due_at + timedelta(days=2)
    clock.move(timedelta(days=3))
    assert timers.fire_due(engine) == 1


def test_a_suspended_instance_is_migrated_and_stays_suspended(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))
    kept = instances.start_one(engine, "order", starter=1)
    instances.suspend(engine, kept, ADMIN, "audit")
    definitions.deploy(engine, line("a", "b"))

    migrated(engine)

    assert (version(engine, kept), instances.view(engine, kept).status) == (2, "suspended")
    instances.resume(engine, kept, ADMIN, "done")
    answer(engine, kept)
    assert open_task(engine, kept).node == "b"


def test_an_incident_is_migrated_and_retried_with_the_mended_version(engine: Engine) -> None:
    engine.operations.register("broken", _fails)
    engine.operations.register("mended", lambda engine, work, call, context: {})
    for name in ("broken", "mended"):
        definitions.deploy(engine, _with_operation(name))
        if name == "broken":
            kept = instances.start_one(engine, "order", starter=1)

    migrated(engine)

    with engine.start_work(reading=True) as work:
        (found,) = incidents.open(work, instance_id=kept)
    assert incidents.retry(engine, found.id, ADMIN)
    assert instances.view(engine, kept).incidents == 0


def _fails(engine: Engine, work: Work, call: Any, context: Any) -> Mapping[str, Any]:
    raise InvalidInput("order.broken", "it never works")


def _with_operation(name: str) -> Files:
    body = '<startEvent id="begin"/><endEvent id="done"/>' + operation("op", name) + user("b")
    return process("order", body + sequence("begin", "op", "b", "done"))


def test_an_instance_that_ended_meanwhile_is_left_alone(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))
    kept = instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, line("a", "b"))
    migration_id = runs.begin(engine, agreed(engine), ADMIN, trial=False)
    answer(engine, kept)

    jobs_of(engine).run()

    with engine.start_work(reading=True) as work:
        assert progress.of(work, migration_id).counts == {"over": 1}


def test_a_run_goes_on_where_it_was_left_and_settles_each_instance_once(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))
    kept = [instances.start_one(engine, "order", starter=1) for _ in range(5)]
    definitions.deploy(engine, line("a", "b"))
    migration_id = runs.begin(engine, agreed(engine), ADMIN, trial=False)
    jobs_of(engine).held.clear()  # the process was killed

    first = runs.work_off(engine, migration_id, size=2)
    jobs_of(engine).held.clear()
    again = runs.work_off(engine, migration_id, size=2)
    jobs_of(engine).run()

    with engine.start_work(reading=True) as work:
        done = progress.of(work, migration_id)
        told = [each.act for one in kept for each in history.of(work, one)].count("instance.migrated")
    assert (first, again, done.status, done.counts, told) == (2, 2, "done", {"moved": 5}, 5)


def test_a_run_whose_job_was_lost_is_handed_out_again(engine: Engine, clock: ManualClock) -> None:
    definitions.deploy(engine, line("a"))
    kept = instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, line("a", "b"))
    runs.begin(engine, agreed(engine), ADMIN, trial=False)
    jobs_of(engine).held.clear()
    soon = runs.sweep(engine)
    clock.move(timedelta(minutes=1))

    later = runs.sweep(engine)
    jobs_of(engine).run()

    assert (soon, later, version(engine, kept)) == (0, 1, 2)


def test_an_exception_in_the_middle_leaves_each_instance_before_or_after(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions.deploy(engine, line("a"))
    kept = [instances.start_one(engine, "order", starter=1) for _ in range(3)]
    definitions.deploy(engine, line("z"))

    def break_down(_engine: Engine, _work: Work, instance: Any, *_: Any) -> None:
        if instance.id == kept[1]:
            raise RuntimeError("pulled the plug")

    monkeypatch.setattr(type(engine.hooks.listeners[0]), "instance_migrated", lambda self, *given: break_down(*given))
    done = migrated(engine, {"a": "z"})

    assert done.counts == {"moved": 2, "refused": 1}
    assert [version(engine, each) for each in kept] == [2, 1, 2]
    assert [open_task(engine, each).node for each in kept] == ["z", "a", "z"]
    assert reasons(engine, done) == {kept[1]: ["migration.failed"]}


def test_what_was_refused_is_tried_again(engine: Engine) -> None:
    definitions.deploy(engine, line("a", "b"))
    kept = instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, line("b"))
    done = migrated(engine)
    answer(engine, kept)  # it has left the node that is missing

    count = runs.retry(engine, done.id, ADMIN)
    jobs_of(engine).run()

    assert (done.counts, count, version(engine, kept)) == ({"refused": 1}, 1, 2)


def test_a_run_that_was_stopped_leaves_the_rest(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))
    kept = instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, line("a", "b"))
    migration_id = runs.begin(engine, agreed(engine), ADMIN, trial=False)

    runs.stop(engine, migration_id, ADMIN)
    jobs_of(engine).run()

    assert version(engine, kept) == 1
    assert runs.retry(engine, migration_id, ADMIN) == 1


def test_two_runs_between_the_same_versions_do_not_overlap(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))
    definitions.deploy(engine, line("a", "b"))
    instances.start_one(engine, "order", starter=1)
    runs.begin(engine, agreed(engine), ADMIN, trial=False)

    with pytest.raises(Conflict, match="running"):
        runs.begin(engine, agreed(engine), ADMIN, trial=True)


def test_the_plan_counts_who_stands_where_and_what_takes_its_place(engine: Engine) -> None:
    definitions.deploy(engine, line("a", "b", "c"))
    for number in range(3):
        instance_id = instances.start_one(engine, "order", starter=1)
        for _ in range(number):
            answer(engine, instance_id)
    definitions.deploy(engine, line("a", "c"))

    with engine.start_work(reading=True) as work:
        plan = plans.plan(engine, work, agreed(engine))
        mapped = plans.plan(engine, work, agreed(engine, {"b": "c"}))

    assert plan.living == 3
    assert [(row.place.address, row.standing, row.target, row.how) for row in plan.rows] == [
        ("a", 1, "a", "same"),
        ("b", 1, None, "none"),
        ("c", 1, "c", "same"),
    ]
    assert [row.place.address for row in plan.rows if row.open] == ["b"]
    assert [row.how for row in mapped.rows] == ["same", "chosen", "same"]


@pytest.mark.parametrize("mapping", [{"nowhere": "a"}, {"a": "nowhere"}])
def test_a_mapping_of_what_is_not_there_is_refused(engine: Engine, mapping: Mapping[str, str]) -> None:
    definitions.deploy(engine, line("a"))
    definitions.deploy(engine, line("a", "b"))

    with pytest.raises(InvalidInput, match="nowhere"):
        agreed(engine, mapping)


def test_a_version_that_is_not_there_is_named(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))

    with pytest.raises(NotFound, match="no version 2"):
        agreed(engine)


def test_a_called_process_keeps_its_pinned_version_unless_the_latest_is_asked_for(engine: Engine) -> None:
    def part(*ids: str) -> None:
        body = '<startEvent id="cb"/><endEvent id="cd"/>' + "".join(user(each) for each in ids)
        definitions.deploy(engine, process("part", body + sequence("cb", *ids, "cd")))

    def calling(*ids: str) -> None:
        body = '<startEvent id="begin"/><endEvent id="done"/><callActivity id="call" calledElement="part"/>'
        tasks_after = "".join(user(each) for each in ids)
        definitions.deploy(engine, process("order", body + tasks_after + sequence("begin", "call", *ids, "done")))

    part("x")
    calling()
    kept, other = (instances.start_one(engine, "order", starter=1) for _ in range(2))
    part("x", "y")
    calling("b")

    migrated(engine)
    answer(engine, kept)
    with engine.start_work(reading=True) as work:
        again = terms.read(engine, work, "order", (2, 2), latest_called=True)
    runs.begin(engine, again, ADMIN, trial=False)
    jobs_of(engine).run()
    answer(engine, other)

    assert open_task(engine, kept).node == "b"
    assert open_task(engine, other).node == "y"


def test_messages_reach_what_waits_after_the_migration(engine: Engine) -> None:
    def waiting(node: str) -> Files:
        declared = '<message id="m" name="news"/>'
        catch = f'<intermediateCatchEvent id="{node}"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        body = '<startEvent id="begin"/><endEvent id="done"/>' + catch + user("b")
        return process("order", body + sequence("begin", node, "b", "done"), declared)

    definitions.deploy(engine, waiting("w"))
    kept = instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, waiting("v"))
    migrated(engine, {"w": "v"})

    with engine.start_work() as work:
        reached = messages.send(engine, work, "news", None)
        work.commit()

    assert (reached, open_task(engine, kept).node) == (1, "b")


def test_migrating_one_instance_takes_a_dozen_statements_and_one_commit(engine: Engine) -> None:
    definitions.deploy(engine, line("a"))
    for _ in range(5):
        instances.start_one(engine, "order", starter=1)
    definitions.deploy(engine, line("z", "b"))
    migration_id = runs.begin(engine, agreed(engine, {"a": "z"}), ADMIN, trial=False)

    def counted(size: int) -> tuple[int, int]:
        with counting.statements() as seen:
            assert runs.work_off(engine, migration_id, size=size) == size
        return seen.count, seen.commits

    counted(1)  # compiles both versions
    one, three = counted(1), counted(3)

    assert three[1] - one[1] == 2
    assert (three[0] - one[0]) / 2 <= 14
