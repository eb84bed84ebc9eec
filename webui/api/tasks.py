"""Tasks: one's inbox, one task, and every act that a person may do on it."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.approvals import acts, copies, decisions, forms, inbox, retracting, returns, rows, sight
from engine.approvals.acts import Addition
from engine.approvals.decisions import Decision
from engine.approvals.inbox import Entry, Filters
from engine.approvals.modes import Mode, State
from engine.approvals.rows import Case, Node
from engine.approvals.seats import Source
from engine.kernel.errors import LetterflowError, NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.people.tokens import Scope
from engine.workflow import instances, standings
from webui.api.blueprint import Call, Resource
from webui.api.schemas import tasks as said
from webui.api.schemas.base import page_of

TASKS = Resource("tasks", Scope.TASKS)
OWN = frozenset({"claim"})


@TASKS.reads("/tasks", page_of(said.TaskRow), query=said.TaskQuery())
def index(call: Call) -> Any:
    """A page of my inbox."""
    query = call.query
    filters = Filters(
        query.get("key"), query["q"], query.get("kind"), query.get("node"), query["overdue"], query.get("due_until")
    )
    page = inbox.page(
        call.engine, call.viewer.id, query["tab"], filters, after=query.get("after"), limit=query["limit"]
    )
    with call.engine.start_work(reading=True) as work:
        people = persons.names(work, {each for row in page.entries for each in (row.starter, row.owner) if each})
    return {"items": [_row(each, people) for each in page.entries], "next": page.after}


@TASKS.reads("/tasks/<int:task>", said.Task())
def show(call: Call, task: int) -> Any:
    """One task: who is asked, what it asks for, what I may do."""
    with call.engine.start_work(reading=True) as work:
        node = _visible(call, work, task)
        standings.hold(work, standings.read(work, node.instance_id))
        case = Case(call.engine, work, node)
        may = _may(case, call.viewer.id)
        people = persons.names(work, {each.person for each in node.assignments})
        form = forms.schema(work, case.standing, node.form) if node.form else None
        targets = [each.node for each in returns.targets(case)] if "decision" in may and node.kind == "decide" else []
    asked = [
        {"person": _ref(each.person, people), "state": each.state, "source": each.source, "due_at": each.due_at,
         "decided_at": each.decided_at}
        for each in node.assignments
    ]  # fmt: skip
    told = {name: getattr(node, name) for name in ("key", "title", "node", "name", "kind", "status", "page", "mode")}
    dates = {"opened_at": node.opened_at, "closed_at": node.closed_at}
    return {**told, **dates, "id": task, "instance": node.instance_id, "form": form, "assignments": asked,
            "targets": targets, "may": may}  # fmt: skip


@TASKS.writes("/tasks/<int:task>/decision", said.Done(), body=said.Decide())
def decide(call: Call, task: int) -> Any:
    """Approve, reject, return or finish; the instance runs on until it waits again."""
    sent = call.body
    returned = sent["outcome"] == "RETURNED"
    decision = Decision(
        sent["outcome"],
        sent.get("opinion", ""),
        sent["values"],
        sent.get("target") if returned else None,
        sent.get("after") if returned else None,
    )
    _require_sight(call, task)
    decided = decisions.decide(call.engine, task, call.viewer.id, decision)
    return _done(call, task, decided.outcome)


@TASKS.writes("/tasks/<int:task>/claim", said.Done())
def claim(call: Call, task: int) -> Any:
    """Take a task out of the pool."""
    return _act(call, task, acts.claim)


@TASKS.writes("/tasks/<int:task>/release", said.Done())
def release(call: Call, task: int) -> Any:
    """Put a claimed task back into the pool."""
    return _act(call, task, acts.release)


@TASKS.writes("/tasks/<int:task>/transfer", said.Done(), body=said.Hand())
def transfer(call: Call, task: int) -> Any:
    """Hand my part on to somebody else, for good; a reason is needed."""
    return _act(call, task, acts.transfer, call.body["to"], call.body.get("reason", ""))


@TASKS.writes("/tasks/<int:task>/delegate", said.Done(), body=said.Hand())
def delegate(call: Call, task: int) -> Any:
    """Ask somebody; the task comes back with the answer."""
    return _act(call, task, acts.delegate, call.body["to"], call.body.get("reason", ""))


@TASKS.writes("/tasks/<int:task>/recall", said.Done())
def recall(call: Call, task: int) -> Any:
    """Take a question back that was not answered yet."""
    return _act(call, task, acts.recall)


@TASKS.writes("/tasks/<int:task>/add", said.Done(), body=said.Add())
def add(call: Call, task: int) -> Any:
    """Ask more persons: before me, after me or beside me."""
    sent = call.body
    within = Mode(sent.get("within") or Mode.ALL)
    return _act(
        call, task, acts.add, Addition(tuple(sent["to"]), Source(sent["place"]), within, sent.get("reason", ""))
    )


@TASKS.writes("/tasks/<int:task>/remove", said.Done(), body=said.Remove())
def remove(call: Call, task: int) -> Any:
    """Take back somebody whom I added and who has not decided."""
    return _act(call, task, acts.remove, call.body["person"], call.body.get("reason", ""))


@TASKS.writes("/tasks/<int:task>/urge", said.Done())
def urge(call: Call, task: int) -> Any:
    """Remind whoever is asked now of what I started."""
    return _act(call, task, acts.urge)


@TASKS.writes("/tasks/<int:task>/retract", said.Done())
def retract(call: Call, task: int) -> Any:
    """Take my own decision back; `task` of the answer is the one that is open for me again."""
    _require_sight(call, task)
    return _done(call, retracting.retract(call.engine, task, call.viewer.id), None)


@TASKS.writes("/tasks/<int:task>/copies", said.Done(), body=said.Copy())
def copy(call: Call, task: int) -> Any:
    """Show the instance to others."""
    node = _require_sight(call, task)
    sent = call.body
    copies.send(call.engine, node.instance_id, call.viewer.id, tuple(sent["to"]), sent.get("reason", ""))
    return _done(call, task, None)


def _act(call: Call, task: int, act: Callable[..., Any], *sent: Any) -> Any:
    _require_sight(call, task)
    act(call.engine, task, call.viewer.id, *sent)
    return _done(call, task, None)


def _require_sight(call: Call, task: int) -> Node:
    """Raises NotFound to strangers, whatever they want to do."""
    with call.engine.start_work(reading=True) as work:
        return _visible(call, work, task)


def _visible(call: Call, work: Work, task: int) -> Node:
    node = rows.load(work, task)
    if node is None:
        raise NotFound("task.unknown", f"there is no task {task}", task=task)
    sight.instance_for(work, node.instance_id, call.viewer.id, call.viewer.roles)
    return node


def _done(call: Call, task: int, outcome: str | None) -> Any:
    with call.engine.start_work(reading=True) as work:
        node = rows.load(work, task)
        if node is None:
            raise NotFound("task.unknown", f"there is no task {task}", task=task)
        instance = instances.view_in(work, node.instance_id)
    told = {"task": task, "task_status": node.status, "outcome": outcome}
    return {**told, "instance": instance.id, "instance_status": instance.status}


def _may(case: Case, person: int) -> list[str]:
    """The acts that would not be refused to this person for who they are."""
    node = case.node
    may = {"urge"} if node.status == "open" and node.starter == person else set()
    own = [each for each in node.assignments if each.person == person]
    if any(each.state is State.POOLED for each in own):
        return sorted(may | OWN)
    if any(each.decided_by == person for each in node.assignments) and retracting.possible(
        case.engine, case.work, node.task_id, person
    ):
        may |= {"retract"}
    try:
        decisions.seat_of(case.work, node, person)
    except LetterflowError:
        return sorted(may)
    release_it = {"release"} if node.mode is Mode.CLAIM else set()
    decide_it = set() if node.page and node.kind != "decide" else {"decision"}
    return sorted(may | decide_it | release_it | {"transfer", "delegate", "add"})


def _row(entry: Entry, people: Mapping[int, str]) -> dict[str, Any]:
    return {**vars(entry), "starter": _ref(entry.starter, people), "owner": _ref(entry.owner, people)}


def _ref(person: int | None, people: Mapping[int, str]) -> dict[str, Any] | None:
    return None if person is None else {"id": person, "name": people.get(person, "")}
