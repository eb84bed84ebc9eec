"""Drafts become rows, many at once: 10,000 items are a handful of statements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, insert, update

from engine.kernel.work import Work
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.groups import GroupRow
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.letters.workbook.drafts import ItemDraft, LetterDraft

_PLAIN_GROUP: Mapping[str, Any] = {"weight": None, "max_points": None, "mode": "SUM", "relative": False}
"""A group that only an item, or a deeper group, names."""


def save(work: Work, drafts: Sequence[LetterDraft], shared: Mapping[str, Any]) -> dict[str, int]:
    """Write all letters with their groups, items and documents; `shared` are columns all letters have in common.

    The answer is each letter's id by its name in the workbook.
    """
    letters = _insert(work, _table(LetterRow), [{**shared, **draft.values} for draft in drafts])
    ids = {draft.ref: letter for draft, letter in zip(drafts, letters, strict=True)}
    groups = {draft.ref: _groups(work, draft, ids[draft.ref]) for draft in drafts}
    rows = [_item(item, draft, ids, groups) for draft in drafts for item in draft.items]
    for item, key in zip(_items(drafts), _insert(work, _table(ItemRow), rows), strict=True):
        item.values["id"] = key
    documents = [_document(item, each) for item in _items(drafts) for each in item.deliverables]
    _insert(work, _table(DeliverableSpecRow), documents)
    return ids


def link_parents(work: Work, drafts: Sequence[LetterDraft], known: Mapping[str, int]) -> list[ItemDraft]:
    """Connect items to the items above them; the answer is those whose parent nobody knows."""
    named = {f"{draft.ref}#{item.values['code']}": item.values["id"] for draft in drafts for item in draft.items}
    found = {**known, **{name: key for name, key in named.items() if not name.endswith("#")}}
    linked = [(item, found.get(item.parent)) for item in _items(drafts) if item.parent]
    pairs = [{"item": item.values["id"], "above": parent} for item, parent in linked if parent is not None]
    if pairs:
        table = _table(ItemRow)
        statement = update(table).where(table.c.id == bindparam("item")).values(parent_id=bindparam("above"))
        work.connection.execute(statement, pairs)
    return [item for item, parent in linked if parent is None]


def _items(drafts: Iterable[LetterDraft]) -> Iterable[ItemDraft]:
    return (item for draft in drafts for item in draft.items)


def _groups(work: Work, draft: LetterDraft, letter: int) -> dict[tuple[str, ...], int]:
    """The ids of a letter's groups by path; groups that only a deeper path names are made too."""
    named = [*draft.groups, *(item.group for item in draft.items if item.group)]
    paths = dict.fromkeys(path[:depth] for path in named for depth in range(1, len(path) + 1))
    ids: dict[tuple[str, ...], int] = {}
    for depth in range(1, max(map(len, paths), default=0) + 1):
        level = [path for path in paths if len(path) == depth]
        rows = [
            {
                "letter_id": letter,
                "parent_id": ids.get(path[:-1]),
                "position": position,
                "name": path[-1],
                **(draft.groups[path].values if path in draft.groups else _PLAIN_GROUP),
            }
            for position, path in enumerate(level, start=1)
        ]
        ids |= dict(zip(level, _insert(work, _table(GroupRow), rows), strict=True))
    return ids


def _item(
    item: ItemDraft, draft: LetterDraft, ids: Mapping[str, int], groups: Mapping[str, Mapping[tuple[str, ...], int]]
) -> dict[str, Any]:
    group = groups[draft.ref][item.group] if item.group else None
    return {"letter_id": ids[draft.ref], "group_id": group, "raw": item.raw, **item.values}


def _document(item: ItemDraft, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"item_id": item.values["id"], **values}


def _table(row: type[Any]) -> Table:
    table: Table = row.__table__
    return table


def _insert(work: Work, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert the rows, which have the same keys; their ids in the same order."""
    if not rows:
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return [row.id for row in work.session.execute(statement, list(rows))]
