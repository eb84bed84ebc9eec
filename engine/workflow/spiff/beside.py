"""The files beside a diagram, as far as a diagram refers to them: forms by name, decisions by file or id."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from engine.kernel import xml

TABLE, FORM = ".dmn", ".form.json"
_SEVERAL = frozenset({"RULE ORDER", "OUTPUT ORDER"})


@dataclass(frozen=True)
class Decision:
    """A decision of a file; `several` says that its table answers with a list of what each rule gives."""

    file: str
    id: str
    outputs: int | None  # None when it is no table
    several: bool


class Beside:
    """Names and contents; a content may be empty where only the name is known."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {name.rsplit("/", 1)[-1]: content for name, content in files.items()}

    def form(self, key: str) -> bool:
        """Whether there is a form of that name."""
        return key.removesuffix(FORM) + FORM in self._files

    def decides(self, reference: str) -> bool:
        """Whether there is a file of that name, or one that holds a decision with that id."""
        return reference.removesuffix(TABLE) + TABLE in self._files or self.decision(reference) is not None

    def decision(self, reference: str) -> Decision | None:
        """The decision of that id, or the only one of the file of that name; None when it is not known."""
        name = reference.removesuffix(TABLE) + TABLE
        there = [one for one in self._decisions if one.file == name]
        if name in self._files:
            return there[0] if len(there) == 1 else None
        return next((one for one in self._decisions if one.id == reference), None)

    def known(self, suffix: str) -> list[str]:
        """The names of all files with that ending, without it."""
        return sorted(name.removesuffix(suffix) for name in self._files if name.endswith(suffix))

    @cached_property
    def _decisions(self) -> list[Decision]:
        tables = [name for name in sorted(self._files) if name.endswith(TABLE)]
        return [_read(name, element) for name in tables for element in _elements(self._files[name])]


def _elements(content: bytes) -> list[etree._Element]:
    try:
        return list(xml.root_of(content).findall("{*}decision")) if content else []
    except (etree.XMLSyntaxError, ValueError):  # its own check says so
        return []


def _read(file: str, element: etree._Element) -> Decision:
    ident, table = str(element.get("id", "")), element.find("{*}decisionTable")
    if table is None:
        return Decision(file, ident, None, several=False)
    policy = str(table.get("hitPolicy", "UNIQUE"))
    several = policy in _SEVERAL or (policy == "COLLECT" and not table.get("aggregation"))
    return Decision(file, ident, len(table.findall("{*}output")), several)
