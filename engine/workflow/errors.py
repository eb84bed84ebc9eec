"""What the machine and its operations raise besides the families of the kernel."""

from typing import Any

from engine.kernel.errors import Conflict, LetterflowError


class BpmnError(LetterflowError):
    """Something went wrong in a way that the diagram may draw: error events catch it by `error_code`."""

    def __init__(self, error_code: str, message: str = "", **fields: Any) -> None:
        super().__init__("workflow.bpmn_error", message or f"error {error_code}", error_code=error_code, **fields)
        self.error_code = error_code


class Stale(Conflict):
    """The named token is no longer where the caller saw it; the instance has moved on."""


class Stuck(LetterflowError):
    """A node cannot go on (no flow fits, branches contradict each other, …); it becomes an incident at the node."""
