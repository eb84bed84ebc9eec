"""How the data of parallel branches come together: at joins, at ends of branches, and for views."""

from collections.abc import Iterable
from typing import Any

from engine.workflow.spiff.merge import three_way
from engine.workflow.spiff.tokens import Branch, Token


def fork(token: Token, data: dict[str, Any]) -> Branch:
    """Make the token the first of a fork that starts from that data."""
    token.branch = Branch(data, token.branch)
    return token.branch


def common(one: Token, two: Token, scope: Token) -> tuple[dict[str, Any], Branch | None]:
    """The data both started from, and the fork where they parted (None when they started apart)."""
    known = set(map(id, Branch.lineage(one.branch)))
    for branch in Branch.lineage(two.branch):
        if id(branch) in known:
            return branch.base, branch
    outer = _outermost(one.branch) or _outermost(two.branch)
    return (outer.base if outer else scope.memory.get("entry", {})), None


def join(
    tokens: list[Token], scope: Token, *, others: Iterable[Token], tolerant: bool
) -> tuple[dict[str, Any], Branch | None]:
    """The data of tokens that meet, and the fork they still belong to.

    Raises Stuck (`workflow.branches_disagree`) unless `tolerant`, when the later token wins.
    """
    first = tokens[0]
    data, branch = first.data, first.branch
    for token in tokens[1:]:
        base, meeting = common(first, token, scope)
        data = three_way(base, data, token.data, prefer="theirs" if tolerant else None)
        branch = _outer(branch, meeting)
    rest = list(others)
    return data, shed(_together(tokens, rest, data, branch), rest)


def _together(tokens: list[Token], rest: list[Token], data: dict[str, Any], branch: Branch | None) -> Branch | None:
    """The fork of tokens that have met. Paths beside one of them, which run on, are told what they know together:

    from then on all of them start from that, else what came from one of the branches would come back a second time.
    """
    around = set(map(id, Branch.lineage(branch)))
    inner = {id(fork) for token in tokens for fork in Branch.lineage(token.branch)} - around
    beside = [token for token in rest if any(id(fork) in inner for fork in Branch.lineage(token.branch))]
    if not beside:
        return branch
    met, done = Branch(data, branch), set[int]()
    for token in beside:
        _start_from(met, token, inner, done)
    return met


def _start_from(met: Branch, token: Token, inner: set[int], done: set[int]) -> None:
    """Put a token, with the forks of its own, on the fork of those that have met."""
    own: list[Branch] = []
    for fork in Branch.lineage(token.branch):
        if id(fork) in inner:
            break
        own.append(fork)
    token.data = three_way(fork.base, token.data, met.base, prefer="ours")
    _tell_inside(token, fork.base, met.base, done)
    for one in own:
        if id(one) not in done:
            done.add(id(one))
            one.base = three_way(fork.base, one.base, met.base, prefer="ours")
    if own:
        own[-1].parent = met
    else:
        token.branch = met


def shed(branch: Branch | None, others: Iterable[Token]) -> Branch | None:
    """The innermost fork that other tokens still share."""
    shared = {id(fork) for other in others for fork in Branch.lineage(other.branch)}
    while branch is not None and id(branch) not in shared:
        branch = branch.parent
    return branch


def hand_over(ended: Token, rest: list[Token], scope: Token) -> None:
    """What an ended branch changed reaches the branches that still run; what they changed themselves stays."""
    done: set[int] = set()
    # where each parted is looked at before any fork learns of the changes: then they would be no changes any more
    parted = [(token, *common(ended, token, scope)) for token in rest]
    for token, base, meeting in parted:
        token.data = three_way(base, token.data, ended.data, prefer="ours")
        for branch in Branch.lineage(token.branch):
            if id(branch) not in done:
                done.add(id(branch))
                branch.base = three_way(base, branch.base, ended.data, prefer="ours")
            if branch is meeting:
                break
        _tell_inside(token, base, ended.data, done)
    for token in rest:
        token.branch = shed(token.branch, (other for other in rest if other is not token))


def view(tokens: list[Token], scope: Token) -> dict[str, Any]:
    """What a scope knows as a whole: the data of its branches together, the later one wins."""
    if not tokens:
        return dict(scope.data)
    data: dict[str, Any] = tokens[0].task_spec.progress(tokens[0])
    for token in tokens[1:]:
        base, _ = common(tokens[0], token, scope)
        data = three_way(base, data, token.task_spec.progress(token), prefer="theirs")
    return data


def sight(scope: Token) -> dict[str, Any]:
    """What a scope knows, with what the branches around it have written so far; a called process knows only itself.

    Variables of its own (inputs, the element of a multi-instance) hide those around it of the same name.
    """
    own = view(scope.workflow.within(scope), scope)
    around, hidden = scope.scope, set(scope.memory.get("local", ()))
    if around is None or not scope.task_spec.shares_data:
        return own
    if around.task_spec.repeats:  # siblings of one loop do not see each other
        hidden |= {"loopCounter", around.task_spec.loop.element}
        around = around.scope
    base, ours, theirs = (_without(one, hidden) for one in (scope.memory["entry"], own, sight(around)))
    return {**own, **three_way(base, ours, theirs, prefer="ours")}


def _without(values: dict[str, Any], hidden: set[Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in hidden} if hidden else values


def _tell_inside(token: Token, base: dict[str, Any], theirs: dict[str, Any], done: set[int]) -> None:
    """Subprocesses share the data of their surroundings, called processes do not."""
    if not token.task_spec.shares_data:
        return
    if "entry" in token.memory:  # what came from outside is no change of the inside
        token.memory["entry"] = three_way(base, token.memory["entry"], theirs, prefer="ours")
    for child in token.children:
        child.data = three_way(base, child.data, theirs, prefer="ours")
        for branch in Branch.lineage(child.branch):
            if id(branch) not in done:
                done.add(id(branch))
                branch.base = three_way(base, branch.base, theirs, prefer="ours")
        _tell_inside(child, base, theirs, done)


def _outermost(branch: Branch | None) -> Branch | None:
    while branch is not None and branch.parent is not None:
        branch = branch.parent
    return branch


def _outer(branch: Branch | None, meeting: Branch | None) -> Branch | None:
    """Of two forks of one lineage, the outer one."""
    return meeting if meeting is None or any(found is meeting for found in Branch.lineage(branch)) else branch
