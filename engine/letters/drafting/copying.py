"""How items come to be written: insert one with its deliverables, or copy a whole letter into a new version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import func, insert, select

from engine.kernel.work import Work
from engine.letters.commitments import CommitmentRow
from engine.letters.content import Content
from engine.letters.deliverable_specs import DeliverableSpecRow, DeliverableSpecView
from engine.letters.groups import GroupRow
from engine.letters.items import ItemRow, ItemView
from engine.letters.states import CommitmentState

_REFERENCES = frozenset(
    {
        "letter",
        "group",
        "data_provider",
        "owner",
        "parent",
        "previous",
        "carried_from",
        "milestone",
        "decision",
        "fund_line",
        "changed_by",
    }
)
_COPIED = tuple(each.name for each in fields(ItemView) if each.name not in ("id", "letter", "revision", "changed_by"))


def columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Field names of an item as column names: `owner` is `owner_id`."""
    return {f"{name}_id" if name in _REFERENCES else name: value for name, value in values.items()}


def add_item(
    work: Work, letter: int, values: Mapping[str, Any], specs: Iterable[Mapping[str, Any]] = (), *, actor: int | None
) -> int:
    """A new item at the end of a letter, with its promised documents; its id. `values` by field name."""
    last = select(func.coalesce(func.max(ItemRow.position), 0)).where(ItemRow.letter_id == letter)
    position = work.session.execute(last).scalar_one() + 1
    row = {"position": position, **columns(values), "letter_id": letter, "changed_by_id": actor}
    item: int = work.session.execute(insert(ItemRow).values(**row).returning(ItemRow.id)).scalar_one()
    add_specs(work, item, specs)
    return item


def add_specs(work: Work, item: int, specs: Iterable[Mapping[str, Any]]) -> None:
    """Promised documents of an item, in this order."""
    made = [{"position": number, **spec, "item_id": item} for number, spec in enumerate(specs, 1)]
    for each in made:
        work.session.execute(insert(DeliverableSpecRow).values(**each))


def spec_values(specs: Sequence[DeliverableSpecView]) -> list[dict[str, Any]]:
    """Promised documents as they are written again elsewhere."""
    return [
        {
            "name": spec.name,
            "stage": spec.stage,
            "criteria": spec.criteria,
            "weight": spec.weight,
            "reviewer_id": spec.reviewer,
            "due": spec.due,
        }
        for spec in specs
    ]


def item_values(item: ItemView) -> dict[str, Any]:
    """Everything of an item that another version of it has too, by field name."""
    return {name: _plain(getattr(item, name)) for name in _COPIED}


def copy(work: Work, content: Content, letter: int) -> Mapping[int, int]:
    """Groups, items, documents and promises of one version written into another; new item ids by old ones."""
    groups = _groups(work, content, letter)
    copied = {}
    for item in (*content.items, *content.deleted):
        values = {**item_values(item), "group": groups.get(item.group or 0), "previous": item.id}
        copied[item.id] = add_item(
            work, letter, values, spec_values(content.specs.get(item.id, ())), actor=item.changed_by
        )
    for each in content.commitments:
        if each.status is not CommitmentState.CANCELLED:
            work.session.execute(insert(CommitmentRow).values(**_commitment(each, letter, copied[each.item])))
    return copied


def _groups(work: Work, content: Content, letter: int) -> Mapping[int, int]:
    made: dict[int, int] = {}
    for group in content.groups:
        values = {
            "letter_id": letter,
            "parent_id": made.get(group.parent or 0),
            "position": group.position,
            "code": group.code,
            "name": group.name,
            "weight": group.weight,
            "max_points": group.max_points,
            "mode": group.mode,
            "relative": group.relative,
            "equal_confirmed": group.equal_confirmed,
            "raw": group.raw,
        }
        made[group.id] = work.session.execute(insert(GroupRow).values(**values).returning(GroupRow.id)).scalar_one()
    return made


def _commitment(each: Any, letter: int, item: int) -> dict[str, Any]:  # a CommitmentView
    return {
        "letter_id": letter,
        "item_id": item,
        "provider_id": each.provider,
        "content": each.content,
        "due": each.due,
        "duty": each.duty,
        "status": each.status,
        "turns": list(each.turns),
        "requested_by_id": each.requested_by,
        "requested_at": each.requested_at,
        "answered_by_id": each.answered_by,
        "answered_at": each.answered_at,
        "escalated_at": each.escalated_at,
        "previous_id": each.id,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
