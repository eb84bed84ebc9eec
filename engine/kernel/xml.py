"""How XML that others wrote is parsed: nothing is fetched, nothing is expanded (`runtime.md`, security)."""

from typing import Any

from lxml import etree


def root_of(content: bytes) -> Any:
    """The root element, without comments and processing instructions; entities are never resolved.

    Raises lxml's XMLSyntaxError, or ValueError for texts that are no bytes of XML; callers name them in their words.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(content, parser)


def depth(root: Any) -> int:
    """How deep elements are nested; the root alone is 1. It walks without recursion."""
    deepest, stack = 0, [(root, 1)]
    while stack:
        element, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((child, level + 1) for child in element)
    return deepest
