"""What is told about an item follows it into its new version: progress, documents handed in, warnings, orders."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine.kernel.work import Work
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.items import ItemRow
from engine.letters.plans import MilestoneRow
from engine.letters.tracking.progress import ProgressRow
from engine.letters.tracking.submissions import SubmissionRow
from engine.letters.watching.orders import OrderRow
from engine.letters.watching.topics import TopicRow
from engine.letters.watching.warnings import WarningRow

_ON_ITEM: tuple[Any, ...] = (ProgressRow.item_id, WarningRow.item_id, OrderRow.item_id, TopicRow.item_id)
_ON_LETTER: tuple[Any, ...] = (WarningRow.letter_id, OrderRow.letter_id)
_ABOVE: tuple[Any, ...] = (ItemRow.parent_id, MilestoneRow.parent_item_id)


def follow(work: Work, old_letter: int, new_letter: int, copied: Mapping[int, int]) -> None:
    """Points everything that hangs on the old version at the new one; `copied` are new item ids by old ones."""
    for column in _ON_LETTER:
        _repoint(work, column, old_letter, new_letter)
    documents = _documents(work, copied)
    for old, new in copied.items():
        for column in (*_ON_ITEM, *_ABOVE):
            _repoint(work, column, old, new)
    for old, new in documents.items():
        _repoint(work, SubmissionRow.spec_id, old, new)


def _repoint(work: Work, column: Any, old: int, new: int) -> None:
    work.session.execute(update(column.class_).where(column == old).values({column.key: new}))


def _documents(work: Work, copied: Mapping[int, int]) -> Mapping[int, int]:
    """Promised documents by their place in the item: copying keeps it."""
    wanted = select(DeliverableSpecRow.id, DeliverableSpecRow.item_id, DeliverableSpecRow.position).where(
        DeliverableSpecRow.item_id.in_([*copied, *copied.values()])
    )
    rows = list(work.session.execute(wanted.order_by(DeliverableSpecRow.position, DeliverableSpecRow.id)))
    places: dict[int, list[int]] = {}
    for row in rows:
        places.setdefault(row.item_id, []).append(row.id)
    return {
        old: new
        for item, fresh in copied.items()
        for old, new in zip(places.get(item, []), places.get(fresh, []), strict=True)
    }
