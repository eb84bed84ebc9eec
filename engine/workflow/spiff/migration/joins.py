"""Whether parallel branches that have begun in the old version still meet in the new one."""

from collections.abc import Iterable
from itertools import combinations

from engine.workflow.spiff.migration.targets import Targets
from engine.workflow.spiff.nodes.base import BpmnNode, Inside
from engine.workflow.spiff.nodes.gateways import Joining, ParallelGateway
from engine.workflow.spiff.paths import leading
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Token


def check(run: Run, targets: Targets) -> None:
    """Look at every scope where something stands; what is wrong is noted among the findings of the targets."""
    for token in run.tokens():
        spec = targets.of.get(token.id)
        if spec is None or token.task_spec.inside is None or spec.inside is None or token.listening:
            continue
        standing = [each for each in run.within(token) if each.id in targets.of]
        if standing:
            _scope(standing, token.task_spec.inside, spec.inside, targets)


def _scope(standing: list[Token], before: Inside, after: Inside, targets: Targets) -> None:
    known = len(targets.findings)
    _waiting(standing, targets)
    if len(targets.findings) == known:  # else the same branch would be told of twice
        _starving(standing, after, targets)
        _meeting(standing, before, after, targets)


def _waiting(standing: list[Token], targets: Targets) -> None:
    """Tokens that wait at a join have come by a flow that it still has, and are not all there already."""
    arrived: dict[str, list[Token]] = {}
    for token in standing:
        if isinstance(token.task_spec, Joining) and not token.entered:
            arrived.setdefault(targets.of[token.id].node.id, []).append(token)
    for tokens in arrived.values():
        spec = targets.of[tokens[0].id]
        flows = {flow.id for flow in spec.node.incoming}
        filled = {token.via for token in tokens}
        if not filled <= flows:
            targets.note("join_flows", tokens[0].task_spec)
        elif isinstance(spec, ParallelGateway) and filled == flows:
            targets.note("join_complete", tokens[0].task_spec)


def _starving(standing: list[Token], inside: Inside, targets: Targets) -> None:
    """No parallel join ahead waits for a branch that nothing can begin any more."""
    for spec in inside.task_specs.values():
        if isinstance(spec, ParallelGateway) and len(spec.node.incoming) > 1:
            fed = [_feeding(spec, flow.source, flow.id, standing, targets) for flow in spec.node.incoming]
            if any(fed) and not all(fed):
                targets.note("join_starves", spec)


def _feeding(spec: BpmnNode, source: str, flow: str, standing: Iterable[Token], targets: Targets) -> list[str]:
    reach = leading(source, spec.node.id, spec._wf_spec.scope)
    return [
        token.id
        for token in standing
        for place in [targets.of[token.id]]
        if (place is spec and token.via == flow) or (place is not spec and place.node.id in reach)
    ]


def _meeting(standing: list[Token], before: Inside, after: Inside, targets: Targets) -> None:
    """Branches that were to meet at a join still come there by flows of their own."""
    for old in before.task_specs.values():
        if not isinstance(old, Joining) or len(old.node.incoming) < 2:
            continue
        own = {token.id: _flows(token, token.task_spec, old) for token in standing}
        for one, two in combinations(standing, 2):
            if own[one.id] and own[two.id] and not own[one.id] & own[two.id]:
                _pair(one, two, old, after, targets)


def _pair(one: Token, two: Token, old: BpmnNode, after: Inside, targets: Targets) -> None:
    new = after.task_specs.get(targets.named(old))
    if not isinstance(new, Joining) or type(new) is not type(old):
        targets.note("join_missing", old)
        return
    flows = [_flows(each, targets.of[each.id], new) for each in (one, two)]
    if not all(flows):
        targets.note("join_missing", old)
    elif flows[0] == flows[1] and len(flows[0]) == 1:
        targets.note("join_merges", old)


def _flows(token: Token, place: BpmnNode, join: BpmnNode) -> frozenset[str]:
    """The flows of a join by which the token may come."""
    if place is join:
        return frozenset({str(token.via)})
    scope = join._wf_spec.scope
    return frozenset(
        flow.id for flow in join.node.incoming if place.node.id in leading(flow.source, join.node.id, scope)
    )
