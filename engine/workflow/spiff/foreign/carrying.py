"""Data that go into activities and come out, as Camunda 7, Flowable and Activiti say it."""

from lxml import etree

from engine.workflow.spiff.foreign import juel
from engine.workflow.spiff.foreign.juel import Untranslatable
from engine.workflow.spiff.foreign.spot import Spot
from engine.workflow.spiff.reader import BPMN, tag, whole_text

_REFUSED = "=null"  # its finding is written; the checks of texts have nothing more to say about it
_CALLED = ("calledElementBinding", "calledElementVersion", "calledElementVersionTag")


def read(spot: Spot) -> None:
    """Inputs and outputs of any activity; what a caught error brings."""
    _parameters(spot)
    if spot.kind == "callActivity":
        _call(spot)
    if spot.kind == "errorEventDefinition":
        _error(spot)


def _parameters(spot: Spot) -> None:
    box = spot.part("inputOutput")
    for one in box if box is not None else ():
        kind = tag(one).removesuffix("Parameter")
        said = _value(spot, one) if kind in ("input", "output") else None
        if said is not None:
            spot.say(kind, name=str(one.get("name", "")), value=said)
    if spot.ours("output") and spot.kind != "callActivity":
        spot.say("carry", out="all")  # an output there is a variable more, not all that is kept


def _value(spot: Spot, one: etree._Element) -> str | None:
    try:
        return _said(spot, one)
    except Untranslatable as reason:
        spot.refuse_text(whole_text(one), f"parameter {one.get('name') or ''}".strip(), str(reason))
        return None


def _said(spot: Spot, one: etree._Element) -> str:
    inner = next((child for child in one if isinstance(child.tag, str)), None)
    if inner is None:
        return juel.attribute(one.text or "", spot.reading.starters)
    return f"={_feel(spot, inner)}"


def _feel(spot: Spot, inner: etree._Element) -> str:
    """A list, a map or a value inside of them."""
    if tag(inner) == "list":
        return f"[{', '.join(_feel(spot, child) for child in inner)}]"
    if tag(inner) == "map":
        return "{" + ", ".join(f"{juel.quoted(str(e.get('key')))}: {_entry(spot, e)}" for e in inner) + "}"
    if tag(inner) in ("value", "string", "expression"):
        return _text(spot, inner.text or "")
    raise Untranslatable(f"a {tag(inner)} is a program of another engine")


def _entry(spot: Spot, entry: etree._Element) -> str:
    return _feel(spot, entry[0]) if len(entry) else _text(spot, entry.text or "")


def _text(spot: Spot, text: str) -> str:
    return juel.translate(text.strip(), spot.reading.starters) if juel.is_juel(text) else juel.quoted(text.strip())


def _call(spot: Spot) -> None:
    """Nothing goes into a called process there, and nothing comes back, but what is said."""
    if any(spot.has(name) for name in ("input", "output", "carry")) and not spot.part("inputOutput"):
        return
    if spot.take("calledElementBinding") in ("version", "versionTag"):
        spot.ignore(*_CALLED)
    every_in = spot.take("inheritVariables") == "true"
    for name in ("inheritBusinessKey", "sameDeployment", "calledElementType"):
        spot.take(name)
    passing = {way: spot.parts(way) for way in ("in", "out")}
    everything = {"in": every_in, "out": False}
    for way, parts in passing.items():
        for part in parts:
            if part.get("variables") == "all":
                everything[way] = True
            elif part.get("businessKey") is None:  # an instance keeps its own, the called process runs inside of it
                _passed(spot, part, "input" if way == "in" else "output")
    spot.say("carry", **{f"{way}_": "all" if whole else "said" for way, whole in everything.items()})


def _passed(spot: Spot, part: etree._Element, kind: str) -> None:
    source, expression = part.get("source"), part.get("sourceExpression")
    if part.get("target") is None or (source is None and expression is None):
        spot.ignore(kind.removesuffix("put"))
        return
    try:
        said = f"={juel.translate(str(expression), spot.reading.starters)}" if expression else f"={source}"
    except Untranslatable as reason:
        spot.refuse_text(str(expression), kind, str(reason))
        return
    spot.say(kind, name=str(part.get("target")), value=said)


def _error(spot: Spot) -> None:
    """The event that catches an error names variables for its code and message."""
    code, message = spot.take("errorCodeVariable"), spot.take("errorMessageVariable")
    event = spot.element.getparent()
    if event is None:
        return
    around = Spot(event, spot.spaces, spot.reading)
    for name, value in ((code, "=error.code"), (message, "=error.message")):
        if name is not None:
            around.say("output", name=name, value=value)


def loop(spot: Spot) -> None:
    """Collection and element of a multi-instance."""
    collection, element = spot.take("collection"), spot.take("elementVariable")
    if collection is not None:
        said = spot.attribute(collection, "collection")
        if said is not None:
            spot.set("collection", said if said.startswith("=") else f"={said}")
    if element is not None:
        spot.set("element", element)


def texts(element: etree._Element, spot: Spot) -> None:
    """A condition, number or time that is written in JUEL; another language is refused."""
    language = str(element.get("language") or "").lower()
    resource = spot.take("resource")
    text = (element.text or "").strip()
    if resource is not None or (language and not any(known in language for known in ("feel", "juel", "xpath", "dmn"))):
        spot.refuse_text(text or str(resource), tag(element), f"it is {language or 'a file'}")
        element.text = _REFUSED
    elif juel.is_juel(text):
        _rewrite(element, text, spot)


def _rewrite(element: etree._Element, text: str, spot: Spot) -> None:
    try:
        element.text = f"={juel.translate(text, spot.reading.starters)}"
    except Untranslatable as reason:
        spot.refuse_text(text, tag(element), str(reason))
        element.text = _REFUSED


TEXTS = frozenset(
    f"{{{BPMN}}}{name}"
    for name in (
        "conditionExpression", "completionCondition", "loopCardinality", "loopCondition", "condition", "timeDate",
        "timeDuration", "timeCycle", "activationCondition",
    )
)  # fmt: skip
"""Elements whose text is an expression."""
