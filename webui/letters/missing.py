"""Which part of an item a finding belongs to: the numbers beside the parts of the drawer."""

from collections.abc import Mapping

from engine.kernel.findings import Finding
from engine.letters.drafting.submitting import Checked

PARTS = ("definition", "scoring", "results", "together", "origin")
_FIELDS = {
    "method": "scoring",
    "params": "scoring",
    "threshold": "scoring",
    "target": "scoring",
    "challenge": "scoring",
    "data_source": "scoring",
    "data_provider": "scoring",
    "formula": "scoring",
    "last_year": "scoring",
    "baseline": "scoring",
    "deliverables": "results",
    "collaborators": "together",
    "commitments": "together",
    "parent": "origin",
    "alignment_reason": "origin",
    "fund_line": "origin",
    "slices": "origin",
    "assessors": "scoring",
    "na_rule": "scoring",
    "veto": "scoring",
    "cap": "scoring",
    "floor": "scoring",
}


def part_of(field: str) -> str:
    """The part that shows a field, or an input of a structured one (`s.params.bands.0.lo`)."""
    name = field.removeprefix("s.").partition(".")[0]
    return _FIELDS.get(name, "definition")


def by_part(checked: Checked, item: int) -> Mapping[str, list[Finding]]:
    """The findings of one item by the part in which they are mended; parts without any are left out."""
    found: dict[str, list[Finding]] = {}
    for each in checked.findings:
        if each.fields.get("item") == item:
            found.setdefault(part_of(str(each.fields.get("field"))), []).append(each)
    return found
