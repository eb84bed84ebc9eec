"""The shared reference models: each finding is looked up again in the file itself, without the linter's own eyes."""

from collections.abc import Callable

import pytest
from lxml import etree

from engine.kernel.findings import Finding
from engine.workflow.spiff import linter
from tests.paths import SHARED

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
MODELS = sorted((SHARED / "bpmn/miwg").glob("*.bpmn"))
RUNS_AS_IT_IS = {"A.1.0", "A.4.0", "A.4.1", "C.8.0", "C.8.1", "C.9.1", "C.9.2"}


class Model:
    """A file, read naively."""

    def __init__(self, content: bytes) -> None:
        self.root = etree.fromstring(content)
        own = (element for element in self.root.iter(f"{BPMN}*") if element.get("id"))
        self.by_id = {str(element.get("id")): element for element in own}

    def flows_from(self, ident: str) -> list[etree._Element]:
        return [flow for flow in self.root.iter(f"{BPMN}sequenceFlow") if flow.get("sourceRef") == ident]


def written(element: etree._Element, *names: str) -> str:
    return "".join("".join(one.itertext()) for name in names for one in element.iter(f"{BPMN}{name}")).strip()


def without(*names: str) -> Callable[[Model, Finding], bool]:
    return lambda model, found: not written(model.by_id[found.element], *names)


def lacks(*attributes: str) -> Callable[[Model, Finding], bool]:
    return lambda model, found: (
        not any(one.get(name) for one in model.by_id[found.element].iter() for name in attributes)
    )


def says(text: str) -> Callable[[Model, Finding], bool]:
    return lambda model, found: text in etree.tostring(model.by_id[found.element]).decode()


def no_condition(model: Model, found: Finding) -> bool:
    flow = model.by_id[found.element]
    gateway = model.by_id[str(flow.get("sourceRef"))]
    several = len(model.flows_from(str(gateway.get("id")))) > 1
    alone = gateway.get("default") != found.element and not written(flow, "conditionExpression")
    return several and alone and gateway.tag == f"{BPMN}exclusiveGateway"


def no_code(model: Model, found: Finding) -> bool:
    references = [one.get("errorRef") for one in model.by_id[found.element] if one.tag.endswith("errorEventDefinition")]
    errors = [model.by_id[ref] for ref in references if ref in model.by_id]
    return not any(error.get("errorCode") or error.get("name") for error in errors)


def no_work(model: Model, found: Finding) -> bool:
    return not says("taskDefinition")(model, found) and not says(":topic")(model, found)


TRUE: dict[str, Callable[[Model, Finding], bool]] = {
    "condition_missing": no_condition,
    "data_assignment": lambda model, found: bool(written(model.by_id[found.element], "assignment", "transformation")),
    "dead_end": lambda model, found: not model.flows_from(found.element),
    "decision_missing": says("calledDecision"),
    "empty": without("startEvent", "endEvent", "task", "userTask"),
    "error_code": no_code,
    "event_missing": lacks("messageRef"),
    "event_name": lacks("messageRef", "signalRef"),
    "event_text": without("timeDate", "timeDuration", "timeCycle", "condition"),
    "expression": lambda model, found: (
        "==" in (text := written(model.by_id[found.element], "conditionExpression")) or "getDataObject" in text
    ),
    "foreign": lambda model, found: any(says(str(name))(model, found) for name in found.fields["said"]),
    "foreign_code": says("delegateExpression"),
    "foreign_form": says(".jsf"),
    "loop_collection": without("loopCardinality", "loopDataInputRef"),
    "loop_endless": lambda model, found: without("loopCondition")(model, found) and lacks("loopMaximum")(model, found),
    "no_decision": lambda model, found: not says("decision")(model, found) or "zeebe" not in found.message,
    "no_message": lacks("messageRef"),
    "no_operation": no_work,
    "not_executable": lambda model, _: (
        not any(p.get("isExecutable") == "true" for p in model.root.iter(f"{BPMN}process"))
    ),
}


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_every_finding_about_a_reference_model_is_true_of_its_file(path) -> None:
    model = Model(path.read_bytes())

    found = linter.check({path.name: path.read_bytes()})

    false = [one for one in found if not TRUE[one.code.removeprefix("bpmn.")](model, one)]
    assert false == []
    assert (path.stem in RUNS_AS_IT_IS) is not any(one.severity == "error" for one in found)


def test_a_reference_model_runs_when_its_decision_lies_beside_it() -> None:
    files = {"C.9.0.bpmn": (SHARED / "bpmn/miwg/C.9.0.bpmn").read_bytes(), "risk_check.dmn": b""}

    assert [one for one in linter.check(files) if one.severity == "error"] == []
