"""Effective weights in whole hundredths: through groups, filled, given away, carved; sums are exact."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.letters import weights
from engine.letters.groups import GroupView
from engine.letters.kinds import GroupMode
from engine.letters.states import ItemState
from tests.builders.pictures import kpi

amounts = st.lists(st.decimals(min_value="0.01", max_value="400", places=2), min_size=1, max_size=20)


@given(amounts)
def test_filled_weights_sum_exactly_to_the_full_score(found: list[Decimal]) -> None:
    filled = weights.fill(dict(enumerate(found)), Decimal(100))
    assert weights.total(filled) == 100


@given(amounts, st.data())
def test_nothing_is_lost_when_one_gives_its_weight_away(found: list[Decimal], data: st.DataObject) -> None:
    before = weights.fill(dict(enumerate([*found, Decimal(5)])), Decimal(100))
    leaving = data.draw(st.sampled_from(sorted(before)))
    after = weights.give_away(before, leaving, [], full=Decimal(100))
    assert leaving not in after and weights.total(after) == 100
    assert all(after[key] >= before[key] for key in after)


def test_three_thirds_fill_to_a_hundred_with_the_odd_hundredth_on_one() -> None:
    """U28."""
    filled = weights.fill(dict.fromkeys(range(3), Decimal("33.33")), Decimal(100))
    assert sorted(filled.values()) == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]


def test_three_levels_multiply() -> None:
    """Letter 48: 50 × 75 % × 7 of 75 → 3.5 points."""
    groups = (
        GroupView(1, 1, "预算绩效", weight=Decimal(50), relative=True),
        GroupView(2, 1, "预算管理", parent=1, weight=Decimal(75), relative=True),
        GroupView(3, 1, "财务管理", parent=1, weight=Decimal(25), relative=True),
    )
    items = [
        kpi(1, group=2, weight=Decimal("9.33")),
        kpi(2, group=2, weight=Decimal("90.67")),
        kpi(3, group=3, weight=Decimal(100)),
        kpi(4, weight=Decimal(50)),
    ]
    found = weights.effective(items, groups)
    assert found == {1: Decimal("3.5"), 2: Decimal("34.00"), 3: Decimal("12.5"), 4: Decimal(50)}


def test_items_without_weight_share_what_the_others_leave() -> None:
    """domain.md §1: children without weights share equally, to be confirmed."""
    items = [kpi(1, weight=Decimal(40)), kpi(2, weight=None), kpi(3, weight=None)]
    assert weights.effective(items, ()) == {1: Decimal(40), 2: Decimal(30), 3: Decimal(30)}
    assert [item.id for item in weights.unweighted(items, ())] == [2, 3]


def test_a_pool_is_worth_its_points_however_much_may_be_lost_in_it() -> None:
    pool = GroupView(1, 1, "安全", weight=Decimal(50), mode=GroupMode.POOL)
    items = [kpi(1, group=1, weight=Decimal(50)), kpi(2, group=1, weight=Decimal(25)), kpi(3, weight=Decimal(50))]
    assert weights.effective(items, [pool]) == {1: Decimal("33.33"), 2: Decimal("16.67"), 3: Decimal(50)}


def test_deleted_and_suspended_items_weigh_nothing() -> None:
    items = [kpi(1, weight=Decimal(50)), kpi(2, status=ItemState.DELETED), kpi(3, status=ItemState.SUSPENDED)]
    assert list(weights.effective(items, ())) == [1]


def test_a_newcomer_takes_its_points_from_all_in_proportion() -> None:
    """§9 ADD: 35/30/35 and 10 new → 31.5/27/31.5/10."""
    before = {1: Decimal(35), 2: Decimal(30), 3: Decimal(35)}
    after = weights.carve(before, 4, Decimal(10), full=Decimal(100))
    assert after == {1: Decimal("31.5"), 2: Decimal(27), 3: Decimal("31.5"), 4: Decimal(10)}
