"""The table of domain.md §9, cell by cell, and the windows and counts before it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.kernel.calendar import WorkCalendar
from engine.letters.adjusting import outcomes, windows
from engine.letters.adjusting.case import Case
from engine.letters.adjusting.outcomes import Fate
from engine.letters.adjustments import AdjustmentView
from engine.letters.kinds import AdjustmentType, Cause, EffectKind, Importance, Level
from engine.letters.states import AdjustmentState, LetterState
from tests.builders.pictures import LETTER, clean

T, C = AdjustmentType, Cause
CHANGE = {"item": 3, "field": "due", "before": "2026-12-25", "after": "2026-12-30"}
TODAY = date(2026, 12, 2)


def adjustment(kind: T = T.DUE, cause: C = C.GROUP, **values: Any) -> AdjustmentView:
    made = AdjustmentView(1, "TZ-1", LETTER.id, kind, cause, 30, changes=(CHANGE,), reason="因为")
    return replace(made, **values)


def case(asked: AdjustmentView, today: date = TODAY, level: Level = Level.MONTH, **values: Any) -> Case:
    letter = replace(LETTER, status=LetterState.EFFECTIVE, level=level)
    return Case(asked, replace(clean(), letter=letter), today, WorkCalendar(), **values)


def effects(asked: AdjustmentView, **values: Any) -> list[tuple[EffectKind, Decimal]]:
    return [(each.kind, each.value) for each in outcomes.of(case(asked, **values)).effects]


@pytest.mark.parametrize("cause", [C.FORCE_MAJEURE, C.POLICY, C.GROUP, C.UPSTREAM])
@pytest.mark.parametrize("kind", [T.DUE, T.TARGET])
def test_what_comes_from_outside_costs_no_score(cause: C, kind: T) -> None:
    """REQ-056: new value, factor 1."""
    found = outcomes.of(case(adjustment(kind, cause)))
    assert (found.fate, list(found.effects)) == (Fate.CHANGED, [])


@pytest.mark.parametrize("kind", [T.DUE, T.TARGET])
def test_ones_own_change_costs_a_tenth_and_caps_at_ninety(kind: T) -> None:
    """§9 SELF: factor 0.9, cap 90 after it."""
    assert effects(adjustment(kind, C.SELF)) == [(EffectKind.FACTOR, Decimal("0.9")), (EffectKind.CAP, Decimal(90))]


def test_ones_own_deletion_leaves_the_item_at_zero() -> None:
    """REQ-055."""
    found = outcomes.of(case(adjustment(T.DELETE, C.SELF)))
    assert (found.fate, found.effects[0].kind, found.frees_weight) == (Fate.STAYS_AT_ZERO, EffectKind.ZERO, False)


def test_a_deletion_from_outside_frees_the_weight() -> None:
    found = outcomes.of(case(adjustment(T.DELETE, C.POLICY)))
    assert (found.fate, found.frees_weight, list(found.effects)) == (Fate.DELETED, True, [])


@pytest.mark.parametrize("kind", [T.DUE, T.TARGET, T.DELETE])
def test_a_provider_at_fault_pays_two(kind: T) -> None:
    assert outcomes.of(case(adjustment(kind, C.UPSTREAM))).provider_points == 2
    assert outcomes.of(case(adjustment(kind, C.GROUP))).provider_points == 0


def test_own_additions_bring_two_points_each_and_five_in_all() -> None:
    """§9 SELF ADD: +2 each, max +5."""
    asked = adjustment(T.ADD, C.SELF, changes=(), new_item={"name": "x"})
    earlier = tuple(replace(asked, id=number, status=AdjustmentState.APPLIED) for number in (2, 3))
    given = [effects(asked, earlier=earlier[:count])[0][1] for count in (0, 1, 2)]
    assert given == [2, 2, 1]


def test_an_addition_with_ten_days_left_has_no_free_days() -> None:
    """§9 ADD: <10 working days left → first 3 late days free."""

    def free(day: int) -> list[tuple[EffectKind, Decimal]]:
        asked = adjustment(T.ADD, C.GROUP, changes=(), new_item={"name": "x", "due": "2026-12-30"})
        return effects(asked, today=date(2026, 12, day))

    assert free(16) == []  # 10 working days to 30 December
    assert free(17) == [(EffectKind.FREE_LATE_DAYS, Decimal(3))]


def test_owner_and_suspension_keep_the_score_apart() -> None:
    assert effects(adjustment(T.OWNER, C.SELF)) == []
    assert effects(adjustment(T.SUSPEND, C.POLICY)) == [(EffectKind.NOT_SCORED, Decimal(0))]


def refused(asked: AdjustmentView, **values: Any) -> str | None:
    found = windows.check(case(asked, **values))
    return found.code.removeprefix("adjustment.") if found else None


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("level", "day", "code"),
    [
        (Level.MONTH, 22, None),
        (Level.MONTH, 23, "too_late"),
        (Level.ANNUAL, 18, None),
        (Level.ANNUAL, 21, "too_late"),
        (Level.MONTH, 26, "past_due"),
    ],
)
def test_it_is_filed_in_time_and_never_after_the_day(level: Level, day: int, code: str | None) -> None:
    """§9: ≥5 working days before due, 3 for a month; due is Friday 25 December 2026."""
    assert refused(adjustment(submitted_at=at(date(2026, 12, day))), level=level) == code


def test_force_majeure_is_told_within_three_working_days_with_a_proof() -> None:
    asked = adjustment(cause=C.FORCE_MAJEURE, event_on=date(2026, 12, 24), proof=("气象证明",))
    assert refused(replace(asked, submitted_at=at(date(2026, 12, 29)))) is None
    assert refused(replace(asked, submitted_at=at(date(2026, 12, 30)))) == "too_late"
    assert refused(replace(asked, proof=())) == "proof"


def own(number: int, day: date = TODAY, **values: Any) -> AdjustmentView:
    made = adjustment(cause=C.SELF, counted=True, status=AdjustmentState.APPLIED, submitted_at=at(day), **values)
    return replace(made, id=number)


def test_a_month_has_one_own_request() -> None:
    """§9 limits; requests with other causes do not count."""
    asked = adjustment(T.WEIGHT, C.SELF)
    assert refused(asked, earlier=(own(2),)) == "month_used"
    assert refused(adjustment(), earlier=(own(2),)) is None


def test_a_year_has_the_mid_year_window_and_one_round_more() -> None:
    asked = adjustment(T.WEIGHT, C.SELF, changes=({**CHANGE, "item": 99},))
    in_july, in_june = own(2, date(2026, 7, 8)), own(3, date(2026, 6, 1))
    year = {"level": Level.ANNUAL}
    july = {"today": date(2026, 7, 10)}
    assert refused(replace(asked, changes=(CHANGE,)), earlier=(in_june,), **year) == "rounds_used"
    assert refused(replace(asked, changes=(CHANGE,)), earlier=(in_july,), **year) == "weight"  # 25 % is over 20 %
    assert refused(replace(asked, changes=(CHANGE,)), earlier=(in_june, in_july), **year, **july) == "weight"


def test_an_item_is_extended_once_by_oneself_through_all_versions() -> None:
    earlier = own(2, date(2026, 7, 8), changes=({**CHANGE, "item": 103},))
    asked = adjustment(cause=C.SELF)
    lineage = {3: frozenset({3, 103})}
    assert refused(asked, earlier=(earlier,), lineage=lineage, level=Level.ANNUAL) == "extended"


def test_own_requests_touch_at_most_a_fifth_of_the_weight() -> None:
    assert refused(adjustment(cause=C.SELF)) == "weight"  # 25 %
    assert refused(adjustment(T.OWNER, C.SELF)) is None


def test_nothing_is_added_because_of_another_and_upstream_names_the_promise() -> None:
    assert refused(adjustment(T.ADD, C.UPSTREAM, changes=(), new_item={"name": "x"})) == "add_upstream"
    assert refused(adjustment(cause=C.UPSTREAM)) == "breached"


def test_a_key_item_makes_it_a_key_change_and_its_weight_is_what_is_touched() -> None:
    """§9 route: KEY or >20 % → president and committee."""
    whole = case(adjustment(changes=({**CHANGE, "item": 1},)))
    assert whole.key_change and whole.affected_weight == 25
    assert not case(adjustment()).key_change
    added = adjustment(T.ADD, changes=(), new_item={"name": "x", "weight": "12", "importance": Importance.KEY})
    assert (case(added).affected_weight, case(added).key_change) == (12, True)
