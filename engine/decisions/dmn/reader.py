"""From XML to the classes of `syntax`; what cannot be used is named with its element."""

from collections.abc import Callable

from engine.decisions.dmn.boxes import read_box, read_function
from engine.decisions.dmn.syntax import (
    Decision,
    Definitions,
    Import,
    Input,
    Knowledge,
    Part,
    Reference,
    Service,
    TypeDefinition,
    Variable,
)
from engine.decisions.dmn.xml import Element, Limits, parse
from engine.kernel.errors import BadDefinition


def read_definitions(xml: bytes, limits: Limits) -> Definitions:
    """The model of one file. Raises BadDefinition."""
    root = Element(parse(xml, limits))
    parts: dict[str, Part] = {}
    for element in root.children(*_PARTS):
        part = _PARTS[element.tag](element)
        if part.id in parts:
            raise BadDefinition("dmn.double-id", f"two elements have the id {part.id}: rename one", element=part.id)
        parts[part.id] = part
    imports = tuple(Import(child.name, child.get("namespace")) for child in root.children("import"))
    types = tuple(_type(child) for child in root.children("itemDefinition"))
    return Definitions(root.name, root.get("namespace"), types, parts, imports)


def _identity(element: Element) -> tuple[str, str]:
    """Id and name; one stands for the other when it is missing."""
    identity, name = element.id or element.name, element.name or element.id
    if not identity:
        raise BadDefinition(
            "dmn.nameless", f"a {element.tag} has neither name nor id: name it", element=element.described()
        )
    return identity, name


def _variable(element: Element, name: str) -> Variable:
    found = element.child("variable")
    return Variable(name) if found is None else Variable(found.name or name, found.get("typeRef"))


def _input(element: Element) -> Input:
    identity, name = _identity(element)
    return Input(identity, name, _variable(element, name))


def _decision(element: Element) -> Decision:
    identity, name = _identity(element)
    return Decision(identity, name, _variable(element, name), _requirements(element), read_box(element))


def _knowledge(element: Element) -> Knowledge:
    identity, name = _identity(element)
    logic = element.child("encapsulatedLogic")
    function = None if logic is None else read_function(logic)
    return Knowledge(identity, name, _variable(element, name), _requirements(element), function)


def _service(element: Element) -> Service:
    identity, name = _identity(element)
    outputs, decisions, inputs = (
        tuple(_reference(child) for child in element.children(tag))
        for tag in ("outputDecision", "inputDecision", "inputData")
    )
    return Service(identity, name, _variable(element, name), outputs, decisions, inputs)


_PARTS: dict[str, Callable[[Element], Part]] = {
    "inputData": _input,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


def _requirements(element: Element) -> tuple[Reference, ...]:
    found = []
    for requirement in element.children("informationRequirement", "knowledgeRequirement"):
        target = requirement.child("requiredDecision", "requiredInput", "requiredKnowledge")
        if target is None or "#" not in target.get("href"):
            raise BadDefinition(
                "dmn.empty-requirement",
                f"a requirement of {element.described()} points to nothing: draw it again",
                element=element.described(),
            )
        found.append(_reference(target))
    return tuple(found)


def _reference(element: Element) -> Reference:
    namespace, _, identity = element.get("href").rpartition("#")
    return Reference(namespace, identity)


def _type(element: Element) -> TypeDefinition:
    function = element.child("functionItem")
    allowed, constraint = element.child("allowedValues"), element.child("typeConstraint")
    return TypeDefinition(
        name=element.name,
        base=element.text("typeRef"),
        collection=element.get("isCollection") in ("true", "1"),
        components=tuple(_type(child) for child in element.children("itemComponent")),
        allowed="" if allowed is None else allowed.text(),
        constraint="" if constraint is None else constraint.text(),
        parameters=None if function is None else tuple(c.get("typeRef") for c in function.children("parameters")),
        result="" if function is None else function.get("outputTypeRef"),
    )
