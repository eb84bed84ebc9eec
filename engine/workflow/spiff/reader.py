"""Reads the XML of a diagram, hardened: no DOCTYPE, no entities, no network, bounded in size and elements."""

from lxml import etree

from engine.kernel import xml
from engine.kernel.errors import BadDefinition

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
LF = "urn:letterflow:bpmn:1"
MAX_BYTES = 2 * 1024 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 100


def read(content: bytes) -> etree._Element:
    """The root element of a diagram, without comments and processing instructions.

    Raises BadDefinition (`bpmn.too_large`, `bpmn.doctype`, `bpmn.not_xml`, `bpmn.not_bpmn`, `bpmn.too_many_elements`).
    """
    if len(content) > MAX_BYTES:
        raise BadDefinition(
            "bpmn.too_large",
            f"the file has {len(content)} bytes; at most {MAX_BYTES} are read: split the process",
            bytes=len(content),
            limit=MAX_BYTES,
        )
    root = _parse(content)
    if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]  # lxml-stubs lack it
        raise BadDefinition("bpmn.doctype", "the file has a DOCTYPE, which is never read: remove that line")
    if root.tag != f"{{{BPMN}}}definitions":
        raise BadDefinition(
            "bpmn.not_bpmn", f"the root element is {root.tag}; expected BPMN 2.0 definitions", tag=str(root.tag)
        )
    _measure(root)
    return root


def _parse(content: bytes) -> etree._Element:
    try:
        root: etree._Element = xml.root_of(content)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadDefinition("bpmn.not_xml", f"the file is no XML: {error}", reason=str(error)) from error
    return root


def _measure(root: etree._Element) -> None:
    for count, element in enumerate(root.iter(), 1):
        if not isinstance(element.tag, str):  # an entity reference that was not resolved
            raise BadDefinition(
                "bpmn.entity", "the file uses an entity, which is never resolved: write the text itself"
            )
        if count > MAX_ELEMENTS:
            raise BadDefinition(
                "bpmn.too_many_elements",
                f"the file has more than {MAX_ELEMENTS} elements: split the process",
                limit=MAX_ELEMENTS,
            )
    depth = xml.depth(root)
    if depth > MAX_DEPTH:
        raise BadDefinition("bpmn.too_deep", f"elements are nested {depth} deep; at most {MAX_DEPTH}", limit=MAX_DEPTH)


def tag(element: etree._Element) -> str:
    """The local name of an element."""
    return str(etree.QName(element).localname)


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The direct children of that local name in the BPMN namespace."""
    return element.findall(f"{{{BPMN}}}{name}")


def whole_text(element: etree._Element) -> str:
    """Everything written inside an element and its children, stripped."""
    return "".join(map(str, element.itertext())).strip()


def text(element: etree._Element, name: str) -> str | None:
    """The stripped text of the first direct BPMN child of that name, None when there is none or it is empty."""
    found = element.find(f"{{{BPMN}}}{name}")
    if found is None or found.text is None:
        return None
    return str(found.text).strip() or None
