"""The language: names, literals, operators, three-valued logic, loops, filters, functions (DMN 1.5 §10.3)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.decisions import feel

NOW = datetime(2026, 3, 31, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
DATA: dict[str, Any] = {
    "最终得分": 92.5,
    "最终 得分": 88,
    "a-b": 10,
    "days in weekend": ["saturday", "sunday"],
    "目标（万元）": 1000,
    "Customer's age": 30,
    "P&L": 5,
    "items": [{"weight": 40, "item name": "收入"}, {"weight": 60, "item name": "利润"}],
    "org": {"level": "A", "head of org": {"name": "张伟"}},
}

SAME = [
    # names with spaces, signs, keywords and any letters
    ('最终得分 >= 90 and org.level = "A"', "true"),
    ("最终 得分", "88"),
    ("a-b - 1", "9"),
    ("count(days in weekend)", "2"),
    ("目标（万元） * 2", "2000"),
    ("Customer's age + P&L", "35"),
    ("org.head of org.name", '"张伟"'),
    ('items[item name = "利润"].weight', "[60]"),
    ("items.weight", "[40, 60]"),
    ("sum(items[weight > 50].weight)", "60"),
    # literals
    ("1.5e3", "1500"),
    (".5 + 0.5", "1"),
    ('"\\u4e2d\\t\\"\\U01F40E"', '"中\\t\\"🐎"'),
    ('@"2026-03-31"', 'date("2026-03-31")'),
    ('@"PT36H"', 'duration("P1DT12H")'),
    ('@"09:30:00@Asia/Shanghai"', 'time("09:30:00@Asia/Shanghai")'),
    # arithmetic: 34 digits, left to right, minus before power
    ("1 / 3", "0.3333333333333333333333333333333333"),
    ("0.1 + 0.2 = 0.3", "true"),
    ("2 ** 3 ** 2", "64"),
    ("-3 ** 2", "9"),
    ("1 / 0", "null"),
    ('"a" + 1', "null"),
    ('@"2026-01-31" + @"P1M"', '@"2026-02-28"'),
    ('@"2026-03-31" - @"2026-03-01"', '@"P30D"'),
    # three values
    ("true and null", "null"),
    ("false and null", "false"),
    ("true or null", "true"),
    ('1 = "1"', "null"),
    ("null = null", "true"),
    ("1 < null", "null"),
    ("if null then 1 else 2", "2"),
    # ranges and membership
    ("5 in [1..5)", "false"),
    ("5 in ]1..5]", "true"),
    ("5 in (< 3, > 4)", "true"),
    ("5 between 1 and 5", "true"),
    ("[1..10].start included", "true"),
    # loops
    ("for x in 3..1 return x", "[3, 2, 1]"),
    ("for x in [1, 2], y in [x, 10] return x * y", "[1, 10, 4, 20]"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
    ("some x in items satisfies x.weight = 60", "true"),
    ("every x in items satisfies x.weight > 50", "false"),
    # filters
    ("[1, 2, 3][-1]", "3"),
    ("[1, 2, 3][item > 1]", "[2, 3]"),
    ("[{item: 1}, {item: 5}][item > 2]", "[{item: 5}]"),
    ('[1, 2]["x"]', "null"),
    # contexts and functions
    ("{a: 1, b: a + 1}.b", "2"),
    ("{a: 1, a: 2}", "null"),
    ("(function(x, y) x + y)(y: 1, x: 2)", "3"),
    ('(function(x: number) x)("a")', "null"),
    ("{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r", "120"),
    ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
    ("[1, 2] instance of list<number>", "true"),
    ("{a: 1} instance of context<a: string>", "false"),
    # the clock is given
    ("today()", '@"2026-03-31"'),
    ("now().hour", "9"),
    ('today() < @"2026-04-01"', "true"),
]


@pytest.mark.parametrize(("text", "same"), SAME)
def test_an_expression_says_the_same_as_its_plain_value(text: str, same: str) -> None:
    assert feel.evaluate(text, DATA, now=NOW) == feel.evaluate(same, {}, now=NOW)


@pytest.mark.parametrize(
    ("tests", "value", "passes"),
    [
        ("-", None, True),
        ('"A", "B"', "B", True),
        ('not("A", "B")', "C", True),
        ("[90..100]", 95, True),
        ("< 60", 60, False),
        ("? * 2 > 100", 51, True),
        ("not(null)", 1, True),
        ("null", None, True),
        ("true", False, False),
        ('starts with(?, "安全")', "安全生产", True),
    ],
)
def test_unary_tests_judge_the_value_named_by_a_question_mark(tests: str, value: Any, passes: bool) -> None:
    expression = feel.compile(tests, unary=True)

    assert (expression({"?": value}) is True) is passes


def test_an_expression_tells_the_names_it_reads() -> None:
    expression = feel.compile("for x in 明细 return x.权重 * 系数 + count(明细)")

    assert expression.names == {"明细", "系数"}


def test_values_come_back_as_python_has_them() -> None:
    values = feel.evaluate('[1, "a", true, @"2026-03-31", @"2026-03-31T09:30:00Z", null]', {})

    assert values == [Decimal(1), "a", True, date(2026, 3, 31), datetime(2026, 3, 31, 9, 30, tzinfo=UTC), None]


def test_a_zone_keeps_its_name() -> None:
    moment = feel.evaluate('@"2026-03-31T09:30:00@Asia/Shanghai"', {})

    assert moment.tzinfo == ZoneInfo("Asia/Shanghai")


def test_python_numbers_of_every_kind_are_taken() -> None:
    assert feel.evaluate("a + b + c", {"a": 1, "b": 0.1, "c": Decimal("0.2")}) == Decimal("1.3")


@pytest.mark.parametrize("strange", [float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")])
def test_a_number_that_is_none_is_null(strange: Any) -> None:
    assert feel.evaluate("x + 1", {"x": strange}) is None


def test_the_host_gives_functions_of_its_own() -> None:
    add = feel.HostFunction("add working days", ("from", "days"), lambda start, days: start.replace(day=int(days)))

    text = 'add working days(from: @"2026-03-01", days: 9)'
    value = feel.compile(text, functions={add.name: add})({})

    assert value == date(2026, 3, 9)


def test_a_host_function_that_cannot_answer_is_null() -> None:
    broken = feel.HostFunction("broken", ("x",), lambda x: x / 0)

    assert feel.evaluate("broken(1)", {}, functions={"broken": broken}) is None


def test_a_function_and_data_of_one_name_do_not_hide_each_other() -> None:
    assert feel.evaluate('date > date("2026-01-01")', {"date": date(2026, 3, 31)}) is True
