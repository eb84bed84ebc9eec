"""Coverage-guided fuzzing of FEEL with atheris: no exception other than FEEL's own, no hang.

Run: `python -m tests.fuzz.feel_atheris CORPUS_FOLDER -max_total_time=3600`; findings are files `crash-*`.
Instrumented code is several times slower: the limit of one second is held by `feel_random`.
"""

import sys
from typing import Any

import atheris

with atheris.instrument_imports(include=["engine.decisions"]):
    from tests.fuzz import grammar, target

LIMIT_SECONDS = 8.0
PIECES = (
    "and", "or", "not(", "if ", " then ", " else ", "for x in ", " return ", "some x in ", " satisfies ", "every y in ",
    "between ", " in ", "instance of ", "function(a,b) ", "[", "]", "(", ")", "{", "}", "..", ",", ":", ".", '@"', '"',
    "1", "0.5", "1e300", "-", "+", "*", "/", "**", "<", ">=", "=", "!=", "x", "item", "partial", "?", "a b", "得分",
    "sum(", "count(", "sort(", "matches(", "replace(", "split(", "date(", "time(", "duration(", "date and time(",
    "string join(", "substring(", "concatenate(", "flatten(", "range(", "string(", '"(a+)+$"', "1..100000", "list",
)  # fmt: skip


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
    """One text from the fuzzer's bytes."""
    provider = atheris.FuzzedDataProvider(raw)
    unary = provider.ConsumeBool()
    text = text_of(provider, unary=unary)
    _, seconds = target.run(text, unary=unary)
    assert seconds < LIMIT_SECONDS, f"{seconds:.2f} s for {text!r}"


def main() -> None:
    """Starts the fuzzer with the arguments of libFuzzer."""
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
