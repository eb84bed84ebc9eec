"""Where checks note what they found; one wording for all."""

from typing import Any

from engine.kernel.findings import Finding, Severity
from engine.workflow.spiff.model import Flow, Node, Scope


class Book:
    """The findings about one file; each has `element` and `name` (how people call the element) among its fields."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.names: dict[str, str] = {}

    def error(self, code: str, element: str, message: str, remedy: str, **fields: Any) -> None:
        """This stops the deployment."""
        self._note(code, "error", element, (message, remedy), fields)

    def warning(self, code: str, element: str, message: str, remedy: str, **fields: Any) -> None:
        """This runs, but perhaps not as it is meant."""
        self._note(code, "warning", element, (message, remedy), fields)

    def _note(self, code: str, severity: Severity, element: str, said: tuple[str, str], fields: dict[str, Any]) -> None:
        everything = {"element": element, "name": self.names.get(element, element), **fields}
        self.findings.append(Finding(f"bpmn.{code}", severity, element, *said, everything, self.file))


def named(thing: Node | Flow | Scope) -> str:
    """How a sentence calls an element: its name and id."""
    name = thing.said.name if isinstance(thing, Node) else thing.name if isinstance(thing, Scope) else ""
    name, ident = " ".join(name.split()), thing.id or "(without id)"
    return f"'{name}' ({ident})" if name else ident
