"""Nothing that is written takes the machine down: budgets for steps, sizes, digits, depth and patterns."""

import time

import pytest

from engine.decisions import feel

BOMBS = [
    ("count(for x in 1..1000000000 return x)", "feel.budget.list"),
    ("for x in 1..1000, y in 1..1000, z in 1..1000 return 1", "feel.budget.steps"),
    ("every x in 1..90000 satisfies every y in 1..90000 satisfies true", "feel.budget.steps"),
    ("{f: function(n) f(n + 1), r: f(1)}.r", "feel.budget.depth"),
    ("{y: function(g) g(g), r: y(y)}.r", "feel.budget.depth"),
    ("string join(for x in 1..2000 return text)", "feel.budget.string"),
    ("for i in 1..99999 return text + text + text", "feel.budget.steps"),
    ("for i in 1..400 return for j in 1..400 return i", "feel.budget.steps"),
    ("(for y in 1..100 return partial).a", "feel.budget.steps"),
    ("for i in 1..300 return numbers", "feel.budget.result"),
    ("for i in 1..90000 return 1.1 ** 0.5", "feel.budget.steps"),
    ("for i in 1..90000 return numbers = other", "feel.budget.steps"),
    ("(" * 500 + "1" + ")" * 500, "feel.budget.nesting"),
    ("-" * 5000 + "1", "feel.budget.nesting"),
    ("if true then " * 300 + "1" + " else 1" * 300, "feel.budget.nesting"),
    ("[" * 2000, "feel.budget.nesting"),
    ("x" * 30_000, "feel.budget.text"),
    ('matches(text, "(a+a+)+c")', "feel.budget.pattern"),
    ('matches(text, "^(([a-z])+.)+[A-Z]([a-z])+$")', "feel.budget.pattern"),
    ('for i in 1..9000 return matches(text, "(a+a+)+b" + string(i))', "feel.budget.pattern"),
]
DATA = {"text": "a" * 2000, "numbers": list(range(1000)), "other": [*range(999), 0]}


@pytest.mark.parametrize(("text", "code"), BOMBS, ids=[f"{code}-{at}" for at, (_, code) in enumerate(BOMBS)])
def test_a_bomb_ends_in_a_clear_error_within_a_second(text: str, code: str) -> None:
    start = time.process_time()

    with pytest.raises(feel.FeelError) as caught:
        feel.evaluate(text, DATA)

    assert caught.value.code == code
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "text",
    [
        "1 + " * 2000 + "1",
        "a.b" + ".c" * 3000,
        "9 ** 9 ** 9 ** 9",
        "10 ** 6000 * 10 ** 6000",
        '@"999999999-12-31" + @"P999999999Y"',
        '@"P999999999999999999D" * 1e6000',
        'replace("aaa", "(((((a{99}){99}){99}){99}){99})", "x")',
        "number(" + '"' + "9" * 9000 + '")',
    ],
)
def test_an_extreme_is_null_or_an_error_of_feel_at_once(text: str) -> None:
    start = time.process_time()

    try:
        value = feel.evaluate(text, {})
    except feel.FeelError as error:
        value = error.code

    assert value is None or isinstance(value, str) or value == feel.evaluate("9 ** 9 ** 9 ** 9", {})
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "text", ["x.__class__", "().__class__", "x.__init__.__globals__", "__import__", "[].append", "date.today"]
)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    try:
        value = feel.evaluate(text, {"x": "a"})
    except feel.FeelError:
        value = None

    assert value in (None, [])


def test_a_number_of_the_host_with_too_many_digits_is_refused() -> None:
    with pytest.raises(feel.FeelBudgetExceeded):
        feel.evaluate("x", {"x": 10**100_000})


def test_data_nested_too_deep_is_refused() -> None:
    nested: list[object] = []
    for _ in range(500):
        nested = [nested]

    with pytest.raises(feel.FeelBudgetExceeded):
        feel.evaluate("x", {"x": nested})
