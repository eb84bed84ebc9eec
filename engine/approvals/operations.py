"""What diagrams call on this floor (`docs/operations.md`): copies, reminders, escalation to superiors."""

from collections.abc import Mapping
from typing import Any

from engine.approvals import copies, deadlines
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.people import roles
from engine.workflow.engine import Engine
from engine.workflow.operations import CallContext
from engine.workflow.step import OperationCall


def copy(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]:
    """`approvals.copy`: 抄送 to persons and to holders of roles from a unit upward; told: who had no copy before."""
    given = _inputs(call, {"roles", "persons", "org", "note"})
    org = given.get("org")
    persons = [int(person) for person in given.get("persons") or ()]
    for role in given.get("roles") or ():
        persons += roles.holders(work, str(role), None if org is None else int(org))
    told = copies.give(work, context.instance_id, persons, note=str(given.get("note") or ""), by=None)
    return {"told": len(told)}


def remind(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]:
    """`approvals.remind`: whoever is asked at the node and has not answered is told again."""
    given = _inputs(call, {"node"})
    told = [person for task in _open_tasks(work, context, given) for person in deadlines.remind(work, task, call.token)]
    return {"told": len(set(told))}


def escalate(engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]:
    """`approvals.escalate`: the superior of each who has not answered, or a role, may answer too."""
    given = _inputs(call, {"node", "role"})
    role = given.get("role")
    added = [
        person
        for task in _open_tasks(work, context, given)
        for person in deadlines.escalate(work, task, role=None if role is None else str(role))
    ]
    return {"added": added}


OPERATIONS = {"approvals.copy": copy, "approvals.remind": remind, "approvals.escalate": escalate}


def _inputs(call: OperationCall, known: set[str]) -> Mapping[str, Any]:
    unknown = sorted(set(call.inputs) - known)
    if unknown:
        raise InvalidInput(
            "operation.input",
            f"{call.name} does not know '{unknown[0]}': it takes {', '.join(sorted(known))}",
            input=unknown[0],
        )
    return call.inputs


def _open_tasks(work: Work, context: CallContext, given: Mapping[str, Any]) -> list[int]:
    """The open tasks at the node; without one those of the instance that are past their limit."""
    if "node" not in given:
        raise InvalidInput("operation.input", "the input 'node' is missing: name the user task, or null", input="node")
    if given["node"] is None:
        return deadlines.late_tasks(work, context.instance_id)
    return deadlines.open_tasks(work, context.instance_id, str(given["node"]))
