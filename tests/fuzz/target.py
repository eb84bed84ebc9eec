"""What both fuzzers do with one text: compile, check, evaluate, write as JSON; only FEEL's own errors may come out."""

import time
from datetime import UTC, datetime
from typing import Any

from engine.decisions import feel

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
DATA: dict[str, Any] = {
    "x": 3,
    "a b": [1, 2, 3],
    "得分": 95.5,
    "list": list(range(300)),
    "deep": {"a": [{"b": {"c": [1, "x", None, True]}}] * 20},
    "text": ("a" * 62 + "b") * 20,
    "days": datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC),
    "nan": float("nan"),
    "?": 5,
}


def run(text: str, *, unary: bool) -> tuple[str, float]:
    """What came of it (`value` or the code of the error), and the seconds of processor time."""
    start = time.process_time()
    try:
        expression = feel.compile(text, names=DATA, unary=unary)
        feel.check(text, names=DATA, unary=unary)
        value = expression(DATA, now=NOW)
        feel.json_text(value)
        feel.from_json(feel.to_json(value))
    except feel.FeelError as error:
        return error.code, time.process_time() - start
    return "value", time.process_time() - start
