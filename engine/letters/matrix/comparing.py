"""Two matrices side by side: which duties are new, gone or changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.people.authority import Authority


@dataclass(frozen=True)
class Change:
    """`kind` is added, removed or changed; the row before and after (None where there is none)."""

    kind: str
    before: Authority | None
    after: Authority | None


def compare(old: Iterable[Authority], new: Iterable[Authority]) -> tuple[Change, ...]:
    """What differs, by kind of work; a duty of the same actor in the same place that differs otherwise is changed."""
    before, after = _by_place(old), _by_place(new)
    found = []
    for place in sorted(before.keys() | after.keys()):
        gone = [row for row in before.get(place, ()) if row not in after.get(place, ())]
        fresh = [row for row in after.get(place, ()) if row not in before.get(place, ())]
        while gone and fresh:
            found.append(Change("changed", gone.pop(0), fresh.pop(0)))
        found += [Change("removed", row, None) for row in gone]
        found += [Change("added", None, row) for row in fresh]
    return tuple(found)


Place = tuple[str, str, str, str, str]


def _by_place(rows: Iterable[Authority]) -> dict[Place, list[Authority]]:
    found: dict[Place, list[Authority]] = {}
    for row in rows:
        place = (row.type, row.control_mode or "", row.org_type or "", row.actor, str(row.duty))
        found.setdefault(place, []).append(replace(row, article=row.article.strip()))
    return found
