"""An administrator takes a token of an instance to another node, with a reason, having seen what ends and begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.workflow import runner, standings
from engine.workflow.engine import Engine
from engine.workflow.errors import Stale
from engine.workflow.foresight import DryPorts
from engine.workflow.programs import Bound
from engine.workflow.runner import Cause
from engine.workflow.spiff import machine, positions
from engine.workflow.spiff.positions import Position
from engine.workflow.standings import Standing
from engine.workflow.step import NodeSpec, Outcome, Ports, Step
from engine.workflow.surroundings import Surroundings

ACT = "token.moved"


@dataclass(frozen=True)
class Preview:
    """What a move would do: nodes that end and begin; `runs` are passed on the way; `certain` is False behind an
    operation whose answer is foreseen at best; `stranded` are joins that would wait for ever; `ends_instance`.
    """

    position: Position
    target: NodeSpec
    ends: tuple[NodeSpec, ...]
    runs: tuple[NodeSpec, ...]
    begins: tuple[NodeSpec, ...]
    failed: tuple[NodeSpec, ...]
    stranded: tuple[Finding, ...]
    ends_instance: bool
    certain: bool


def tokens(engine: Engine, work: Work, instance_id: int) -> tuple[Position, ...]:
    """What can be moved, and where to. Raises NotFound `instance.unknown`."""
    standing = standings.read(work, instance_id)
    bound, ports = _surroundings(engine, work, standing)
    return positions.of(bound.program, standing.state, ports)


def preview(engine: Engine, work: Work, instance_id: int, token: str, node: str) -> Preview:
    """The move, made in memory and thrown away. Raises NotFound, Stale `token.gone`, InvalidInput `move.target`."""
    standing = standings.read(work, instance_id)
    bound, real = _surroundings(engine, work, standing)
    ports = DryPorts(real)
    position, target = _chosen(bound, standing, ports, token, node)
    before = machine.look(bound.program, standing.state, ports)
    after = machine.move(bound.program, standing.state, token, node, ports)
    entered = {each.node for each in after.moved if each.event == "enter"}
    gone, fresh = _standing(before, after), _standing(after, before)
    over = after.outcome in (Outcome.COMPLETED, Outcome.TERMINATED)
    return Preview(
        position,
        target,
        ends=tuple(gone),
        runs=tuple(bound.nodes[each] for each in sorted(entered) if bound.nodes[each] not in fresh),
        begins=tuple(fresh),
        failed=tuple(each.node for each in after.failures if each not in before.failures),
        stranded=() if over else positions.stranded(bound.program, after.state, ports),
        ends_instance=over,
        certain=not ports.guessed,
    )


def move(  # noqa: PLR0913, PLR0917 - what a move is made of
    engine: Engine, instance_id: int, token: str, node: str, actor: int | None, reason: str
) -> Step:
    """Take the token there; what ran where it stood is withdrawn, and the reason stands in the history.

    Raises NotFound `instance.unknown`, Stale `token.gone`, InvalidInput `move.target` or `move.reason`,
    Conflict `instance.suspended`, `instance.ended`.
    """
    if not reason.strip():
        raise InvalidInput("move.reason", "say why: the history keeps it", field="reason")
    with engine.start_work() as work:
        standing = standings.lock(work, instance_id)
        standing.running()
        bound, ports = _surroundings(engine, work, standing)
        position, target = _chosen(bound, standing, ports, token, node)
        detail = {"node": position.node.id, "to": target.id, "reason": reason.strip()}

        def run(program: Any, state: bytes, real: Ports) -> Step:
            return machine.move(program, state, token, node, real)

        step = runner.advance(engine, work, standing, run, Cause(ACT, actor, detail))
        work.commit()
    return step


def _surroundings(engine: Engine, work: Work, standing: Standing) -> tuple[Bound, Surroundings]:
    bound = engine.programs.of(work, standing.view.definition_id, standing.pins)
    return bound, Surroundings(engine, work, runner.context(standing.view), bound.tables)


def _chosen(bound: Bound, standing: Standing, ports: Ports, token: str, node: str) -> tuple[Position, NodeSpec]:
    known = {each.token: each for each in positions.of(bound.program, standing.state, ports)}
    if token not in known:
        raise Stale("token.gone", "the token does not stand there any more; look at the instance", token=token)
    target = next((each for each in known[token].targets if each.id == node), None)
    if target is None:
        raise InvalidInput(
            "move.target", f"{node} is no node that a token of this scope can be taken to", node=node, field="node"
        )
    return known[token], target


def _standing(one: Step, other: Step) -> list[NodeSpec]:
    """The nodes where something waits in one step and, with the same token, not in the other."""
    there = {(token, node.id) for token, node in _waiting(other)}
    return list({node.id: node for token, node in _waiting(one) if (token, node.id) not in there}.values())


def _waiting(step: Step) -> Iterator[tuple[str, NodeSpec]]:
    yield from ((each.token, each.node) for each in step.open)
    yield from ((each.token, each.node) for each in step.timers)
    yield from ((each.token, each.node) for each in step.waits)
