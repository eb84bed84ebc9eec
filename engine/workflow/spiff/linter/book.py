"""Where checks note what they found; one wording for all."""

from typing import Any

from engine.kernel.findings import Finding
from engine.workflow.spiff.model import Flow, Node, Scope


class Book:
    """The findings about one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def error(self, code: str, element: str, message: str, remedy: str, **fields: Any) -> None:
        """This stops the deployment."""
        self.findings.append(Finding(f"bpmn.{code}", "error", element, message, remedy, fields, self.file))

    def warning(self, code: str, element: str, message: str, remedy: str, **fields: Any) -> None:
        """This runs, but perhaps not as it is meant."""
        self.findings.append(Finding(f"bpmn.{code}", "warning", element, message, remedy, fields, self.file))


def named(thing: Node | Flow | Scope) -> str:
    """How a sentence calls an element: its name and id."""
    name = thing.said.name if isinstance(thing, Node) else thing.name if isinstance(thing, Scope) else ""
    name, ident = " ".join(name.split()), thing.id or "(without id)"
    return f"'{name}' ({ident})" if name else ident
