"""The shipped drawings are complete: no findings, who, limit and answer at every task, a place for everything."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from engine.kernel.config import Config, Database
from engine.workflow import folders, outline
from engine.workflow.step import NodeSpec
from tests.paths import ROOT
from tests.processes.folders import KEYS, folder, source
from webui import wiring

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
CHINESE = re.compile(r"[\u4e00-\u9fff]")

FORMS = sorted((ROOT / "processes").glob("*/*.form.json"))


def user_tasks(key: str) -> list[NodeSpec]:
    return [node for node in outline.of(source(key).files) if node.kind == "userTask"]


def drawing(key: str) -> etree._Element:
    return etree.parse(str(folder(key) / f"{key}.bpmn")).getroot()


@pytest.mark.parametrize("key", KEYS)
def test_the_linter_has_nothing_to_say(key: str) -> None:
    assert folders.check([folder(key)]) == []


@pytest.mark.parametrize("key", KEYS)
def test_every_user_task_says_who_by_when_and_where_it_is_answered(key: str) -> None:
    unclear = [
        node.id
        for node in user_tasks(key)
        if not (node.lane and node.extension("who") and node.extension("limit"))
        or not (node.extension("form") or node.extension("page"))
    ]

    assert unclear == []


@pytest.mark.parametrize("key", KEYS)
def test_every_limit_reminds(key: str) -> None:
    limits = {node.id: node.extension("limit") for node in user_tasks(key)}

    assert [ident for ident, limit in limits.items() if limit is None or not limit.attributes.get("remind")] == []


@pytest.mark.parametrize("key", KEYS)
def test_forms_that_a_task_names_lie_beside_the_drawing(key: str) -> None:
    named = {form.attributes["key"] for node in user_tasks(key) if (form := node.extension("form"))}
    there = {path.name.removesuffix(".form.json") for path in folder(key).glob("*.form.json")}

    assert named == there


@pytest.mark.parametrize("key", KEYS)
def test_operations_and_pages_that_a_drawing_names_are_documented(key: str) -> None:
    documented = set(re.findall(r"`([a-z]+\.[a-z_]+)`", (ROOT / "docs/operations.md").read_text(encoding="utf-8")))
    named = {
        found.attributes["name"]
        for node in outline.of(source(key).files)
        for kind in ("operation", "page")
        if (found := node.extension(kind))
    }

    assert named - documented == set()


def test_every_operation_that_a_drawing_calls_is_registered(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    built = wiring.build(Config(database=Database(url=url)))
    called = {
        found.attributes["name"]
        for key in KEYS
        for node in outline.of(source(key).files)
        if (found := node.extension("operation"))
    }

    assert called - set(built.operations.names()) == set()


@pytest.mark.parametrize("key", KEYS)
def test_every_node_flow_and_lane_has_its_place_on_the_canvas(key: str) -> None:
    root = drawing(key)
    drawn = {element.get("bpmnElement") for element in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    kinds = ("Task", "Event", "Gateway", "Activity", "Process", "Flow")
    named = {
        str(element.get("id"))
        for process in root.iter(f"{BPMN}process")
        for element in process.iter()
        if isinstance(element.tag, str) and element.tag.endswith(kinds) and element.tag != f"{BPMN}process"
    }
    lanes = {str(lane.get("id")) for lane in root.findall(f"{BPMN}process/{BPMN}laneSet/{BPMN}lane")}

    assert (named | lanes) - drawn == set()


@pytest.mark.parametrize("key", KEYS)
def test_no_two_shapes_lie_on_each_other(key: str) -> None:
    boxes = list(_boxes(drawing(key)))
    overlaps = [
        (name, other)
        for number, (name, box) in enumerate(boxes)
        for other, beside in boxes[number + 1 :]
        if box[0] < beside[2] and beside[0] < box[2] and box[1] < beside[3] and beside[1] < box[3]
    ]

    assert overlaps == []


@pytest.mark.parametrize("key", KEYS)
def test_names_are_chinese_and_tasks_explain_themselves_in_english(key: str) -> None:
    nodes = outline.of(source(key).files)
    foreign = [node.id for node in nodes if node.name and not CHINESE.search(node.name) and not node.name.endswith("%")]
    silent = [
        node.id for node in nodes if node.kind == "userTask" and not node.documentation and not node.extension("form")
    ]

    assert (foreign, silent) == ([], [])


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_every_field_of_a_form_has_a_label_in_both_languages(path: object) -> None:
    form = json.loads(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]  # a Path
    unlabelled = [
        part.get("key", part["id"])
        for part in form["components"]
        if not (CHINESE.search(part.get("label") or part.get("text", "")) and part["properties"]["en"])
        or any(not (choice["label"] and choice["en"]) for choice in part.get("values", []))
    ]

    assert unlabelled == []


@pytest.mark.parametrize("key", KEYS)
def test_each_folder_explains_what_who_when_and_how_to_change_it(key: str) -> None:
    text = (folder(key) / "README.md").read_text(encoding="utf-8")

    assert [part for part in ("## What", "## Who", "## When", "## How to change it") if part not in text] == []


def _boxes(root: etree._Element) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    inside = {str(found.get("id")) for found in root.iter(f"{BPMN}subProcess")}
    beside = {str(found.get("id")) for found in root.iter(f"{BPMN}boundaryEvent", f"{BPMN}lane", f"{BPMN}participant")}
    for shape in root.iter(f"{DI}BPMNShape"):
        name = str(shape.get("bpmnElement"))
        bounds = shape.find(f"{DC}Bounds")
        if name not in inside | beside and bounds is not None:
            x, y, width, height = (float(bounds.get(part, 0)) for part in ("x", "y", "width", "height"))
            yield name, (x, y, x + width, y + height)
