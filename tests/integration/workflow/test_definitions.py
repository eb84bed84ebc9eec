"""A definition is its content: the same content stays one version, running instances keep theirs."""

from pathlib import Path

import pytest

from engine.kernel.errors import BadDefinition, Conflict, NotFound
from engine.kernel.work import Store
from engine.workflow import definitions, instances, tasks
from engine.workflow.engine import Engine
from engine.workflow.step import Answer
from tests.builders.diagrams import one_task, process, sequence, user
from tests.builders.engines import make_engine

TWO_TASKS = process(
    "work_it",
    '<startEvent id="begin"/>' + user("work") + user("check") + '<endEvent id="done"/>'
    + sequence("begin", "work", "check", "done"),
)  # fmt: skip
ONE_TASK = one_task("work_it")
CALLER = process(
    "caller",
    '<startEvent id="begin"/><callActivity id="call" calledElement="work_it"/><endEvent id="done"/>'
    + sequence("begin", "call", "done"),
)


@pytest.fixture
def engine(store: Store) -> Engine:
    return make_engine(store)


def _complete(engine: Engine, instance_id: int) -> None:
    with engine.start_work(reading=True) as work:
        (task,) = tasks.of_instance(engine, work, instance_id, status="open")
    tasks.complete_one(engine, task.id, Answer(), 1)


def test_the_same_content_is_one_version(engine: Engine) -> None:
    first, second = (definitions.deploy(engine, ONE_TASK) for _ in range(2))

    assert (first.id, first.version, first.status) == (second.id, 1, "active")


def test_a_running_instance_keeps_its_version(engine: Engine) -> None:
    definitions.deploy(engine, ONE_TASK)
    old = instances.start_one(engine, "work_it")
    newer = definitions.deploy(engine, TWO_TASKS)
    new = instances.start_one(engine, "work_it")
    for instance_id in (old, new):
        _complete(engine, instance_id)

    assert newer.version == 2
    assert [instances.view(engine, each).status for each in (old, new)] == ["completed", "running"]


def test_a_called_process_is_pinned_when_its_caller_starts(engine: Engine) -> None:
    definitions.deploy(engine, ONE_TASK)
    definitions.deploy(engine, CALLER)
    old = instances.start_one(engine, "caller")
    definitions.deploy(engine, TWO_TASKS)
    new = instances.start_one(engine, "caller")
    fresh = make_engine_like(engine)  # another process, which compiled nothing yet
    for instance_id in (old, new):
        _complete(fresh, instance_id)

    assert [instances.view(fresh, each).status for each in (old, new)] == ["completed", "running"]


def test_an_older_version_can_be_activated_again(engine: Engine) -> None:
    first = definitions.deploy(engine, ONE_TASK)
    second = definitions.deploy(engine, TWO_TASKS)

    definitions.activate(engine, first.id, 1)

    with engine.start_work(reading=True) as work:
        states = {each.id: each.status for each in definitions.versions(work, "work_it")}
        assert (definitions.current(work, "work_it").id, states[second.id]) == (first.id, "inactive")


def test_a_retired_version_starts_nothing_and_is_not_activated(engine: Engine) -> None:
    only = definitions.deploy(engine, ONE_TASK)
    definitions.retire(engine, only.id, 1)

    with pytest.raises(NotFound):
        instances.start_one(engine, "work_it")
    with pytest.raises(Conflict) as refused:
        definitions.activate(engine, only.id, 1)

    assert refused.value.code == "definition.retired"


def test_a_diagram_that_cannot_run_is_refused_and_nothing_is_kept(engine: Engine) -> None:
    broken = process("broken", '<startEvent id="begin"/>' + user("work") + sequence("begin", "work", "nowhere"))

    with pytest.raises(BadDefinition):
        definitions.deploy(engine, broken)

    with engine.start_work(reading=True) as work:
        assert definitions.versions(work, "broken") == []


def test_folders_are_deployed_called_ones_first(engine: Engine, tmp_path: Path) -> None:
    for name, files in (("a_caller", CALLER), ("b_called", ONE_TASK)):
        (tmp_path / name).mkdir()
        for file, content in files.items():
            (tmp_path / name / file).write_bytes(content)

    deployed = definitions.deploy_all(engine, tmp_path)

    assert [view.key for view in deployed] == ["work_it", "caller"]


def test_a_folder_without_a_diagram_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadDefinition) as refused:
        definitions.deploy(engine, tmp_path)

    assert refused.value.code == "definition.empty"


def test_files_with_several_processes_need_a_name_that_chooses(engine: Engine) -> None:
    both = {**one_task("first"), **one_task("second")}
    renamed = {"x.bpmn": both["first.bpmn"], "y.bpmn": both["second.bpmn"]}

    with pytest.raises(BadDefinition) as refused:
        definitions.deploy(engine, renamed)

    assert refused.value.fields["processes"] == ["first", "second"]


def make_engine_like(engine: Engine) -> Engine:
    """The same database with empty caches."""
    store = engine.start_work.__self__  # type: ignore[attr-defined]  # the store whose method it is
    return make_engine(store)
