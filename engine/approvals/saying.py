"""What people say, on record: one line among the acts of an instance, and one of its audited history (APR-35)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from engine.approvals.rows import Node
from engine.approvals.tables import approval_act
from engine.kernel import audit
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow import standings
from engine.workflow.rows.tasks import Completion
from engine.workflow.runner import Cause
from engine.workflow.views import TaskView


@dataclass(frozen=True)
class Said:
    """One act to record: who (for whom), what, on which assignment."""

    act: str
    actor: int | None
    assignment: int | None = None
    on_behalf_of: int | None = None
    opinion: str | None = None
    detail: Mapping[str, Any] | None = None


def record(work: Work, node_or_task: Node | TaskView, said: Said) -> None:
    """One line of the record of acts and of the audited history (APR-35)."""
    if isinstance(node_or_task, Node):
        of = (node_or_task.instance_id, node_or_task.task_id, node_or_task.node)
    else:
        of = (node_or_task.instance.id, node_or_task.id, node_or_task.node)
    instance_id, task_id, node = of
    record_act(work, instance_id, task_id, said, node=node)


def record_act(work: Work, instance_id: int, task_id: int | None, said: Said, *, node: str | None = None) -> None:
    """The same for an act that belongs to an instance rather than to a task."""
    _keep(work, instance_id, task_id, said)
    _tell(work, instance_id, _told(said, task_id, node))


def keep(work: Work, node: Node, said: Said) -> Cause:
    """One line of the record of acts; history has it as soon as the cause is told, or a step is taken for it."""
    _keep(work, node.instance_id, node.task_id, said)
    return replace(_told(said, node.task_id, node.node), completion=Completion(node.task_id, said.actor))


def tell(work: Work, node: Node, cause: Cause) -> None:
    """An act that moves nothing gets a line of history of its own."""
    _tell(work, node.instance_id, cause)


def _keep(work: Work, instance_id: int, task_id: int | None, said: Said) -> None:
    row = {
        "instance_id": instance_id, "task_id": task_id, "assignment_id": said.assignment, "actor": said.actor,
        "on_behalf_of": said.on_behalf_of, "act": said.act, "opinion": said.opinion, "detail": dict(said.detail or {}),
        "at": work.now,
    }  # fmt: skip
    work.run(_ACT, row)


def _told(said: Said, task_id: int | None, node: str | None) -> Cause:
    told = {"task": task_id, "node": node, "opinion": said.opinion, **(said.detail or {})}
    detail = {name: value for name, value in told.items() if value}
    return Cause(f"approval.{said.act.lower()}", said.actor, detail, for_person=said.on_behalf_of)


def _tell(work: Work, instance_id: int, cause: Cause) -> None:
    stream = standings.stream(instance_id)
    audit.append(work, stream, cause.act, actor=cause.actor, for_person=cause.for_person, detail=cause.detail)


def approvers(work: Work, instance_id: int) -> frozenset[int]:
    """Who approved anything in the instance since the last return (APR-23, whole process)."""
    acts = approval_act.c
    last = select(func.coalesce(func.max(acts.id), 0)).where(acts.instance_id == instance_id, acts.act == "RETURN")
    query = select(acts.actor, acts.on_behalf_of).where(
        acts.instance_id == instance_id, acts.act == "APPROVE", acts.id > last.scalar_subquery()
    )
    return frozenset(person for row in work.connection.execute(query) for person in row if person is not None)


def was_returned(work: Work, instance_id: int) -> bool:
    """Whether anybody ever returned this instance: from then on nobody is passed over (APR-23)."""
    acts = approval_act.c
    query = select(acts.id).where(acts.instance_id == instance_id, acts.act == "RETURN").limit(1)
    return work.connection.execute(query).first() is not None


_ACT = Statement(approval_act.insert())
