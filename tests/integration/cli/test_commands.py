"""The command line looks after an installation: it creates, checks, copies, and says mistakes in one sentence."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.builders.diagrams import one_task
from tests.builders.processes import SECRET
from webui.cli import letterflow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder as the working directory, configured by the environment alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LETTERFLOW_DATABASE__URL", f"sqlite:///{tmp_path}/var/letterflow.sqlite3")
    monkeypatch.setenv("LETTERFLOW_SERVER__SECRET_KEY", SECRET)
    return tmp_path


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(letterflow, arguments)


def _process(folder: Path, key: str = "work_it") -> Path:
    place = folder / "processes" / key
    place.mkdir(parents=True)
    for name, content in one_task(key).items():
        (place / name).write_bytes(content)
    return place


def test_init_creates_seeds_and_deploys_and_a_second_time_changes_nothing(folder: Path) -> None:
    _process(folder)

    first, second = _run("init"), _run("init")

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "process work_it version 1 active" in first.output
    assert "calendar: 0 days added" in second.output
    assert "process work_it version 1 active" in second.output


def test_a_doctor_finds_nothing_wrong_with_a_fresh_installation(folder: Path) -> None:
    _process(folder)
    _run("init")

    examined = _run("doctor")

    assert (examined.exit_code, "BAD" in examined.output) == (0, False), examined.output


def test_a_doctor_names_what_is_wrong_and_the_remedy(folder: Path) -> None:
    (folder / "var").mkdir()

    examined = _run("doctor")

    assert examined.exit_code == 1
    assert "run `letterflow upgrade`" in examined.output


def test_a_backup_holds_what_the_database_holds(folder: Path) -> None:
    _process(folder)
    _run("init")

    done = _run("backup", "copy.sqlite3")
    again = _run("backup", "copy.sqlite3")

    with sqlite3.connect(folder / "copy.sqlite3") as copy:
        keys = copy.execute("SELECT key FROM definition").fetchall()
    copy.close()
    assert (done.exit_code, keys) == (0, [("work_it",)])
    assert (again.exit_code, "name a new file" in again.output) == (1, True)


def test_history_is_verified_and_a_changed_line_is_named(folder: Path) -> None:
    _process(folder)
    _run("init")
    sound = _run("audit", "verify")
    with sqlite3.connect(folder / "var" / "letterflow.sqlite3") as database:
        database.execute("DROP TRIGGER history_no_update")
        database.execute("UPDATE history SET actor = 9 WHERE stream = 'definition:work_it' AND seq = 1")
    database.close()

    broken = _run("audit", "verify")

    assert (sound.exit_code, broken.exit_code) == (0, 1)
    assert "definition:work_it entry 1: flipped" in broken.output


def test_deploy_takes_one_folder_or_all_below(folder: Path) -> None:
    one = _process(folder)
    _process(folder, "other")
    _run("init")

    single, several = _run("deploy", str(one)), _run("deploy", str(one.parent))

    assert single.output.startswith("work_it version 1")
    assert several.output.count("version 1") == 2


def test_a_person_is_added_with_an_account_and_a_role(folder: Path) -> None:
    _run("init")

    added = _run("user", "add", "E001", "陈静", "--role", "ADMIN", "--password", "a long enough password")
    listed = _run("user", "list")

    assert added.exit_code == 0, added.output
    assert listed.output.split("\t")[:3] == ["E001", "陈静", "e001"]
    assert "ADMIN" in listed.output


def test_an_unknown_person_is_said_in_one_sentence(folder: Path) -> None:
    _run("init")

    refused = _run("user", "role", "E404", "ADMIN")

    assert (refused.exit_code, refused.output) == (1, "there is no person with the number E404\n")


def test_a_mistaken_configuration_is_said_before_anything_is_done(folder: Path) -> None:
    (folder / "config.toml").write_text("[server]\nprot = 1\n")

    refused = _run("init")

    assert (refused.exit_code, "did you mean server.port?" in refused.output) == (1, True)
    assert not (folder / "var").exists()
