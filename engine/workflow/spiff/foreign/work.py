"""What tasks call in Camunda 7, Flowable and Activiti: workers outside, decisions, expressions, programs in Java."""

from engine.workflow.spiff.foreign import juel
from engine.workflow.spiff.foreign.juel import Untranslatable
from engine.workflow.spiff.foreign.spot import Spot
from engine.workflow.spiff.reader import BPMN, whole_text

_CODE = ("class", "delegateExpression")
_LISTENERS = ("executionListener", "taskListener", "eventListener", "connector")
_WORKERS = frozenset({"external", "external-worker"})
_RULES = frozenset({"dmn", "decision"})
_SHAPES = {"singleEntry": "entry", "singleResult": "result", "collectEntries": "entries", "resultList": "results"}
CALLING = frozenset({"serviceTask", "sendTask", "businessRuleTask", "intermediateThrowEvent", "endEvent"})


def read(spot: Spot) -> None:
    """What an element calls; programs that cannot run here are refused."""
    _programs(spot)
    kind = spot.take("type")
    if kind in _WORKERS:
        _worker(spot)
    elif kind in _RULES:
        _flowable_decision(spot)
    elif kind is not None:
        spot.refuse_code(f"type {kind}")
    _decision(spot)
    _expression(spot)
    if spot.kind == "scriptTask":
        _script(spot)


def _programs(spot: Spot) -> None:
    for name in _CODE:
        said = spot.take(name)
        if said is not None:
            spot.refuse_code(f"{name} {said}")
    for name in _LISTENERS:
        for part in spot.parts(name):
            said = next((part.get(how) for how in ("class", "delegateExpression", "expression") if part.get(how)), "")
            spot.refuse_code(f"{name} {said}".strip())
    if spot.take("skipExpression") is not None:
        spot.refuse_code("skipExpression")
    if any(note.element == spot.ident and note.code == "foreign_code" for note in spot.reading.notes):
        spot.parts("field")  # what is handed to the program goes with it


def _worker(spot: Spot) -> None:
    topic, sender = spot.take("topic"), _sender(spot)
    if topic is None or sender.kind not in CALLING:
        spot.ignore("type", "topic")
    elif sender.has("operation"):
        spot.ignore("topic")
    else:
        said = spot.attribute(topic, "topic")
        if said is not None:
            sender.say("operation", topic=said)


def _sender(spot: Spot) -> Spot:
    """Who works: the element itself, or the event that throws this message."""
    event = spot.element.getparent()
    if spot.kind != "messageEventDefinition" or event is None:
        return spot
    return Spot(event, spot.spaces, spot.reading)


def _decision(spot: Spot) -> None:
    reference = spot.take("decisionRef") or spot.take("decisionTableReferenceKey")
    names = ("decisionRefBinding", "mapDecisionResult", "resultVariable")
    binding, shape, result = (spot.take(name) for name in names)
    if reference is None or spot.has("decision"):
        spot.ignore(*names)
        return
    if binding in ("version", "versionTag"):
        spot.ignore("decisionRefBinding")
    said = spot.attribute(reference, "decision")
    if said is not None:
        mapped = _SHAPES.get(shape or "resultList", "results")
        spot.say("decision", ref=said, result=result or "decisionResult", shape=mapped)


def _flowable_decision(spot: Spot) -> None:
    """A decision task of Flowable: the key stands in a field; each output becomes a variable of its own."""
    for part in spot.parts("field"):
        key = part.get("stringValue") or whole_text(part)
        if part.get("name") == "decisionTableReferenceKey" and key and not spot.has("decision"):
            spot.say("decision", ref=key, shape="result")


def _expression(spot: Spot) -> None:
    """An expression without a call is a value for a variable."""
    text = spot.take("expression")
    if text is None:
        return
    variable = spot.take("resultVariable") or spot.take("resultVariableName")
    try:
        said = f"={juel.translate(text, spot.reading.starters)}"
    except Untranslatable:
        spot.refuse_code(f"expression {text}")
        return
    if variable is not None:
        spot.say("output", name=variable, value=said)


def _script(spot: Spot) -> None:
    """A script in JUEL or FEEL is an expression there, whose value goes to a variable."""
    variable, resource = spot.take("resultVariable"), spot.take("resource")
    if resource is not None:
        spot.refuse_code(f"resource {resource}")
    written, language = spot.element.find(f"{{{BPMN}}}script"), str(spot.element.get("scriptFormat", "")).lower()
    if written is None or variable is None or not any(known in language for known in ("juel", "feel")):
        return
    text = (written.text or "").strip()
    try:
        said = juel.translate(text, spot.reading.starters) if juel.is_juel(text) else text.removeprefix("=")
    except Untranslatable as reason:
        spot.refuse_text(text, "script", str(reason))
        return
    written.text = f"{variable} = {said}"
    spot.element.set("scriptFormat", "feel")
