"""What happens when a task is late: reminders, and the superior beside whoever has not answered (APR-25)."""

from sqlalchemy import select, update

from engine.approvals import nodes, rows, saying, seats
from engine.approvals.modes import OPEN, State
from engine.approvals.rows import Node
from engine.approvals.saying import Said
from engine.approvals.seats import Source
from engine.approvals.tables import assignment
from engine.kernel.work import Work
from engine.notices import notices
from engine.people import roles, superiors
from engine.workflow.engine import Engine
from engine.workflow.hooks import Listener
from engine.workflow.tables import task as tasks
from engine.workflow.views import TaskView


class Deadlines(Listener):
    """Hears when a moment of a task's limit has come; nothing here ever approves or rejects."""

    def deadline(self, engine: Engine, work: Work, task: TaskView, kind: str) -> None:
        if kind == "escalate":
            escalate(work, task.id)
        else:
            remind(work, task.id, f"{kind}:{work.now.isoformat()}", kind=kind)


def open_tasks(work: Work, instance_id: int, node: str) -> list[int]:
    """The open tasks of an instance at a node."""
    query = select(tasks.c.id).where(tasks.c.instance_id == instance_id, tasks.c.node == node, tasks.c.status == "open")
    return list(work.connection.execute(query.order_by(tasks.c.id)).scalars())


def late_tasks(work: Work, instance_id: int) -> list[int]:
    """The open tasks of an instance whose limit has passed."""
    query = select(tasks.c.id).where(
        tasks.c.instance_id == instance_id, tasks.c.status == "open", tasks.c.due_at <= work.now
    )
    return list(work.connection.execute(query.order_by(tasks.c.id)).scalars())


def remind(work: Work, task_id: int, occasion: str, *, kind: str = "remind") -> tuple[int, ...]:
    """Tells those who are asked and have not answered; who they are. The same occasion tells nobody twice."""
    node = rows.load(work, task_id)
    if node is None or node.status != "open":
        return ()
    late = [each for each in node.assignments if each.state in (State.PENDING, State.POOLED)]
    tell(work, node, [each.person for each in late], f"task.{kind}", occasion)
    return tuple(each.person for each in late)


def escalate(work: Work, task_id: int, *, role: str | None = None) -> tuple[int, ...]:
    """Adds the superior (or the holders of a role) beside each who has not answered; who was added.

    They share the seat: whoever of them answers first has answered (或签). Nobody is added twice.
    """
    node = rows.load(work, task_id)
    if node is None or node.status != "open":
        return ()
    added: list[int] = []
    for late in [each for each in node.assignments if each.state in (State.PENDING, State.POOLED)]:
        seated = {each.person for each in node.assignments if each.state in OPEN} | set(added)
        for person in _above(work, late.person, role):
            if person not in seated and late.source is not Source.ESCALATE:
                _seat_beside(work, node, late, person)
                added.append(person)
    if added:
        saying.record(work, node, Said("ESCALATE", None, detail={"added": added}))
        tell(work, node, added, "task.escalated", f"escalate:{work.now.isoformat()}")
    return tuple(added)


def tell(work: Work, node: Node, persons: list[int], kind: str, occasion: str) -> None:
    """A notice that calls for an act on the task; marks the task, so that its end settles the notice."""
    if not persons:
        return
    fields = {"title": node.title, "name": node.name, "due": _due(node)}
    key = f"task:{node.task_id}:{occasion}"
    notices.notify(work, persons, kind, fields, link=nodes.link_of(node.task_id), key=key, needs_action=True)
    mark = update(assignment).where(assignment.c.task_id == node.task_id, assignment.c.person_id.in_(persons))
    work.connection.execute(mark.values(reminded_at=work.now))


def _due(node: Node) -> str | None:
    due = next((each.due_at for each in node.assignments if each.due_at is not None), None)
    return None if due is None else due.isoformat()


def _above(work: Work, person: int, role: str | None) -> tuple[int, ...]:
    if role is not None:
        return roles.holders(work, role)
    superior = superiors.of(work, person)
    return () if superior is None else (superior,)


def _seat_beside(work: Work, node: Node, late: seats.Assignment, person: int) -> None:
    reason = [{"code": "escalated", "late": late.person}]
    row = {"person_id": person, "owner_id": late.person, "source": Source.ESCALATE, "parent_id": late.id}
    rows.insert_beside(work, node, {**row, "position": late.position, "state": State.PENDING, "reason": reason})
