"""The public letters shared beside the project, each turned into a workbook in the template's form."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from engine.kernel import workbook
from engine.kernel.sheets import Column, Sheet
from engine.letters.workbook import pairs, sheets
from tests.paths import SHARED

FILES = sorted((SHARED / "letters").glob("*.yaml"))
LEVELS = {
    "annual": "ANNUAL",
    "safety": "ANNUAL",
    "quarterly": "QUARTER",
    "monthly": "MONTH",
    "project": "PROJECT",
    "multi-year": "TERM",
}
_HEAD_EXTRAS = {"party_a": "甲方原文", "party_b": "乙方原文", "weight_unit": "权重口径", "date_convention": "日期口径"}
_LETTERS = Sheet(
    sheets.LETTERS.name,
    (
        *sheets.LETTERS.columns,
        *(Column(f"source_{key}", name) for key, name in _HEAD_EXTRAS.items()),
        Column("label", "期间原文"),
    ),
)
_ITEMS = Sheet(sheets.ITEMS.name, (*sheets.ITEMS.columns, Column("due_raw", "截止原文")))


class _Exact(yaml.SafeLoader):
    """Reads decimals as they are written, not as binary numbers."""


_Exact.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(str(loader.construct_scalar(node))))
_Exact.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: loader.construct_scalar(node))


def facts(path: Path) -> dict[str, Any]:
    """What the file says."""
    found: dict[str, Any] = yaml.load(path.read_text(), Loader=_Exact)
    return found


def book(path: Path, org: str) -> bytes:
    """The letter as a workbook of that organisation."""
    said = facts(path)
    lines = {
        sheets.LETTERS.name: [_head(said, org)],
        sheets.GROUPS.name: [_group(block) for block in said.get("blocks") or ()],
        sheets.ITEMS.name: [_item(item, said) for item in said["items"]],
        sheets.SUB_ITEMS.name: list(_sub_items(said["items"])),
    }
    lettered = {name: [{"letter": "L", **line} for line in found] for name, found in lines.items()}
    return workbook.write((_LETTERS, sheets.GROUPS, _ITEMS, sheets.SUB_ITEMS), lettered)


def method(item: Mapping[str, Any]) -> str:
    """The scoring method of an item, UNSET where the source names none that is known."""
    named = (item["scoring"] or {}).get("method")
    return named if named in sheets.METHODS.values() else "UNSET"


def params(item: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of an item's scoring."""
    return (item["scoring"] or {}).get("params") or {}


def _endless(item: Mapping[str, Any]) -> bool:
    """Whether the source's rule gains by steps and writes no limit (95% 得100, 每±1个百分点±8)."""
    return method(item) == "STEP" and "plus" in params(item) and not {"max_plus", "max_total"} & params(item).keys()


def _head(said: Mapping[str, Any], org: str) -> dict[str, Any]:
    period = said["period"]
    return {
        "title": said["title"],
        "org": org,
        "level": LEVELS[said["kind"]],
        "period": "R",
        "label": period["label"],
        "starts_on": period["start"],
        "ends_on": period["end"],
        "full_score": said["full_score"],
        "terms": "\n".join(said["rules"]),
        **{f"source_{key}": said[key] for key in _HEAD_EXTRAS},
    }


def _group(block: Mapping[str, Any]) -> dict[str, Any]:
    return {"path": block["name"], "weight": block.get("weight")}


def _item(item: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    blocks = [block["name"] for block in said.get("blocks") or ()]
    source = item.get("source_category") or ""
    same = ("code", "kind", "name", "category", "importance", "unit", "direction", "baseline", "threshold", "target")
    return {
        **{key: item.get(key) for key in (*same, "challenge", "weight", "formula", "data_source", "due", "due_raw")},
        "group": next((name for name in blocks if source.startswith(name)), None),
        "source_category": source,
        "completion_standard": item["completion_standard"],
        "method": method(item),
        "cap": "不封顶" if _endless(item) else None,
        "params": pairs.write(params(item)),
        "rule_text": item["scoring_note"],
        "assessors": [item["assessor"]] if item.get("assessor") else [],
    }


def _sub_items(items: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    for item in items:
        for part in item.get("sub_items") or ():
            yield {"item": item.get("code") or item["name"], **part}
