"""`letterflow migrate`: what it says, what it changes, how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.kernel import config as configuration
from engine.workflow import definitions, instances
from engine.workflow.engine import Engine
from tests.builders.diagrams import process, sequence, user
from tests.builders.processes import SECRET
from webui import wiring
from webui.cli import letterflow


@pytest.fixture
def engine(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Two versions of a process, the second without the node `law`, and an instance at it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LETTERFLOW_DATABASE__URL", sqlite_url)
    monkeypatch.setenv("LETTERFLOW_SERVER__SECRET_KEY", SECRET)
    made = wiring.install(configuration.load()).engine
    definitions.deploy(made, _drawn("law"))
    instances.start_one(made, "order", title="采购")
    definitions.deploy(made, _drawn("legal"))
    return made


def _drawn(node: str) -> dict[str, bytes]:
    body = '<startEvent id="begin"/><endEvent id="done"/>' + user(node)
    return process("order", body + sequence("begin", node, "done"))


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(letterflow, arguments)


def _version(engine: Engine) -> int:
    with engine.start_work(reading=True) as work:
        return definitions.by_id(work, instances.view_in(work, 1).definition_id).version


def test_a_dry_run_says_what_stays_and_why_and_changes_nothing(engine: Engine) -> None:
    tried = _run("migrate", "order", "1", "2", "--dry-run")

    assert tried.exit_code == 1
    assert "law: 1 instances, no place in the new version" in tried.output
    assert "IN-1 采购: law does not exist in the new version. Choose a node that takes its place." in tried.output
    assert _version(engine) == 1


def test_what_has_a_place_is_migrated(engine: Engine) -> None:
    done = _run("migrate", "order", "1", "2", "--map", "law=legal", "--json")

    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["counts"] == {"moved": 1}
    assert _version(engine) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("order", "1", "7"), "has no version 7"),
        (("order", "1", "2", "--map", "law"), "write --map old=new"),
        (("order", "1", "2", "--map", "law=nowhere"), "nowhere is no node"),
        (("order", "2", "2"), "name another"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(engine: Engine, arguments: tuple[str, ...], sentence: str) -> None:
    told = _run("migrate", *arguments)

    assert told.exit_code == 1
    assert sentence in told.output
