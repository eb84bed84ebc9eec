"""`warnings.*` and `orders.*`: what the diagram escalation (and drafting, for signatures) calls."""

from collections.abc import Mapping
from typing import Any

from engine.kernel.work import Work
from engine.letters import items, letters, signatures
from engine.letters.operation_inputs import maybe_bool, maybe_day, maybe_text, number, take, text, texts
from engine.letters.watching import chain, issuing, levels, measuring, orders, replying, scenes, warnings
from engine.letters.watching.orders import OrderView
from engine.letters.watching.states import WARNING_MOVES, OrderState, WarningState
from engine.letters.watching.warnings import WarningView
from engine.workflow.engine import Engine
from engine.workflow.operations import CallContext, Operation, Operations
from engine.workflow.step import OperationCall

Result = Mapping[str, Any]


def register(operations: Operations) -> None:
    """Makes the operations known to diagrams."""
    for name, act in _OPERATIONS.items():
        operations.register(name, act)


def step(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`warnings.step`: how the item stands, who must answer, whether an order is open."""
    warning = warnings.view(work, take(call, warning_id=number)["warning_id"])
    line = chain.of_warning(work, warning)
    order = orders.open_of_warning(work, warning.id)
    return {
        "facts": _facts(engine, work, warning),
        "status": str(warning.status),
        "item_name": _name(work, warning),
        "org": warning.org,
        "owner": line.owner,
        "head": line.head,
        "leader": line.leader,
        "person": line.at(warning.rank),
        "order_id": order.id if order else None,
    }


def notify(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`warnings.notify`: tell those whom the level asks for."""
    given = take(call, warning_id=number, level=maybe_text, told=texts)
    warning = replying.found(work, given["warning_id"], levels.read(given["level"]))
    return {"told": list(replying.tell(work, warning, given["told"]))}


def reply(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`warnings.reply`: cause and measure, or a report."""
    forms = {"cause": text, "measures": text, "forecast_finish": maybe_day}
    given = take(call, warning_id=number, person=number, kind=text, **forms)
    return {"status": str(replying.reply(work, given.pop("warning_id"), **given).status)}


def escalate(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`warnings.escalate`: a reply was missed; who answers next."""
    person, rank = replying.climb(work, take(call, warning_id=number)["warning_id"])
    return {"person": person, "rank": rank}


def close_warning(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`warnings.close`: the books are closed; mostly the warning itself has ended already."""
    given = take(call, warning_id=number, reason=text)
    warning = warnings.view(work, given["warning_id"])
    reason = given["reason"] or "done"
    to = WarningState.CLOSED_BY_DONE if reason == "done" else WarningState.RESOLVED
    if to in WARNING_MOVES[warning.status]:
        warning = warnings.move(work, warning, to, actor=None, closed_at=work.now, closed_reason=reason)
    return {"status": str(warning.status)}


def open_order(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`orders.open`: the supervision order of a warning."""
    return {"order": _order(issuing.for_warning(engine, work, take(call, warning_id=number)["warning_id"]))}


def record_order(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`orders.record`: signed for, reported, sent back or overdue."""
    given = take(call, order_id=number, status=text, note=text)
    order, status, note = orders.view(work, given["order_id"]), given["status"], given["note"]
    actor = order.receiver if status in (OrderState.SIGNED, OrderState.REPORTED) else None
    return {"status": str(issuing.record(work, order, status, note, actor).status)}


def extend_order(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`orders.extend`: the leader's answer to the one request for more time."""
    given = take(call, order_id=number, approved=maybe_bool, until=maybe_day)
    order = orders.view(work, given["order_id"])
    order = issuing.extend(work, order, approved=bool(given["approved"]), until=given["until"], actor=None)
    return {"due": order.due.isoformat()}


def close_order(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`orders.close`: OPS has verified it (销号)."""
    given = take(call, order_id=number, note=text)
    order = orders.view(work, given["order_id"])
    return {"status": str(issuing.closed(work, order, actor=None, note=given["note"]).status)}


def chase_signing(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Result:
    """`orders.chase_signing`: sides that have not signed in time get an order each."""
    letter = take(call, letter_id=number)["letter_id"]
    signed = {str(signature.party) for signature in signatures.of(work, letter)}
    missing = [side for side in ("A", "B") if side not in signed]
    return {"orders": [_order(issuing.chase_signing(engine, work, letter, side)) for side in missing]}


_OPERATIONS: Mapping[str, Operation] = {
    "warnings.step": step,
    "warnings.notify": notify,
    "warnings.reply": reply,
    "warnings.escalate": escalate,
    "warnings.close": close_warning,
    "orders.open": open_order,
    "orders.record": record_order,
    "orders.extend": extend_order,
    "orders.close": close_order,
    "orders.chase_signing": chase_signing,
}


def _facts(engine: Engine, work: Work, warning: WarningView) -> Result:
    """What the level comes from now; a warning on a late draft keeps what it was opened with."""
    if warning.item is None:
        return warning.facts or measuring.late_draft(1).inputs()
    item = items.view(work, warning.item)
    scene = scenes.of(engine, work, [item])
    return measuring.measure(scene, item, scene.latest.get(item.id)).facts.inputs()


def _name(work: Work, warning: WarningView) -> str:
    return items.view(work, warning.item).name if warning.item is not None else letters.view(work, warning.letter).no


def _order(order: OrderView) -> Result:
    return {"id": order.id, "no": order.no, "receiver": order.receiver, "due": order.due.isoformat()}
