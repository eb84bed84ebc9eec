"""Reading XML that others wrote: no DOCTYPE, no entities, no network, limits on size and number of elements."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.kernel import xml as markup
from engine.kernel.errors import BadDefinition

NAMESPACES = ("omg.org/spec/DMN/",)


@dataclass(frozen=True)
class Limits:
    """How large a file may be: bytes, elements and depth (`runtime.md`, security)."""

    size: int = 2 * 1024 * 1024
    elements: int = 5_000
    depth: int = 100


def parse(xml: bytes, limits: Limits) -> Any:
    """The root element. Raises BadDefinition for a DOCTYPE, for broken XML and beyond the limits."""
    if len(xml) > limits.size:
        raise BadDefinition(
            "dmn.too-large", f"the file has {len(xml)} bytes; at most {limits.size} are read: split it", size=len(xml)
        )
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"<\x00!\x00D\x00O" in xml or b"\x00<\x00!\x00D" in xml:
        raise BadDefinition("dmn.doctype", "the file declares a DOCTYPE, which is refused: remove it")
    try:
        root = markup.root_of(xml)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise BadDefinition(
            "dmn.broken-xml", f"the file is not well-formed XML: {broken}", detail=str(broken)
        ) from broken
    _check(root, limits)
    return root


def _check(root: Any, limits: Limits) -> None:
    if root.getroottree().docinfo.doctype:
        raise BadDefinition("dmn.doctype", "the file declares a DOCTYPE, which is refused: remove it")
    count = sum(1 for _ in root.iter())
    if count > limits.elements:
        raise BadDefinition(
            "dmn.too-many-elements",
            f"the file has {count} elements; at most {limits.elements} are read: split it",
            count=count,
            limit=limits.elements,
        )
    if markup.depth(root) > limits.depth:
        raise BadDefinition(
            "dmn.too-deep", f"elements are nested more than {limits.depth} deep: split the decision", limit=limits.depth
        )
    _refuse_other_languages(root)
    if _local(root) != "definitions" or not any(part in (_space(root) or "") for part in NAMESPACES):
        raise BadDefinition(
            "dmn.not-dmn", f"the file starts with <{_local(root)}>; expected <definitions> of DMN", element=_local(root)
        )


def _refuse_other_languages(root: Any) -> None:
    for element in root.iter():
        language = element.get("expressionLanguage", "feel") if isinstance(element.tag, str) else "feel"
        if "feel" not in language.lower():
            named = Element(element).described()
            raise BadDefinition(
                "dmn.expression-language",
                f"{named} is written in {language}; only FEEL is read: write it in FEEL",
                element=named,
                language=language,
            )


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _space(element: Any) -> str | None:
    return etree.QName(element).namespace


@dataclass(frozen=True)
class Element:
    """An element of DMN, seen without its namespace."""

    raw: Any

    @property
    def tag(self) -> str:
        return _local(self.raw)

    @property
    def id(self) -> str:
        return str(self.raw.get("id", ""))

    @property
    def name(self) -> str:
        """The name with white space as single spaces."""
        return " ".join(str(self.raw.get("name", "")).split())

    def get(self, attribute: str, otherwise: str = "") -> str:
        return str(self.raw.get(attribute, otherwise))

    def children(self, *tags: str) -> Iterator["Element"]:
        """The direct children of DMN's own namespaces with one of these tags, all of them without tags."""
        own = _space(self.raw)
        for child in self.raw:
            if isinstance(child.tag, str) and _space(child) == own and (not tags or _local(child) in tags):
                yield Element(child)

    def child(self, *tags: str) -> "Element | None":
        return next(self.children(*tags), None)

    def text(self, tag: str = "text") -> str:
        """The text of the child with this tag, without white space around it."""
        found = self.child(tag)
        return "" if found is None else "".join(found.raw.itertext()).strip()

    def described(self) -> str:
        """How errors name it: its name, else its id, else where it stands."""
        return self.name or self.id or f"{self.tag} in line {self.raw.sourceline}"
