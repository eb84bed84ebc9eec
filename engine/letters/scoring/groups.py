"""Groups of items up to three levels: how their contributions make the letter's sum (domain.md §1 ItemGroup)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.letters.scoring.exact import HUNDRED, ZERO


@dataclass(frozen=True)
class Group:
    """A group of a letter: `weight` and `most` in points of the letter; without a weight its children's sum."""

    code: str
    parent: str | None = None
    mode: str = "SUM"
    weight: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True)
class Leaf:
    """An item in the tree: its effective weight and points of 100, or signed points of the letter where weight is 0."""

    code: str
    group: str | None
    weight: Decimal
    points: Decimal
    signed: bool = False

    @property
    def contribution(self) -> Decimal:
        return self.points if self.signed else self.weight * self.points / HUNDRED


@dataclass(frozen=True)
class Share:
    """What an item or a group adds to the letter, in its points, unrounded.

    A group has a share of its own only where it is not the sum of its children (POOL, PRODUCT, or a limit).
    """

    code: str
    contribution: Decimal
    is_group: bool = False


@dataclass(frozen=True)
class _Node:
    weight: Decimal
    contribution: Decimal
    shares: tuple[Share, ...]


def shares(leaves: Sequence[Leaf], groups: Sequence[Group]) -> list[Share]:
    """The shares of all items and groups; their sum is the letter's sum exactly."""
    by_code = {group.code: group for group in groups}
    found: list[Share] = []
    for leaf in leaves:
        if leaf.group not in by_code:
            found.append(Share(leaf.code, leaf.contribution))
    for group in groups:
        if group.parent not in by_code:
            found += _node(group, leaves, groups).shares
    return found


def _node(group: Group, leaves: Sequence[Leaf], groups: Sequence[Group]) -> _Node:
    nodes = [
        _Node(leaf.weight, leaf.contribution, (Share(leaf.code, leaf.contribution),))
        for leaf in leaves
        if leaf.group == group.code
    ]
    nodes += [_node(child, leaves, groups) for child in groups if child.parent == group.code]
    weight = sum((node.weight for node in nodes), ZERO) if group.weight is None else group.weight
    together = sum((node.contribution for node in nodes), ZERO)
    contribution = _MODES[group.mode](weight, nodes, together)
    if group.most is not None:
        contribution = min(contribution, group.most)
    own = contribution - together
    children = tuple(share for node in nodes for share in node.shares)
    return _Node(weight, contribution, (*children, Share(group.code, own, True)) if own else children)


def _sum(weight: Decimal, nodes: Sequence[_Node], together: Decimal) -> Decimal:
    return together


def _pool(weight: Decimal, nodes: Sequence[_Node], together: Decimal) -> Decimal:
    """The group's points less what its children lose; a weighted child loses what it misses of its own weight."""
    lost = sum((node.contribution - node.weight for node in nodes), ZERO)
    return max(ZERO, weight + lost)


def _product(weight: Decimal, nodes: Sequence[_Node], together: Decimal) -> Decimal:
    share = Decimal(1)
    for node in nodes:
        share *= node.contribution / node.weight if node.weight else Decimal(1)
    return weight * share


_MODES: Mapping[str, Callable[[Decimal, Sequence[_Node], Decimal], Decimal]] = {
    "SUM": _sum,
    "POOL": _pool,
    "PRODUCT": _product,
}
