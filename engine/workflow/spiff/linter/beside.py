"""The files beside a diagram, as far as a diagram refers to them: forms by name, decisions by file or id."""

from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from engine.kernel import xml

_TABLE, _FORM = ".dmn", ".form.json"


class Beside:
    """Names and contents; a content may be empty where only the name is known."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {name.rsplit("/", 1)[-1]: content for name, content in files.items()}

    def form(self, key: str) -> bool:
        """Whether there is a form of that name."""
        return key.removesuffix(_FORM) + _FORM in self._files

    def decision(self, reference: str) -> bool:
        """Whether there is a file of that name, or one that holds a decision with that id."""
        return reference.removesuffix(_TABLE) + _TABLE in self._files or reference in self._outputs

    def outputs(self, reference: str) -> int | None:
        """How many outputs the table of that decision has, None when that is not known."""
        name = reference.removesuffix(_TABLE) + _TABLE
        if name in self._files:
            return self._alone.get(name)
        return self._outputs.get(reference)

    def known(self, suffix: str) -> list[str]:
        """The names of all files with that ending, without it."""
        return sorted(name.removesuffix(suffix) for name in self._files if name.endswith(suffix))

    @cached_property
    def _tables(self) -> list[tuple[str, str, int | None]]:
        """File, id and number of outputs of every decision."""
        found = []
        for name in sorted(self._files):
            for decision in _decisions(self._files[name]) if name.endswith(_TABLE) else ():
                table = decision.find("{*}decisionTable")
                count = None if table is None else len(table.findall("{*}output"))
                found.append((name, str(decision.get("id", "")), count))
        return found

    @cached_property
    def _outputs(self) -> dict[str, int | None]:
        return {ident: count for _, ident, count in self._tables}

    @cached_property
    def _alone(self) -> dict[str, int | None]:
        """By file, of those that hold one decision."""
        files = [name for name, _, _ in self._tables]
        return {name: count for name, _, count in self._tables if files.count(name) == 1}


def _decisions(content: bytes) -> list[etree._Element]:
    try:
        return list(xml.root_of(content).findall("{*}decision")) if content else []
    except (etree.XMLSyntaxError, ValueError):  # its own check says so
        return []
