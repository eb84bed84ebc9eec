"""`letterflow simulate` and `letterflow check`: in memory, simulated time, the JSON that other programs read."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.paths import ROOT, SHARED
from tests.unit.workflow.diagrams import (
    boundary,
    definition,
    drawn,
    extensions,
    message,
    node,
    nodes,
    script,
    several,
    timer,
)
from webui.process_cli import check_command, simulate_command

APPROVAL = SHARED / "bench/approval.bpmn"


def simulated(path: Path, *options: str) -> dict[str, Any]:
    told = CliRunner().invoke(simulate_command, [str(path), "--json", *options], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads(told.output)
    return found


def written(folder: Path, content: bytes, name: str = "p.bpmn") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_answers_are_given_one_per_visit_and_the_trace_names_each_node() -> None:
    answers = {"review": [{"approved": False}, {"approved": True}], "draft": {"title": "t"}}

    told = simulated(APPROVAL, "--answers", json.dumps(answers))

    assert told["outcome"] == "completed"
    assert [line["node"] for line in told["trace"] if line["event"] == "enter"] == [
        "StartEvent_1", *["Join", "draft", "review", "Decide"] * 2, "EndEvent_1",
    ]  # fmt: skip
    assert told["data"] == {"title": "t", "approved": True}
    assert told["trace"][0] == {"node": "StartEvent_1", "event": "enter", "at": "2026-01-05T01:00:00Z", "index": None}
    assert told["waiting"] == [] and told["errors"] == []


def test_two_runs_tell_the_same() -> None:
    answers = (
        "--answers",
        json.dumps({"submit": json.loads((SHARED / "bench/purchase.json").read_text()), "manager": {"ok": True}}),
    )

    assert simulated(SHARED / "bench/purchase24.bpmn", *answers) == simulated(
        SHARED / "bench/purchase24.bpmn", *answers
    )


def test_user_tasks_without_an_answer_complete_empty_and_indexes_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(nodes("start:s end:e") + node("userTask", "a", several()), "s a e"))

    told = simulated(path, "--data", '{"people": [1, 2]}')

    assert [(line["event"], line["index"]) for line in told["trace"] if line["node"] == "a"] == [
        ("enter", 0), ("enter", 1), ("leave", 0), ("leave", 1),
    ]  # fmt: skip


def test_time_passes_until_the_next_timer_and_not_beyond_the_limit(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(nodes("start:s end:e") + node("intermediateCatchEvent", "t", timer("P3D")), "s t e"))

    assert simulated(path)["trace"][-1]["at"] == "2026-01-08T01:00:00Z"
    short = simulated(path, "--until", "P2D")
    assert (short["outcome"], short["waiting"]) == ("waiting", ["t"])


def test_a_task_that_is_answered_null_stays_open_so_that_its_timers_come(tmp_path: Path) -> None:
    content = drawn(nodes("start:s user:a user:b end:e end:e2") + boundary("w", "a", timer("PT1H")), "s a e", "w b e2")

    told = simulated(written(tmp_path, content), "--answers", '{"a": null}')

    assert told["outcome"] == "completed"
    assert [line["node"] for line in told["trace"] if line["event"] == "cancel"] == ["a"]


def test_messages_come_from_the_script_and_a_missing_one_leaves_it_waiting(tmp_path: Path) -> None:
    catch = node("intermediateCatchEvent", "c", message())
    path = written(tmp_path, drawn(nodes("start:s end:e") + catch, "s c e"))

    assert simulated(path)["waiting"] == ["c"]
    assert simulated(path, "--answers", '{"c": {"n": 1}}')["data"] == {"n": 1}


def test_a_message_that_the_process_sends_itself_is_kept_until_it_waits(tmp_path: Path) -> None:
    both = node("intermediateThrowEvent", "t", message()) + node("intermediateCatchEvent", "c", message())

    assert (
        simulated(written(tmp_path, drawn(nodes("start:s user:a end:e") + both, "s t a c e")))["outcome"] == "completed"
    )


def test_an_uncaught_error_is_told(tmp_path: Path) -> None:
    bad = node("endEvent", "bad", definition("error", errorRef="d.x"))

    told = simulated(written(tmp_path, drawn(nodes("start:s") + bad, "s bad")))

    assert told["outcome"] == "incident"
    assert [(error["node"], error["error_code"]) for error in told["errors"]] == [("bad", "E1")]


def test_numbers_and_dates_are_plain_json(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        drawn(
            nodes("start:s end:e") + script("t", 'a = 1 + 1\nb = 0.5\nc = date("2026-02-01")\nd = duration("PT1H")'),
            "s t e",
        ),
    )

    assert simulated(path)["data"] == {"a": 2, "b": 0.5, "c": "2026-02-01", "d": "PT1H"}


def test_the_process_is_chosen_and_called_ones_come_from_the_same_folder(tmp_path: Path) -> None:
    caller = node("callActivity", "c", extensions('<lf:output name="y" value="=x"/>'), calledElement="child")
    path = written(tmp_path, drawn(nodes("start:s end:e") + caller, "s c e"))
    written(
        tmp_path,
        drawn(nodes("start:s end:e") + script("t", "x = 5"), "s t e").replace(b'id="p"', b'id="child"'),
        "c.bpmn",
    )

    assert simulated(path, "--process", "p")["data"] == {"y": 5}


def test_a_diagram_that_cannot_run_says_why(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(nodes("start:s user:End end:e"), "s End e"))

    told = CliRunner().invoke(simulate_command, [str(path)])

    assert told.exit_code == 1
    assert "reserved_id at End" in told.output


@pytest.mark.parametrize("option", [("--data", "{"), ("--answers", "[]"), ("--until", "soon")])
def test_options_that_cannot_be_read_are_refused(option: tuple[str, str]) -> None:
    assert CliRunner().invoke(simulate_command, [str(APPROVAL), *option]).exit_code == 2


def checked(*paths: Path) -> tuple[int, list[dict[str, Any]]]:
    told = CliRunner().invoke(check_command, [*map(str, paths), "--json"])
    return told.exit_code, json.loads(told.stdout) if told.stdout else []


def test_check_ends_with_one_for_errors_and_names_file_and_element(tmp_path: Path) -> None:
    path = written(tmp_path, drawn(nodes("start:s user:End end:e"), "s End e"))

    code, found = checked(path)

    assert code == 1
    assert [{name: one[name] for name in ("file", "code", "severity", "element")} for one in found] == [
        {"file": str(path), "code": "bpmn.reserved_id", "severity": "error", "element": "End"}
    ]
    assert set(found[0]) == {"file", "code", "severity", "element", "message", "remedy"}


def test_check_ends_with_nought_for_good_files_and_two_for_what_is_not_there(tmp_path: Path) -> None:
    assert checked(APPROVAL) == (0, [])
    assert checked(tmp_path / "gone.bpmn")[0] == 2


def test_check_reads_folders_with_tables_forms_and_scenarios(tmp_path: Path) -> None:
    (tmp_path / "f.form.json").write_text("{")
    (tmp_path / "g.form.json").write_text('{"components": [{"key": "a"}, {"key": "a"}]}')
    (tmp_path / "t.dmn").write_text("<x/>")
    (tmp_path / "s.scenario.yaml").write_text("nonsense: true")
    (tmp_path / "notes.txt").write_text("not looked at")

    code, found = checked(tmp_path)

    assert code == 1
    assert {Path(one["file"]).name for one in found} == {"f.form.json", "g.form.json", "t.dmn", "s.scenario.yaml"}


def test_a_form_or_table_that_lies_beside_the_diagram_is_found() -> None:
    assert [one for one in checked(ROOT / "processes/drafting/drafting.bpmn")[1] if one["severity"] == "error"] == []
