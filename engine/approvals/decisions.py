"""One decision, followed: lock, may this person, record, and complete the task when its node is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from engine.approvals import forms, nodes, returns, rows, saying, seats, substitutes
from engine.approvals.modes import OPEN, Outcome, State
from engine.approvals.nodes import JustDecided
from engine.approvals.rows import Case, Node
from engine.approvals.saying import Said
from engine.approvals.seats import Assignment, Source
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import standings, tasks
from engine.workflow.engine import Engine
from engine.workflow.rows.tasks import Completion
from engine.workflow.runner import Cause
from engine.workflow.step import Answer

DONE = "DONE"
"""What is said on a node without yes and no (办理, APR-31)."""


@dataclass(frozen=True)
class Decision:
    """What somebody says on a task.

    `outcome` is APPROVED, REJECTED or RETURNED on a deciding node, DONE on others. A return names its `target` (a node
    passed, or START) and `after` (RESTART or DIRECT). `signature` proves who signed, `files` are ids of stored files.
    """

    outcome: str
    opinion: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    target: str | None = None
    after: str | None = None
    signature: Mapping[str, Any] | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decided:
    """What a decision did: `outcome` is the node's, None while others are still asked."""

    task: int
    instance: int
    assignment: int
    outcome: str | None


def decide(engine: Engine, task_id: int, actor: int, decision: Decision) -> Decided:
    """Says something on a task; all or nothing, in one transaction.

    Raises NotFound for whoever has nothing to do with the task, Conflict `task.decided` with who was faster and when
    (APR-34), NotAllowed when it is not this person's turn or the task is done on a page of its own, InvalidInput for an
    opinion, target or field that cannot be.
    """
    with engine.start_work() as work:
        decided = _decide(engine, work, task_id, _Said(actor, decision, on_page=False))
        work.commit()
    return decided


@dataclass(frozen=True)
class Voice:
    """Who speaks on which assignment, for whom (None for themselves), and what they say."""

    actor: int
    mine: Assignment
    principal: int | None
    decision: Decision

    @property
    def state(self) -> State:
        return State.APPROVED if self.decision.outcome == DONE else State(self.decision.outcome)


def decide_in(engine: Engine, work: Work, task_id: int, actor: int, decision: Decision) -> Decided:
    """`decide` inside a work of somebody else, such as the use-case of the page that the task opens."""
    return _decide(engine, work, task_id, _Said(actor, decision, on_page=True))


@dataclass(frozen=True)
class _Said:
    actor: int
    decision: Decision
    on_page: bool


def _decide(engine: Engine, work: Work, task_id: int, said: _Said) -> Decided:
    actor, decision = said.actor, said.decision
    standing = standings.lock_of_task(work, task_id)
    node = rows.load(work, task_id)
    if node is None:
        raise NotFound("task.unknown", "there is no such task", task=task_id)
    mine, principal = seat_of(work, node, actor)
    standing.running()
    if node.page and node.kind != "decide" and not said.on_page:
        # what is done there is done by the page's own use-case, which completes the task in the same transaction
        raise NotAllowed("task.page", f"'{node.name}' is done on its own page: open it there", page=node.page)
    case = Case(engine, work, node)
    voice = Voice(actor, mine, principal, _checked(case, decision))
    return _follow(Case(engine, work, _after(node, voice)), voice, _write(case, voice))


def settle(engine: Engine, work: Work, task_id: int, actor: int) -> None:
    """Ends an open node that what was said already decides, as after somebody was removed; else changes nothing."""
    node = rows.load(work, task_id)
    said = [each for each in node.assignments if each.decided_by is not None] if node is not None else []
    if node is None or node.status != "open" or not said:
        return
    ruling = seats.rule(node.assignments, node.mode, nodes.ratio_of(node.options))
    if ruling.outcome is None or ruling.outcome is Outcome.RETURNED:
        return
    if any(each.state in OPEN for each in node.assignments):
        rows.close(work, task_id)
    last = max(said, key=lambda each: str(each.decided_at))
    outcome = ruling.outcome.value if node.kind == "decide" else DONE
    _finish(Case(engine, work, node), Voice(actor, last, None, Decision(outcome)), ruling.outcome, None)


def seat_of(work: Work, node: Node, actor: int) -> tuple[Assignment, int | None]:
    """The open assignment on which this person may speak now, and for whom when it is somebody else's.

    Raises NotFound, Conflict, NotAllowed as `decide` says.
    """
    if node.status != "open":
        _refuse_closed(work, node, actor)
    pending = [each for each in node.assignments if each.state is State.PENDING]
    mine = next((each for each in pending if each.person == actor), None)
    if mine is not None:
        return mine, None
    owner = None
    if actor != node.starter:
        owner = substitutes.acting_for(work, actor, [each.person for each in pending], node.key)
    if owner is None:
        _refuse_open(work, node, actor)
    return next(each for each in pending if each.person == owner), owner


def _refuse_closed(work: Work, node: Node, actor: int) -> NoReturn:
    owners = [each.person for each in node.assignments]
    if actor not in owners and substitutes.acting_for(work, actor, owners, node.key) is None:
        raise NotFound("task.unknown", "there is no such task", task=node.task_id)
    raise _faster(work, node)


def _refuse_open(work: Work, node: Node, actor: int) -> NoReturn:
    own = [each for each in node.assignments if each.person == actor]
    if not own:
        raise NotFound("task.unknown", "there is no such task", task=node.task_id)
    state = own[-1].state
    if state is State.POOLED:
        raise NotAllowed("task.pooled", f"'{node.name}' lies in the pool: claim it first", task=node.task_id)
    if state is State.WAITING:
        raise NotAllowed("task.waiting", f"'{node.name}' waits for others: it is not your turn yet", task=node.task_id)
    raise _faster(work, node)


def _faster(work: Work, node: Node) -> Conflict:
    """APR-34: who decided, and when; it may have been the person themselves, or nobody (the process moved on)."""
    spoken = [each for each in node.assignments if each.decided_by is not None]
    said = max(spoken, key=lambda each: str(each.decided_at), default=None)
    by = said.decided_by if said else node.closed_by
    at = said.decided_at if said else node.closed_at
    name = persons.names(work, [by]).get(by, "") if by is not None else ""
    when = f"{at:%Y-%m-%d %H:%M} UTC" if at else "meanwhile"
    return Conflict(
        "task.decided",
        f"'{node.name}' was decided {when} by {name or 'the process'}: nothing is left to do",
        task=node.task_id,
        by=by,
        name=name,
        at=at.isoformat() if at else None,
        outcome=said.state.value if said else node.status,
    )


def _checked(case: Case, decision: Decision) -> Decision:
    """The decision with everything about it allowed. Raises InvalidInput."""
    node = case.node
    allowed = [outcome.value for outcome in Outcome] if node.kind == "decide" else [DONE]
    if decision.outcome not in allowed:
        raise InvalidInput(
            "decision.outcome",
            f"'{decision.outcome}' is no answer to '{node.name}': use {', '.join(allowed)}",
            outcome=decision.outcome,
            allowed=allowed,
        )
    must_explain = decision.outcome in (Outcome.REJECTED, Outcome.RETURNED) or node.options.get("opinion") == "required"
    if must_explain and not decision.opinion.strip():
        raise InvalidInput("decision.opinion", "say why: an opinion is required here", field="opinion")
    if node.kind == "sign" and not decision.signature:
        raise InvalidInput("decision.signature", "this task has to be signed: give the signature", field="signature")
    forms.check(case, decision.values, complete=decision.outcome in (Outcome.APPROVED, DONE))
    if decision.outcome == Outcome.RETURNED:
        target, after = returns.checked(case, decision.target, decision.after)
        return replace(decision, target=target, after=after)
    return decision


_ACTS = {State.APPROVED: "APPROVE", State.REJECTED: "REJECT", State.RETURNED: "RETURN"}


def _write(case: Case, voice: Voice) -> Cause:
    """What was said, on the assignment and in the record of acts; the cause of whatever follows from it."""
    decision = voice.decision
    opinion = decision.opinion.strip() or None
    answer = dict(decision.values) or None
    rows.decide(case.work, voice.mine.id, voice.state, voice.actor, {"opinion": opinion, "answer": answer})
    act = DONE if decision.outcome == DONE else _ACTS[voice.state]
    detail = {
        "values": answer,
        "target": decision.target,
        "after": decision.after,
        "signature": decision.signature,
        "files": list(decision.files),
    }
    told = {name: value for name, value in detail.items() if value}
    return saying.keep(case.work, case.node, Said(act, voice.actor, voice.mine.id, voice.principal, opinion, told))


def _after(node: Node, voice: Voice) -> Node:
    """The node as it stands once the decision is written."""
    said = replace(voice.mine, state=voice.state, decided_by=voice.actor)
    answers = {**node.answers, said.id: voice.decision.values}
    everyone = tuple(said if each.id == said.id else each for each in node.assignments)
    return replace(node, assignments=everyone, answers=answers)


def _follow(case: Case, voice: Voice, cause: Cause) -> Decided:
    """What the rules of the node make of it: the next person's turn, or the end of the node."""
    node, work = case.node, case.work
    said = node.find(voice.mine.id) or voice.mine
    # the answer of a delegate comes back to whoever asked; everybody else's ends what was going on at their seat
    idle = set() if said.source is Source.DELEGATE else {each.id for each in seats.mates(node.assignments, said)}
    left = tuple(replace(each, state=State.CANCELLED) if each.id in idle else each for each in node.assignments)
    ruling = seats.rule(left, node.mode, nodes.ratio_of(node.options))
    if ruling.outcome is None:
        saying.tell(work, node, cause)
        rows.set_state(work, idle, State.CANCELLED)
        opened = [each.id for each in left if each.id in ruling.turn and each.state is State.WAITING]
        rows.set_state(work, opened, State.PENDING)
        nodes.tell_opened(work, node, opened)
        return Decided(node.task_id, node.instance_id, said.id, None)
    if any(each.state in OPEN for each in node.assignments):
        rows.close(work, node.task_id)
    _finish(case, voice, ruling.outcome, cause)
    return Decided(node.task_id, node.instance_id, said.id, ruling.outcome.value if node.kind == "decide" else DONE)


def _finish(case: Case, voice: Voice, outcome: Outcome, said: Cause | None) -> None:
    """The node ends; one line of history says what was said and what moved."""
    node, decision, actor = case.node, voice.decision, voice.actor
    cause = said or Cause(
        "task.completed", actor, {"task": node.task_id, "node": node.node}, Completion(node.task_id, actor)
    )
    approved = [each.person for each in node.assignments if each.state is State.APPROVED]
    approvers = frozenset(approved if outcome is Outcome.APPROVED and node.kind == "decide" else ())
    decided = JustDecided(node.task_id, node.instance_id, approvers, reminded=node.reminded)
    nodes.announce_decision(case.work, decided)
    answer = Answer(_values(node, decision, outcome))
    if outcome is Outcome.RETURNED and decision.target and decision.after:
        went = returns.go_back(case, decision.target, decision.after, cause)
    else:
        went = returns.come_straight_back(case, answer, outcome, cause)
    if not went:
        tasks.complete_for(case.engine, case.work, node.task_id, answer, cause)


def _values(node: Node, decision: Decision, outcome: Outcome) -> dict[str, Any]:
    """The answers of all who spoke, later ones over earlier ones, and the node's own outcome over all."""
    given = (each for each in node.assignments if each.id in node.answers)
    said = sorted(given, key=lambda each: str(each.decided_at or "~"))
    values = {name: value for each in said for name, value in node.answers[each.id].items()}
    if node.kind != "decide":
        return values if decision.signature is None else {**values, "signature": dict(decision.signature)}
    returned = outcome is Outcome.RETURNED
    spoken = nodes.answer_values(
        node.options,
        outcome,
        opinion=decision.opinion.strip(),
        target=decision.target if returned else None,
        after=decision.after if returned else None,
    )
    return {**values, **spoken}
