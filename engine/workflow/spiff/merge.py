"""Three-way merge of the data of branches: only what a branch changed counts (trap T1)."""

from collections.abc import Mapping
from typing import Any, Literal

from engine.workflow.errors import Stuck

Values = Mapping[str, Any]
Winner = Literal["ours", "theirs"]
_MISSING: Any = object()


def three_way(base: Values, ours: Values, theirs: Values, *, prefer: Winner | None = None) -> dict[str, Any]:
    """What both sides changed since `base`, together; additions to the same list are both kept, ours first.

    Where both changed one value to different ones, `prefer` decides; without it raises
    Stuck (`workflow.branches_disagree`) that names the variables.
    """
    merged, conflicts = _mappings(base, ours, theirs, prefer)
    if conflicts:
        names = ", ".join(sorted(conflicts))
        raise Stuck(
            "workflow.branches_disagree",
            f"parallel branches set {names} to different values; let each branch write a variable of its own",
            variables=sorted(conflicts),
        )
    return merged


def _mappings(base: Values, ours: Values, theirs: Values, prefer: Winner | None) -> tuple[dict[str, Any], list[str]]:
    merged, conflicts = dict(ours), []
    for name in [*theirs, *(name for name in base if name not in theirs)]:
        before, mine, other = base.get(name, _MISSING), ours.get(name, _MISSING), theirs.get(name, _MISSING)
        if other is before or mine is other or _same(other, before):
            continue
        if _same(mine, before):
            _put(merged, name, other)
            continue
        if _same(mine, other):
            continue
        together = _values(before, mine, other, prefer)
        if together is not _MISSING:
            merged[name] = together
        elif prefer is None:
            conflicts.append(name)
        elif prefer == "theirs":
            _put(merged, name, other)
    return merged, conflicts


def _values(before: Any, mine: Any, other: Any, prefer: Winner | None) -> Any:
    if mine is _MISSING and prefer is not None and isinstance(before, list):
        mine = []  # it parted before the list began, so the additions are news to it all the same
    if isinstance(mine, list) and isinstance(other, list):
        start = before if isinstance(before, list) else []
        return _lists(start, mine, other, strict=prefer is None)
    if isinstance(mine, Mapping) and isinstance(other, Mapping):
        merged, conflicts = _mappings(before if isinstance(before, Mapping) else {}, mine, other, prefer)
        return _MISSING if conflicts else merged
    return _MISSING


def _lists(before: list[Any], mine: list[Any], other: list[Any], *, strict: bool) -> Any:
    """What both started from with the additions of both where they stand, mine first; both orders are kept.

    Where one side lacks something that was there, it stays as it is with what the other added; strictly they disagree.
    """
    ours, theirs = _additions(before, mine), _additions(before, other)
    if ours is None or theirs is None:
        if strict or (ours is None and theirs is None):
            return _MISSING
        return [*mine, *_flat(theirs)] if theirs is not None else [*other, *_flat(ours or [])]
    together: list[Any] = []
    for place, (own, others) in enumerate(zip(ours, theirs, strict=True)):
        together += [*own, *others, *before[place : place + 1]]
    return together


def _additions(before: list[Any], after: list[Any]) -> list[list[Any]] | None:
    """What was added in front of each value that was there before, and at the end; None when one of those is gone."""
    if after[: len(before)] == before:
        return [*([] for _ in before), after[len(before) :]]
    added: list[list[Any]] = [[]]
    for value in after:
        if len(added) <= len(before) and value == before[len(added) - 1]:
            added.append([])
        else:
            added[-1].append(value)
    return added if len(added) > len(before) else None


def _flat(added: list[list[Any]]) -> list[Any]:
    return [value for part in added for value in part]


def _same(one: Any, two: Any) -> bool:
    if one is two:
        return True
    if one is _MISSING or two is _MISSING or isinstance(one, bool) != isinstance(two, bool):
        return False
    return bool(one == two)


def _put(merged: dict[str, Any], name: str, value: Any) -> None:
    if value is _MISSING:
        merged.pop(name, None)
    else:
        merged[name] = value
