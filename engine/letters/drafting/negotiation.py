"""横向承诺 between organisations: asked, accepted, countered, refused, decided by the leader (REQ-079, rule 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, update

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.kernel.work import StartWork, Work
from engine.letters import access, commitments, content, items, letters, states
from engine.letters.commitments import CommitmentRow, CommitmentView
from engine.letters.drafting import editing, tasks
from engine.letters.kinds import Duty
from engine.letters.states import CommitmentState, LetterState
from engine.people import orgs
from engine.workflow.engine import Engine

ACCEPTED, COUNTERED, REFUSED = "ACCEPTED", "COUNTERED", "REFUSED"


@dataclass(frozen=True)
class Answer:
    """What the other side says: ACCEPTED, COUNTERED (with its own content or date), REFUSED (with a reason)."""

    answer: str
    content: str = ""
    due: date | None = None
    reason: str = ""


def request(  # noqa: PLR0913  (what is asked of whom, until when)
    start_work: StartWork,
    item: int,
    provider: int,
    content_: str,
    *,
    due: date | None = None,
    duty: Duty = Duty.SECONDARY,
    actor: int,
) -> CommitmentView:
    """Asks another organisation for help with an item; it is sent when the draft is submitted.

    Raises InvalidInput for the own organisation, an empty content, a second 主责 for one item (REQ-027).
    """
    with start_work() as work:
        known = items.view(work, item)
        head = editing.draft(work, known.letter, actor)
        if provider == head.org or not content_.strip():
            raise InvalidInput("commitment.request", "ask another organisation, and say for what", provider=provider)
        _refuse_second_primary(work, known.letter, item, duty)
        made = _ask(work, known.letter, item, {"provider_id": provider, "content": content_, "due": due, "duty": duty})
        detail = {"item": item, "provider": provider, "content": content_, "due": due}
        audit.append(work, letters.stream(head.id), "commitment.requested", actor=actor, detail=detail)
        work.commit()
        return commitments.view(work, made)


def withdraw(start_work: StartWork, commitment: int, *, actor: int) -> None:
    """The asking side needs it no more."""
    with start_work() as work:
        known = commitments.view(work, commitment)
        editing.draft(work, known.letter, actor)
        _turn(work, known, CommitmentState.CANCELLED, "CANCEL", actor)
        work.commit()


def send(work: Work, letter: int) -> Sequence[CommitmentView]:
    """Sends what is asked out when the draft is submitted; the open ones in the order in which the process asks.

    Organisations named as collaborators of an item without a promise are asked for the item itself.
    """
    known = content.load(work, letter)
    asked = {(each.item, each.provider) for each in known.commitments if each.status is not CommitmentState.CANCELLED}
    for item in known.items:
        for provider in item.collaborators:
            if (item.id, provider) not in asked and provider != known.letter.org:
                _ask(work, letter, item.id, {"provider_id": provider, "content": item.name, "due": item.due})
    _set(work, CommitmentRow.letter_id == letter, CommitmentRow.requested_at.is_(None), requested_at=work.now)
    return _numbered(work, [each for each in commitments.of_letter(work, letter) if each.open])


def _numbered(work: Work, waiting: Sequence[CommitmentView]) -> Sequence[CommitmentView]:
    """Each knows its place in the list, since the process tells its tasks apart by it."""
    for index, each in enumerate(waiting):
        _set(work, CommitmentRow.id == each.id, asked_index=index)
    return waiting


def answer(engine: Engine, commitment: int, said: Answer, *, actor: int) -> CommitmentView:
    """The provider's head (or the leader it was escalated to) answers; the process's task is done with it.

    Raises InvalidInput, NotFound for strangers, Conflict when it was answered already.
    """
    _check(said)
    with engine.start_work() as work:
        known = _seen(work, commitment, actor)
        head = letters.view(work, known.letter)
        tasks.hold(work, head.instance)
        known = commitments.view(work, commitment)
        node, by_leader = ("arbitrate", True) if known.escalated_at is not None else ("commit", False)
        if by_leader and not said.reason.strip():
            raise InvalidInput("commitment.reason", "say why: a ruling is final", field="reason")
        task = tasks.find(work, head.instance, node, index=known.asked_index)
        take(work, known, said, actor=actor, by_leader=by_leader)
        if task is not None:
            tasks.done(engine, work, task, actor, values=_filled(said, by_leader))
        work.commit()
        return commitments.view(work, commitment)


def _filled(said: Answer, by_leader: bool) -> Mapping[str, Any]:
    """What the task's form asks for with this answer; its conditions hide the rest."""
    filled: dict[str, Any] = {"answer": said.answer}
    if said.answer == COUNTERED:
        filled |= {"content": said.content, "due": said.due and said.due.isoformat()}
    if by_leader or said.answer != ACCEPTED:
        filled["reason"] = said.reason
    return filled


def take(work: Work, known: CommitmentView, said: Answer, *, actor: int | None, by_leader: bool) -> None:
    """Writes an answer down. A leader's is final: ACCEPTED and COUNTERED bind the provider, REFUSED ends the promise.

    The same answer a second time changes nothing, since the page and the process both bring it.
    """
    if not known.open or _same(known, said, by_leader):
        return
    if by_leader:
        to = CommitmentState.CANCELLED if said.answer == REFUSED else CommitmentState.ACCEPTED
        _turn(work, known, to, "DECIDE", actor, said=said)
    elif said.answer == ACCEPTED:
        _turn(work, known, CommitmentState.ACCEPTED, "ACCEPT", actor, said=said)
    elif said.answer == COUNTERED:
        _turn(work, known, CommitmentState.COUNTERED, "COUNTER", actor, said=said, escalated_at=work.now)
    else:
        _turn(work, known, known.status, "REFUSE", actor, said=said, escalated_at=work.now)


def accept_counter(start_work: StartWork, commitment: int, *, actor: int) -> CommitmentView:
    """The asking side takes what the provider offered instead."""
    with start_work() as work:
        known = commitments.view(work, commitment)
        access.edit(work, known.letter, actor)
        if known.status is not CommitmentState.COUNTERED:
            raise Conflict("commitment.state", f"this promise is {known.status}, nothing was offered", now=known.status)
        offer = next(turn for turn in reversed(known.turns) if turn["act"] == "COUNTER")
        said = Answer(ACCEPTED, offer.get("content") or "", _date(offer.get("due")))
        _turn(work, known, CommitmentState.ACCEPTED, "ACCEPT", actor, said=said)
        work.commit()
        return commitments.view(work, commitment)


def settle(
    work: Work, letter: int, answers: Iterable[Mapping[str, Any] | None], rulings: Iterable[Mapping[str, Any] | None]
) -> Sequence[CommitmentView]:
    """Takes the answers that the process collected; what is still open goes before the leader, in this order."""
    for given, by_leader in ((answers, False), (rulings, True)):
        for each in given:
            if each is not None and each.get("answer"):
                known = commitments.view(work, int(each["id"]))
                if known.letter == letter and (known.escalated_at is None or by_leader):
                    said = Answer(
                        each["answer"], each.get("content") or "", _date(each.get("due")), each.get("reason") or ""
                    )
                    take(work, known, said, actor=None, by_leader=by_leader)
    waiting = [each for each in commitments.of_letter(work, letter) if each.open]
    for unanswered in waiting:
        if unanswered.escalated_at is None:
            _turn(work, unanswered, unanswered.status, "ESCALATE", None, escalated_at=work.now)
    return _numbered(work, waiting)


def close(start_work: StartWork, commitment: int, to: CommitmentState, *, actor: int) -> CommitmentView:
    """FULFILLED or BREACHED while the letter is in force; the asking side says so. Raises Conflict, NotAllowed."""
    with start_work() as work:
        known = commitments.view(work, commitment)
        head = access.edit(work, known.letter, actor)
        if head.status is not LetterState.EFFECTIVE:
            raise Conflict("letter.state", f"letter {head.no} is {head.status}: only one in force is fulfilled")
        _turn(work, known, to, str(to), actor)
        work.commit()
        return commitments.view(work, commitment)


def _check(said: Answer) -> None:
    if said.answer not in (ACCEPTED, COUNTERED, REFUSED):
        raise InvalidInput("commitment.answer", f"'{said.answer}' is no answer: ACCEPTED, COUNTERED or REFUSED")
    if said.answer == COUNTERED and not (said.content.strip() or said.due):
        raise InvalidInput("commitment.counter", "a counter-offer needs another content or another date", field="due")
    if said.answer == REFUSED and not said.reason.strip():
        raise InvalidInput("commitment.reason", "say why, so that the leader can decide", field="reason")


def _seen(work: Work, commitment: int, actor: int) -> CommitmentView:
    known = commitments.view(work, commitment)
    provider = orgs.view(work, known.provider)
    answering = {provider.head, provider.leader}
    if known.escalated_at is not None:
        answering = {orgs.view(work, letters.view(work, known.letter).org).leader, provider.leader}
    if actor in answering:
        return known
    access.see(work, known.letter, actor)
    raise NotAllowed("commitment.not_yours", f"only the head of {provider.name} answers this", org=provider.name)


def seen(work: Work, commitment: int, person: int) -> CommitmentView:
    """The promise, if this person may know of it. Raises NotFound."""
    known = commitments.view(work, commitment)
    provider = orgs.view(work, known.provider)
    if person not in (provider.head, provider.leader):
        try:
            access.see(work, known.letter, person)
        except NotFound as hidden:
            raise NotFound("commitment.unknown", f"there is no commitment {commitment}") from hidden
    return known


def _same(known: CommitmentView, said: Answer, by_leader: bool) -> bool:
    last = known.turns[-1] if known.turns else {}
    acts = {ACCEPTED: "ACCEPT", COUNTERED: "COUNTER", REFUSED: "REFUSE"}
    return not by_leader and last.get("act") == acts[said.answer]


def _turn(  # noqa: PLR0913  (one turn of a conversation)
    work: Work,
    known: CommitmentView,
    to: CommitmentState,
    act: str,
    actor: int | None,
    *,
    said: Answer | None = None,
    **values: Any,  # columns that change with it
) -> None:
    if to is not known.status:
        states.check(states.COMMITMENT_MOVES, known.status, to, thing="commitment")
    told: dict[str, Any] = {"at": work.now.isoformat(), "by": actor, "act": act}
    if said is not None:
        told |= {"content": said.content, "due": said.due and said.due.isoformat(), "reason": said.reason}
    if to is CommitmentState.ACCEPTED and said is not None:
        values |= {"content": said.content or known.content, "due": said.due or known.due}
    fresh = {"status": to, "turns": [*known.turns, told], "answered_by_id": actor, "answered_at": work.now, **values}
    _set(work, CommitmentRow.id == known.id, **fresh, revision=CommitmentRow.revision + 1)
    detail = {"commitment": known.id, "item": known.item, "before": known.status, "after": to, **told}
    audit.append(work, letters.stream(known.letter), "commitment.answered", actor=actor, detail=detail)


def _ask(work: Work, letter: int, item: int, values: Mapping[str, Any]) -> int:
    row = {**values, "letter_id": letter, "item_id": item, "status": CommitmentState.REQUESTED, "turns": []}
    made: int = work.session.execute(insert(CommitmentRow).values(**row).returning(CommitmentRow.id)).scalar_one()
    return made


def _refuse_second_primary(work: Work, letter: int, item: int, duty: Duty) -> None:
    others = [each for each in commitments.of_letter(work, letter) if each.item == item]
    if duty is Duty.PRIMARY and any(
        each.duty is Duty.PRIMARY and each.status is not CommitmentState.CANCELLED for each in others
    ):
        raise InvalidInput("commitment.primary", "this item has its one 主责 already: ask as 次责", field="duty")


def _set(work: Work, *which: Any, **values: Any) -> None:
    work.session.execute(update(CommitmentRow).where(*which).values(**values))


def _date(text: Any) -> date | None:
    return text if text is None or isinstance(text, date) else date.fromisoformat(str(text)[:10]) if text else None
