"""A letter's total, its shares, vetoes and groups (domain.md §6, §7)."""

from decimal import Decimal

from engine.letters.scoring import letter
from engine.letters.scoring.groups import Group
from engine.letters.scoring.letter import Frame, Line, Total
from engine.letters.scoring.rules import Rules

D = Decimal
LINES = [
    Line("K1", "KPI", D(80), D(25)),
    Line("T1", "TASK", D(95), D(30)),
    Line("K2", "KPI", D(112), D(10)),
    Line("K3", "KPI", D(77), D(35)),
]


def total(lines: list[Line] = LINES, groups: tuple[Group, ...] = (), **frame: object) -> Total:
    return letter.total(lines, groups, Frame(**frame), Rules())


def test_the_indicator_is_the_sum_of_the_shares() -> None:
    """REQ-093: contribution w·s/100 of each item."""
    found = total()
    assert [share.contribution for share in found.shares] == [D(20), D("28.5"), D("11.2"), D("26.95")]
    assert found.indicator == found.final == D("86.65")


def test_bonus_deduction_and_lateness_have_their_limits() -> None:
    extras = [Line("B", "BONUS", D(14)), Line("D", "DEDUCT", D(-25))]
    found = total([*LINES, *extras], late_days=9)
    assert (found.bonus, found.deduction, found.late) == (10, 20, 10)
    assert found.final == D("66.65")


def test_satisfaction_is_blended_in_by_its_share() -> None:
    """REQ-060."""
    found = total(satisfaction=D(70), satisfaction_share=D("0.1"))
    assert found.blended == D("86.65") * D("0.9") + 7


def test_without_a_valid_survey_satisfaction_weighs_nothing() -> None:
    assert total(satisfaction=None, satisfaction_share=D("0.1")).blended == D("86.65")


def test_the_total_stays_between_0_and_120() -> None:
    assert total([Line("K", "KPI", D(150), D(100))]).final == 120
    assert total([Line("K", "KPI", D(0), D(100)), Line("D", "DEDUCT", D(-5))]).final == 0


def test_a_veto_of_the_letter_ends_below_60_and_voids_the_bonus() -> None:
    """REQ-065."""
    lines = [Line("K", "KPI", D(50), D(100)), Line("B", "BONUS", D(8))]
    assert total(vetoed=True).final == D("59.99")
    found = total(lines, vetoed=True)
    assert (found.before_veto, found.final) == (58, 50)


def test_a_veto_of_one_item_makes_it_0_and_voids_its_bonus() -> None:
    lines = [Line("K", "KPI", D(100), D(100)), Line("B", "BONUS", D(8), vetoed=True)]
    assert total(lines).final == 100
    assert total([Line("K", "KPI", D(100), D(100), vetoed=True)]).final == 0


def test_an_unscored_item_is_named_and_counts_nothing() -> None:
    """REQ-091."""
    found = total([Line("K", "KPI", None, D(50)), Line("T", "TASK", D(100), D(50)), Line("X", "TRACK", None)])
    assert (found.unscored, found.final) == (("K",), 50)


def test_what_rounding_leaves_is_a_line_of_its_own() -> None:
    """U32."""
    thirds = [Line(code, "KPI", D(100) / 3, D(100) / 3) for code in "abc"]
    found = total(thirds)
    assert found.rest == D("33.33") - 3 * D("11.11")
    assert total([Line(code, "KPI", D("66.665"), D(50)) for code in "ab"]).rest == D("66.67") - 2 * D("33.33")


def test_the_weight_of_a_deleted_item_goes_to_its_category_else_to_all() -> None:
    """REQ-056, domain.md §9."""
    lines = [
        Line("a", "KPI", D(100), D(20), category="资金"),
        Line("b", "KPI", D(50), D(60), category="销售"),
        Line("gone", "KPI", None, D(20), category="资金", away=True),
    ]
    assert total(lines).weights == {"a": 40, "b": 60}
    other = [lines[0], lines[1], Line("gone", "KPI", None, D(20), category="安全", away=True)]
    assert total(other).weights == {"a": 25, "b": 75}


def test_a_letter_of_full_score_1000_is_read_on_the_scale_of_100() -> None:
    found = total([Line("K", "KPI", D(90), D(1000))], full_score=D(1000))
    assert (found.shares[0].contribution, found.indicator) == (900, 90)


def test_a_base_adjust_letter_starts_at_100() -> None:
    lines = [Line("a", "KPI", D(5)), Line("b", "KPI", D(-8))]
    assert total(lines, mode="BASE_ADJUST").final == 97


def test_difficulty_multiplies_the_indicator() -> None:
    assert total(difficulty=D("1.1")).indicator == D("95.315")


def test_children_of_a_pool_deduct_from_the_points_of_their_group() -> None:
    pool = Group("g", mode="POOL", weight=D(40))
    lines = [
        Line("K", "KPI", D(100), D(60)),
        Line("d", "DEDUCT", D(-15), group="g"),
        Line("e", "DEDUCT", D(-5), group="g"),
    ]
    found = total(lines, (pool,))
    assert (found.final, found.deduction) == (80, 0)
    assert sum(share.contribution for share in found.shares) == 80


def test_a_pool_cannot_lose_more_than_it_has() -> None:
    pool = Group("g", mode="POOL", weight=D(40))
    assert total([Line("K", "KPI", D(100), D(60)), Line("d", "DEDUCT", D(-70), group="g")], (pool,)).final == 60


def test_a_product_group_multiplies_the_rates_of_its_children() -> None:
    group = Group("g", mode="PRODUCT", weight=D(50))
    lines = [Line("a", "KPI", D(80), D(25), group="g"), Line("b", "KPI", D(90), D(25), group="g")]
    assert total(lines, (group,)).indicator == 36


def test_a_group_gives_at_most_its_limit_and_the_shares_still_add_up() -> None:
    outer, inner = Group("o", most=D(45)), Group("i", parent="o")
    found = total([Line("a", "KPI", D(120), D(50), group="i")], (outer, inner))
    assert found.indicator == 45
    assert sum(share.contribution for share in found.shares) == 45


def test_a_missed_constraint_is_a_ceiling_on_the_letter_or_on_its_group() -> None:
    ceiling = Line("c", "CONSTRAINT", D(0), ceiling=D(70), missed=True)
    assert total([*LINES, ceiling]).final == 70
    grouped = [Line("a", "KPI", D(100), D(60), group="g"), Line("b", "KPI", D(100), D(40))]
    held = Line("c", "CONSTRAINT", D(0), group="g", ceiling=D(30), missed=True)
    assert total([*grouped, held], (Group("g"),)).final == 70
