"""Asking for an adjustment: write it, file it, prove it, withdraw it; filing starts its process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, update

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.kernel.work import Work
from engine.letters import access, adjustments, item_values, items, letters, numbers, rulings
from engine.letters.adjusting import case, windows
from engine.letters.adjusting.case import Case
from engine.letters.adjustments import AdjustmentRow, AdjustmentView
from engine.letters.kinds import AdjustmentType, Cause
from engine.letters.letters import LetterView
from engine.letters.states import AdjustmentState
from engine.workflow import instances, messages
from engine.workflow.engine import Engine

T = AdjustmentType
PROCESS, WITHDRAW = "adjustment", "adjustment.withdraw"
_FIELDS: Mapping[AdjustmentType, frozenset[str]] = {
    T.TARGET: frozenset({"threshold", "target", "challenge", "target_text", "params"}),
    T.DUE: frozenset({"due"}),
    T.WEIGHT: frozenset({"weight"}),
    T.OWNER: frozenset({"owner"}),
    T.SUSPEND: frozenset({"days"}),
    T.DELETE: frozenset({"status"}),
    T.ADD: frozenset(),
}


@dataclass(frozen=True)
class Asked:
    """What is asked for; `changes` are (item, field, new value), SUSPEND's field is `days`, DELETE's `status`."""

    type: AdjustmentType
    cause: Cause
    reason: str = ""
    changes: Sequence[tuple[int, str, Any]] = ()
    new_item: Mapping[str, Any] = field(default_factory=dict)
    event_on: date | None = None
    proof: tuple[str, ...] = ()
    breached: tuple[int, ...] = ()


def draft(engine: Engine, letter: int, asked: Asked, *, actor: int) -> AdjustmentView:
    """A request as a draft, with what it would change. Raises InvalidInput, NotAllowed, NotFound, Conflict."""
    with engine.start_work() as work:
        head = _adjustable(work, letter, actor)
        values = _values(work, head, asked)
        number = (
            1
            + work.session.execute(
                select(func.count(AdjustmentRow.id))
                .join(letters.LetterRow, letters.LetterRow.id == AdjustmentRow.letter_id)
                .where(letters.LetterRow.org_id == head.org, letters.LetterRow.period == head.period)
                .where(letters.LetterRow.level == head.level)
            ).scalar_one()
        )
        row = {**values, "no": f"TZ-{head.no.rsplit('-v', 1)[0].removeprefix('ZRS-')}-{number}", "letter_id": letter}
        made = insert(AdjustmentRow).values(**row, applicant_id=actor, created_at=work.now).returning(AdjustmentRow.id)
        adjustment: int = work.session.execute(made).scalar_one()
        detail = {"adjustment": adjustment, "no": row["no"], "type": asked.type, "cause": asked.cause}
        audit.append(work, letters.stream(letter), "adjustment.drafted", actor=actor, detail=detail)
        work.commit()
        return adjustments.view(work, adjustment)


def change(engine: Engine, adjustment: int, asked: Asked, *, actor: int) -> AdjustmentView:
    """Another wording of a draft. Raises Conflict once it is filed."""
    with engine.start_work() as work:
        known = own(work, adjustment, actor)
        if known.status is not AdjustmentState.DRAFT:
            raise Conflict(
                "adjustment.filed", f"adjustment {known.no} is {known.status}: withdraw it first", no=known.no
            )
        values = _values(work, letters.view(work, known.letter), asked)
        work.session.execute(update(AdjustmentRow).where(AdjustmentRow.id == adjustment).values(**values))
        work.commit()
        return adjustments.view(work, adjustment)


def file(engine: Engine, adjustment: int, *, actor: int) -> AdjustmentView:
    """Files the request: checked against windows and counts, then its process starts, all in one transaction.

    Raises InvalidInput with the rule that refuses it and its code.
    """
    with engine.start_work() as work:
        known = own(work, adjustment, actor)
        whole = case.load(work, replace(known, submitted_at=work.now), engine.calendar(work))
        refusal = windows.check(whole)
        if refusal is not None:
            raise InvalidInput(refusal.code, refusal.message, rule=refusal.rule, **refusal.fields)
        filed = adjustments.move(
            work,
            known,
            AdjustmentState.SUBMITTED,
            actor=actor,
            submitted_at=work.now,
            counted=known.cause is Cause.SELF and known.type is not T.OWNER,
            affected_weight=whole.affected_weight,
            key_change=whole.key_change,
        )
        work.session.flush()
        instance = _start(engine, work, filed, actor)
        work.session.execute(update(AdjustmentRow).where(AdjustmentRow.id == adjustment).values(instance_id=instance))
        work.commit()
        return adjustments.view(work, adjustment)


def withdraw(engine: Engine, adjustment: int, *, actor: int) -> AdjustmentView:
    """The applicant takes the request back before it is decided; its process ends (撤回)."""
    with engine.start_work() as work:
        known = own(work, adjustment, actor)
        if known.status is AdjustmentState.DRAFT or known.instance is None:
            adjustments.move(work, known, AdjustmentState.WITHDRAWN, actor=actor, decided_at=work.now)
        elif known.status in (AdjustmentState.SUBMITTED, AdjustmentState.OPS_REVIEW, AdjustmentState.APPROVING):
            messages.send(engine, work, WITHDRAW, str(adjustment), {"reason": "withdrawn"})
        else:
            raise Conflict("adjustment.decided", f"adjustment {known.no} is {known.status}: it is decided", no=known.no)
        work.commit()
        return adjustments.view(work, adjustment)


def seen(work: Work, adjustment: int, person: int) -> AdjustmentView:
    """The adjustment, if this person may see its letter. Raises NotFound."""
    known = adjustments.view(work, adjustment)
    try:
        access.see(work, known.letter, person)
    except NotFound as hidden:
        raise NotFound("adjustment.unknown", f"there is no adjustment {adjustment}") from hidden
    return known


def own(work: Work, adjustment: int, person: int) -> AdjustmentView:
    """The adjustment, if this person asked for it. Raises NotFound, NotAllowed."""
    known = seen(work, adjustment, person)
    if person != known.applicant:
        raise NotAllowed("adjustment.not_yours", f"only its applicant changes adjustment {known.no}", no=known.no)
    return known


def preview(engine: Engine, work: Work, known: AdjustmentView) -> Case:
    """The case as the rules see it now, for the page."""
    return case.load(work, known, engine.calendar(work))


def imagine(engine: Engine, work: Work, letter: int, asked: Asked, *, actor: int) -> Case:
    """The case of a request that nobody has drafted yet; nothing is written. Raises as `draft` does."""
    head = _adjustable(work, letter, actor)
    values = _values(work, head, asked)
    shown = AdjustmentView(id=0, no="", letter=letter, applicant=actor, created_at=work.now, **values)
    return preview(engine, work, shown)


def _adjustable(work: Work, letter: int, actor: int) -> LetterView:
    """Party B asks; OPS may ask for it where the cause lies outside (a decision of the group)."""
    head = access.see(work, letter, actor)
    if not (access.writes(work, head, actor) or access.Sight(work, actor).ops):
        raise NotAllowed("adjustment.not_yours", f"only party B or OPS asks to adjust letter {head.no}", no=head.no)
    return head


def _values(work: Work, head: LetterView, asked: Asked) -> dict[str, Any]:
    known = {item.id: item for item in items.of(work, head.id)}
    changes = []
    for item, name, value in asked.changes:
        if item not in known:
            raise InvalidInput("adjustment.item", f"item {item} is not of letter {head.no}", item=item)
        if name not in _FIELDS[asked.type]:
            raise InvalidInput("adjustment.field", f"a {asked.type} adjustment does not change '{name}'", field=name)
        before = {"days": None}.get(name, getattr(known[item], name, None))
        changes.append({"item": item, "field": name, "before": before, "after": _checked(name, value)})
    return {
        "type": asked.type,
        "cause": asked.cause,
        "reason": asked.reason,
        "changes": changes,
        "new_item": _new(asked),
        "event_on": asked.event_on,
        "proof": list(asked.proof),
        "breached": list(asked.breached),
    }


def _new(asked: Asked) -> dict[str, Any]:
    if asked.new_item:
        item_values.load(asked.new_item)
    return dict(asked.new_item)


def _checked(name: str, value: Any) -> Any:
    if name == "days":
        days = int(value)
        if days <= 0:
            raise InvalidInput("adjustment.days", f"{value} is no number of days to suspend", days=value)
        return days
    return "DELETED" if name == "status" else item_values.load({name: value})[name]


def _start(engine: Engine, work: Work, filed: AdjustmentView, actor: int) -> int:
    return instances.start(
        engine,
        work,
        PROCESS,
        data={"adjustment_id": filed.id},
        business_key=str(filed.id),
        title=numbers.titled(work, letters.view(work, filed.letter).org, filed.no),
        starter=actor,
        subject=f"adjustment:{filed.id}",
        start_event="filed",
    )


def route(engine: Engine, work: Work, whole: Case) -> str:
    """Up to whom it goes, as the process's own table says now: OPS, LEADER or COMMITTEE.

    Raises NotFound where the process is not deployed.
    """
    facts = {
        "level": str(whole.content.letter.level),
        "type": str(whole.adjustment.type),
        "cause": str(whole.adjustment.cause),
        "key_change": whole.key_change,
        "affected_weight": whole.affected_weight,
    }
    found = rulings.ask(engine, work, PROCESS, table="adjustment_route", decision="path", facts=facts)
    return str(found["highest"])
