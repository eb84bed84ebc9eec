"""The `adjustments.*` operations that diagrams call (`docs/operations.md`); each may run twice with one effect."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

from engine.kernel import audit
from engine.kernel.clock import LOCAL
from engine.kernel.work import Work
from engine.letters import adjustments, letters, subjects
from engine.letters.adjusting import applying, case, windows
from engine.letters.adjustments import AdjustmentView
from engine.letters.operation_inputs import maybe_bool, number, take, text
from engine.letters.states import ADJUSTMENT_MOVES, AdjustmentState
from engine.letters.subjects import Change
from engine.notices import notices
from engine.workflow.engine import Engine
from engine.workflow.operations import CallContext, Operations
from engine.workflow.step import OperationCall

Result = Mapping[str, Any]


def register(operations: Operations) -> None:
    """Makes the operations known to diagrams."""
    operations.register("adjustments.check", check, foreseen=_foresee_check)
    operations.register("adjustments.subject", subject, foreseen=subject)  # it only reads
    operations.register("adjustments.record", record)
    operations.register("adjustments.apply", apply)


def check(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """Window, counts, proof; allowed: it goes to OPS."""
    known = adjustments.view(work, take(call, adjustment_id=number)["adjustment_id"])
    refusal = windows.check(case.load(work, known, engine.calendar(work)))
    if refusal is not None:
        return {"allowed": False, "rule": refusal.rule, "sentence": refusal.code}
    if known.status in (AdjustmentState.SUBMITTED, AdjustmentState.APPROVING):
        adjustments.move(work, known, AdjustmentState.OPS_REVIEW, actor=None)
    return {"allowed": True, "rule": None, "sentence": None}


def _foresee_check(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """What `check` would find, without moving the adjustment on."""
    known = adjustments.view(work, take(call, adjustment_id=number)["adjustment_id"])
    return {"allowed": windows.check(case.load(work, known, engine.calendar(work))) is None}


def subject(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """What the diagram knows of the adjustment and its letter."""
    known = adjustments.view(work, take(call, adjustment_id=number)["adjustment_id"])
    whole = case.load(work, known, engine.calendar(work))
    change = Change(str(known.type), whole.key_change, whole.affected_weight, known.items)
    expires = datetime.combine(whole.expires, time(), LOCAL).astimezone(UTC)
    return {
        "letter": {**subjects.of(work, known.letter, change), "submitter": known.applicant},
        "type": str(known.type),
        "cause": str(known.cause),
        "applicant": known.applicant,
        "expires": expires.isoformat(),
    }


def record(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """What was decided on the way; where it stands already only the reason is noted."""
    given = take(call, adjustment_id=number, status=AdjustmentState, reason=text, counted=maybe_bool)
    known = adjustments.view(work, given["adjustment_id"])
    if given["status"] not in ADJUSTMENT_MOVES[known.status]:
        detail = {"adjustment": known.id, "reason": given["reason"]}
        audit.append(work, letters.stream(known.letter), "adjustment.noted", actor=None, detail=detail)
        return {"status": str(known.status)}
    moved = adjustments.move(
        work,
        known,
        given["status"],
        actor=None,
        detail={"reason": given["reason"]},
        decision=given["reason"] or known.decision,
        counted=known.counted if given["counted"] is None else given["counted"],
        decided_at=work.now,
    )
    _tell(work, moved)
    return {"status": str(moved.status)}


def apply(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """Version n+1 in force; the items below it that must follow."""
    known = adjustments.view(work, take(call, adjustment_id=number)["adjustment_id"])
    applied = applying.apply(work, case.load(work, known, engine.calendar(work)))
    _tell(work, applied)
    return {
        "letter_id": applied.result,
        "children": [asdict(child) for child in applying.children(work, applied)],
    }


def _tell(work: Work, known: AdjustmentView) -> None:
    fields = {"no": known.no, "status": str(known.status), "reason": known.decision}
    link, key = f"/letters/{known.letter}/adjustments/{known.id}", f"adjustment:{known.id}:{known.status}"
    notices.notify(work, [known.applicant], "adjustment.decided", fields, link=link, key=key)
