"""Diagrams of other engines, said in our own words before they are read: the owner's file stays as it is."""

from lxml import etree

from engine.workflow.spiff.foreign import carrying, forms, people, work, zeebe
from engine.workflow.spiff.foreign.spot import ENGINES, JUEL, ZEEBE, Reading, Spot
from engine.workflow.spiff.model import ACTIVITIES
from engine.workflow.spiff.reader import BPMN, tag

__all__ = ["Reading", "translate"]

_QUIET = frozenset(
    {
        *("async", "asyncBefore", "asyncAfter", "asyncLeave", "exclusive", "historyTimeToLive", "versionTag"),
        *("isStartableInTasklist", "diagramRelationId", "jobPriority", "failedJobRetryTimeCycle", "properties"),
        *("property", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon", "executionPlatform"),
        *("executionPlatformVersion", "triggerable", "useLocalScopeForResultVariable", "formRefVersion"),
        *("decisionRefTenantId", "calledElementTenantId", "field"),
    }
)
"""How another engine runs it or shows it, not what it means: leaving that out changes nothing."""


def translate(root: etree._Element) -> Reading:
    """Rewrite the tree in place where the meaning is the same; what cannot be said is among the notes."""
    reading = Reading()
    elements = list(root.iter(f"{{{BPMN}}}*"))
    spaces = _spaces(elements)
    juel_spaces = tuple(space for space in JUEL if space in spaces)
    reading.starters = _starters(elements, juel_spaces)
    for element in elements:
        spot = Spot(element, juel_spaces, reading)
        if element.tag in carrying.TEXTS:
            carrying.texts(element, spot)
        if juel_spaces:
            _of_camunda(spot)
    if ZEEBE in spaces:
        _of_zeebe(root, elements, reading)
    return reading


def _spaces(elements: list[etree._Element]) -> set[str]:
    """The namespaces of other engines that something in the file is written in."""
    found: set[str] = set()
    for element in elements:
        found.update(str(key)[1:].partition("}")[0] for key in element.attrib if str(key).startswith("{"))
        if element.tag == f"{{{BPMN}}}extensionElements":
            found.update(str(child.tag)[1:].partition("}")[0] for child in element if isinstance(child.tag, str))
    return found & ENGINES.keys()


def _starters(elements: list[etree._Element], spaces: tuple[str, ...]) -> frozenset[str]:
    """The variables in which start events keep who started the instance."""
    events = (element for element in elements if tag(element) == "startEvent")
    return frozenset(str(e.get(f"{{{space}}}initiator")) for e in events for space in spaces) - {"None"}


def _of_camunda(spot: Spot) -> None:
    if spot.kind == "startEvent":
        spot.take("initiator")
    if spot.kind == "userTask":
        people.read(spot)
        forms.read(spot)
    if (
        spot.kind in ACTIVITIES
        or spot.kind in ("process", "sequenceFlow")
        or spot.kind.endswith(("Event", "EventDefinition"))
    ):
        work.read(spot)
        carrying.read(spot)
    if spot.kind == "multiInstanceLoopCharacteristics":
        carrying.loop(spot)
    _tell_rest(spot)


def _of_zeebe(root: etree._Element, elements: list[etree._Element], reading: Reading) -> None:
    zeebe.correlate(root, lambda element: Spot(element, (ZEEBE,), reading))
    for element in elements:
        spot = Spot(element, (ZEEBE,), reading)
        zeebe.read(spot)
        spot.parts("subscription")
        _tell_rest(spot)


def _tell_rest(spot: Spot) -> None:
    left = [name for name in spot.left() if name.partition(":")[2] not in _QUIET]
    if left and spot.ident:
        spot.note("foreign", "warning", said=left)
