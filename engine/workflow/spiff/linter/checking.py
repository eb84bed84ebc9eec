"""Runs all checks over the files of a folder."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson

from engine.kernel.findings import Finding


def check(files: Mapping[str, bytes], *, called: Collection[str] | None = ()) -> list[Finding]:
    """Everything that is wrong or doubtful in the BPMN files of a folder; `called` are keys of processes that exist elsewhere."""
    return []


def form_fields(files: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """The declared fields of each form (`<key>.form.json`), by the form's key."""
    found: dict[str, frozenset[str]] = {}
    for name, content in files.items():
        if name.endswith(".form.json"):
            try:
                form = orjson.loads(content)
            except orjson.JSONDecodeError:
                continue
            found[name.rsplit("/", 1)[-1].removesuffix(".form.json")] = frozenset(_keys(form))
    return found


def _keys(part: Any) -> list[str]:
    """Keys of a form-js schema, with those of groups; a path `a.b` declares `a`."""
    if not isinstance(part, dict):
        return []
    own = [str(part["key"]).split(".", 1)[0]] if isinstance(part.get("key"), str) else []
    inner = part.get("components")
    return own + [key for child in (inner if isinstance(inner, list) else []) for key in _keys(child)]
