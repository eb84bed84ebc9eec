"""Scenario files: what they may say, and what happens when a play does not go as written."""

from pathlib import Path

import pytest

from engine.kernel.errors import BadDefinition
from engine.workflow import folders
from engine.workflow.scenarios import coverage, playing, reading, sources
from engine.workflow.scenarios.played import Played
from tests.paths import ROOT

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:lf="urn:letterflow:bpmn:1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">
  <bpmn:process id="leave" name="Leave" isExecutable="true">
    <bpmn:startEvent id="asked" />
    <bpmn:userTask id="approve" name="Approve" />
    <bpmn:boundaryEvent id="late" attachedToRef="approve">
      <bpmn:timerEventDefinition><bpmn:timeDuration>2wd</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:serviceTask id="book" name="Book">
      <bpmn:extensionElements>
        <lf:operation name="leave.book" /><lf:input name="days" value="=days" />
        <lf:output name="no" value="=result.no" />
      </bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:endEvent id="booked" /><bpmn:endEvent id="lapsed" />
    <bpmn:sequenceFlow id="f1" sourceRef="asked" targetRef="approve" />
    <bpmn:sequenceFlow id="f2" sourceRef="approve" targetRef="book" />
    <bpmn:sequenceFlow id="f3" sourceRef="book" targetRef="booked" />
    <bpmn:sequenceFlow id="f4" sourceRef="late" targetRef="lapsed" />
  </bpmn:process>
</bpmn:definitions>
"""
HEAD = """process: leave
given:
  at: "2026-11-02T09:00:00+08:00"
  data: {days: 3}
  operations: {leave.book: {no: L-1}}
scenarios:
"""


def play(folder: Path, scenario: str) -> Played:
    (folder / "leave.bpmn").write_text(DIAGRAM)
    (folder / "one.scenario.yaml").write_text(HEAD + scenario)
    return playing.play(reading.read_folder(folder).scenarios[0], sources.load(folder))


def test_a_scenario_that_goes_as_written_has_no_problems(tmp_path: Path) -> None:
    played = play(
        tmp_path,
        """  - name: straight
    steps: [{expect: {waiting: [approve], armed: [late]}}, {do: approve}]
    expect: {outcome: completed, passes: [approve, book, booked], data: {no: L-1}, calls: {leave.book: [{days: 3}]}}
""",
    )

    assert played.problems == []


def test_time_jumps_fire_timers_at_their_own_moment(tmp_path: Path) -> None:
    played = play(
        tmp_path,
        """  - name: late
    steps: [{wait: 3wd}]
    expect: {outcome: completed, passes: [late, lapsed], never: [book], now: "2026-11-04T18:00:00+08:00"}
""",
    )

    assert played.problems == []
    assert str(played.trace[-1].at) == "2026-11-03 10:00:00+00:00"


def test_what_is_not_as_expected_is_said_in_sentences(tmp_path: Path) -> None:
    played = play(
        tmp_path,
        """  - name: wrong
    steps: [{do: approve}]
    expect:
      {outcome: waiting, waiting: [approve], passes: [late], never: [book], data: {no: L-2}, calls: {leave.book: 2}}
""",
    )

    assert len(played.problems) == 6
    assert "outcome is completed, expected waiting" in played.problems[0]


def test_an_operation_without_a_written_result_is_named(tmp_path: Path) -> None:
    played = play(
        tmp_path,
        """  - name: forgotten
    operations: {leave.book: {fails: the calendar is closed}}
    steps: [{do: approve}]
    expect: {outcome: incident}
""",
    )

    assert played.problems == ["step 1: book failed: the calendar is closed"]


def test_answering_a_task_that_is_not_open_says_what_is(tmp_path: Path) -> None:
    played = play(tmp_path, "  - {name: nobody, steps: [{do: book}], expect: {outcome: completed}}\n")

    assert played.problems == ["no task is open at book; open are: approve"]


def test_check_plays_a_scenario_file_beside_its_diagram(tmp_path: Path) -> None:
    play(tmp_path, "  - {name: wrong, steps: [{do: approve}], expect: {outcome: waiting}}\n")

    [finding] = folders.check([tmp_path / "one.scenario.yaml"])

    assert (finding.code, finding.severity, finding.element) == ("scenario.differs", "error", "wrong")
    assert "outcome is completed, expected waiting" in finding.message


def test_tables_of_called_processes_belong_to_the_one_that_calls() -> None:
    found = folders.tables(folders.read(ROOT / "processes/drafting/drafting.bpmn"))

    assert {"approval_route.dmn", "warning_level.dmn"} <= found.files.keys()


def test_coverage_names_what_no_scenario_reached(tmp_path: Path) -> None:
    played = play(tmp_path, "  - {name: half, steps: [{do: approve}], expect: {outcome: completed}}\n")

    found = coverage.of(sources.load(tmp_path), [played])

    assert (found.missing_nodes, found.missing_flows) == (("lapsed", "late"), ("f4",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("process: [", "scenario.unreadable"),
        ("process: leave\nscenario: []", "scenario.form"),
        ("process: leave\nscenarios: [{name: x, steps: [{do: a, wait: 1wd}], expect: {}}]", "scenario.step"),
        ("process: leave\nscenarios: [{name: x, at: tomorrow, expect: {}}]", "scenario.moment"),
        ("process: leave\nscenarios: [{name: x, at: '2026-11-02T09:00:00', expect: {}}]", "scenario.moment"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "bad.scenario.yaml"
    path.write_text(text)

    with pytest.raises(BadDefinition) as refused:
        reading.read(path)

    assert refused.value.code == code
    assert "bad.scenario.yaml" in refused.value.message


def test_words_that_yaml_takes_for_booleans_and_dates_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "words.scenario.yaml"
    path.write_text(
        "process: leave\nscenarios: [{name: x, data: {no: L-1, on: yes, day: 2026-11-02, sure: true}, expect: {}}]"
    )

    [scenario] = reading.read(path).scenarios

    assert scenario.data == {"no": "L-1", "on": "yes", "day": "2026-11-02", "sure": True}
