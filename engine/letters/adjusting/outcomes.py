"""The table of `domain.md` §9: what each cause makes of each type, for weights, items and scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from engine.letters.adjusting.case import Case
from engine.letters.adjustments import AdjustmentView
from engine.letters.kinds import AdjustmentType, Cause, EffectKind
from engine.letters.parameter_sections import Adjusting

T = AdjustmentType
OUTSIDE = (Cause.FORCE_MAJEURE, Cause.POLICY, Cause.GROUP)


class Fate(StrEnum):
    """What becomes of the items."""

    CHANGED = "CHANGED"
    DELETED = "DELETED"
    SUSPENDED = "SUSPENDED"
    STAYS_AT_ZERO = "STAYS_AT_ZERO"
    ADDED = "ADDED"
    ADDED_AS_BONUS = "ADDED_AS_BONUS"


@dataclass(frozen=True)
class Effect:
    """An effect on each item that the adjustment touches."""

    kind: EffectKind
    value: Decimal


@dataclass(frozen=True)
class Outcome:
    """What an adjustment does: the fate of its items, effects on their scores, points off each provider at fault."""

    fate: Fate
    effects: Sequence[Effect] = ()
    provider_points: Decimal = Decimal(0)

    @property
    def frees_weight(self) -> bool:
        """Whether the items' weight goes to others."""
        return self.fate in (Fate.DELETED, Fate.SUSPENDED)


def of(case: Case) -> Outcome:
    """The cell of the table."""
    kind, cause = case.adjustment.type, case.adjustment.cause
    if kind is T.SUSPEND:
        return Outcome(Fate.SUSPENDED, [Effect(EffectKind.NOT_SCORED, Decimal(0))])
    if kind in (T.OWNER, T.WEIGHT):
        return Outcome(Fate.CHANGED)
    if kind is T.ADD:
        return _added(case)
    if cause is Cause.SELF:
        return _own(kind, case.rules)
    points = case.rules.provider_deduction if cause is Cause.UPSTREAM else Decimal(0)
    return Outcome(Fate.DELETED if kind is T.DELETE else Fate.CHANGED, provider_points=points)


def _own(kind: AdjustmentType, rules: Adjusting) -> Outcome:
    if kind is T.DELETE:
        return Outcome(Fate.STAYS_AT_ZERO, [Effect(EffectKind.ZERO, Decimal(0))])
    # the cap applies after the factor (§9)
    return Outcome(Fate.CHANGED, [Effect(EffectKind.FACTOR, rules.self_factor), Effect(EffectKind.CAP, rules.self_cap)])


def _added(case: Case) -> Outcome:
    rules = case.rules
    if case.adjustment.cause is Cause.SELF:
        given = sum((_bonus(each, rules) for each in case.earlier), Decimal(0))
        points = max(min(rules.self_add_bonus, rules.self_add_bonus_max - given), Decimal(0))
        return Outcome(Fate.ADDED_AS_BONUS, [Effect(EffectKind.BONUS, points)])
    left = case.calendar.working_days_between(case.today, _due_of_new(case))
    short = left < rules.short_notice
    free = [Effect(EffectKind.FREE_LATE_DAYS, Decimal(rules.free_late_days))] if short else []
    return Outcome(Fate.ADDED, free)


def _bonus(earlier: AdjustmentView, rules: Adjusting) -> Decimal:
    return rules.self_add_bonus if earlier.type is T.ADD and earlier.cause is Cause.SELF else Decimal(0)


def _due_of_new(case: Case) -> date:
    due = case.adjustment.new_item.get("due")
    return date.fromisoformat(str(due)) if due else case.due
