"""Where the tokens of a state stand, and to which nodes of their scope each may be taken by hand."""

from dataclasses import dataclass

from engine.kernel.findings import Finding
from engine.workflow.spiff import codec
from engine.workflow.spiff.migration import joins
from engine.workflow.spiff.migration.targets import Targets
from engine.workflow.spiff.nodes.base import BpmnNode
from engine.workflow.spiff.nodes.gateways import Joining
from engine.workflow.spiff.nodes.loops import Repeating
from engine.workflow.spiff.programs import Program
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import NodeSpec, Ports

_NEVER = frozenset({"startEvent", "boundaryEvent", "process"})


@dataclass(frozen=True)
class Position:
    """A token that can be moved as a whole, with what runs inside it; `targets` in the order of the file."""

    token: str
    node: NodeSpec
    targets: tuple[NodeSpec, ...]


def of(program: Program, state: bytes, ports: Ports) -> tuple[Position, ...]:
    """Every position, outermost first; the instances of a repeated activity are one."""
    run = codec.load(state, Run(program, ports))
    return tuple(_position(token) for token in run.tokens() if _movable(token))


def stranded(program: Program, state: bytes, ports: Ports) -> tuple[Finding, ...]:
    """Joins that wait for a branch which nothing can begin any more, as a move may leave them behind."""
    run = codec.load(state, Run(program, ports))
    targets = Targets(program, program, {})
    targets.settle(run.root, program.process.start)
    joins.check(run, targets)
    return tuple(targets.findings)


def _movable(token: Token) -> bool:
    if token.parent is None or token.listening or token.task_spec.node.made:
        return False
    return not isinstance(token.scope.task_spec, Repeating) and "undo" not in token.scope.memory


def _position(token: Token) -> Position:
    beside = token.task_spec._wf_spec.task_specs.values()
    specs = [spec for spec in beside if isinstance(spec, BpmnNode)]  # the library adds some of its own
    return Position(token.id, token.task_spec.node.said, tuple(spec.node.said for spec in specs if _reachable(spec)))


def _reachable(spec: BpmnNode) -> bool:
    """A join that waits for its branches cannot tell by which flow a token came that was put there."""
    node = spec.node
    if node.made or node.kind in _NEVER or node.by_event or node.for_compensation or spec.name != node.id:
        return False
    return not (isinstance(spec, Joining) and len(node.incoming) > 1)
