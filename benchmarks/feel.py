"""FEEL and DMN beside plain Python `eval` as the floor; prints one JSON object (`python -m benchmarks.feel`).

The floor is `eval` of a compiled code object with its globals ready, the fastest that `eval` can be.
Limits (issue 3, item 5): a cached condition at most 5 µs and 3 × the floor; 1,000 rules × 5 inputs at most 1 ms;
compiling a 60-character condition at most 200 µs.
"""

import json
import sys
import timeit
from collections.abc import Callable
from decimal import Decimal
from types import CodeType
from typing import Any

from engine.decisions import dmn, feel

ROUNDS = 60
DATA: dict[str, Any] = {
    "最终得分": Decimal("92.5"),
    "等级": "A",
    "金额": Decimal(60000),
    "上限": Decimal(150000),
    "outcome": "approved",
    "加急": False,
    "部门": {"级别": "CENTER", "名称": "运营中心"},
}
CONDITIONS = (
    ("金额 > 50000", "金额 > 50000"),
    ('outcome = "approved"', 'outcome == "approved"'),
    ('最终得分 >= 90 and 等级 = "A"', '最终得分 >= 90 and 等级 == "A"'),
    ('金额 > 50000 and 等级 = "A" or 加急', '金额 > 50000 and 等级 == "A" or 加急'),
    ("金额 * 2 + 1 > 上限", "金额 * 2 + 1 > 上限"),
    ('部门.级别 = "CENTER"', '部门["级别"] == "CENTER"'),
)
COMPILED = '最终得分 >= 90 and 等级 = "A" and 金额 in [10000..50000] or 加急'
RULES, INPUTS = 1_000, 5
MIXED = ('"A", "B"', "not({})", ">= {}", "-")


def microseconds(*acts: Callable[[], Any], number: int) -> list[float]:
    """For each act the best time of one call; they take turns, so that a busy machine slows all of them alike."""
    best = [float("inf")] * len(acts)
    for _ in range(ROUNDS):
        for at, act in enumerate(acts):
            best[at] = min(best[at], timeit.timeit(act, number=number) / number * 1e6)
    return best


def conditions() -> dict[str, dict[str, float]]:
    """For each condition: FEEL compiled, FEEL by text (cached), the floor, and the ratio of the first to the floor."""
    return {text: _condition(feel.compile(text), compile(python, "floor", "eval")) for text, python in CONDITIONS}


def _condition(expression: feel.Expression, code: CodeType) -> dict[str, float]:
    scope: dict[str, Any] = {"__builtins__": {}}
    assert expression(DATA) is eval(code, scope, DATA)
    mine, by_text, floor = microseconds(
        lambda: expression(DATA),
        lambda: feel.evaluate(expression.text, DATA),
        lambda: eval(code, scope, DATA),
        number=2_000,
    )
    figures = {"feel_us": mine, "by_text_us": by_text, "eval_us": floor, "ratio": mine / floor}
    return {name: round(figure, 3) for name, figure in figures.items()}


def table(policy: str = "UNIQUE") -> bytes:
    """A table of 1,000 rules and 5 inputs of ranges, texts, lists and negations."""
    columns = "".join(f"<input><inputExpression><text>i{at}</text></inputExpression></input>" for at in range(INPUTS))
    rules = "".join(f"<rule>{_cells(at)}<outputEntry><text>{at}</text></outputEntry></rule>" for at in range(RULES))
    logic = f'<decisionTable hitPolicy="{policy}">{columns}<output name="o"/>{rules}</decisionTable>'
    space = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    decision = f'<decision name="d">{logic}</decision>'
    return f'<definitions xmlns="{space}" name="b" namespace="b">{decision}</definitions>'.encode()


def _cells(at: int) -> str:
    tests = [f"[{at * 10}..{at * 10 + 10})", *(text.format(at % 7) for text in MIXED)]
    return "".join(f"<inputEntry><text>{test.replace('>', '&gt;')}</text></inputEntry>" for test in tests)


def tables() -> dict[str, float]:
    """Milliseconds for one evaluation and for reading the file; the floor is a chain of 1,000 plain comparisons."""
    xml = table()
    limits = dmn.Limits(elements=50_000)
    model = dmn.read(xml, limits=limits)
    data = {"i0": Decimal(5555), "i1": "B", "i2": Decimal(6), "i3": Decimal(9), "i4": True}
    assert model.decide("d", data).value == 555
    bounds = [(Decimal(at * 10), Decimal(at * 10 + 10)) for at in range(RULES)]
    value = data["i0"]
    mine, floor = microseconds(
        lambda: model.decide("d", data),
        lambda: [at for at, (low, high) in enumerate(bounds) if low <= value < high],
        number=20,
    )
    reading = min(timeit.repeat(lambda: dmn.read(xml, limits=limits).decide("d", data), number=1, repeat=3))
    return {
        "decide_ms": round(mine / 1000, 4),
        "one_column_in_python_ms": round(floor / 1000, 4),
        "ratio": round(mine / floor, 2),
        "read_and_first_ms": round(reading * 1000, 1),
    }


def measured() -> dict[str, Any]:
    """All figures."""
    each = conditions()
    return {
        "conditions": each,
        "worst_us": max(row["feel_us"] for row in each.values()),
        "worst_ratio": max(row["ratio"] for row in each.values()),
        "compile_us": round(microseconds(lambda: feel.compile(COMPILED), number=20)[0], 1),
        "compile_characters": len(COMPILED),
        "table_1000x5": tables(),
        "limits": {"condition_us": 5, "ratio": 3, "table_ms": 1, "compile_us": 200},
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measured(), ensure_ascii=False, indent=2) + "\n")
