"""Writing a draft: items, groups, documents, head; each row has its own version, so that two people lose nothing."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, update

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput, NotFound
from engine.kernel.work import StartWork, Work
from engine.letters import access, groups, item_values, items, letters, states
from engine.letters.commitments import CommitmentRow
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.drafting import copying, generation
from engine.letters.groups import GroupRow
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import GroupMode, Origin
from engine.letters.letters import LetterRow, LetterView


def add_item(
    start_work: StartWork,
    letter: int,
    values: Mapping[str, Any],
    *,
    documents: Iterable[Mapping[str, Any]] = (),
    actor: int,
) -> ItemView:
    """A new row at the end; a KPI takes what it lacks from the library. Raises InvalidInput, NotAllowed, NotFound."""
    with start_work() as work:
        head = draft(work, letter, actor)
        item = add_in(work, head, values, documents=documents, actor=actor)
        work.commit()
    return item


def add_in(
    work: Work,
    head: LetterView,
    values: Mapping[str, Any],
    *,
    documents: Iterable[Mapping[str, Any]] = (),
    actor: int,
) -> ItemView:
    """`add_item` inside a work of somebody else."""
    loaded = _checked(work, head, item_values.load(values))
    if "kind" not in loaded:
        raise InvalidInput("item.kind", "an item needs a kind: KPI, TASK, BONUS, DEDUCT, VETO, TRACK or CONSTRAINT")
    full = generation.with_library(work, {"origin": Origin.SELF, **loaded})
    item = copying.add_item(work, head.id, full, map(item_values.load_document, documents), actor=actor)
    _told(work, head.id, "item.added", actor, {"item": item, "name": full.get("name", "")})
    return items.view(work, item)


def change_item(  # noqa: PLR0913  (what, as it was, by whom)
    start_work: StartWork,
    item: int,
    values: Mapping[str, Any],
    *,
    revision: int,
    before: Mapping[str, Any] | None = None,
    actor: int,
) -> ItemView:
    """New values for a row that was read at `revision`.

    When somebody changed the row meanwhile, it still works if the fields in question are as `before` says.
    Raises Conflict `item.changed` with both values and who, InvalidInput, NotAllowed, NotFound.
    """
    with start_work() as work:
        changed = change_in(work, item, values, revision=revision, before=before, actor=actor)
        work.commit()
    return changed


def change_in(  # noqa: PLR0913  (what, as it was, by whom)
    work: Work,
    item: int,
    values: Mapping[str, Any],
    *,
    revision: int,
    before: Mapping[str, Any] | None = None,
    actor: int,
) -> ItemView:
    """`change_item` inside a work of somebody else."""
    known = items.view(work, item)
    head = draft(work, known.letter, actor)
    known = items.view(work, item)  # again, now that the letter is held
    loaded = _checked(work, head, item_values.load(values))
    if known.revision != revision:
        _refuse_lost_update(known, loaded, item_values.load(before or {}))
    fresh = {name: value for name, value in loaded.items() if _plain(getattr(known, name)) != value}
    if not fresh:
        return known
    write(work, item, fresh, actor=actor)
    told = {name: [getattr(known, name), value] for name, value in fresh.items()}
    _told(work, head.id, "item.changed", actor, {"item": item, "name": known.name, "changes": told})
    return items.view(work, item)


def write(work: Work, item: int, values: Mapping[str, Any], *, actor: int | None) -> None:
    """Writes fields of a row and counts its version up; what was asked before is the caller's business."""
    changed = update(ItemRow).where(ItemRow.id == item)
    fresh = {**copying.columns(values), "changed_by_id": actor, "revision": ItemRow.revision + 1}
    work.session.execute(changed.values(**fresh))


def delete_item(start_work: StartWork, item: int, *, actor: int) -> None:
    """Takes a row out of a draft. Raises NotAllowed for what OPS forced in, and for strangers as everywhere."""
    with start_work() as work:
        known = items.view(work, item)
        head = draft(work, known.letter, actor)
        if known.origin is Origin.FORCED:
            raise Conflict(
                "item.forced", f"'{known.name}' was put in by planning and operations: object to it instead", item=item
            )
        work.session.execute(delete(DeliverableSpecRow).where(DeliverableSpecRow.item_id == item))
        work.session.execute(delete(CommitmentRow).where(CommitmentRow.item_id == item))
        work.session.execute(delete(ItemRow).where(ItemRow.id == item))
        _told(work, head.id, "item.deleted", actor, {"item": item, "name": known.name})
        work.commit()


def move_item(start_work: StartWork, item: int, *, by: int, actor: int) -> None:
    """Moves a row up (`by` negative) or down among the others; it stops at the ends."""
    with start_work() as work:
        head = draft(work, items.view(work, item).letter, actor)
        order = [each.id for each in items.of(work, head.id)]
        at = order.index(item)
        order.insert(max(0, min(len(order) - 1, at + by)), order.pop(at))
        for position, each in enumerate(order, 1):
            work.session.execute(update(ItemRow).where(ItemRow.id == each).values(position=position))
        work.commit()


def set_documents(start_work: StartWork, item: int, documents: Sequence[Mapping[str, Any]], *, actor: int) -> None:
    """Replaces the promised documents of a row."""
    with start_work() as work:
        known = items.view(work, item)
        head = draft(work, known.letter, actor)
        work.session.execute(delete(DeliverableSpecRow).where(DeliverableSpecRow.item_id == item))
        copying.add_specs(work, item, map(item_values.load_document, documents))
        write(work, item, {}, actor=actor)
        _told(work, head.id, "item.documents", actor, {"item": item, "name": known.name, "count": len(documents)})
        work.commit()


_HEAD = frozenset({"title", "sections", "distribution", "consequences", "weight_mode", "full_score", "difficulty"})


def change_head(start_work: StartWork, letter: int, values: Mapping[str, Any], *, revision: int, actor: int) -> None:
    """New values of the letter's head. Raises Conflict when somebody changed it meanwhile, InvalidInput for others."""
    unknown = sorted(values.keys() - _HEAD)
    if unknown:
        raise InvalidInput("letter.fields", f"these fields cannot be set here: {', '.join(unknown)}", fields=unknown)
    with start_work() as work:
        head = draft(work, letter, actor)
        if head.revision != revision:
            raise Conflict("letter.changed", f"letter {head.no} was changed meanwhile: look at it again", no=head.no)
        work.session.execute(
            update(LetterRow).where(LetterRow.id == letter).values(**values, revision=LetterRow.revision + 1)
        )
        _told(work, letter, "letter.changed", actor, {"fields": sorted(values)})
        work.commit()


def add_group(  # noqa: PLR0913  (a group is made of these)
    start_work: StartWork,
    letter: int,
    name: str,
    *,
    weight: Decimal | None = None,
    mode: GroupMode = GroupMode.SUM,
    relative: bool = False,
    parent: int | None = None,
    actor: int,
) -> int:
    """A new group; its id."""
    with start_work() as work:
        head = draft(work, letter, actor)
        if parent is not None and groups.view(work, parent).letter != letter:
            raise NotFound("group.unknown", f"there is no group {parent} in letter {head.no}", group=parent)
        values = {"letter_id": letter, "name": name, "weight": weight, "mode": mode, "relative": relative}
        position = 1 + max((group.position for group in groups.of(work, letter)), default=0)
        made = insert(GroupRow).values(**values, parent_id=parent, position=position).returning(GroupRow.id)
        group: int = work.session.execute(made).scalar_one()
        _told(work, letter, "group.added", actor, {"group": group, "name": name})
        work.commit()
    return group


_GROUP = frozenset({"name", "weight", "max_points", "mode", "relative", "equal_confirmed", "position"})


def change_group(start_work: StartWork, group: int, values: Mapping[str, Any], *, revision: int, actor: int) -> None:
    """New values of a group. Raises Conflict when somebody changed it meanwhile, InvalidInput for other fields."""
    unknown = sorted(values.keys() - _GROUP)
    if unknown:
        raise InvalidInput("group.fields", f"these fields cannot be set here: {', '.join(unknown)}", fields=unknown)
    with start_work() as work:
        known = groups.view(work, group)
        draft(work, known.letter, actor)
        changed = update(GroupRow).where(GroupRow.id == group, GroupRow.revision == revision)
        result = work.session.execute(changed.values(**values, revision=GroupRow.revision + 1))
        if not result.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
            raise Conflict("group.changed", f"group {known.name} was changed meanwhile: look at it again", group=group)
        _told(work, known.letter, "group.changed", actor, {"group": group, "fields": sorted(values)})
        work.commit()


def delete_group(start_work: StartWork, group: int, *, actor: int) -> None:
    """Takes a group out; what it held moves up to where the group was."""
    with start_work() as work:
        known = groups.view(work, group)
        draft(work, known.letter, actor)
        work.session.execute(update(ItemRow).where(ItemRow.group_id == group).values(group_id=known.parent))
        work.session.execute(update(GroupRow).where(GroupRow.parent_id == group).values(parent_id=known.parent))
        work.session.execute(delete(GroupRow).where(GroupRow.id == group))
        _told(work, known.letter, "group.deleted", actor, {"group": group, "name": known.name})
        work.commit()


def draft(work: Work, letter: int, actor: int) -> LetterView:
    """The letter, held for writing, if this person may write it now.

    Raises NotFound, NotAllowed, Conflict `letter.closed` once it is submitted.
    """
    access.edit(work, letter, actor)
    head = letters.lock(work, letter)
    if head.status not in states.EDITABLE:
        raise Conflict(
            "letter.closed",
            f"letter {head.no} is {head.status}: "
            + ("file an adjustment" if head.status in states.ACTIVE else "it can be changed once it comes back"),
            no=head.no,
            status=head.status,
        )
    return head


def _checked(work: Work, head: LetterView, loaded: dict[str, Any]) -> dict[str, Any]:
    weight = loaded.get("weight")
    if weight is not None and not 0 <= weight <= head.full_score:
        raise InvalidInput(
            "letter.weight",
            f"weight is {weight}; expected 0 to {head.full_score}: lower it",
            weight=str(weight),
            full=str(head.full_score),
            field="weight",
        )
    group = loaded.get("group")
    if group is not None:
        wanted = select(GroupRow.id).where(GroupRow.id == group, GroupRow.letter_id == head.id)
        if work.session.execute(wanted).scalar() is None:
            raise InvalidInput("item.group", f"group {group} is not of letter {head.no}", group=group, field="group")
    return loaded


def _refuse_lost_update(known: ItemView, mine: Mapping[str, Any], before: Mapping[str, Any]) -> None:
    lost = {
        name: {"theirs": _plain(getattr(known, name)), "mine": value}
        for name, value in mine.items()
        if name not in before or _plain(getattr(known, name)) != before[name]
    }
    lost = {name: both for name, both in lost.items() if both["theirs"] != both["mine"]}
    if lost:
        raise Conflict(
            "item.changed",
            f"'{known.name}' was changed meanwhile: {', '.join(sorted(lost))}; choose between the two values",
            item=known.id,
            revision=known.revision,
            by=known.changed_by,
            values=lost,
        )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _told(work: Work, letter: int, act: str, actor: int, detail: Mapping[str, Any]) -> None:
    audit.append(work, letters.stream(letter), act, actor=actor, detail=detail)
