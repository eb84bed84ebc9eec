"""Nodes of a diagram as text: the outline that everybody can read, whatever they see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.workflow.step import NodeSpec
from webui.words import word

LEFT_OUT = {"sequenceFlow"}


@dataclass(frozen=True)
class Outlined:
    """A node in the outline; `state` is a word (done, now, incident) or None."""

    id: str
    name: str
    kind_word: str
    lane: str
    state: str | None = None


def outlined(specs: Iterable[NodeSpec], states: Mapping[str, str] | None = None, *, prefix: str = "") -> list[Outlined]:
    """The outline; `states` maps node ids to `done`, `now`, `incident`; `prefix` tells two on a page apart."""
    known = states or {}
    return [
        Outlined(
            prefix + each.id,
            each.name or each.id,
            word(f"node.{each.kind}"),
            each.lane or "",
            _worded(known.get(each.id)),
        )
        for each in specs
        if each.kind not in LEFT_OUT
    ]


def _worded(state: str | None) -> str | None:
    return word(f"mark.{state}") if state else None
