"""A place in a diagram of another engine: what it says there, what of it was understood, what we say instead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.workflow.spiff.foreign import juel
from engine.workflow.spiff.foreign.juel import Untranslatable
from engine.workflow.spiff.reader import BPMN, LF, tag

ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://flowable.org/bpmn": "flowable",
    "http://activiti.org/bpmn": "activiti",
}
JUEL = tuple(space for space, name in ENGINES.items() if name != "zeebe")
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_BOX = f"{{{BPMN}}}extensionElements"


@dataclass(frozen=True)
class Note:
    """What the linter is to say about an element that another engine's diagram holds."""

    code: str
    severity: str
    element: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Reading:
    """What is gathered over a file: notes, forms that the diagram holds, variables that hold the starter."""

    notes: list[Note] = field(default_factory=list)
    forms: dict[str, bytes] = field(default_factory=dict)
    starters: frozenset[str] = frozenset()


class Spot:
    """One element; what is read with `take` and `parts` counts as understood, the rest is told as having no effect."""

    def __init__(self, element: etree._Element, spaces: tuple[str, ...], reading: Reading) -> None:
        self.element = element
        self.spaces = spaces
        self.reading = reading
        self.understood: set[str] = set()

    @property
    def kind(self) -> str:
        """The BPMN tag."""
        return tag(self.element)

    @property
    def ident(self) -> str:
        """The id of the element, or of the nearest one around it that has one and is drawn."""
        here: etree._Element | None = self.element
        while here is not None and (not here.get("id") or tag(here).endswith(("EventDefinition", "Characteristics"))):
            here = here.getparent()
        return "" if here is None else str(here.get("id"))

    def take(self, name: str) -> str | None:
        """The value of an attribute, None when it is missing or blank."""
        for space in self.spaces:
            found = self.element.get(f"{{{space}}}{name}")
            if found is not None:
                self.understood.add(f"{{{space}}}{name}")
                return str(found).strip() or None
        return None

    def parts(self, name: str) -> list[etree._Element]:
        """The extension elements of that name."""
        found = [child for child in self._box() if child.tag in {f"{{{space}}}{name}" for space in self.spaces}]
        self.understood.update(str(child.tag) for child in found)
        return found

    def part(self, name: str) -> etree._Element | None:
        """The first extension element of that name."""
        return next(iter(self.parts(name)), None)

    def left(self) -> list[str]:
        """What was not understood, named as it is written."""
        written = [*map(str, self.element.attrib), *(str(child.tag) for child in self._box())]
        names = (etree.QName(one) for one in written if one not in self.understood)
        return sorted({f"{ENGINES[str(n.namespace)]}:{n.localname}" for n in names if n.namespace in self.spaces})

    def has(self, name: str) -> bool:
        """Whether the owner has said it in our own words already."""
        return any(child.tag == f"{{{LF}}}{name}" for child in self._box())

    def say(self, name: str, **attributes: str | None) -> None:
        """Write one `lf:` element; attributes without a value are left out."""
        box = self.element.find(_BOX)
        if box is None:
            box = etree.Element(_BOX)
            self.element.insert(0, box)
        said = {key.rstrip("_"): value for key, value in attributes.items() if value is not None}
        etree.SubElement(box, f"{{{LF}}}{name}", said)

    def attribute(self, text: str, where: str) -> str | None:
        """A text with JUEL as an attribute of ours; None when it cannot be said, which is noted."""
        try:
            return juel.attribute(text, self.reading.starters)
        except Untranslatable as reason:
            self.refuse_text(text, where, str(reason))
            return None

    def refuse_text(self, text: str, where: str, reason: str) -> None:
        """An expression that cannot be read here."""
        self.note("expression_language", "error", where=where, text=text, reason=reason)

    def refuse_code(self, said: str) -> None:
        """A program of the other engine that would not run here."""
        self.note("foreign_code", "error", said=said)

    def note(self, code: str, severity: str, **fields: Any) -> None:
        """Something for the linter to say about this element."""
        self.reading.notes.append(Note(code, severity, self.ident, fields))

    def _box(self) -> Iterator[etree._Element]:
        box = self.element.find(_BOX)
        yield from (child for child in box if isinstance(child.tag, str)) if box is not None else ()
