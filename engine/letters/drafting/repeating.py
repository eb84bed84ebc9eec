"""从上月复制: the items of the letter before, written into a draft; what is there already by name stays as it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from engine.kernel import audit
from engine.kernel.errors import InvalidInput
from engine.kernel.work import StartWork, Work
from engine.letters import content, letters, rows
from engine.letters.drafting import copying, editing, generation
from engine.letters.items import ItemView
from engine.letters.kinds import Origin
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import ItemState, LetterState

_WORTHLESS = (LetterState.VOID, LetterState.SUPERSEDED)
_ONCE = (Origin.CARRY_OVER, Origin.DECISION, Origin.FORCED)
"""What came up once and is not agreed again by copying."""


def before(work: Work, head: LetterView) -> LetterView | None:
    """The organisation's last letter of the same level before this one, None when this is the first."""
    if head.starts_on is None:
        return None
    wanted = (
        select(LetterRow.__table__)
        .where(LetterRow.org_id == head.org, LetterRow.level == head.level, LetterRow.starts_on < head.starts_on)
        .where(LetterRow.status.not_in(_WORTHLESS))
        .order_by(LetterRow.starts_on.desc(), LetterRow.version.desc())
    )
    row = work.session.execute(wanted.limit(1)).one_or_none()
    return None if row is None else rows.view(LetterView, row)


def copy_before(start_work: StartWork, letter: int, *, actor: int) -> int:
    """Adds the items of the letter before that this draft lacks, due dates moved along; how many.

    Raises InvalidInput `letter.no_before`, and as `editing.draft` does.
    """
    with start_work() as work:
        head = editing.draft(work, letter, actor)
        source = before(work, head)
        if source is None:
            raise InvalidInput("letter.no_before", "there is no letter before this one: add items, or paste them")
        copied = _copy(work, source, head, actor)
        detail = {"from": source.no, "count": len(copied)}
        audit.append(work, letters.stream(letter), "letter.copied", actor=actor, detail=detail)
        work.commit()
    return len(copied)


def fill_empty(start_work: StartWork, letter: int, *, actor: int) -> int:
    """Makes the draft of the period anew (slices, nodes, carry-overs, decisions) where it is empty; how many items.

    Raises InvalidInput `letter.not_empty`, and as `editing.draft` does.
    """
    with start_work() as work:
        head = editing.draft(work, letter, actor)
        if content.load(work, letter).items:
            raise InvalidInput("letter.not_empty", "the draft has items already: add what is missing by hand")
        counts = generation.fill(work, head, actor=actor)
        audit.append(work, letters.stream(letter), "letter.generated", actor=actor, detail=dict(counts))
        work.commit()
    return sum(counts.values())


def waiting(work: Work, head: LetterView) -> dict[str, int]:
    """How much of each kind `fill_empty` would add; kinds without anything are left out."""
    return {name: len(found) for name, found in generation.sources(work, head).items() if found}


def _copy(work: Work, source: LetterView, head: LetterView, actor: int) -> Sequence[int]:
    old = content.load(work, source.id)
    present = {(item.kind, item.name) for item in content.load(work, head.id).items}
    return [
        copying.add_item(work, head.id, _values(item, source, head), _documents(old, item, source, head), actor=actor)
        for item in old.items
        if (item.kind, item.name) not in present and item.origin not in _ONCE
    ]


def _values(item: ItemView, source: LetterView, head: LetterView) -> dict[str, Any]:
    return copying.item_values(item) | {
        "group": None,
        "origin": Origin.SELF if item.parent is None else Origin.DECOMPOSED,
        "status": ItemState.PLANNED,
        "previous": None,
        "carried_from": None,
        "milestone": None,
        "decision": None,
        "raw": {},
        "starts_on": _moved(item.starts_on, source, head),
        "due": _moved(item.due, source, head),
    }


def _documents(old: content.Content, item: ItemView, source: LetterView, head: LetterView) -> list[dict[str, Any]]:
    specs = copying.spec_values(old.specs.get(item.id, ()))
    return [{**spec, "due": _moved(spec["due"], source, head)} for spec in specs]


def _moved(day: date | None, source: LetterView, head: LetterView) -> date | None:
    """The same day of the new period; never after its end."""
    if day is None or source.starts_on is None or head.starts_on is None:
        return None
    moved = head.starts_on + (day - source.starts_on)
    return min(moved, head.ends_on) if head.ends_on is not None else moved
