"""A place in a diagram of another engine: what it says there, what of it was understood, what we say instead."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.workflow.spiff.foreign import juel
from engine.workflow.spiff.foreign.juel import Untranslatable
from engine.workflow.spiff.model import NODES, Note
from engine.workflow.spiff.reader import BPMN, LF, tag

ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://flowable.org/bpmn": "flowable",
    "http://activiti.org/bpmn": "activiti",
}
JUEL = tuple(space for space, name in ENGINES.items() if name != "zeebe")
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
_DRAWN = NODES | {"sequenceFlow", "process"}
_BOX = f"{{{BPMN}}}extensionElements"


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
        """The id of the node, flow or process that this is or belongs to; its own where it belongs to none."""
        here: etree._Element | None = self.element
        while here is not None and tag(here) not in _DRAWN:
            here = here.getparent()
        return str((self.element if here is None else here).get("id", ""))

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

    def ignore(self, *names: str) -> None:
        """What was read but has no effect here after all."""
        self.understood -= {f"{{{space}}}{name}" for space in self.spaces for name in names}

    def left(self) -> list[str]:
        """What was not understood, named as it is written."""
        written = [*map(str, self.element.attrib), *(str(child.tag) for child in self._box())]
        names = (etree.QName(one) for one in written if one not in self.understood)
        prefixes = {space: prefix for prefix, space in self.element.nsmap.items()}
        return sorted({f"{prefixes.get(n.namespace, '')}:{n.localname}" for n in names if n.namespace in self.spaces})

    def has(self, name: str) -> bool:
        """Whether the owner has said it in our own words already."""
        return bool(self.ours(name))

    def ours(self, name: str) -> list[etree._Element]:
        """The `lf:` elements of that name."""
        return [child for child in self._box() if child.tag == f"{{{LF}}}{name}"]

    def say(self, name: str, /, **attributes: str | None) -> None:
        """Write one `lf:` element; attributes without a value are left out."""
        box = self.element.find(_BOX)
        if box is None:
            box = etree.Element(_BOX)
            self.element.insert(0, box)
        said = {key.rstrip("_"): value for key, value in attributes.items() if value is not None}
        etree.SubElement(box, f"{{{LF}}}{name}", said)

    def set(self, name: str, value: str) -> None:
        """Write one `lf:` attribute, unless the owner has written it."""
        if self.element.get(f"{{{LF}}}{name}") is None:
            self.element.set(f"{{{LF}}}{name}", value)

    def rank(self, priority: str | None) -> None:
        """The priority of a task, beside what else is said of its node."""
        if priority is None:
            return
        if not self.has("node"):
            self.say("node", kind="act")
        node = self.ours("node")[0]
        node.set("priority", node.get("priority") or priority)

    def attribute(self, text: str, where: str) -> str | None:
        """A text with JUEL as an attribute of ours; None when it cannot be said, which is noted."""
        try:
            return juel.attribute(text, self.reading.starters)
        except Untranslatable as reason:
            self.refuse_text(text, where, str(reason))
            return None

    def refuse_text(self, text: str, where: str, reason: str) -> None:
        """An expression that cannot be read here."""
        self.note("expression_foreign", "error", where=where, text=text, reason=reason)

    def refuse_code(self, said: str) -> None:
        """A program of the other engine that would not run here."""
        self.note("foreign_code", "error", said=said)

    def note(self, code: str, severity: str, **fields: Any) -> None:
        """Something for the linter to say about this element."""
        self.reading.notes.append(Note(code, severity, self.ident, fields))

    def _box(self) -> Iterator[etree._Element]:
        box = self.element.find(_BOX)
        yield from (child for child in box if isinstance(child.tag, str)) if box is not None else ()
