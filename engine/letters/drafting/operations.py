"""The `letters.*` operations that diagrams call (`docs/operations.md`); each may run twice with one effect."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.letters import forced_changes, items, letters, subjects
from engine.letters.commitments import CommitmentView
from engine.letters.drafting import approving, forcing, generation, lateness, negotiation, signing, submitting
from engine.letters.drafting.approving import Recorded
from engine.letters.drafting.filing import file_roles, tell_filing
from engine.letters.kinds import Level
from engine.letters.letters import LetterRow, LetterView
from engine.letters.operation_inputs import listed, maybe_bool, maybe_number, number, take, text
from engine.letters.watching import evaluating, issuing, warnings
from engine.notices import notices
from engine.people import orgs
from engine.workflow import instances
from engine.workflow.engine import Engine
from engine.workflow.operations import CallContext, Operations
from engine.workflow.step import OperationCall

Result = Mapping[str, Any]


def register(operations: Operations) -> None:
    """Makes the operations known to diagrams."""
    for name, act in (
        ("generate_draft", generate_draft),
        ("subject", subject),
        ("register_late", register_late),
        ("check", check),
        ("open_commitments", open_commitments),
        ("settle_commitments", settle_commitments),
        ("enter_approval", enter_approval),
        ("record_approval", record_approval),
        ("open_signing", open_signing),
        ("activate", activate),
        ("void", void),
        ("record_forced", record_forced),
        ("settle_forced", settle_forced),
    ):
        operations.register(f"letters.{name}", act, foreseen=_FORESEEN.get(name))


def generate_draft(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """The draft of an organisation and period, made or found; the instance that runs it is noted in it."""
    given = take(call, org=number, level=Level, period=text, letter_id=maybe_number)
    if given["letter_id"] is not None:
        letter = letters.view(work, given["letter_id"])
    else:
        letter = generation.generate(work, given["org"], given["level"], given["period"], actor=context.starter)
    work.session.execute(update(LetterRow).where(LetterRow.id == letter.id).values(instance_id=context.instance_id))
    instances.concern(work, context.instance_id, f"letter:{letter.id}")
    return _draft(engine, work, letter)


def subject(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """What a diagram knows of a letter."""
    return {"letter": subjects.of(work, take(call, letter_id=number)["letter_id"])}


def register_late(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """Late: points by the day, and a warning on the draft that the diagram escalates."""
    letter = take(call, letter_id=number)["letter_id"]
    known, first = lateness.register(work, letter)
    warning = warnings.open_draft(work, letter)
    if first:
        warning = evaluating.raise_late_draft(work, letter, known.late_days)
    return {
        "first": first,
        "days": known.late_days,
        "points": known.late_points,
        "warning_id": warning.id if warning else None,
    }


def check(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """The draft rules; `warnings` are those that OPS has not agreed to."""
    found = submitting.check(work, take(call, letter_id=number)["letter_id"])
    return {
        "blocking": len(found.errors),
        "warnings": len(found.warnings),
        "findings": [_finding(each) for each in found.findings],
    }


def open_commitments(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """DRAFT → NEGOTIATING; the promises that are still to be given."""
    letter = take(call, letter_id=number)["letter_id"]
    approving.negotiate(work, letter)
    return {"commitments": _promises(work, negotiation.send(work, letter))}


def settle_commitments(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """Takes answers of providers and rulings of leaders; what needs a leader is left open."""
    given = take(call, letter_id=number, answers=listed, rulings=listed)
    waiting = negotiation.settle(work, given["letter_id"], given["answers"], given["rulings"])
    return {"open": _promises(work, waiting), "count": len(waiting)}


def enter_approval(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """NEGOTIATING → IN_APPROVAL; the warning on a late draft ends. `restart`: a decisive field changed meanwhile."""
    letter = take(call, letter_id=number)["letter_id"]
    restart = approving.enter(work, letter)
    warning = warnings.open_draft(work, letter)
    if warning is not None:
        evaluating.end(engine, work, warning, "done")
    return {"letter": subjects.of(work, letter), "restart": restart}


def record_approval(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """What the approvers said: APPROVED, or back to DRAFT with the reasons and a new limit."""
    given = take(call, letter_id=number, outcome=text, target=text, reason=text)
    done = approving.record(engine, work, given["letter_id"], given["outcome"], given["reason"])
    due = done.submit_due
    if due is not None:
        _tell_returned(work, done, given["reason"])
    return {
        "status": str(done.letter.status),
        "outcome": done.outcome,
        "submit_due": due.isoformat() if due else None,
    }


def open_signing(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """APPROVED → SIGNING; who signs."""
    letter = take(call, letter_id=number)["letter_id"]
    moved = approving.open_signing(work, letter)
    parties = subjects.party_ids(work, letter)
    return {"status": str(moved.status), "party_a": parties["A"], "party_b": parties["B"]}


def activate(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """SIGNING → EFFECTIVE; copies go to the roles that file it."""
    moved = signing.activate(work, take(call, letter_id=number)["letter_id"])
    issuing.close_signing(work, moved.id)
    found = file_roles(work, moved)
    return {"status": str(moved.status), "file_roles": found, "told": tell_filing(work, moved, found)}


def void(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """The letter is withdrawn before it is in force."""
    given = take(call, letter_id=number, reason=text)
    return {"status": str(signing.void(work, given["letter_id"], given["reason"], actor=None).status)}


def record_forced(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """A forced change is told to the head, who may object."""
    change = forced_changes.view(work, take(call, change_id=number)["change_id"])
    org = orgs.view(work, change.org)
    name = change.item_values.get("name") or (items.view(work, change.item).name if change.item else "")
    fields = {"act": change.act, "name": name, "reason": change.reason, "article": change.article}
    if org.head is not None:
        link, key = f"/letters/{change.letter}", f"forced:{change.id}"
        notices.notify(work, [org.head], "forced.noticed", fields, link=link, key=key, needs_action=True)
    told = {"letter_id": change.letter, "org": org.id, "head": org.head, "leader": org.leader}
    return {**told, "id": change.id, **fields}


def settle_forced(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """Applies a forced change, or drops it when the objection was upheld."""
    given = take(call, change_id=number, upheld=maybe_bool)
    settled = forcing.settle(work, given["change_id"], upheld=bool(given["upheld"]))
    status = letters.view(work, settled.letter).status if settled.letter is not None else None
    return {"letter_id": settled.letter, "status": str(status)}


def _promises(work: Work, found: Sequence[CommitmentView]) -> list[dict[str, Any]]:
    named = items.many(work, [each.item for each in found])
    providers = orgs.many(work, [each.provider for each in found])
    listed_ = []
    for each in found:
        provider = providers[each.provider]
        listed_.append(
            {
                "id": each.id,
                "item": each.item,
                "item_name": named[each.item].name,
                "content": each.content,
                "due": each.due.isoformat() if each.due else None,
                "provider": provider.id,
                "provider_name": provider.name,
                "head": provider.head,
                "leader": orgs.view(work, letters.view(work, each.letter).org).leader,
            }
        )
    return listed_


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "element": found.element,
        "message": found.message,
        "remedy": found.remedy,
        "rule": found.fields.get("rule"),
        "row": found.fields.get("row"),
    }


def _tell_returned(work: Work, done: Recorded, reason: str) -> None:
    letter = done.letter
    person = letter.submitter or letter.party_b
    if person is not None:
        fields = {"no": letter.no, "outcome": done.outcome, "reason": reason}
        link, key = f"/letters/{letter.id}/edit", f"letter:{letter.id}:returned:{letter.revision}"
        notices.notify(work, [person], "letter.returned", fields, link=link, key=key, needs_action=True)


def _draft(engine: Engine, work: Work, letter: LetterView) -> Result:
    due = generation.submit_due(work, letter)
    if due is None or due <= work.now:
        due = engine.calendar(work).due_in(approving.RESUBMIT, work.now)
    return {"letter": subjects.of(work, letter.id), "submit_due": due.isoformat()}


def _foresee_draft(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """The draft that there is; before one is made nothing can be told."""
    letter = call.inputs.get("letter_id")
    return {} if letter is None else _draft(engine, work, letters.view(work, letter))


def _foresee_letter(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """The letter as it is."""
    return {"letter": subjects.of(work, take(call, letter_id=number)["letter_id"])}


def _foresee_parties(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """Who will sign, as the letter says now."""
    parties = subjects.party_ids(work, take(call, letter_id=number)["letter_id"])
    return {"party_a": parties["A"], "party_b": parties["B"]}


_FORESEEN = {
    "generate_draft": _foresee_draft,
    "subject": _foresee_letter,
    "enter_approval": _foresee_letter,
    "open_signing": _foresee_parties,
}
