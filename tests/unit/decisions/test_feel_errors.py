"""Errors a process owner understands: where, what was expected, the nearest known name (issue 3, item 6)."""

import pytest

from engine.decisions import feel

BROKEN = [
    ("1 +", "feel.unexpected-end", 3),
    ("(1 + 2", "feel.unexpected-end", 6),
    ("sum(1, 2", "feel.unexpected-end", 8),
    ("1 2", "feel.unexpected", 2),
    ("if a then b", "feel.unexpected-end", 11),
    ('"abc', "feel.unclosed-string", 0),
    ('@"2026-02-30"', "feel.bad-moment", 0),
    ("1e99999", "feel.bad-number", 0),
    ("得分＞90", "feel.full-width", 2),
    ("sum（1, 2)", "feel.full-width", 3),
    ("得分 ≥ 90", "feel.full-width", 3),
    ("x = “甲”", "feel.full-width", 4),
    ("function(a) external {java: {}}", "feel.external-function", 12),
]


@pytest.mark.parametrize(("text", "code", "position"), BROKEN)
def test_a_mistake_is_told_with_its_place(text: str, code: str, position: int) -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile(text)

    assert (caught.value.code, caught.value.fields["position"]) == (code, position)


def test_a_mistake_in_the_second_line_tells_line_and_column() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile("a and\n b or or")

    assert (caught.value.fields["line"], caught.value.fields["column"]) == (2, 7)


def test_a_mistake_tells_what_was_expected() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile("if a else b")

    assert caught.value.fields["expected"] == ("then",)
    assert caught.value.fields["found"] == "else"


def test_a_misspelt_keyword_is_told_with_its_nearest() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.compile('if x > 1 then "A" esle "B"')

    assert (caught.value.fields["found"], caught.value.fields["nearest"]) == ("esle", "else")


def test_an_unknown_name_is_told_with_its_nearest() -> None:
    (finding,) = feel.check("得分 > 90", names=["最终得分", "等级"])

    assert (finding.code, finding.severity, finding.fields["nearest"]) == ("feel.unknown-name", "error", "最终得分")
    assert finding.message == '"得分" not found; did you mean "最终得分"?'


WARNED = [
    ('"90" > 60', "feel.compares-types"),
    ("amount = '5'".replace("'", '"'), "feel.compares-types"),
    ('"共" + amount', "feel.mixes-types"),
    ("amount in [5..1]", "feel.empty-range"),
    ("summ([1])", "feel.unknown-function"),
    ('substring("a")', "feel.wrong-arguments"),
    ('substring(text: "a", start position: 1)', "feel.wrong-arguments"),
    ("amount instance of money", "feel.unknown-type"),
    ("sum(amount，1)", "feel.unknown-name"),
    ('due > "2026-01-01"', "feel.compares-types"),
]


@pytest.mark.parametrize(("text", "code"), WARNED)
def test_what_is_legal_but_surely_wrong_is_found(text: str, code: str) -> None:
    found = feel.check(text, names=["amount", "due"], types={"amount": "number", "due": "date"})

    assert [finding.code for finding in found] == [code]


@pytest.mark.parametrize(
    "text",
    ["amount > 60", "rows[weight > 5]", "for x in rows return x", 'due > @"2026-01-01"', "{a: amount, b: a}", "count"],
)
def test_what_is_right_is_not_remarked(text: str) -> None:
    assert feel.check(text, names=["rows"], types={"amount": "number", "due": "date"}) == []


def test_a_value_of_the_host_that_feel_has_no_type_for_is_refused_by_name() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.evaluate("x", {"x": object()})

    assert caught.value.code == "feel.foreign-value"


def test_without_a_clock_today_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(feel.FeelError) as caught:
        feel.evaluate("today()", {})

    assert caught.value.code == "feel.no-clock"
