"""The border for operations: inputs of a diagram checked by name and kind; nothing unknown is ignored silently."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.workflow.step import OperationCall


def take(call: OperationCall, **forms: Callable[[Any], Any]) -> dict[str, Any]:
    """The inputs by name, each read by its form (`number`, `text`, …).

    Raises InvalidInput `operation.input` for a missing, unknown or unreadable one.
    """
    unknown = sorted(call.inputs.keys() - forms.keys())
    missing = sorted(forms.keys() - call.inputs.keys())
    if unknown or missing:
        raise InvalidInput(
            "operation.input",
            f"'{call.node.name or call.node.id}' calls {call.name} with {', '.join(sorted(call.inputs)) or 'nothing'}; "
            f"expected {', '.join(sorted(forms))}",
            node=call.node.id,
            name=call.name,
            unknown=unknown,
            missing=missing,
            input=[*unknown, *missing],
        )
    return {name: _read(call, name, form) for name, form in forms.items()}


def number(value: Any) -> int:
    """An id."""
    return int(value)


def maybe_number(value: Any) -> int | None:
    """An id, or nothing."""
    return None if value is None else int(value)


def text(value: Any) -> str:
    """A text; null is empty."""
    return "" if value is None else str(value)


def maybe_bool(value: Any) -> bool | None:
    """Yes, no, or nothing."""
    return None if value is None else bool(value)


def maybe_text(value: Any) -> str | None:
    """A text, or nothing."""
    return None if value is None else str(value)


def maybe_day(value: Any) -> date | None:
    """A day, as a date or as ISO text (of a moment: its day there); null or an empty text is nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def texts(value: Any) -> list[str]:
    """A list of texts; null is empty."""
    return [str(each) for each in value or []]


def listed(value: Any) -> list[Mapping[str, Any] | None]:
    """A list of contexts; null is empty, null entries stay."""
    return list(value or [])


def _read(call: OperationCall, name: str, form: Callable[[Any], Any]) -> Any:
    try:
        return form(call.inputs[name])
    except (TypeError, ValueError) as wrong:
        raise InvalidInput(
            "operation.input",
            f"input '{name}' of {call.name} is {call.inputs[name]!r}, which cannot be read: correct the diagram",
            node=call.node.id,
            name=name,
            input=name,
        ) from wrong
