"""Draft rules 1–9 of domain.md §3: each finding names its rule, its row and its remedy."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.letters import content as contents
from engine.letters.commitments import CommitmentView
from engine.letters.content import Content
from engine.letters.draft_rules import baselines, checking, promises, smart
from engine.letters.draft_rules.surroundings import Child, Surroundings
from engine.letters.groups import GroupView
from engine.letters.kinds import Direction, DueForm, GroupMode, Importance, Kind, Level, Method, WeightMode
from engine.letters.plans import FundLineView
from engine.people.persons import PersonView
from tests.builders.pictures import LETTER, ORG, OWNER, clean, content, kpi, task

HERE = Surroundings(people={OWNER: PersonView(OWNER, "T1", "陈思远", "", True, ORG.id)}, own_orgs=frozenset({ORG.id}))


def codes(draft: Content, around: Surroundings = HERE) -> list[str]:
    return [each.code.removeprefix("draft.") for each in checking.findings(draft, around)]


def only(draft: Content, code: str, around: Surroundings = HERE) -> Any:
    found = [each for each in checking.findings(draft, around) if each.code == f"draft.{code}"]
    assert len(found) == 1, codes(draft, around)
    return found[0]


def test_a_draft_that_keeps_every_rule_has_no_finding() -> None:
    assert codes(clean()) == []


def test_weights_that_miss_the_full_score_block_and_offer_to_be_filled() -> None:
    """Rule 1, U28: 33.33 × 3 is 99.99, 0.01 to go."""
    draft = content(*(kpi(number, weight=Decimal("33.33")) for number in (1, 2, 3)))

    found = only(draft, "1.sum")

    assert (found.severity, found.fields["total"], found.fields["left"]) == ("error", Decimal("99.99"), Decimal("0.01"))
    assert found.fields["fix"] == "normalise"


def test_the_full_score_may_be_a_thousand() -> None:
    """domain.md §1: 1,000 occurs; bounds are in percent of it."""
    letter = replace(LETTER, full_score=Decimal(1000))
    assert codes(content(*(kpi(n, weight=Decimal(250)) for n in range(1, 5)), letter=letter)) == []


@pytest.mark.parametrize(
    ("weights", "code", "severity"),
    [
        ((4, 32, 32, 32), "1.bounds", "warning"),
        ((41, 20, 20, 19), "1.bounds", "warning"),
        ((0, 34, 33, 33), "1.not_positive", "error"),
    ],
)
def test_a_weight_outside_its_bounds_is_doubtful_and_none_at_all_blocks(
    weights: tuple[int, ...], code: str, severity: str
) -> None:
    """Rule 1: 5–40 %, warn outside, block at 0."""
    draft = content(*(task(number, weight=Decimal(weight)) for number, weight in enumerate(weights, 1)))
    found = only(draft, code)
    assert (found.severity, found.fields["row"], found.fields["rule"]) == (severity, 1, "1")


@pytest.mark.parametrize("kind", [Kind.BONUS, Kind.DEDUCT, Kind.VETO, Kind.TRACK, Kind.CONSTRAINT])
def test_kinds_that_carry_no_weight_block_with_one(kind: Kind) -> None:
    """Rule 1; of the public letters a veto carries 50 points."""
    draft = replace(clean(), items=(*clean().items, kpi(9, kind=kind, weight=Decimal(50))))
    assert only(draft, "1.no_weight").fields["fix"] == "zero"


def test_signed_points_need_a_maximum_on_one_side() -> None:
    """Rule 1, BASE_ADJUST: max_plus or max_minus."""
    letter = replace(LETTER, weight_mode=WeightMode.BASE_ADJUST)
    items = (kpi(1, max_plus=Decimal(5)), kpi(2), kpi(3, max_minus=Decimal(2)))
    assert only(content(*items, letter=letter), "1.points").fields["row"] == 2


def test_a_group_whose_parts_do_not_make_it_up_is_named() -> None:
    """Rule 1 through groups: 基本指标 60 of 20 + 30."""
    groups = (GroupView(7, 1, "基本指标", weight=Decimal(60)), GroupView(8, 1, "重点工作", weight=Decimal(40)))
    items = (
        kpi(1, group=7, weight=Decimal(20)),
        kpi(2, group=7, weight=Decimal(30)),
        task(3, group=8, weight=Decimal(40)),
    )
    found = only(content(*items, groups=groups), "1.group")
    assert (found.element, found.fields["total"], found.fields["expected"]) == ("group:7", Decimal(50), Decimal(60))


def test_a_pool_may_hold_more_points_than_it_is_worth() -> None:
    """domain.md §1 POOL; letter 12: 150 points deduct from a block of 50."""
    groups = (GroupView(7, 1, "安全目标", weight=Decimal(50), mode=GroupMode.POOL),)
    pool = [kpi(number, group=7, weight=Decimal(50)) for number in (1, 2, 3)]
    draft = content(*pool, kpi(4, weight=Decimal(50)), groups=groups)
    assert sum(draft.weights.values()) == 100
    assert "1.group" not in codes(draft) and "1.sum" not in codes(draft)


def test_too_few_items_are_doubtful() -> None:
    """Rule 2: MONTH 3–15."""
    found = only(content(kpi(1, weight=Decimal(40)), kpi(2, weight=Decimal(60))), "2.count")
    assert (found.severity, found.fields["count"], found.fields["low"]) == ("warning", 2, 3)


def test_key_items_weigh_half_and_each_at_least_ten() -> None:
    """Rule 2, REQ-057."""
    light = content(kpi(1, weight=Decimal(8)), *(task(n, weight=Decimal("23")) for n in range(2, 6)))
    assert {"2.key_total", "2.key_each"} <= set(codes(light))


def test_a_period_that_runs_backward_blocks() -> None:
    """Rule 2."""
    letter = replace(LETTER, ends_on=LETTER.starts_on)
    assert "2.period" in codes(replace(clean(), letter=letter))


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("unit", "3M.unit"),
        ("formula", "3M.formula"),
        ("data_source", "3M.data_source"),
        ("definition", "3S.definition"),
        ("name", "3S.name"),
        ("alignment_reason", "3R.alignment"),
    ],
)
def test_a_kpi_says_what_how_and_wherefrom(field: str, code: str) -> None:
    """Rule 3, REQ-082, REQ-116, REQ-132."""
    found = only(content(kpi(1, **{field: ""}), kpi(2), task(3), task(4)), code)
    assert (found.severity, found.fields["row"], found.fields["field"]) == ("error", 1, field)


def test_a_kpi_without_target_blocks_but_a_word_or_slices_are_one() -> None:
    """Rule 3M: ordinal targets and targets per period count."""

    def without(**values: Any) -> list[str]:
        bare = kpi(1, threshold=None, target=None, challenge=None, **values)
        return codes(content(bare, kpi(2), task(3), task(4)))

    assert without() == ["3M.target"]
    assert without(target_text="优") == []
    assert without(slices=({"period": "202612", "target": "5"},)) == []


def test_no_method_blocks() -> None:
    """REQ-054: scoring method mandatory per item."""
    assert codes(content(kpi(1, method=Method.UNSET), kpi(2), task(3), task(4))) == ["3M.method"]


def test_figures_from_ones_own_hand_are_doubtful_from_nobody_block() -> None:
    """Rule 3M: provider ≠ own organisation (warn), none blocks."""
    own = only(content(kpi(1, data_provider=ORG.id), kpi(2), task(3), task(4)), "3M.own_data")
    none = only(content(kpi(1, data_provider=None), kpi(2), task(3), task(4)), "3M.data_provider")
    assert (own.severity, none.severity) == ("warning", "error")


def test_a_task_needs_a_standard_and_a_final_deliverable() -> None:
    """Rule 3M, REQ-104, REQ-105."""
    assert codes(replace(clean(), specs={4: clean().specs[4]})) == ["3M.deliverable"]
    bare = task(3, completion_standard="", definition="封顶")
    assert codes(content(kpi(1), kpi(2), bare, task(4))) == ["3M.standard"]


def test_values_out_of_order_are_swapped_where_one_exchange_does_it() -> None:
    """Rule 3A: LOWER 3.2 / 3.0 / 3.1 → challenge and target change places."""
    wrong = kpi(1, direction=Direction.LOWER, threshold=Decimal("3.2"), target=Decimal("3.0"), challenge=Decimal("3.1"))
    found = only(content(wrong, kpi(2), task(3), task(4)), "3A.order")
    assert found.fields["fix"] == "swap"
    assert smart.swapped(wrong) == {"target": Decimal("3.1"), "challenge": Decimal("3.0")}


def test_a_due_date_outside_the_period_names_the_row_and_the_days() -> None:
    """Rule 3T."""
    found = only(content(kpi(1), kpi(2), task(3, due=date(2027, 1, 5)), task(4)), "3T.outside")
    assert "row 3" in found.message and "2027-01-05" in found.message and "2026-12-31" in found.message


def test_a_task_without_date_blocks_unless_an_event_sets_it() -> None:
    """Rule 3T; domain.md §1 RELATIVE."""
    assert codes(content(kpi(1), kpi(2), task(3, due=None), task(4))) == ["3T.due"]
    relative = task(3, due=None, due_form=DueForm.RELATIVE, due_rule={"event": "接房", "days": -30})
    assert codes(content(kpi(1), kpi(2), relative, task(4))) == []


def test_one_owner_who_is_here_and_of_the_organisation() -> None:
    """Rule 4, REQ-081."""
    gone = PersonView(32, "T2", "王离", "", False, ORG.id)
    elsewhere = PersonView(33, "T3", "赵外", "", True, 99)
    around = replace(HERE, people={**HERE.people, 32: gone, 33: elsewhere})
    draft = content(kpi(1, owner=None), kpi(2, owner=32), task(3, owner=33), task(4))
    assert codes(draft, around) == ["4.missing", "4.inactive", "4.elsewhere"]


def test_children_that_do_not_reach_their_parent_are_doubtful() -> None:
    """Rule 5, REQ-078: 9,600 < 10,000."""
    parent = kpi(50, letter=40, additive=True)
    above = replace(LETTER, id=40, org=1)
    children = [
        Child(1, 50, ORG.id, Level.MONTH, "202612", Decimal(6000)),
        Child(77, 50, 8, Level.MONTH, "202612", Decimal(3600)),
    ]
    around = replace(HERE, parents={50: parent}, parent_letters={40: above}, children=children)
    found = only(
        content(kpi(1, parent=50, target=Decimal(6000), threshold=None, challenge=None), kpi(2), task(3), task(4)),
        "5.parent",
        around,
    )
    assert (found.severity, found.fields["total"], found.fields["target"]) == ("warning", 9600, 10000)


def test_twelve_months_make_the_year() -> None:
    """Rule 5: Σ 12 monthly ≥ annual for additive KPIs."""
    slices = tuple({"period": f"2026{month:02d}", "target": "800"} for month in range(1, 13))
    draft = content(kpi(1, additive=True, slices=slices), kpi(2), task(3), task(4))
    assert only(draft, "5.slices").fields["total"] == 9600


def test_promises_without_an_answer_keep_a_letter_out_of_approval() -> None:
    """Rule 6: accepted, or before the leader."""
    asked = CommitmentView(9, LETTER.id, 3, 8, "样板间清单")
    draft = replace(clean(), commitments=(asked,))
    assert [each.code for each in promises.check(draft)] == ["draft.6.open"]
    escalated = replace(asked, escalated_at=datetime(2026, 11, 3, tzinfo=UTC))
    assert list(promises.check(replace(draft, commitments=(escalated,)))) == []


def test_what_costs_money_in_a_project_names_a_fund_line_that_covers_it() -> None:
    """Rule 7, REQ-076."""
    line = FundLineView(6, 1, "主体工程款", Decimal(500), date(2026, 1, 1), date(2026, 11, 30))
    around = replace(HERE, fund_lines={6: line})
    draft = content(kpi(1), kpi(2), task(3, cost=Decimal(80)), task(4, cost=Decimal(20), fund_line=6))
    assert codes(draft, around) == ["7.missing", "7.period"]


def test_a_target_worse_than_before_is_doubtful() -> None:
    """Rule 8, REQ-136: HIGHER min(last, mean); LOWER max."""
    worse = kpi(1, last_year=Decimal(11000), three_year_mean=Decimal(10500))
    found = only(content(worse, kpi(2), task(3), task(4)), "8.worse")
    assert (found.severity, found.fields["base"]) == ("warning", Decimal(10500))
    assert baselines.of(replace(worse, direction=Direction.LOWER)) == Decimal(11000)


def test_the_same_kpi_twice_pulls_apart() -> None:
    """Rule 9, REQ-133: also against other letters of the organisation."""
    same = kpi(2, name="销售回款额 1", direction=Direction.LOWER, threshold=None, challenge=None)
    assert "9.direction" in codes(content(kpi(1), same, task(3), task(4)))
    beside = replace(HERE, beside=[(kpi(70, name="销售回款额1", target=Decimal(9)), "ZRS-CD-X")])
    assert only(clean(), "9.target", beside).fields["letter"] == "ZRS-CD-X"


def test_what_was_agreed_has_one_fingerprint_whatever_happens_to_it() -> None:
    """domain.md §4: content SHA-256; states and versions of rows are no part of it."""
    worked_on = replace(clean(), items=tuple(replace(item, revision=9, status="IN_PROGRESS") for item in clean().items))
    changed = replace(clean(), items=(replace(clean().items[0], target=Decimal(1)), *clean().items[1:]))
    assert contents.sha256(clean()) == contents.sha256(worked_on) != contents.sha256(changed)
    key = replace(clean(), items=(replace(clean().items[0], importance=Importance.MAJOR), *clean().items[1:]))
    assert contents.decisive_sha256(key) != contents.decisive_sha256(clean())
