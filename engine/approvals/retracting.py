"""撤回: somebody takes their own act back while nobody further on has acted (APR-16)."""

from typing import Any

from sqlalchemy import Row, select, update

from engine.approvals import nodes, returns, rows, saying, seats
from engine.approvals.modes import Mode, State
from engine.approvals.rows import Case, Node
from engine.approvals.saying import Said
from engine.approvals.seats import Assignment
from engine.approvals.tables import assignment
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.workflow import moves, standings
from engine.workflow.engine import Engine
from engine.workflow.runner import Cause
from engine.workflow.tables import task


def retract(engine: Engine, task_id: int, actor: int, reason: str = "") -> int:
    """Takes the actor's decision on this task back; the task that is open for them again.

    Raises NotFound when they decided nothing there, Conflict `retract.late` once somebody further on acted (or read it,
    where the node says `retract="unread"`), or the process did something that cannot be undone.
    """
    with engine.start_work() as work:
        standing = standings.lock_of_task(work, task_id)
        node = rows.load(work, task_id)
        mine = None if node is None else _said_by(node, actor)
        if node is None or mine is None:
            raise NotFound("task.unknown", "there is no such task", task=task_id)
        standing.running()
        case = Case(engine, work, node)
        back = _reopen(case, mine) if node.status == "open" else _take_back(case, mine, actor)
        saying.record(work, node, Said("RETRACT", actor, mine.id, opinion=reason or None))
        work.commit()
    return back


def possible(engine: Engine, work: Work, task_id: int, actor: int) -> bool:
    """Whether `retract` would succeed now; what the bar under the last act shows."""
    node = rows.load(work, task_id)
    mine = None if node is None else _said_by(node, actor)
    if node is None or mine is None or standings.read(work, node.instance_id).view.status != "running":
        return False
    case = Case(engine, work, node)
    return not _overtaken(node, mine) if node.status == "open" else _next(case) is not None


def _said_by(node: Node, actor: int) -> Assignment | None:
    said = [each for each in node.assignments if each.decided_by == actor]
    return max(said, key=lambda each: str(each.decided_at), default=None)


def _reopen(case: Case, mine: Assignment) -> int:
    """Others are still asked in the node: the voice is simply not given any more."""
    if _overtaken(case.node, mine):
        raise _late()
    values = {"state": State.PENDING, "decided_at": None, "decided_by": None, "opinion": None, "answer": None}
    case.work.connection.execute(update(assignment).where(assignment.c.id == mine.id).values(**values))
    node = rows.load(case.work, case.node.task_id) or case.node
    ruling = seats.rule(node.assignments, node.mode, nodes.ratio_of(node.options))
    waits = [each.id for each in node.assignments if each.id not in ruling.turn and each.state is State.PENDING]
    rows.set_state(case.work, waits, State.WAITING)
    return node.task_id


def _overtaken(node: Node, mine: Assignment) -> bool:
    """Whether somebody who came after this voice has spoken: the next in a sequence, or those added after."""
    spoken = [each for each in node.assignments if each.decided_by is not None and each.id != mine.id]
    if any(each.parent == mine.id for each in spoken):
        return True
    return node.mode is Mode.SEQ and any((each.position, each.id) > (mine.position, mine.id) for each in spoken)


def _take_back(case: Case, mine: Assignment, actor: int) -> int:
    """The node was decided by it: the token comes back from the next node, and everybody's other voices with it."""
    following = _next(case)
    if following is None or case.node.closed_by != actor:
        raise _late()
    nodes.restore(case.work, case.node.instance_id, case.node.node, _as_before(case, mine))
    cause = Cause("task.retracted", actor, {"task": case.node.task_id, "to": case.node.node})
    moves.move(case.engine, case.work, following.id, case.node.node, cause)
    opened = select(task.c.id).where(task.c.instance_id == case.node.instance_id, task.c.node == case.node.node)
    return int(case.work.connection.execute(opened.order_by(task.c.id.desc()).limit(1)).scalar_one())


def _next(case: Case) -> Any:
    """The one task that the decision opened, if nothing happened to it and nothing irrevocable came between."""
    query = select(task.c.id, task.c.node, task.c.index, task.c.opened_at).where(
        task.c.instance_id == case.node.instance_id, task.c.status == "open"
    )
    open_ones = case.work.connection.execute(query).all()
    if len(open_ones) != 1:
        return None
    (following,) = open_ones
    drawn = following.index is None and returns.follows_directly(case, following.node)
    if not drawn or following.opened_at != case.node.closed_at:
        return None
    read_counts = case.node.options.get("retract") == "unread"
    return None if _touched(case.work, following.id, read_counts=read_counts) else following


def _touched(work: Work, task_id: int, *, read_counts: bool) -> bool:
    columns = (assignment.c.decided_by, assignment.c.read_at, assignment.c.parent_id)
    found = work.connection.execute(select(*columns).where(assignment.c.task_id == task_id)).all()
    return any(
        row.decided_by is not None or row.parent_id is not None or (read_counts and row.read_at is not None)
        for row in found
    )


def _as_before(case: Case, mine: Assignment) -> list[dict[str, Any]]:
    """The assignments of the node with this voice open again and every other as it stood; added persons stay out."""
    kept = (
        "person_id", "owner_id", "source", "position", "weight", "within", "reason", "opinion", "answer",
        "decided_at", "decided_by", "read_at",
    )  # fmt: skip
    found = case.work.connection.execute(
        select(assignment).where(assignment.c.task_id == case.node.task_id, assignment.c.parent_id.is_(None))
    )
    return [{**{name: row._mapping[name] for name in kept}, **_open_again(row, mine, case.node.mode)} for row in found]


def _open_again(row: Row[Any], mine: Assignment, mode: Mode) -> dict[str, Any]:
    blank = {"opinion": None, "answer": None, "decided_at": None, "decided_by": None}
    if row.id == mine.id:
        return {**blank, "state": State.PENDING}
    if row.state == State.CANCELLED:
        return {**blank, "state": State.WAITING if mode in (Mode.SEQ, Mode.CLAIM) else State.PENDING}
    return {"state": row.state}


def _late() -> Conflict:
    return Conflict(
        "retract.late",
        "it cannot be taken back any more, the process went on: ask for a return",
    )
