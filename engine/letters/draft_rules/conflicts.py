"""Rule 9: the same KPI twice, pulling apart (REQ-133)."""

from collections.abc import Iterator
from itertools import combinations

from engine.kernel.findings import Finding
from engine.letters.content import Content
from engine.letters.draft_rules.remarks import on_item
from engine.letters.draft_rules.surroundings import Surroundings
from engine.letters.items import ItemView
from engine.letters.kinds import Kind


def check(content: Content, around: Surroundings) -> Iterator[Finding]:
    """Pairs of the same KPI with another direction or target, in this letter and in others of the organisation."""
    same: dict[str, list[ItemView]] = {}
    for item in content.items:
        if item.kind is Kind.KPI and item.name.strip():
            same.setdefault(_name(item), []).append(item)
    pairs = [(b, a, content.letter.no) for twins in same.values() for a, b in combinations(twins, 2)]
    pairs += [(item, other, no) for other, no in around.beside for item in same.get(_name(other), ())]
    for item, other, no in pairs:
        if item.direction != other.direction:
            yield _clash(content, item, "9.direction", no, here=item.direction, there=other.direction)
        elif item.target != other.target:
            yield _clash(content, item, "9.target", no, here=item.target, there=other.target)


def _name(item: ItemView) -> str:
    return "".join(item.name.split()).casefold()


def _clash(content: Content, item: ItemView, code: str, no: str, **found: object) -> Finding:
    here, there = found["here"], found["there"]
    return on_item(
        content,
        item,
        code,
        f"'{item.name}' is {here} here and {there} in {no}",
        "make them agree, or ask OPS for consent",
        warn=True,
        field="target" if code.endswith("target") else "direction",
        letter=no,
        here=here,
        there=there,
    )
