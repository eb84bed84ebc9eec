"""What other engines' attributes and elements say is not read: one warning an element, so that nobody relies on it."""

from collections.abc import Iterator

from lxml import etree

from engine.workflow.spiff.linter.book import Book
from engine.workflow.spiff.reader import BPMN

ENGINES = {
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://flowable.org/bpmn": "flowable",
    "http://activiti.org/bpmn": "activiti",
}
_BESIDES = frozenset({"asyncBefore", "asyncAfter", "exclusive", "historyTimeToLive", "versionTag", "diagramRelationId"})
"""How another engine runs it, not what it means: leaving that out changes nothing."""


def check(root: etree._Element, book: Book) -> None:
    """Every element that carries something of another engine."""
    for element in root.iter(f"{{{BPMN}}}*"):
        names = sorted(set(_said(element)))
        ident = element.get("id")
        if names and ident:
            book.warning(
                "foreign",
                str(ident),
                f"{', '.join(names)} at {ident} belongs to another engine and has no effect.",
                "Say it with lf: elements.",
                said=names,
            )


def _said(element: etree._Element) -> Iterator[str]:
    for key in element.attrib:
        yield from _named(str(key))
    box = element.find(f"{{{BPMN}}}extensionElements")
    for child in box if box is not None else ():
        yield from _named(str(child.tag))


def _named(tag: str) -> Iterator[str]:
    name = etree.QName(tag)
    if name.namespace in ENGINES and name.localname not in _BESIDES:
        yield f"{ENGINES[str(name.namespace)]}:{name.localname}"
