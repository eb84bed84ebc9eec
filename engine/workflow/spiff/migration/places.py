"""Where tokens may stand in a program, and which node of another version is the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.workflow.spiff.nodes.base import BpmnNode
from engine.workflow.spiff.programs import Program
from engine.workflow.step import NodeSpec

_INNER = (" [child]", " [listener]")
_ELSEWHERE = frozenset({"startEvent", "endEvent", "boundaryEvent", "process", "collect"})


@dataclass(frozen=True)
class Place:
    """A node by its address: its id, for a called process `key/id`; `scope` is the address of what it stands in."""

    address: str
    node: NodeSpec
    scope: str


@dataclass(frozen=True)
class Counterpart:
    """The node of the other version; `sure` when it has the same id and kind, otherwise it only looks alike."""

    address: str
    sure: bool


def address(program: Program, spec: BpmnNode) -> str:
    """How mappings name a node of the program."""
    name = program.names[id(spec)]
    for suffix in _INNER:
        name = name.removesuffix(suffix)
    return name


def mapped(named: str, mapping: Mapping[str, str]) -> str:
    """The address in the other version; what the engine drew beside a node goes with it."""
    owner, sign, drawn = named.partition(" [")
    return mapping.get(owner, owner) + sign + drawn


def local(named: str) -> str:
    """The id of a node in its own process."""
    return named.rpartition("/")[2]


def places(program: Program) -> dict[str, Place]:
    """Every node that the diagram draws and a token may stand at, by address, in the order of the file."""
    found: dict[str, Place] = {}
    for name, spec in program.named.items():
        node = spec.node
        if node.made or node.kind in _ELSEWHERE or name != address(program, spec) or name.endswith("]"):
            continue
        owner, prefix = spec._wf_spec.scope.owner, name[: len(name) - len(node.id)]
        found[name] = Place(name, node.said, prefix + (owner.id if owner else ""))
    return found


def counterparts(old: Program, new: Program) -> dict[str, Counterpart]:
    """For each place of the old version the one of the new: by id, else the only new one of its kind and name."""
    before, after = places(old), places(new)
    found = {name: Counterpart(name, sure=True) for name in before if _same(before[name], after.get(name))}
    for name, place in before.items():
        alike = [each for each in after.values() if each.address not in before and _alike(place, each, found)]
        if name not in found and place.node.name and len(alike) == 1:
            found[name] = Counterpart(alike[0].address, sure=False)
    return found


def _same(before: Place, after: Place | None) -> bool:
    return after is not None and before.node.kind == after.node.kind and before.scope == after.scope


def _alike(before: Place, after: Place, found: Mapping[str, Counterpart]) -> bool:
    scope = found.get(before.scope)
    there = scope.address if scope else before.scope
    return (before.node.kind, before.node.name, there) == (after.node.kind, after.node.name, after.scope)
