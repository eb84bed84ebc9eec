"""Coverage-guided fuzzing of FEEL with atheris: any text, any data, only FEEL's own errors, never more than a second.

Run: `python -m tests.fuzz.feel_atheris CORPUS_FOLDER -max_total_time=3600`; findings are files `crash-*` and `timeout-*`.
"""

import sys
import time
from datetime import UTC, datetime
from typing import Any

import atheris

with atheris.instrument_imports(include=["engine.decisions"]):
    from engine.decisions import feel
    from tests.fuzz import grammar

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
LIMIT_SECONDS = 1.0
PIECES = (
    "and", "or", "not(", "if ", " then ", " else ", "for x in ", " return ", "some x in ", " satisfies ", "every y in ",
    "between ", " in ", "instance of ", "function(a,b) ", "[", "]", "(", ")", "{", "}", "..", ",", ":", ".", "@\"", "\"",
    "1", "0.5", "1e300", "-", "+", "*", "/", "**", "<", ">=", "=", "!=", "x", "item", "partial", "?", "a b", "得分",
    "sum(", "count(", "sort(", "matches(", "replace(", "split(", "date(", "time(", "duration(", "date and time(",
    "string join(", "substring(", "concatenate(", "flatten(", "distinct values(", "context put(", "range(", "string(",
    "number(", "exp(", "modulo(", "\"(a+)+$\"", "1..100000", "list", "deep", "text", "days", "P1D", "2026-03-31",
    "list replace(", "get entries(", "mode(", "stddev(", "overlaps(", "decimal(", "today()", "now()", "[1..10]",
)  # fmt: skip
DATA: dict[str, Any] = {
    "x": 3,
    "a b": [1, 2, 3],
    "得分": 95.5,
    "list": list(range(300)),
    "deep": {"a": [{"b": {"c": [1, "x", None, True]}}] * 20},
    "text": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" * 20,
    "days": datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC),
    "nan": float("nan"),
}


def text_of(provider: Any, *, unary: bool) -> str:
    """Free text, pieces of FEEL put together, or an expression that parses."""
    way = provider.ConsumeIntInRange(0, 4)
    if way == 0:
        return str(provider.ConsumeUnicodeNoSurrogates(provider.ConsumeIntInRange(0, 300)))
    if way > 1:
        make = grammar.tests if unary else grammar.expression
        return make(lambda n: int(provider.ConsumeIntInRange(0, n - 1)))
    count = provider.ConsumeIntInRange(1, 60)
    return "".join(PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(count))


def one(raw: bytes) -> None:
    """One text: compiled, checked, evaluated, written as JSON."""
    provider = atheris.FuzzedDataProvider(raw)
    unary = provider.ConsumeBool()
    text = text_of(provider, unary=unary)
    start = time.perf_counter()
    try:
        expression = feel.compile(text, names=DATA, unary=unary)
        feel.check(text, names=DATA, unary=unary)
        value = expression({**DATA, "?": 5}, now=NOW)
        feel.json_text(value)
        feel.to_json(value)
    except feel.FeelError:
        pass
    spent = time.perf_counter() - start
    if spent > LIMIT_SECONDS:
        raise AssertionError(f"{spent:.2f} s for {text!r}")


def main() -> None:
    """Starts the fuzzer with the arguments of libFuzzer."""
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
