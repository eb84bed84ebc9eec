"""Public letters whose rules are complete: imported from their workbook and scored by hand from their own words."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.kernel.work import Store
from engine.letters import content, regulations
from engine.letters.items import ItemView
from engine.letters.scorecards import agreed
from engine.letters.scoring import item as scoring
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Event, Facts
from engine.letters.workbook import importing
from engine.people import orgs
from engine.people.orgs import NewOrg, OrgType
from tests.builders import real_letters

D = Decimal
NO_EVENTS = Facts(events=())


@pytest.fixture
def group(store: Store) -> Store:
    with store.start_work() as work:
        orgs.add(work, NewOrg("CD", "某单位", OrgType.GROUP))
        made = regulations.add(work, no="1", title="考核办法", params={}, effective_from=date(2026, 1, 1))
        regulations.approve(work, made, actor=None)
        regulations.put_in_force(work, made, actor=None)
        work.commit()
    return store


def _contributions(group: Store, stem: str, facts: dict[str, Facts], **targets: Decimal) -> dict[str, Decimal]:
    """Points of the letter by item: w·s/100, as the imported rules give them for these facts."""
    path = next(each for each in real_letters.FILES if each.stem.startswith(stem))
    report = importing.load(group.start_work, real_letters.book(path, "CD"), actor=None)
    with group.start_work(reading=True) as work:
        letter = content.load(work, report.letters["L"])
    return {
        item.name: _points(item, letter.weights[item.id], letter.letter.weight_mode, facts[item.name], targets)
        for item in letter.items
        if item.name in facts
    }


def _points(item: ItemView, weight: Decimal, mode: Any, facts: Facts, targets: dict[str, Decimal]) -> Decimal:
    terms = agreed.terms(item, weight, mode)
    if item.name in targets:
        terms = agreed.replace(terms, target=targets[item.name])
    score = scoring.score(terms, facts, Rules())
    assert score.points is not None, score.missing
    return (weight * score.points / 100).quantize(D("0.01"))


@pytest.mark.parametrize(
    ("deposits", "points"),
    [("1000", "40.00"), ("1035", "46.00"), ("1200", "60.00"), ("990", "38.00"), ("700", "0.00")],
)
def test_the_bank_branch_gains_two_points_for_each_percent_of_deposits(
    group: Store, deposits: str, points: str
) -> None:
    """Letter 11: 每增减1%±2分;最高+20,最低−40, of 40 points."""
    found = _contributions(group, "11-", {"新增日均存款": Facts(D(deposits))}, 新增日均存款=D(1000))

    assert found == {"新增日均存款": D(points)}


def test_the_bank_branch_as_a_whole(group: Store) -> None:
    """Letter 11: bad loans 0.3 % (20 of 30), interest 99.7 % (+4), fee income +36 % (+3)."""
    facts = {"贷款不良率": Facts(D("0.3")), "贷款收息率": Facts(D("99.7")), "中间业务收入增长": Facts(D(36))}

    found = _contributions(group, "11-", facts)

    assert list(found.values()) == [D("20.00"), D("24.00"), D("13.00")]


@pytest.mark.parametrize(
    ("rate", "points"), [("0", "30.00"), ("0.5", "20.00"), ("0.6", "10.00"), ("1", "10.00"), ("1.2", "0.00")]
)
def test_the_bank_branch_s_bands_include_their_upper_edge(group: Store, rate: str, points: str) -> None:
    """Letter 11: 0.5%(含)以下减10,0.5–1%(含)减20,1%以上不得分."""
    found = _contributions(group, "11-", {"贷款不良率": Facts(D(rate))})

    assert found["贷款不良率"] == D(points)


@pytest.mark.parametrize(
    ("share", "rate", "points"),
    [
        ("50", "95", ["40.00", "30.00"]),
        ("48", "97", ["47.20", "34.80"]),  # 118 % of 40 and 116 % of 30: no cap is written
        ("45", "100", ["58.00", "42.00"]),
        ("55", "90", ["22.00", "18.00"]),
        ("62", "80", ["0.00", "0.00"]),  # 负数按0
    ],
)
def test_the_purchasing_manager_is_scored_per_percentage_point(
    group: Store, share: str, rate: str, points: list[str]
) -> None:
    """Letter 19: 50%得100,每±1个百分点∓9; 95%得100,每±1个百分点±8."""
    facts = {"采购成本(采购件占销售额比)": Facts(D(share)), "采购计划完成率": Facts(D(rate))}

    found = _contributions(group, "19-", facts)

    assert list(found.values()) == [D(each) for each in points]


def test_the_finance_manager_loses_ten_of_a_hundred_for_each_mistake(group: Store) -> None:
    """Letter 15: B=100−差错数×10, of weight 5."""
    found = _contributions(group, "15-", {"财务工作准确性": Facts(events=(Event("差错/次", 3),))})

    assert found == {"财务工作准确性": D("3.50")}


def test_three_levels_of_weights_give_each_item_its_points(group: Store) -> None:
    """Letter 48: 一级 50 × 分值 25/100 = 12.5 for an item that was reached, and nothing for one that was missed."""
    facts = {"项目预算资金是否被核减": Facts("否"), "是否存在违规行为": Facts("是")}

    found = _contributions(group, "48-", facts)

    assert found == {"项目预算资金是否被核减": D("12.50"), "是否存在违规行为": D("0.00")}
