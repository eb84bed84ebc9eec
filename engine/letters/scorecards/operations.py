"""`scores.*`: what the diagram scoring calls."""

from collections.abc import Mapping
from typing import Any

from engine.kernel.work import Work
from engine.letters.operation_inputs import maybe_bool, maybe_text, number, take, text
from engine.letters.scorecards import calculating, passing, vetoes
from engine.letters.scorecards.vetoes import Scope
from engine.letters.scoring.exact import stored
from engine.letters.scoring.letter import Total
from engine.workflow.engine import Engine
from engine.workflow.operations import CallContext, Operation, Operations
from engine.workflow.step import OperationCall

Result = Mapping[str, Any]


def register(operations: Operations) -> None:
    """Makes the operations known to diagrams."""
    for name, act in _OPERATIONS.items():
        operations.register(name, act)


def open_card(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`scores.open`: the period is over; who brings what until when."""
    return passing.open_card(engine, work, take(call, letter_id=number)["letter_id"])


def calculate(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`scores.calculate`: by the methods; says whether a reported veto waits for its decision."""
    letter = take(call, letter_id=number)["letter_id"]
    total = calculating.calculate(work, letter)
    waiting = any(veto.confirmed is None for veto in vetoes.of_letter(work, letter))
    return {"unscored": len(total.unscored), "veto": waiting, "total": _number(total)}


def confirm_veto(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`scores.confirm_veto`: what leader and committee decided."""
    given = take(call, letter_id=number, confirmed=maybe_bool)
    return {"total": _number(passing.confirm_veto(work, given["letter_id"], confirmed=bool(given["confirmed"])))}


def check(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`scores.check`: calculated once more; what is missing, and whether a veto of the letter holds."""
    letter = take(call, letter_id=number)["letter_id"]
    total = calculating.calculate(work, letter)
    held = any(veto.confirmed and veto.scope is Scope.LETTER for veto in vetoes.of_letter(work, letter))
    return {"unscored": len(total.unscored), "total": _number(total), "veto_confirmed": held}


def record(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`scores.record`: self-report missed, in review, sent back, in appeal."""
    given = take(call, letter_id=number, status=text, grade=maybe_text)
    return {"status": str(passing.record(work, given["letter_id"], given["status"], given["grade"], None))}


def publish(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`scores.publish`: everybody who sees the letter sees its scores; appeals may be filed until then."""
    given = take(call, letter_id=number, grade=maybe_text)
    return passing.publish(engine, work, given["letter_id"], given["grade"])


def close(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`scores.close`: the letter is over; what was not delivered is carried over."""
    return passing.close(work, take(call, letter_id=number)["letter_id"])


_OPERATIONS: Mapping[str, Operation] = {
    "scores.open": open_card,
    "scores.calculate": calculate,
    "scores.confirm_veto": confirm_veto,
    "scores.check": check,
    "scores.record": record,
    "scores.publish": publish,
    "scores.close": close,
}


def _number(total: Total) -> float:
    return float(stored(total.final))
