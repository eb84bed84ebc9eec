"""Acts beside the decision: hand on, ask somebody, add and remove persons, claim from the pool, urge."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select, update

from engine.approvals import deadlines, decisions, nodes, rows, saying, seats
from engine.approvals.modes import OPEN, Mode, State
from engine.approvals.rows import Node
from engine.approvals.saying import Said
from engine.approvals.seats import ADDED, Assignment, Source
from engine.approvals.tables import approval_act, assignment
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import standings, tasks
from engine.workflow.engine import Engine

URGE_EVERY_HOURS = Decimal(4)
"""Working hours between two urges of one task (APR-19)."""
DEEPEST = 2
"""How many times somebody may be added behind one another (APR-12)."""


def transfer(engine: Engine, task_id: int, actor: int, to: int, reason: str) -> None:
    """转办: the assignee is replaced, for good (APR-06). Raises InvalidInput, NotAllowed, Conflict, NotFound."""
    _explained(reason)
    with engine.start_work() as work:
        node = _node(work, task_id)
        mine, principal = decisions.seat_of(work, node, actor)
        _refuse_unfit(work, node, to, actor)
        values = {"person_id": to, "owner_id": mine.owner or mine.person, "read_at": None, "reminded_at": None}
        why = [{"code": "transferred", "from": mine.person}]
        moved = update(assignment).where(assignment.c.id == mine.id).values(**values, reason=why)
        work.connection.execute(moved)
        saying.record(work, node, Said("TRANSFER", actor, mine.id, principal, reason, {"from": mine.person, "to": to}))
        deadlines.tell(work, node, [to], "task.transferred", f"transfer:{mine.id}:{to}:{work.now.isoformat()}")
        work.commit()


def delegate(engine: Engine, task_id: int, actor: int, to: int, question: str) -> None:
    """委派: `to` is asked and answers; the task comes back, only the asker's decision counts (APR-07)."""
    with engine.start_work() as work:
        node = _node(work, task_id)
        mine, principal = decisions.seat_of(work, node, actor)
        if mine.source is Source.DELEGATE:
            raise NotAllowed("delegate.chain", "who was asked answers themselves: return the question instead")
        _refuse_unfit(work, node, to, actor)
        rows.set_state(work, [mine.id], State.WAITING)
        asked = rows.insert_beside(work, node, _beside(mine, to, Source.DELEGATE, State.PENDING))
        saying.record(work, node, Said("DELEGATE", actor, mine.id, principal, question or None, {"to": to}))
        deadlines.tell(work, node, [to], "task.delegated", f"assignment:{asked}")
        work.commit()


def recall(engine: Engine, task_id: int, actor: int) -> None:
    """Takes a question back that was not answered yet (APR-07). Raises Conflict when nothing is out."""
    with engine.start_work() as work:
        node = _node(work, task_id)
        out = [each for each in node.assignments if each.source is Source.DELEGATE and each.state is State.PENDING]
        asked = next((each for each in out if _person_of(node, each.parent) == actor), None)
        if asked is None or asked.parent is None:
            raise Conflict("delegate.none", "you are not waiting for anybody's answer here")
        rows.set_state(work, [asked.id], State.CANCELLED)
        rows.set_state(work, [asked.parent], State.PENDING)
        saying.record(work, node, Said("RECALL", actor, asked.parent, detail={"from": asked.person}))
        work.commit()


@dataclass(frozen=True)
class Addition:
    """Whom to add where: `place` is ADD_BEFORE, ADD_AFTER or ADD_PARALLEL, `within` the mode among them."""

    to: tuple[int, ...]
    place: Source
    within: Mode = Mode.ALL
    reason: str = ""


def add(engine: Engine, task_id: int, actor: int, new: Addition) -> None:
    """加签: persons decide before me, after me or beside me (APR-09 to APR-12).

    Raises InvalidInput for somebody who is asked already or a place that is none, NotAllowed for a third level.
    """
    to = tuple(dict.fromkeys(new.to))
    if new.place not in ADDED or not to or new.within not in (Mode.ALL, Mode.ANY, Mode.SEQ):
        raise InvalidInput("add.place", f"add somebody as {', '.join(sorted(ADDED))}", field="place")
    with engine.start_work() as work:
        node = _node(work, task_id)
        mine, principal = decisions.seat_of(work, node, actor)
        if mine.source is Source.DELEGATE or seats.depth(node.assignments, mine) >= DEEPEST:
            raise NotAllowed("add.depth", f"persons are added at most {DEEPEST} levels deep: decide, or transfer")
        for person in to:
            _refuse_unfit(work, node, person, actor)
        for person in to:
            rows.insert_beside(work, node, {**_beside(mine, person, new.place, State.WAITING), "within": new.within})
        detail = {"to": list(to), "within": new.within}
        saying.record(work, node, Said(new.place, actor, mine.id, principal, new.reason or None, detail))
        _rearrange(work, task_id)
        work.commit()


def remove(engine: Engine, task_id: int, actor: int, person: int, reason: str = "") -> None:
    """减签: takes back somebody the actor added who has not decided, with those they added (APR-13).

    Raises NotAllowed for anybody else. Where nobody is left to wait for, the node is decided by what was said.
    """
    with engine.start_work() as work:
        node = _node(work, task_id)
        gone = next((each for each in node.assignments if each.person == person and each.state in OPEN), None)
        if gone is None or gone.source not in ADDED or _person_of(node, gone.parent) != actor:
            raise NotAllowed("remove.not_added", "only persons whom you added and who have not decided can be removed")
        idle = [each.id for each in seats.below(node.assignments, gone) if each.state in OPEN]
        rows.set_state(work, idle, State.CANCELLED)
        saying.record(work, node, Said("REMOVE", actor, gone.id, opinion=reason or None, detail={"person": person}))
        _rearrange(work, task_id)
        decisions.settle(engine, work, task_id, actor)
        work.commit()


def claim(engine: Engine, task_id: int, actor: int) -> None:
    """认领: takes a task out of the pool (APR-05). Raises Conflict with who was faster."""
    with engine.start_work() as work:
        node = _node(work, task_id)
        mine = _own(node, actor)
        if mine.state is not State.POOLED:
            raise _claimed(work, node)
        rows.set_state(work, [mine.id], State.PENDING)
        others = [each.id for each in node.assignments if each.state is State.POOLED and each.id != mine.id]
        rows.set_state(work, others, State.WAITING)
        saying.record(work, node, Said("CLAIM", actor, mine.id))
        work.commit()


def release(engine: Engine, task_id: int, actor: int) -> None:
    """Puts a claimed task back into the pool (APR-05). Raises NotAllowed when it never lay there."""
    with engine.start_work() as work:
        node = _node(work, task_id)
        mine = _own(node, actor)
        waiting = [each.id for each in node.assignments if each.state is State.WAITING]
        if node.mode is not Mode.CLAIM or mine.state is not State.PENDING or not waiting:
            raise NotAllowed("task.not_claimed", f"'{node.name}' was not claimed from a pool by you")
        rows.set_state(work, [mine.id, *waiting], State.POOLED)
        saying.record(work, node, Said("RELEASE", actor, mine.id))
        work.commit()


def assign(engine: Engine, task_id: int, actor: int, to: int, reason: str) -> None:
    """Gives an open task that nobody is asked for (or whoever else is) to one more person; for admins (APR-21, APR-24).

    Whether `actor` may is for the caller to know. Raises InvalidInput, NotFound, Conflict.
    """
    _explained(reason)
    with engine.start_work() as work:
        node = _node(work, task_id)
        _refuse_unfit(work, node, to, actor)
        opened = tasks.view(engine, work, task_id)
        last = max((each.position for each in node.assignments), default=-1)
        why = [{"code": "assigned", "by": actor}]
        rows.insert(work, opened, [{"person_id": to, "position": last + 1, "state": State.PENDING, "reason": why}])
        saying.record(work, node, Said("ASSIGN", actor, opinion=reason, detail={"to": to}))
        work.commit()


def urge(engine: Engine, task_id: int, actor: int) -> tuple[int, ...]:
    """催办: the submitter reminds whoever is asked now; who was told (APR-19).

    Raises NotAllowed for others, Conflict within four working hours of the last urge.
    """
    with engine.start_work() as work:
        node = _node(work, task_id)
        if actor != node.starter:
            raise NotAllowed("urge.submitter", "only whoever submitted it urges")
        last = _last_urge(work, task_id)
        if last is not None:
            again = engine.calendar(work).add_working_hours(last, URGE_EVERY_HOURS)
            if work.now < again:
                raise Conflict(
                    "urge.again", f"urged already: try again after {again.isoformat()}", at=again.isoformat()
                )
        told = deadlines.remind(work, task_id, f"urge:{work.now.isoformat()}", kind="urged")
        saying.record(work, node, Said("URGE", actor, detail={"to": list(told)}))
        work.commit()
    return told


def _node(work: Work, task_id: int) -> Node:
    """The open node, its instance locked and running."""
    standing = standings.lock_of_task(work, task_id)
    standing.running()
    node = rows.load(work, task_id)
    if node is None:
        raise NotFound("task.unknown", "there is no such task", task=task_id)
    return node


def _own(node: Node, actor: int) -> Assignment:
    mine = next((each for each in reversed(node.assignments) if each.person == actor), None)
    if mine is None:
        raise NotFound("task.unknown", "there is no such task", task=node.task_id)
    return mine


def _person_of(node: Node, assignment_id: int | None) -> int | None:
    found = node.find(assignment_id) if assignment_id is not None else None
    return None if found is None else found.person


def _explained(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("act.reason", "say why: a reason is required here", field="reason")


def _refuse_unfit(work: Work, node: Node, person: int, actor: int) -> None:
    """Nobody gets a task who gave it, is asked already, has decided here, or has left (APR-06, APR-12)."""
    known = [each for each in node.assignments if each.person == person and each.state is not State.CANCELLED]
    if person == actor or known:
        why = "you" if person == actor else "somebody who is asked or has decided here already"
        raise InvalidInput("act.person", f"this cannot go to {why}: choose somebody else", field="to", person=person)
    if persons.active(work, [person]) != {person}:
        raise InvalidInput("act.inactive", "this person is not active: choose somebody else", field="to", person=person)


def _beside(mine: Assignment, person: int, source: Source, state: State) -> dict[str, object]:
    reason = [{"code": source.lower(), "by": mine.person}]
    seat = {"person_id": person, "source": source, "parent_id": mine.id, "position": mine.position}
    return {**seat, "state": state, "reason": reason}


def _rearrange(work: Work, task_id: int) -> None:
    """Whose turn it is now: opens and closes assignments as the rules of the node say."""
    node = rows.load(work, task_id)
    if node is None:
        return
    ruling = seats.rule(node.assignments, node.mode, nodes.ratio_of(node.options))
    if ruling.outcome is not None:
        return
    opened = [each.id for each in node.assignments if each.id in ruling.turn and each.state is State.WAITING]
    waits = [each.id for each in node.assignments if each.id not in ruling.turn and each.state is State.PENDING]
    rows.set_state(work, waits, State.WAITING)
    rows.set_state(work, opened, State.PENDING)
    nodes.tell_opened(work, node, opened)


def _claimed(work: Work, node: Node) -> Conflict:
    holder = next((each.person for each in node.assignments if each.state is State.PENDING), None)
    name = persons.names(work, [holder]).get(holder, "") if holder is not None else ""
    return Conflict("task.claimed", f"'{node.name}' was claimed by {name or 'somebody'}", by=holder, name=name)


def _last_urge(work: Work, task_id: int) -> datetime | None:
    acts = approval_act.c
    query = select(acts.at).where(acts.task_id == task_id, acts.act == "URGE").order_by(acts.id.desc()).limit(1)
    return work.connection.execute(query).scalar()
