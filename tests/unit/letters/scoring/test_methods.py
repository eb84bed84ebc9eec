"""Every method of domain.md §6 gives what its examples and its rule say."""

from datetime import date
from decimal import Decimal

import pytest

from engine.kernel.errors import InvalidInput
from engine.letters.scoring import item
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Delivery, Direction, Event, Facts, Method, Rating, Score, Terms

RULES = Rules()
LOWER = Direction.LOWER


def scored(terms: Terms, actual: object = None, **facts: object) -> Decimal:
    found = item.score(terms, Facts(actual=actual, **facts), RULES)
    assert found.points is not None, found
    return found.points


def kpi(method: Method, **terms: object) -> Terms:
    return Terms(method, **{"weight": Decimal(10), **terms})


def d(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(("actual", "points"), [("9000", "80"), ("11000", "110"), ("7999", "0"), ("13000", "120")])
def test_interp_of_8000_10000_12000_gives_the_points_of_the_example(actual: str, points: str) -> None:
    terms = kpi(Method.INTERP, threshold=d("8000"), target=d("10000"), challenge=d("12000"))
    assert scored(terms, actual) == d(points)


def test_interp_where_lower_is_better_turns_the_line_around() -> None:
    terms = kpi(Method.INTERP, threshold=d("110"), target=d("100"), challenge=d("90"), direction=LOWER)
    assert scored(terms, "95") == 110
    assert scored(terms, "111") == 0


def test_interp_without_threshold_starts_at_80_per_cent_of_the_target_and_without_challenge_ends_at_100() -> None:
    terms = kpi(Method.INTERP, target=d("100"))
    assert scored(terms, "80") == 60
    assert scored(terms, "79.99") == 0
    assert scored(terms, "150") == 100
    assert scored(kpi(Method.INTERP, target=d("100"), direction=LOWER), "120") == 60


def test_interp_of_a_negative_target_takes_its_threshold_on_the_worse_side() -> None:
    terms = kpi(Method.INTERP, target=d("-1000"))
    assert scored(terms, "-1200") == 60
    assert scored(terms, "-1201") == 0


def test_interp_tells_its_formula_with_the_numbers_filled_in() -> None:
    """REQ-049: ux.md §4.10 shows 100 + 20 × (98 − 95) ÷ 5 = 112."""
    terms = kpi(Method.INTERP, threshold=d("90"), target=d("95"), challenge=d("100"))
    assert item.score(terms, Facts(d("98")), RULES).formula == "100 + (120 − 100) × (98 − 95) ÷ (100 − 95) = 112.00"


def test_interp_with_two_points_of_its_own_can_run_on_beyond_them() -> None:
    params = {"points": [[500, 50], [400, 100]], "extrapolate": True}
    terms = kpi(Method.INTERP, params=params, direction=LOWER, cap=d("150"))
    assert scored(terms, "380") == 110
    assert scored(terms, "520") == 40


def test_interp_refuses_anchors_out_of_order() -> None:
    with pytest.raises(InvalidInput) as caught:
        scored(kpi(Method.INTERP, threshold=d("3.2"), target=d("3"), challenge=d("3.1"), direction=LOWER), "3")
    assert caught.value.code == "score.anchor_order"


@pytest.mark.parametrize(("actual", "points"), [("95", "95"), ("60", "60"), ("59", "0"), ("150", "120")])
def test_ratio_is_proportional_from_60_per_cent_to_its_cap(actual: str, points: str) -> None:
    assert scored(kpi(Method.RATIO, target=d("100")), actual) == d(points)


def test_ratio_where_lower_is_better_is_two_minus_the_share() -> None:
    assert scored(kpi(Method.RATIO, target=d("100"), direction=LOWER), "110") == 90
    assert scored(kpi(Method.RATIO, target=d("100"), direction=LOWER), "141") == 0


def test_ratio_refuses_a_target_that_is_not_positive_and_names_the_remedy() -> None:
    with pytest.raises(InvalidInput, match="use BAND"):
        scored(kpi(Method.RATIO, target=d("-2797.63")), "-2000")


def test_ratio_without_cap_is_uncapped() -> None:
    assert scored(kpi(Method.RATIO, target=d("95"), params={"cap": None}), "190") == 200


BANDS = {"bands": [[None, 80, 60], [80, 90, 80], {"lo": 90, "hi": None, "value": "100 + (A - lo)"}]}


@pytest.mark.parametrize(("actual", "points"), [("79.99", "60"), ("80", "80"), ("90", "100"), ("95", "105")])
def test_band_edges_are_closed_below_and_open_above(actual: str, points: str) -> None:
    assert scored(kpi(Method.BAND, params=BANDS), actual) == d(points)


@pytest.mark.parametrize(("actual", "points"), [("0", "100"), ("0.5", "66.67"), ("0.51", "33.33"), ("1.01", "0")])
def test_band_edges_can_be_turned_around_and_count_points_of_the_letter(actual: str, points: str) -> None:
    """Letter 11 贷款不良率: 0.5% (含) 以下减 10."""
    params = {"bands": [[0, 0, 30], [0, "0.5", 20], ["0.5", 1, 10], [1, None, 0]], "edges": "(lo,hi]"}
    terms = kpi(Method.BAND, weight=d("30"), params={**params, "score_unit": "points"})
    assert scored(terms, actual).quantize(d("0.01")) == d(points)


@pytest.mark.parametrize(("day", "points"), [("2026-03-31", "100"), ("2026-04-15", "75"), ("2026-04-16", "0")])
def test_band_over_dates_reads_rows_from_the_top(day: str, points: str) -> None:
    """Letter 39 林改发证任务."""
    rows = [["<=03-31", 4], ["<=04-15", 3], [">04-15", 0]]
    params = {"by": "date", "rows": rows, "score_unit": "points", "year": 2026}
    assert scored(kpi(Method.BAND, weight=d("4"), params=params), day) == d(points)


def test_band_over_levels_takes_the_word() -> None:
    """Letter 28 交界断面水质等级."""
    params = {"levels": {"优秀": 60, "良好": 45, "合格": 30}, "score_unit": "points"}
    assert scored(kpi(Method.BAND, weight=d("60"), params=params), "良好") == 75


def test_a_value_in_a_gap_between_bands_stays_unscored() -> None:
    terms = kpi(Method.BAND, params={"bands": [[0, 1, 50], [2, 3, 100]]})
    assert item.score(terms, Facts(d("1.5")), RULES) == Score(None, missing="band", branch="unscored")


@pytest.mark.parametrize(
    ("params", "actual", "points"),
    [
        ({}, "103", "103.33"),
        ({}, "94.1", "96.67"),
        ({"step": 1, "step_unit": "pct_of_target", "plus": 3, "minus": 3, "part_step": "minus:ceil"}, "97.5", "91"),
        ({"step": 1, "step_unit": "pp", "plus": 9, "minus": 9}, "98", "82"),
        ({"step": 1, "step_unit": "pp", "plus": 9, "minus": 9, "max_minus": 99}, "95", "55"),
        ({"step": 10, "step_unit": "abs", "minus": 1, "allowance": 5}, "68", "98"),
        ({"step": 1, "step_unit": "permille", "minus": 1}, "99", "90"),
    ],
)
def test_step_counts_whole_units_on_its_side(params: dict[str, object], actual: str, points: str) -> None:
    assert scored(kpi(Method.STEP, target=d("100"), params=params), actual) == d(points)


def test_step_counts_units_outside_a_range_only() -> None:
    params = {"low": 90, "high": 110, "step": 1, "step_unit": "abs", "minus": 2}
    terms = kpi(Method.STEP, direction=Direction.RANGE, params=params)
    assert scored(terms, "100") == 100
    assert scored(terms, "113") == 94


def test_step_beyond_its_limit_is_worth_nothing() -> None:
    params = {"step": 1, "minus": 1, "zero_beyond": 30}
    assert scored(kpi(Method.STEP, target=d("100"), direction=LOWER, params=params), "131") == 0


def test_step_of_a_bonus_item_gives_points_of_the_letter_up_to_its_most() -> None:
    """Letter 27: 每超一个 +2,最多 6."""
    terms = Terms(
        Method.STEP, kind="BONUS", signed=True, params={"per": 1, "plus": 2, "max_plus": 6, "step_unit": "abs"}
    )
    assert scored(terms, "2") == 4
    assert scored(terms, "5") == 6


TABLE = {"events": [{"event": "late", "points": 5}, {"event": "fine", "points": [2, 6], "cap": 8}]}


def test_deduct_takes_points_for_each_event_and_stops_at_its_floor() -> None:
    terms = kpi(Method.DEDUCT, params=TABLE)
    events = (Event("late", 2), Event("fine", 2, points=d("6")))
    assert scored(terms, events=events) == 82
    assert scored(terms, events=(Event("late", 30),)) == 0
    assert scored(kpi(Method.DEDUCT, params={**TABLE, "unfloored": True}), events=(Event("late", 30),)) == -50


def test_deduct_in_points_of_the_letter_weighs_more_on_a_light_item() -> None:
    """Letter 09: 每次扣 5 分 of an item of 5 points."""
    params = {"text": "每次扣5分", "score_unit": "points", "floor": 0}
    assert scored(kpi(Method.DEDUCT, weight=d("5"), params=params), 0) == 100
    assert scored(kpi(Method.DEDUCT, weight=d("5"), params=params), 1) == 0


def test_deduct_counts_on_through_the_months_for_allowance_and_doubling() -> None:
    params = {"events": [{"event": "e", "points": 2, "allowance": 2, "repeat": 2}]}
    terms = kpi(Method.DEDUCT, params=params)
    assert scored(terms, events=(Event("e", 2),)) == 100
    assert scored(terms, events=(Event("e", 3),)) == 98
    assert scored(terms, events=(Event("e", 2, before=2),)) == 94


def test_deduct_takes_only_the_share_that_the_side_is_responsible_for() -> None:
    assert scored(kpi(Method.DEDUCT, params=TABLE), events=(Event("late", 1, share=d("0.4")),)) == 98


def test_deduct_refuses_points_outside_the_range_of_the_table() -> None:
    with pytest.raises(InvalidInput) as caught:
        scored(kpi(Method.DEDUCT, params=TABLE), events=(Event("fine", 1, points=d("9")),))
    assert caught.value.code == "score.event_range"


@pytest.mark.parametrize(
    ("target", "direction", "params", "actual", "points"),
    [
        ("否", Direction.BOOL, {}, "否", 100),
        ("否", Direction.BOOL, {}, "是", 0),
        ("是", Direction.BOOL, {}, True, 100),
        (d("0"), LOWER, {}, d("0"), 100),
        (d("0"), LOWER, {}, d("1"), 0),
        (d("5"), LOWER, {"cond": "<=5"}, d("5"), 100),
        (d("10"), Direction.HIGHER, {"cond": ">=60%"}, d("59"), 0),
        (None, Direction.BOOL, {"fail": -2, "score_unit": "points"}, "否", 80),
    ],
)
def test_bool_is_100_or_0(
    target: object, direction: Direction, params: dict[str, object], actual: object, points: int
) -> None:
    assert scored(kpi(Method.BOOL, target=target, direction=direction, params=params), actual) == points


def test_panel_weighs_its_rater_groups() -> None:
    """Letter 27: 园区 70, 乡镇 30, three criteria of 5 points."""
    params = {"criteria": [5, 5, 5], "raters": [{"role": "园区", "weight": 70}, {"role": "乡镇", "weight": 30}]}
    first = Rating("a", group="园区", criteria=(d("5"), d("4"), d("3")))
    second = Rating("b", group="乡镇", criteria=(d("5"), d("5"), d("5")), comment="spotless")
    assert scored(kpi(Method.PANEL, params=params), ratings=(first, second)) == 86


def test_panel_waits_for_every_rater_group() -> None:
    params = {"raters": [{"role": "x", "weight": 70}, {"role": "y", "weight": 30}]}
    found = item.score(kpi(Method.PANEL, params=params), Facts(ratings=(Rating("a", d("80"), "x"),)), RULES)
    assert found.missing == "ratings:y"


@pytest.mark.parametrize("points", ["59", "96"])
def test_panel_asks_for_a_comment_on_an_extreme_rating(points: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        scored(kpi(Method.PANEL), ratings=(Rating("a", d(points)),))
    assert caught.value.code == "score.rating_comment"


def test_panel_with_levels_keeps_the_number_within_the_level() -> None:
    terms = kpi(Method.PANEL, params={"levels": {"良": [80, 90]}})
    assert scored(terms, ratings=(Rating("a", d("85"), level="良"),)) == 85
    with pytest.raises(InvalidInput):
        scored(terms, ratings=(Rating("a", d("92"), level="良"),))


DUE = date(2026, 10, 28)


def node(**params: object) -> Terms:
    return Terms(Method.MILESTONE, kind="TASK", weight=Decimal(30), params=params)


@pytest.mark.parametrize(
    ("day", "result", "cured", "points"),
    [
        (28, "PASS", False, "100"),
        (29, "PASS", False, "95"),
        (31, "PASS", False, "85"),
        (20, "PASS", False, "100"),
        (29, "CONDITIONAL", True, "95"),
        (29, "CONDITIONAL", False, "76"),
        (29, "FAIL", False, "0"),
    ],
)
def test_milestone_counts_days_late_times_quality(day: int, result: str, cured: bool, points: str) -> None:
    """REQ-045: done is date and quality both."""
    made = Delivery("report", DUE, date(2026, 10, day), result, cured)
    assert scored(node(), deliveries=(made,)) == d(points)


def test_milestone_that_was_not_delivered_is_0_and_carried_over() -> None:
    found = item.score(node(), Facts(deliveries=(Delivery("report", DUE),)), RULES)
    assert (found.points, found.carry_over) == (0, True)


def test_milestone_with_free_days_bonus_and_last_day() -> None:
    late, early = (Delivery("r", DUE, date(2026, 10, day)) for day in (31, 26))
    assert scored(node(free_days=3), deliveries=(late,)) == 100
    assert scored(node(zero_from_day=3), deliveries=(late,)) == 0
    assert scored(node(per_days=2, minus=1, score_unit="points"), deliveries=(late,)).quantize(d("0.01")) == d("93.33")
    bonus = Terms(Method.MILESTONE, kind="TASK", cap=d("105"), params={"early_bonus": 2, "early_max": 5})
    assert scored(bonus, deliveries=(early,)) == 104


def test_staged_deliverables_weigh_into_one_score() -> None:
    """REQ-106."""
    stage = Delivery("stage", DUE, date(2026, 10, 30), weight=d("40"), final=False)
    final = Delivery("final", DUE, DUE, weight=d("60"))
    assert scored(node(), deliveries=(stage, final)) == 96


def test_a_milestone_under_review_is_not_scored_yet() -> None:
    pending = Delivery("report", DUE, DUE, "PENDING")
    assert item.score(node(), Facts(deliveries=(pending,)), RULES).missing == "review"


def test_an_item_without_a_method_can_never_be_scored() -> None:
    """REQ-054."""
    assert item.score(kpi(Method.UNSET), Facts(d("5"), manual=d("90")), RULES).missing == "method"


def test_what_the_scorer_gives_by_hand_stays_within_the_item_limits() -> None:
    """REQ-107: without a result there is no score."""
    assert scored(kpi(Method.MANUAL), manual=d("130")) == 120
    assert item.score(kpi(Method.MANUAL), Facts(), RULES).points is None
