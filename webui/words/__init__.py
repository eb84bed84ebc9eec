"""What the engine's codes are called: each module holds `WORDS`, code → sentence; a new file is found by itself."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.kernel.errors import LetterflowError
from webui.dates import stamp


def _collect() -> dict[str, Any]:
    words: dict[str, Any] = {}
    for module in pkgutil.iter_modules(__path__):
        words |= importlib.import_module(f"{__name__}.{module.name}").WORDS
    return words


WORDS = _collect()


def known(code: str) -> bool:
    """Whether the code has words of its own."""
    return code in WORDS


def word(code: str, **fields: Any) -> str:
    """The code in the reader's language; the code itself where nobody worded it (a test finds those)."""
    text = WORDS.get(code)
    return _filled(str(text), fields) if text is not None else code


def sentence(error: LetterflowError) -> str:
    """An error of the engine as a sentence for people; the engine's own English where nobody worded its code."""
    if error.code == "task.decided":
        return _overtaken(error.fields)
    text = WORDS.get(error.code)
    return error.message if text is None else _filled(str(text), error.fields) or error.message


def told(found: Any) -> str:
    """What a finding or a problem of a workbook says; the engine's own English where nobody worded its code."""
    return (word(found.code, **found.fields) if known(found.code) else "") or str(found.message)


def remedy(found: Any) -> str:
    """What to do about a finding or a problem of a workbook."""
    code = f"{found.code}.remedy"
    return (word(code, **found.fields) if known(code) else "") or str(found.remedy)


def _overtaken(fields: Mapping[str, Any]) -> str:
    """Who was faster, when, and what they said; without a person the process itself moved on."""
    if not fields.get("name") or not fields.get("at"):
        return word("task.over")
    at, said = stamp(datetime.fromisoformat(fields["at"])), word(f"assignment.{fields.get('outcome')}")
    return word("task.decided", name=fields["name"], at=at, outcome=said)


def _filled(text: str, fields: Mapping[str, Any]) -> str:
    try:
        return text % {name: _shown(value) for name, value in fields.items()} if "%(" in text else text
    except KeyError:
        return ""


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list | tuple | set):
        return "、".join(str(each) for each in value)
    return str(value)
