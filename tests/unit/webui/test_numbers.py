"""Sums in capitals, numbers with thousands, initials, meters and bars."""

from decimal import Decimal

import pytest

from webui import money


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1409.50", "人民币壹仟肆佰零玖元伍角"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("100000000", "人民币壹亿元整"),
        ("10000100", "人民币壹仟万零壹佰元整"),
        ("0.05", "人民币伍分"),
        ("0", "人民币零元整"),
    ],
)
def test_u37_a_sum_is_written_in_capitals(value: str, written: str) -> None:
    assert money.capital(Decimal(value)) == written


def test_an_empty_number_is_a_dash_and_zero_is_zero() -> None:
    assert (money.number(None), money.number(0), money.number(Decimal("10000.50"))) == ("—", "0", "10,000.5")


def test_weights_and_scores_keep_two_decimals() -> None:
    assert (money.two(Decimal(25)), money.two(Decimal("33.335"))) == ("25.00", "33.34")


def test_a_person_is_drawn_with_the_last_two_characters() -> None:
    assert (money.initials("李建国"), money.initials("王敏"), money.initials("Ann Lee")) == ("建国", "王敏", "AL")
