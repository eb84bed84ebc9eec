"""Parameters as people write them in one cell: `步长=1；单位=pp；扣=3`; lists and tables as JSON behind the sign."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

from engine.kernel.cells import Unreadable

WORDS = {
    "步长": "step",
    "单位": "step_unit",
    "加": "plus",
    "扣": "minus",
    "最多加": "max_plus",
    "最多扣": "max_minus",
    "不足一步": "part_step",
    "分值单位": "score_unit",
    "宽限": "allowance",
    "每日扣": "per_day",
    "每几日": "per_days",
    "零分起": "zero_from_day",
    "事项": "events",
    "分档": "bands",
    "公式": "expr",
    "条件": "cond",
    "评分组": "raters",
    "封顶": "cap",
    "下限": "floor",
}
"""Chinese names that may stand for a parameter's own name."""

_PART = re.compile(r"[;；\n](?=\s*[^=＝;；\n]+[=＝])")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def read(text: str | None) -> dict[str, Any]:
    """The parameters in a cell: whole numbers as int, others as exact text, `[…]` and `{…}` as JSON.

    Raises Unreadable.
    """
    found: dict[str, Any] = {}
    for part in _PART.split(text or ""):
        if not part.strip():
            continue
        name, sign, value = part.replace("＝", "=", 1).partition("=")
        if not sign or not name.strip():
            raise Unreadable("workbook.pairs", f"'{part.strip()}' is no parameter", "write name=value; name=value")
        found[WORDS.get(name.strip(), name.strip())] = _value(value.strip())
    return found


def write(params: Mapping[str, Any]) -> str:
    """The same parameters as one cell, read back to the same values."""
    return "; ".join(f"{name}={_written(value)}" for name, value in params.items())


def _value(text: str) -> Any:
    if text[:1] in ("[", "{", '"'):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as problem:
            raise Unreadable(
                "workbook.pairs_json", f"'{text}' is no list or table: {problem}", "write it as JSON"
            ) from problem
    if _NUMBER.fullmatch(text):
        return int(text) if "." not in text else text
    return {"true": True, "false": False, "null": None}.get(text, text)


def _written(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, int | float | Decimal):
        return str(value)
    plain = isinstance(value, str) and value == value.strip() and value[:1] not in ("[", "{", '"') and value
    if plain and not _PART.search(value) and _value(value) == value:
        return str(value)
    # a separator inside a text is written as its code, so that a cell splits only between parameters
    return orjson.dumps(value, default=str).decode().replace(";", "\\u003b").replace("；", "\\uff1b")
