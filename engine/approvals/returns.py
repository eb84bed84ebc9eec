"""退回: which nodes a task may be sent back to, and how it gets there and back (APR-14, APR-15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from engine.approvals.modes import Mode, Outcome
from engine.approvals.rows import Case, Node
from engine.approvals.tables import way_back
from engine.kernel.errors import InvalidInput
from engine.workflow import moves, runner
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine
from engine.workflow.spiff.model import GATEWAYS, Scope
from engine.workflow.step import Answer
from engine.workflow.surroundings import Surroundings
from engine.workflow.tables import task

START = "START"
AFTER = ("RESTART", "DIRECT")
_HARMLESS = frozenset({"exclusiveGateway", "businessRuleTask"})
_FORKS = GATEWAYS - {"exclusiveGateway"}


@dataclass(frozen=True)
class Target:
    """Where a task may be returned to: the node's id (or START) and its name in the diagram."""

    node: str
    name: str


def targets(case: Case) -> tuple[Target, ...]:
    """START, then the nodes passed on this token's path that can be reached serially, the nearest last.

    None for a vote: nobody returns alone what several vote on, they reject.
    """
    if case.node.mode is Mode.RATIO or case.node.kind != "decide":
        return ()
    passed = _passed(case)
    start = (Target(START, START),) if passed or _drawn(_scope(case), case.node) else ()
    return start + passed


def checked(case: Case, target: str | None, after: str | None) -> tuple[str, str]:
    """The target (START when None) and what follows it (RESTART when None). Raises InvalidInput with those allowed."""
    allowed = [each.node for each in targets(case)]
    wanted = target or START
    if wanted not in allowed:
        raise InvalidInput(
            "decision.target",
            f"'{case.node.name}' cannot be returned to '{wanted}': choose {', '.join(allowed) or 'reject'}",
            field="target",
            allowed=allowed,
        )
    follows = after or AFTER[0]
    if follows not in AFTER:
        raise InvalidInput("decision.after", f"'{follows}' is neither RESTART nor DIRECT", field="after", allowed=AFTER)
    return wanted, follows


def go_back(case: Case, target: str, after: str, cause: Cause) -> bool:
    """Takes the token back where the diagram does not draw it; False when completing the task is enough."""
    scope, work, node = _scope(case), case.work, case.node
    if target == START:
        if _drawn(scope, node):
            return False
        target = _passed(case)[0].node
    elif _mentions(scope, node, "target"):
        return False
    if after == "DIRECT":
        made = {"instance_id": node.instance_id, "from_node": target, "to_node": node.node, "made_at": work.now}
        work.connection.execute(way_back.insert(), made)
    moves.move(case.engine, work, node.task_id, target, cause)
    return True


def come_straight_back(case: Case, answer: Answer, outcome: Outcome, cause: Cause) -> bool:
    """After a DIRECT return the answer goes straight to whoever returned it; False when there is no such way."""
    work, node, back = case.work, case.node, way_back.c
    if not node.returned:
        return False
    query = select(back.id, back.to_node).where(
        back.instance_id == node.instance_id, back.from_node == node.node, back.used_at.is_(None)
    )
    row = work.connection.execute(query.order_by(back.id.desc())).first()
    if row is None:
        return False
    used = update(way_back).where(back.instance_id == node.instance_id, back.from_node == node.node)
    work.connection.execute(used.where(back.used_at.is_(None)).values(used_at=work.now))
    if outcome is not Outcome.APPROVED or _decisive(case, answer):
        return False
    moves.complete_and_jump(case.engine, work, node.task_id, answer, moves.Jump(row.to_node, cause))
    return True


def _decisive(case: Case, answer: Answer) -> bool:
    """Whether a field changed that the node calls `decisive`: then everybody between is asked again (APR-15)."""
    names = [name.strip() for name in str(case.node.options.get("decisive") or "").split(",") if name.strip()]
    if not names:
        return False
    standing = case.standing
    bound = case.engine.programs.of(case.work, standing.view.definition_id, standing.pins)
    ports = Surroundings(case.engine, case.work, runner.context(standing.view), bound.tables)
    before = machine.look(bound.program, standing.state, ports).data
    return any(name in answer.values and answer.values[name] != before.get(name) for name in names)


def follows_directly(case: Case, node: str) -> bool:
    """Whether `node` comes after the case's node with nothing but decisions of the diagram between them.

    Then going back undoes nothing that an operation, a message or another branch has done.
    """
    scope = _scope(case)
    seen: set[str] = set()
    left = [] if scope is None else [case.node.node]
    while scope is not None and left:
        for flow in scope.nodes[left.pop()].outgoing:
            if flow.target == node:
                return True
            if flow.target not in seen and scope.nodes[flow.target].kind in _HARMLESS:
                seen.add(flow.target)
                left.append(flow.target)
    return False


def _passed(case: Case) -> tuple[Target, ...]:
    """User tasks completed before in the same scope, in the order in which they were first passed."""
    scope, node = _scope(case), case.node
    if scope is None:
        return ()
    rows = case.work.connection.execute(
        select(task.c.id, task.c.node, task.c.status).where(task.c.instance_id == node.instance_id).order_by(task.c.id)
    ).all()
    standing = case.standing
    alone = not any(row.status == "open" and row.node != node.node for row in rows)
    alone = alone and not standing.armed and not standing.awaited
    serial = set(scope.nodes) if alone else set(_behind(scope, node.node))
    done = dict.fromkeys(row.node for row in rows if row.status == "completed")
    return tuple(
        Target(each, scope.nodes[each].said.name or each)
        for each in done
        if each in serial and each in scope.nodes and each != node.node
    )


def _scope(case: Case) -> Scope | None:
    """The process or subprocess of the instance's own version in which the node is drawn."""
    standing = case.standing
    program = case.engine.programs.of(case.work, standing.view.definition_id, standing.pins).program
    return next((scope for scope in _scopes(program) if case.node.node in scope.nodes), None)


def _scopes(program: Any) -> Iterator[Scope]:
    yield from (inner for inner in program.scope.walk())
    for called in program.called.values():
        yield from _scopes(called)


def _behind(scope: Scope, node: str) -> Iterator[str]:
    """Nodes from which `node` is reached without passing a fork or a join: other branches stay untouched."""
    seen, left = {node}, [node]
    while left:
        for flow in scope.nodes[left.pop()].incoming:
            if flow.source not in seen and scope.nodes[flow.source].kind not in _FORKS:
                seen.add(flow.source)
                left.append(flow.source)
                yield flow.source


def _drawn(scope: Scope | None, node: Node) -> bool:
    """Whether the diagram itself looks at the node's outcome right behind it, and so leads a return somewhere."""
    return scope is not None and _mentions(scope, node, str(node.options.get("variable") or "outcome"))


def _mentions(scope: Scope | None, node: Node, word: str) -> bool:
    if scope is None:
        return False
    own = scope.nodes[node.node].outgoing
    gateways = [scope.nodes[flow.target] for flow in own if scope.nodes[flow.target].kind in GATEWAYS]
    behind = [flow for gateway in gateways for flow in gateway.outgoing]
    return any(word in (flow.condition or "") for flow in (*own, *behind))
