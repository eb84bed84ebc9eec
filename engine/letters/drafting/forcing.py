"""强制增删 by OPS: reason and article; the head may object once, the leader decides, silence accepts (rule 11)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, update

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput
from engine.kernel.work import StartWork, Work
from engine.letters import access, content, forced_changes, item_values, items, letters, states, weights
from engine.letters.drafting import approving, copying, editing, generation
from engine.letters.forced_changes import ForcedChangeRow, ForcedChangeView
from engine.letters.items import ItemRow
from engine.letters.kinds import Level, Origin
from engine.letters.states import ForcedState, ItemState, LetterState
from engine.workflow import messages
from engine.workflow.engine import Engine

ADD, DELETE = "ADD", "DELETE"
MESSAGE = "letter.forced"
_WHEN = (LetterState.NEGOTIATING, LetterState.IN_APPROVAL)


def add(  # noqa: PLR0913  (what, why, under which article)
    engine: Engine, letter: int, values: Mapping[str, Any], *, reason: str, article: str, actor: int
) -> ForcedChangeView:
    """OPS puts an item into a letter that is under negotiation or approval; its process tells the head.

    Raises NotAllowed for others than OPS, Conflict in another state, InvalidInput without reason or article.
    """
    loaded = item_values.load(values)
    if not loaded.get("name") or "kind" not in loaded:
        raise InvalidInput("forced.item", "the item needs a kind and a name", field="name")
    return _note(engine, letter, ADD, {"item_values": _json(values)}, reason=reason, article=article, actor=actor)


def delete(engine: Engine, item: int, *, reason: str, article: str, actor: int) -> ForcedChangeView:
    """OPS takes an item out of a letter that is under negotiation or approval. Raises as `add`."""
    with engine.start_work(reading=True) as work:
        known = items.view(work, item)
    return _note(engine, known.letter, DELETE, {"item_id": item}, reason=reason, article=article, actor=actor)


def foresee(  # noqa: PLR0913  (what, for whom and when, why)
    start_work: StartWork,
    org: int,
    level: Level,
    period: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    article: str,
    actor: int,
) -> int:
    """OPS notes an item for a draft that is still to be made (rule 10 e); the id of the note."""
    item_values.load(values)
    _require_ground(reason, article)
    with start_work() as work:
        access.require_ops(work, actor)
        made = insert(ForcedChangeRow).values(
            org_id=org,
            level=level,
            period=period,
            act=ADD,
            item_values=_json(values),
            reason=reason,
            article=article,
            by_id=actor,
            at=work.now,
        )
        change: int = work.session.execute(made.returning(ForcedChangeRow.id)).scalar_one()
        audit.append(work, f"org:{org}", "forced.foreseen", actor=actor, detail={"change": change}, article=article)
        work.commit()
    return change


def object_to(work: Work, change: int, objection: str, *, actor: int | None) -> ForcedChangeView:
    """The head objects, once. Raises Conflict a second time or after it was settled."""
    known = forced_changes.view(work, change)
    return _move(work, known, ForcedState.OBJECTED, actor, objection=objection)


def settle(work: Work, change: int, *, upheld: bool, actor: int | None = None) -> ForcedChangeView:
    """Applies the change, or drops it when the objection was upheld; a second call changes nothing.

    Applied: weights re-sum to the full score, pro rata.
    """
    known = forced_changes.view(work, change)
    if known.status in (ForcedState.ACCEPTED, ForcedState.UPHELD, ForcedState.WITHDRAWN):
        return known
    if upheld:
        objected = known if known.status is ForcedState.OBJECTED else object_to(work, change, "", actor=actor)
        return _move(work, objected, ForcedState.WITHDRAWN, actor, decided_at=work.now)
    _apply(work, known, actor)
    to = ForcedState.ACCEPTED if known.status is ForcedState.NOTICED else ForcedState.UPHELD
    return _move(work, forced_changes.view(work, change), to, actor, decided_at=work.now)


def _note(  # noqa: PLR0913  (one line of the register)
    engine: Engine, letter: int, act: str, values: Mapping[str, Any], *, reason: str, article: str, actor: int
) -> ForcedChangeView:
    _require_ground(reason, article)
    with engine.start_work() as work:
        access.see(work, letter, actor)
        access.require_ops(work, actor)
        head = letters.view(work, letter)
        if head.status not in _WHEN:
            raise Conflict(
                "forced.state",
                f"letter {head.no} is {head.status}: OPS changes it only while it is negotiated or approved",
                no=head.no,
                status=head.status,
            )
        row = {"letter_id": letter, "org_id": head.org, "level": head.level, "period": head.period, "act": act}
        ground = {"reason": reason, "article": article, "by_id": actor, "at": work.now}
        made = insert(ForcedChangeRow).values(**row, **values, **ground).returning(ForcedChangeRow.id)
        change: int = work.session.execute(made).scalar_one()
        detail = {"change": change, "act": act, "reason": reason}
        audit.append(work, letters.stream(letter), "forced.noticed", actor=actor, detail=detail, article=article)
        messages.send(engine, work, MESSAGE, approving.business_key(head), {"change_id": change})
        work.commit()
        return forced_changes.view(work, change)


def _require_ground(reason: str, article: str) -> None:
    if not reason.strip() or not article.strip():
        raise InvalidInput("forced.ground", "give the reason and the article of the regulation", field="reason")


def _apply(work: Work, change: ForcedChangeView, actor: int | None) -> None:
    if change.letter is None:
        return
    if change.act == ADD:
        loaded = item_values.load(change.item_values)
        values = generation.with_library(work, {**loaded, "origin": Origin.FORCED, "group": None})
        values.setdefault("alignment_reason", change.article)
        item = copying.add_item(work, change.letter, values, (), actor=actor or change.by)
        work.session.execute(update(ForcedChangeRow).where(ForcedChangeRow.id == change.id).values(item_id=item))
    elif change.item is not None:
        editing.write(work, change.item, {"status": ItemState.DELETED, "weight": Decimal(0)}, actor=actor)
    resum(work, change.letter, actor=actor, fixed=item if change.act == ADD else None)


def resum(work: Work, letter: int, *, actor: int | None, fixed: int | None = None) -> None:
    """Weights of the items sum to the full score again, pro rata; `fixed` keeps its own."""
    whole = content.load(work, letter)
    if not whole.scored or whole.groups:
        return  # in groups the points belong to the block: party B fills it, the finding says so
    kept = next((item.weight for item in whole.scored if item.id == fixed), None) or Decimal(0)
    others = {item.id: item.weight for item in whole.scored if item.id != fixed}
    for item, weight in weights.fill(others, whole.letter.full_score - kept).items():
        work.session.execute(
            update(ItemRow).where(ItemRow.id == item).values(weight=weight, revision=ItemRow.revision + 1)
        )


def _move(work: Work, known: ForcedChangeView, to: ForcedState, actor: int | None, **values: Any) -> ForcedChangeView:
    states.check(states.FORCED_MOVES, known.status, to, thing="forced")
    work.session.execute(update(ForcedChangeRow).where(ForcedChangeRow.id == known.id).values(status=to, **values))
    if known.letter is not None:
        detail = {"change": known.id, "before": known.status, "after": to}
        audit.append(
            work, letters.stream(known.letter), "forced.moved", actor=actor, detail=detail, article=known.article
        )
    return forced_changes.view(work, known.id)


def _json(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values)
