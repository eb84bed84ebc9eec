"""Nodes of a diagram as text: the outline that everybody can read, whatever they see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.kernel.findings import Finding
from engine.kernel.work import Work
from engine.workflow import definitions, outline
from engine.workflow.step import NodeSpec
from engine.workflow.views import DefinitionView
from webui.words import remedy, told, word

LEFT_OUT = {"sequenceFlow"}


@dataclass(frozen=True)
class Outlined:
    """A node in the outline: `id` on the page, `node` in the diagram; `state` is a word (done, now …) or None."""

    id: str
    node: str
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
            each.id,
            each.name or each.id,
            word(f"node.{each.kind}"),
            each.lane or "",
            _worded(known.get(each.id)),
        )
        for each in specs
        if each.kind not in LEFT_OUT
    ]


@dataclass(frozen=True)
class Found:
    """A finding at a node, in the reader's words."""

    node: str
    name: str
    sentence: str
    remedy: str


def found(findings: Iterable[Finding], specs: Iterable[NodeSpec]) -> list[Found]:
    """What the linter remarks about a version, with the names of the nodes."""
    names = {each.id: each.name or each.id for each in specs}
    return [Found(each.element, names.get(each.element, each.element), told(each), remedy(each)) for each in findings]


def specs_of(work: Work, definition: DefinitionView) -> tuple[NodeSpec, ...]:
    """Every node of a version; a version never changes, so its drawing is read once."""
    known = _SPECS.get(definition.sha256)
    if known is None:
        known = outline.of(definitions.files(work, definition.id))
        if len(_SPECS) >= KEPT:
            _SPECS.clear()
        _SPECS[definition.sha256] = known
    return known


KEPT = 100
_SPECS: dict[str, tuple[NodeSpec, ...]] = {}


def _worded(state: str | None) -> str | None:
    return word(f"mark.{state}") if state else None
