"""Diagrams of Camunda 8 (`zeebe:`), whose expressions are FEEL already."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from engine.workflow.spiff.foreign import forms, juel
from engine.workflow.spiff.foreign.spot import ZEEBE, Spot
from engine.workflow.spiff.foreign.work import CALLING
from engine.workflow.spiff.reader import BPMN, tag

_CODE = ("executionListeners", "taskListeners")
_VERSIONED = ("versionTag", "deployment")


def read(spot: Spot) -> None:
    """Everything that one element says in Camunda 8's words."""
    for name in _CODE:
        if spot.part(name) is not None:
            spot.refuse_code(name)
    _work(spot)
    _people(spot)
    _form(spot)
    _mappings(spot)
    _call(spot)
    _loop(spot)
    _script(spot)
    spot.parts("userTask"), spot.parts("properties"), spot.parts("versionTag")


def _work(spot: Spot) -> None:
    worker, decision = spot.part("taskDefinition"), spot.part("calledDecision")
    if worker is not None and spot.kind in CALLING | {"scriptTask"} and not spot.has("operation"):
        spot.say("operation", topic=worker.get("type"), tries=worker.get("retries"))
    elif worker is not None:
        spot.understood.discard(f"{{{ZEEBE}}}taskDefinition")
    if decision is not None and not spot.has("decision"):
        spot.say("decision", ref=decision.get("decisionId"), result=decision.get("resultVariable"))


def _people(spot: Spot) -> None:
    said, due, rank = (spot.part(name) for name in ("assignmentDefinition", "taskSchedule", "priorityDefinition"))
    if said is not None and not spot.has("who"):
        _asked(spot, said)
    if due is not None and due.get("dueDate") and not spot.has("limit"):
        spot.say("limit", until=due.get("dueDate"))
    if rank is not None:
        spot.rank(rank.get("priority"))


def _asked(spot: Spot, said: etree._Element) -> None:
    assignee = said.get("assignee")
    if assignee:
        spot.say("who", rule="expression" if assignee.startswith("=") else "person", value=assignee)
        return
    for name, rules in (("candidateUsers", ("person",)), ("candidateGroups", ("role", "position"))):
        text = str(said.get(name) or "").strip()
        values = [text] if text.startswith("=") else [one.strip() for one in text.split(",")]
        for value in filter(None, values):
            for rule in rules:
                spot.say("who", rule="expression" if rule == "person" and value.startswith("=") else rule, value=value)
    if spot.has("who") and not spot.has("node"):
        spot.say("node", kind="act", mode="CLAIM")


def _form(spot: Spot) -> None:
    for inner in spot.parts("userTaskForm"):
        forms.keep(spot, str(inner.get("id", "")), (inner.text or "").strip().encode())
    said = spot.part("formDefinition")
    if said is None or spot.has("form"):
        return
    key = said.get("formId") or said.get("formKey") or said.get("externalReference") or ""
    name = forms.name_of(key)
    if name:
        spot.say("form", key=name)
    else:
        spot.note("foreign_form", "warning", form=key)


def _mappings(spot: Spot) -> None:
    box = spot.part("ioMapping")
    for kind in ("input", "output"):
        written: dict[str, Any] = {}
        for one in box if box is not None else ():
            if tag(one) == kind:
                _put(written, str(one.get("target", "")).split("."), _feel(str(one.get("source", ""))))
        for name, value in written.items():
            spot.say(kind, name=name, value=f"={_context(value)}")


def _put(written: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        inner = written.setdefault(step, {})
        written = inner if isinstance(inner, dict) else written
    written[path[-1]] = value


def _feel(source: str) -> str:
    return source.strip()[1:].strip() if source.strip().startswith("=") else juel.quoted(source)


def _context(value: str | Mapping[str, Any]) -> str:
    if isinstance(value, str):
        return value
    return "{" + ", ".join(f"{juel.quoted(name)}: {_context(inner)}" for name, inner in value.items()) + "}"


def _call(spot: Spot) -> None:
    said = spot.part("calledElement")
    if said is None:
        return
    called = str(said.get("processId") or "")
    if called.startswith("="):
        spot.refuse_text(called, "called process", "which process is called must be known when it is deployed")
    if called and not spot.element.get("calledElement"):
        spot.element.set("calledElement", called)
    if said.get("bindingType") == "versionTag":
        spot.ignore("calledElement")
    every_in = said.get("propagateAllParentVariables") != "false"
    every_out = said.get("propagateAllChildVariables") != "false"
    if not spot.has("carry"):
        spot.say("carry", in_="all" if every_in else "said", out="all" if every_out else "said")


def _loop(spot: Spot) -> None:
    said = spot.part("loopCharacteristics")
    if said is None:
        return
    for ours, theirs in (
        ("collection", "inputCollection"),
        ("element", "inputElement"),
        ("result", "outputCollection"),
    ):
        if said.get(theirs):
            spot.set(ours, str(said.get(theirs)))
    brought = str(said.get("outputElement") or "").removeprefix("=").strip()
    if brought.isidentifier():
        etree.SubElement(spot.element, f"{{{BPMN}}}outputDataItem", {"name": brought})
    elif brought:
        spot.refuse_text(f"={brought}", "output element", "only the name of a variable is taken from each instance")


def _script(spot: Spot) -> None:
    said = spot.part("script")
    if said is None or spot.element.find(f"{{{BPMN}}}script") is not None:
        return
    text = etree.SubElement(spot.element, f"{{{BPMN}}}script")
    text.text = f"{said.get('resultVariable')} = {_feel(str(said.get('expression', '')))}"
    spot.element.set("scriptFormat", "feel")


def correlate(root: etree._Element, spot_of: Any) -> None:
    """A message names its correlation key once; here each event that waits for it says it."""
    keys = {}
    for message in root.findall(f"{{{BPMN}}}message"):
        said = spot_of(message).part("subscription")
        if said is not None and said.get("correlationKey"):
            keys[str(message.get("id"))] = str(said.get("correlationKey"))
    for element in root.iter(f"{{{BPMN}}}messageEventDefinition", f"{{{BPMN}}}receiveTask") if keys else ():
        event = element if tag(element) == "receiveTask" else element.getparent()
        key = keys.get(str(element.get("messageRef", "")).rsplit(":", 1)[-1])
        if (
            event is not None
            and key
            and tag(event) in ("intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent")
        ):
            _correlated(spot_of(event), key)


def _correlated(spot: Spot, key: str) -> None:
    around = spot.element.getparent()
    begins = spot.kind == "startEvent" and (around is None or around.get("triggeredByEvent") != "true")
    if not begins and not spot.has("correlation"):
        spot.say("correlation", value=key)
