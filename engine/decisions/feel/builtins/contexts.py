"""Context functions (DMN 1.5 §10.3.4.9)."""

from typing import Any

from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins.registry import builtin


@builtin("get value", "m: context, key: string")
def get_value(run: Run, m: dict[str, Any], key: str) -> Any:
    return m.get(key)


@builtin("get entries", "m: context", "list")
def get_entries(run: Run, m: dict[str, Any]) -> list[Any]:
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context", "entries: list", "context")
def context(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    """A context of `{key, value}` entries; null for an entry without both or for a key that comes twice."""
    made: dict[str, Any] = {}
    for entry in entries:
        if entry.__class__ is not dict or "value" not in entry:
            return None
        key = entry.get("key")
        if key.__class__ is not str or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value!: Any", "context")
def context_put(run: Run, target: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**target, key: value}


@builtin("context put", "context: context, keys: list, value!: Any", "context")
def context_put_deep(run: Run, target: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    """The value at the end of a path of keys; null when the path leaves the contexts."""
    run.spend(len(target) + 1)
    if not keys or keys[0].__class__ is not str:
        return None
    key, rest = keys[0], keys[1:]
    if not rest:
        return {**target, key: value}
    inside = target.get(key)
    changed = context_put_deep(run, inside, rest, value) if inside.__class__ is dict else None
    return None if changed is None else {**target, key: changed}


@builtin("context merge", "contexts: list", "context")
def context_merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for one in contexts:
        if one.__class__ is not dict:
            return None
        run.spend(len(one))
        merged.update(one)
    return merged
