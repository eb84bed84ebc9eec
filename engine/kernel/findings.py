"""What a linter says about something a process owner wrote: one shape for BPMN, DMN, FEEL and forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """A remark about an element: `message` says what is wrong, `remedy` what to do, `fields` feed the translation."""

    code: str
    severity: Severity
    element: str
    message: str
    remedy: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
