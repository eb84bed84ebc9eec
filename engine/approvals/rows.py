"""Reads and writes assignments and acts: one statement each on the road of a decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from engine.approvals.modes import Mode, State
from engine.approvals.seats import Assignment, Source
from engine.approvals.tables import assignment, way_back
from engine.kernel.errors import BadDefinition
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow import standings
from engine.workflow.engine import Engine
from engine.workflow.standings import Standing
from engine.workflow.tables import instance, task
from engine.workflow.views import TaskView

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Node:
    """One approval node: its task's row as the database has it, and all assignments it ever had, by id."""

    task_id: int
    instance_id: int
    token: str
    node: str
    name: str
    kind: str
    form: str | None
    page: str | None
    options: Mapping[str, Any]
    status: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: int | None
    starter: int | None
    key: str
    title: str
    assignments: tuple[Assignment, ...]
    answers: Mapping[int, Mapping[str, Any]]
    reminded: bool
    returned: bool  # the instance was returned with DIRECT at least once, and that way has not been used

    @property
    def mode(self) -> Mode:
        """How the node is decided."""
        return mode_of(self.options, self.kind)

    def find(self, assignment_id: int) -> Assignment | None:
        return next((each for each in self.assignments if each.id == assignment_id), None)


@dataclass(frozen=True)
class Case:
    """A node at which somebody does something or looks, with all that this needs."""

    engine: Engine
    work: Work
    node: Node

    @property
    def standing(self) -> Standing:
        """The instance: as it was locked for an act, or as it stands now for a look."""
        held = standings.held(self.work, self.node.instance_id)
        return held or standings.read(self.work, self.node.instance_id)


def mode_of(options: Mapping[str, Any], kind: str) -> Mode:
    """The mode that the diagram gives; without one all decide, but what is done (`act`, `sign`) is done once."""
    written = str(options.get("mode") or ("ALL" if kind == "decide" else "ANY")).upper()
    if written not in Mode.__members__:
        raise BadDefinition("node.mode", f"mode '{written}' is unknown: use {', '.join(Mode)}", mode=written)
    return Mode(written)


def load(work: Work, task_id: int) -> Node | None:
    """The node of a task, None for an unknown task; one statement.

    Where this work holds the instance, the same statement reads its other open tasks, which completing needs.
    """
    standing = standings.of_task(work, task_id)
    found: Sequence[Any] = work.run(_NODE, {"of": task_id, "held": standing.view.id if standing else None}).all()
    mine = [row for row in found if row.id == task_id]
    if standing is not None and standing.tasks is None:
        standing.tasks = [row for row in {row.id: row for row in found}.values() if row.status == "open"]
    if not mine:
        return None
    first = mine[0]
    seated = [row for row in mine if row.seat is not None]
    return Node(
        first.id, first.instance_id, first.token, first.node, first.name, first.kind, first.form, first.page,
        first.options, first.status, first.opened_at, first.closed_at, first.closed_by, first.starter, first.key,
        first.title, tuple(_assignment(row) for row in seated), {row.seat: row.answer for row in seated if row.answer},
        any(row.reminded_at for row in seated), bool(first.returned),
    )  # fmt: skip


def insert(work: Work, opened: TaskView, rows: Sequence[Mapping[str, Any]]) -> None:
    """New assignments of a task; each of `rows` says person, state, source and what else differs."""
    if rows:
        shown = shown_of(opened)
        work.run(_OPEN, [{**_DEFAULTS, **shown, "opened_at": work.now, **row} for row in rows])


def move_due(work: Work, task_id: int, due: datetime) -> None:
    """The task is due at another moment: so is what anybody still has to do for it."""
    waiting = update(assignment).where(_A.task_id == task_id, _A.state.in_(("WAITING", "POOLED", "PENDING")))
    work.connection.execute(waiting.values(due_at=due, due_sort=due))


def insert_beside(work: Work, node: Node, row: Mapping[str, Any]) -> int:
    """One more assignment in an open node; its id. It is due when its neighbours are."""
    copied = (
        "task_id", "instance_id", "due_at", "due_sort", "rank", "key", "title", "business_key", "subject",
        "starter_id", "node", "name", "kind",
    )  # fmt: skip
    like = select(*(assignment.c[name] for name in copied)).where(assignment.c.task_id == node.task_id).limit(1)
    neighbour = work.connection.execute(like).one()
    values = {**_DEFAULTS, **neighbour._mapping, "opened_at": work.now, **row}
    return int(work.connection.execute(assignment.insert().returning(assignment.c.id), values).scalar_one())


def shown_of(opened: TaskView) -> dict[str, Any]:
    """What the inbox shows of a task, repeated in every assignment."""
    return {
        "task_id": opened.id,
        "instance_id": opened.instance.id,
        "due_at": opened.due_at,
        "due_sort": opened.due_at or END_OF_TIME,
        "rank": 100 - opened.priority,
        "key": opened.instance.key,
        "title": opened.instance.title,
        "business_key": opened.instance.business_key,
        "subject": opened.instance.subject,
        "starter_id": opened.instance.starter,
        "node": opened.node,
        "name": opened.name,
        "kind": opened.kind,
    }


def set_state(work: Work, ids: Iterable[int], state: State) -> None:
    """Moves assignments into a state that says nothing new about their persons (WAITING, PENDING, CANCELLED …)."""
    wanted = sorted(ids)
    if wanted:
        work.connection.execute(update(assignment).where(assignment.c.id.in_(wanted)).values(state=state))


def decide(work: Work, assignment_id: int, state: State, actor: int | None, said: Mapping[str, Any]) -> None:
    """Writes down what was said on an assignment."""
    values = {"to": state, "by": actor, "when": work.now, "said": said.get("opinion"), "values": said.get("answer")}
    work.run(_DECIDE, {"of": assignment_id, **values})


def close(work: Work, task_id: int) -> None:
    """Nobody has anything to do for the task any more: what was open is cancelled."""
    work.run(_CLOSE, {"of": task_id})


def _assignment(row: Any) -> Assignment:
    return Assignment(
        row.seat, row.id, row.person_id, State(row.state), Source(row.source), row.owner_id, row.parent_id,
        row.position, row.weight, Mode(row.within) if row.within else None, row.seat_due, row.decided_at,
        row.decided_by,
    )  # fmt: skip


_DEFAULTS: Mapping[str, Any] = {
    "source": Source.NORMAL,
    "owner_id": None,
    "parent_id": None,
    "position": 0,
    "weight": 1,
    "within": None,
    "reason": [],
    "decided_at": None,
    "opinion": None,
}
_A = assignment.c
_DIRECT = (
    select(way_back.c.id)
    .where(
        way_back.c.instance_id == task.c.instance_id,
        way_back.c.from_node == task.c.node,
        way_back.c.used_at.is_(None),
    )
    .exists()
)
_NODE = Statement(
    select(
        task, instance.c.starter, instance.c.key, instance.c.title, _DIRECT.label("returned"),
        _A.id.label("seat"), _A.person_id, _A.owner_id, _A.source, _A.parent_id, _A.position, _A.weight, _A.within,
        _A.state, _A.due_at.label("seat_due"), _A.decided_at, _A.decided_by, _A.answer, _A.reminded_at,
    )
    .join(instance, instance.c.id == task.c.instance_id)
    .outerjoin(assignment, and_(_A.task_id == task.c.id, task.c.id == bindparam("of")))
    .where(or_(task.c.id == bindparam("of"), and_(task.c.instance_id == bindparam("held"), task.c.status == "open")))
    .order_by(task.c.id, _A.id)
)  # fmt: skip
_DECIDE = Statement(
    update(assignment)
    .where(_A.id == bindparam("of"))
    .values(
        state=bindparam("to"),
        decided_by=bindparam("by"),
        decided_at=bindparam("when"),
        opinion=bindparam("said"),
        answer=bindparam("values"),
    )
)
_CLOSE = Statement(
    update(assignment)
    .where(_A.task_id == bindparam("of"), or_(*(_A.state == each for each in ("WAITING", "POOLED", "PENDING"))))
    .values(state="CANCELLED")
)
_OPEN = Statement(assignment.insert())
