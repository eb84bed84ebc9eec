"""When and how often an adjustment may be asked for (`domain.md` §9: windows, counts, proof)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.kernel.clock import local
from engine.letters.adjusting.case import Case
from engine.letters.adjustments import AdjustmentView
from engine.letters.kinds import AdjustmentType, Cause, Level
from engine.letters.states import LetterState


@dataclass(frozen=True)
class Refusal:
    """Why an adjustment may not be: the rule, a code with fields for its sentence, an English sentence."""

    rule: str
    code: str
    message: str
    fields: dict[str, Any] = field(default_factory=dict)


def check(case: Case) -> Refusal | None:
    """The first rule that the adjustment breaks, None when it may go on."""
    for rule in _RULES:
        refusal = rule(case)
        if refusal is not None:
            return refusal
    return None


def latest_day(case: Case) -> date:
    """The last day on which it may be filed."""
    rules = case.rules
    if case.adjustment.cause is Cause.FORCE_MAJEURE and case.adjustment.event_on is not None:
        return case.calendar.add_working_days(case.adjustment.event_on, rules.force_majeure_within)
    if case.adjustment.type in (AdjustmentType.ADD, AdjustmentType.OWNER):
        return case.due
    month = case.content.letter.level is Level.MONTH
    return case.calendar.add_working_days(case.due, -(rules.file_before_month if month else rules.file_before))


def _in_force(case: Case) -> Refusal | None:
    head = case.content.letter
    if head.status is not LetterState.EFFECTIVE:
        return _refuse("letter", f"letter {head.no} is {head.status}: only one in force is adjusted", no=head.no)
    return None


def _complete(case: Case) -> Refusal | None:
    asked = case.adjustment
    if asked.type is AdjustmentType.ADD:
        if not asked.new_item.get("name"):
            return _refuse("new_item", "an addition needs the new item")
        if asked.cause is Cause.UPSTREAM:
            return _refuse("add_upstream", "nothing is added because of another organisation: choose another cause")
    elif not asked.changes or len(case.items) != len(asked.items):
        return _refuse("items", "choose items that stand in this letter")
    if not asked.reason.strip():
        return _refuse("reason", "say why")
    return None


def _proof(case: Case) -> Refusal | None:
    asked = case.adjustment
    if asked.cause is Cause.FORCE_MAJEURE and (asked.event_on is None or not asked.proof):
        return _refuse("proof", "force majeure needs the day of the event and a proof")
    if asked.cause is Cause.UPSTREAM and not asked.breached:
        return _refuse("breached", "name the promises that were broken")
    return None


def _window(case: Case) -> Refusal | None:
    filed = local(case.adjustment.submitted_at).date() if case.adjustment.submitted_at else case.today
    if case.adjustment.cause is not Cause.FORCE_MAJEURE and filed > case.due:
        return _refuse("past_due", f"it fell due on {case.due}: nothing is adjusted after that", due=case.due)
    latest = latest_day(case)
    if filed > latest:
        return _refuse("too_late", f"the last day to file was {latest}", latest=latest, due=case.due)
    return None


def _own_counts(case: Case) -> Refusal | None:
    if not _counts(case):
        return None
    level = case.content.letter.level
    earlier = case.counted()
    if level is Level.MONTH and len(earlier) >= case.rules.self_per_month:
        return _refuse("month_used", "the month's own request is used up", limit=case.rules.self_per_month)
    if level is not Level.MONTH and not _mid_year(case, case.today):
        outside = [each for each in earlier if not _mid_year(case, _filed(each, case.today))]
        if len(outside) >= case.rules.rounds_per_year - 1:
            window = " – ".join(case.content.parameters.cycle.mid_year_window)
            return _refuse("rounds_used", f"outside the mid-year window {window} one round is allowed", window=window)
    return None


def _own_extensions(case: Case) -> Refusal | None:
    if not _counts(case) or case.adjustment.type is not AdjustmentType.DUE:
        return None
    for item in case.items:
        same = (case.lineage or {}).get(item.id, frozenset({item.id}))
        earlier = [each for each in case.counted() if each.type is AdjustmentType.DUE and same & frozenset(each.items)]
        if len(earlier) >= case.rules.self_extensions_per_item:
            return _refuse("extended", f"'{item.name}' was extended once already", item=item.id, name=item.name)
    return None


def _own_weight(case: Case) -> Refusal | None:
    if not _counts(case):
        return None
    total = case.affected_weight + sum(each.affected_weight for each in case.counted())
    if total > case.rules.self_weight_max:
        return _refuse(
            "weight",
            f"own requests would touch {total:.2f} % of the weight, at most {case.rules.self_weight_max} %",
            total=total,
            limit=case.rules.self_weight_max,
        )
    return None


_RULES: tuple[Callable[[Case], Refusal | None], ...] = (
    _in_force,
    _complete,
    _proof,
    _window,
    _own_counts,
    _own_extensions,
    _own_weight,
)


def _counts(case: Case) -> bool:
    return case.adjustment.cause is Cause.SELF and case.adjustment.type is not AdjustmentType.OWNER


def _filed(adjustment: AdjustmentView, today: date) -> date:
    return local(adjustment.submitted_at).date() if adjustment.submitted_at else today


def _mid_year(case: Case, day: date) -> bool:
    first, last = case.content.parameters.cycle.mid_year_window
    return first <= f"{day.month:02d}-{day.day:02d}" <= last


def _refuse(code: str, message: str, **fields: Any) -> Refusal:
    return Refusal("§9", f"adjustment.{code}", message, fields)
