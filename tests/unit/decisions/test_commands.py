"""`feel` and `decide`: JSON in, JSON out, exit codes 0, 1 and 2 (issue 3, item 8)."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.decisions.models import decision, literal, model, requirement, table
from webui.decisions_cli import decide_command, feel_command

ROWS = [[">= 90", '"A"', "办法第十二条"], ["< 90", '"B"', "办法第十三条"]]


def feel(*arguments: str) -> Result:
    return CliRunner().invoke(feel_command, arguments)


def decide(*arguments: str) -> Result:
    return CliRunner().invoke(decide_command, arguments)


@pytest.fixture
def grades(tmp_path: Path) -> Path:
    path = tmp_path / "等级.dmn"
    path.write_bytes(model(decision(table(ROWS), name="等级")))
    return path


def test_an_expression_over_data_is_answered_in_json() -> None:
    result = feel('{等级: if 得分 >= 90 then "A" else "B", 一半: 得分 / 3}', "--data", '{"得分": 92.5}')

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"等级": "A", "一半": 30.833333333333332}


def test_data_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('{"x": 2}', encoding="utf-8")

    assert feel("x + 1", "--data", f"@{tmp_path / 'data.json'}").stdout == "3\n"


def test_half_a_character_in_the_data_is_answered_with_a_question_mark() -> None:
    assert feel("x", "--data", '{"x": "\\ud800"}').stdout == '"?"\n'


def test_dates_are_given_as_marked_texts_and_today_is_known() -> None:
    result = feel("due < today()", "--data", '{"due": {"@": "2020-01-01"}}')

    assert result.stdout == "true\n"


def test_unary_tests_judge_the_question_mark() -> None:
    assert feel('not("A", "B")', "--unary", "--data", '{"?": "C"}').stdout == "true\n"


def test_a_mistake_in_the_text_is_told_and_ends_with_1() -> None:
    result = feel("1 +", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stderr)["code"] == "feel.unexpected-end"
    assert result.stdout == ""


def test_a_name_that_is_nearly_known_ends_with_1() -> None:
    result = feel("得分 > 90", "--data", '{"最终得分": 95}')

    assert (result.exit_code, result.stderr) == (1, '"得分" not found; did you mean "最终得分"?\n')


def test_a_name_like_no_other_is_null_and_told() -> None:
    result = feel("备注", "--data", '{"最终得分": 95}')

    assert (result.exit_code, result.stdout) == (0, "null\n")
    assert '"备注" not found' in result.stderr


@pytest.mark.parametrize("data", ["{", "[1]", "@gone.json", "5"])
def test_data_that_cannot_be_read_ends_with_2(data: str) -> None:
    assert feel("1", "--data", data).exit_code == 2


def test_a_decision_is_answered_with_the_rows_that_fired(grades: Path) -> None:
    result = decide(str(grades), "--decision", "等级", "--data", '{"x": 95}', "--rules")

    assert json.loads(result.stdout) == {
        "value": "A",
        "rules": [{"decision": "等级", "index": 1, "id": "r1", "annotations": {"依据": "办法第十二条"}}],
    }


def test_the_only_decision_needs_no_name(grades: Path) -> None:
    assert decide(str(grades), "--data", '{"x": 5}').stdout == '"B"\n'


def test_imports_are_found_in_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "other.dmn").write_bytes(model(decision(literal("7"), name="seven"), namespace="urn:other"))
    link = '<import name="o" namespace="urn:other" importType="x"/>'
    arrow = requirement("Decision", "x").replace("#x", "urn:other#seven")
    (tmp_path / "main.dmn").write_bytes(model(link, decision(literal("o.seven + 1"), requires=arrow)))

    assert decide(str(tmp_path / "main.dmn"), "--decision", "d").stdout == "8\n"


def test_an_unknown_decision_ends_with_1(grades: Path) -> None:
    assert decide(str(grades), "--decision", "没有").exit_code == 1


def test_a_broken_file_ends_with_1_and_a_missing_one_with_2(tmp_path: Path) -> None:
    broken = tmp_path / "broken.dmn"
    broken.write_text("<definitions")

    assert decide(str(broken)).exit_code == 1
    assert decide(str(tmp_path / "gone.dmn")).exit_code == 2
