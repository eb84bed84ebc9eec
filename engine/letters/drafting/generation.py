"""Rule 10: a period's draft made of slices, milestones, carry-overs, decisions and forced items (REQ-075)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import insert, select, update

from engine.kernel import audit
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.letters import (
    carry_overs,
    deadlines,
    forced_changes,
    items,
    kpi_library,
    letters,
    meeting_decisions,
    numbers,
    parties,
    periods,
    plans,
    regulations,
)
from engine.letters.drafting import copying, slicing
from engine.letters.forced_changes import ForcedChangeRow
from engine.letters.items import ItemRow
from engine.letters.kinds import Importance, Kind, Level, Method, Origin, Stage
from engine.letters.letters import LetterRow, LetterView
from engine.letters.periods import Period
from engine.letters.regulations import RegulationView
from engine.letters.states import LetterState
from engine.people import orgs

_GONE = (LetterState.VOID, LetterState.SUPERSEDED)


@dataclass(frozen=True)
class Head:
    """Who a new letter is for, and when."""

    org: int
    level: Level
    period: str
    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


def generate(work: Work, org: int, level: Level, period: str, *, actor: int | None) -> LetterView:
    """The period's draft; the one that exists already is given back untouched, so that this may run twice."""
    known = next((each for each in letters.versions(work, org, level, period) if each.status not in _GONE), None)
    if known is not None:
        return known
    letter = create(work, Head(org, level, period), actor=actor)
    counts = fill(work, letter, actor=actor)
    audit.append(work, letters.stream(letter.id), "letter.generated", actor=actor, detail=dict(counts))
    return letter


def create(work: Work, head: Head, *, actor: int | None) -> LetterView:
    """An empty draft under the regulation in force; its version follows the last one.

    Raises InvalidInput for a period whose days nobody says, NotFound without a regulation.
    """
    regulation = regulations.in_force(work)
    start, end = _days(head, regulation)
    version = 1 + max((each.version for each in letters.versions(work, head.org, head.level, head.period)), default=0)
    party_a, party_b = parties.of(work, head.org, head.level)
    values = {
        "no": numbers.of(work, head.org, head.level, head.period, version),
        "title": head.title,
        "org_id": head.org,
        "level": head.level,
        "period": head.period,
        "starts_on": start,
        "ends_on": end,
        "version": version,
        "status": LetterState.DRAFT,
        "party_a_id": party_a,
        "party_b_id": party_b,
        "full_score": regulation.parameters.drafting.full_score,
        "regulation_id": regulation.id,
        "parent_id": _above(work, head, start),
        "created_at": work.now,
        "created_by_id": actor,
    }
    letter: int = work.session.execute(insert(LetterRow).values(**values).returning(LetterRow.id)).scalar_one()
    detail = {"no": values["no"], "regulation": regulation.no}
    audit.append(work, letters.stream(letter), "letter.created", actor=actor, detail=detail)
    return letters.view(work, letter)


def fill(work: Work, letter: LetterView, *, actor: int | None) -> Mapping[str, int]:
    """Adds everything that belongs into the period; how many of each."""
    found_by_kind = sources(work, letter)
    for found in found_by_kind.values():
        for values, specs, done in found:
            done(copying.add_item(work, letter.id, with_library(work, values), specs, actor=actor))
    return {name: len(found) for name, found in found_by_kind.items()}


def sources(work: Work, letter: LetterView) -> Mapping[str, Sequence[slicing.Source]]:
    """What belongs into the letter's period, by where it comes from (`domain.md` §3 rule 10); nothing is written."""
    return {
        "slices": slicing.of(work, letter),
        "milestones": _milestones(work, letter),
        "carry_overs": _carried(work, letter),
        "decisions": _decisions(work, letter),
        "forced": _forced(work, letter),
    }


def with_library(work: Work, values: Mapping[str, Any]) -> dict[str, Any]:
    """A KPI's empty fields taken from the library by name and category (REQ-139)."""
    known = kpi_library.find(work, str(values.get("name", "")), str(values.get("category", "")))
    if known is None or values.get("kind") != Kind.KPI:
        return dict(values)
    names = ("definition", "formula", "unit", "direction", "data_source", "data_provider", "category")
    usual: dict[str, Any] = {name: getattr(known, name) for name in names}
    if values.get("method") in (None, Method.UNSET):
        usual |= {"method": known.method, "params": dict(known.params), "additive": known.additive}
    given = {name: value for name, value in values.items() if value not in (None, "", Method.UNSET)}
    return {**usual, **given}


def _days(head: Head, regulation: RegulationView) -> tuple[date, date]:
    if head.level in (Level.PROJECT, Level.TERM):
        if head.starts_on is None or head.ends_on is None:
            raise InvalidInput(
                "letter.days", f"a {head.level} letter needs its first and last day: enter them", level=head.level
            )
        return head.starts_on, head.ends_on
    days = periods.parse(head.level, head.period, fiscal_start=regulation.parameters.cycle.fiscal_year_start)
    return head.starts_on or days.start, head.ends_on or days.end


def _above(work: Work, head: Head, start: date) -> int | None:
    """The organisation's annual letter for a shorter one; its parent organisation's of the same level for a year."""
    parent = orgs.view(work, head.org).parent
    org, level = (parent, head.level) if head.level is Level.ANNUAL else (head.org, Level.ANNUAL)
    wanted = (
        select(LetterRow.id)
        .where(LetterRow.org_id == org, LetterRow.level == level, LetterRow.status.not_in(_GONE))
        .where(LetterRow.starts_on <= start, LetterRow.ends_on >= start)
        .order_by(LetterRow.version.desc())
    )
    return work.session.execute(wanted.limit(1)).scalar()


def _period(letter: LetterView) -> Period:
    if letter.starts_on is None or letter.ends_on is None:
        raise InvalidInput("letter.days", f"letter {letter.no} has no first and last day: enter them", no=letter.no)
    return Period(letter.level, letter.period, letter.starts_on, letter.ends_on)


def _nothing(_item: int) -> None:
    """What has no source to be told."""


def _milestones(work: Work, letter: LetterView) -> list[slicing.Source]:
    period = _period(letter)
    used = set(
        work.session.execute(
            select(ItemRow.milestone_id)
            .join(LetterRow, LetterRow.id == ItemRow.letter_id)
            .where(LetterRow.level == letter.level, LetterRow.status.not_in(_GONE), ItemRow.milestone_id.is_not(None))
        ).scalars()
    )
    found: list[slicing.Source] = []
    for node in plans.due(work, letter.org, period.start, period.end):
        if node.id in used:
            continue
        values = {
            "kind": Kind.TASK,
            "name": node.name,
            "category": node.category,
            "importance": node.importance,
            "origin": Origin.DECOMPOSED,
            "method": Method.MILESTONE,
            "completion_standard": node.completion_standard,
            "definition": node.completion_standard,
            "due": node.due,
            "owner": node.owner,
            "milestone": node.id,
            "parent": node.parent_item,
        }
        specs = [{"name": node.deliverable, "stage": Stage.FINAL}] if node.deliverable else []
        found.append((values, specs, _nothing))
    return found


def _carried(work: Work, letter: LetterView) -> list[slicing.Source]:
    found: list[slicing.Source] = []
    for waiting in carry_overs.waiting(work, letter.org, letter.level):
        old = items.view(work, waiting.item)
        values = copying.item_values(old) | {
            "group": None,
            "origin": Origin.CARRY_OVER,
            "status": "PLANNED",
            "carried_from": old.id,
            "previous": None,
            "cap": min(waiting.cap, old.cap) if old.cap is not None else waiting.cap,
            "uncapped": False,
            "due": None,
        }
        specs = [{"name": old.name, "stage": Stage.FINAL}] if old.kind is Kind.TASK else []
        found.append((values, specs, partial(carry_overs.take, work, waiting.id)))
    return found


def _decisions(work: Work, letter: LetterView) -> list[slicing.Source]:
    period = _period(letter)
    taken = set(work.session.execute(select(ItemRow.decision_id).where(ItemRow.decision_id.is_not(None))).scalars())
    found: list[slicing.Source] = []
    for each in meeting_decisions.open_in(work, letter.org, period.start, period.end):
        if each.id in taken:
            continue
        values = {
            "kind": Kind.TASK,
            "name": each.content[:400],
            "definition": each.content,
            "category": "计划",
            "importance": Importance.MAJOR,
            "origin": Origin.DECISION,
            "method": Method.MILESTONE,
            "completion_standard": each.standard,
            "due": each.due,
            "owner": each.owner,
            "decision": each.id,
            "alignment_reason": each.no,
        }
        found.append((values, [], _nothing))
    return found


def _forced(work: Work, letter: LetterView) -> list[slicing.Source]:
    found: list[slicing.Source] = []
    for change in forced_changes.waiting(work, letter.org, letter.level, letter.period):

        def taken(item: int, of: int = change.id) -> None:
            bound = update(ForcedChangeRow).where(ForcedChangeRow.id == of)
            work.session.execute(bound.values(letter_id=letter.id, item_id=item, status="ACCEPTED"))

        values = {**change.item_values, "origin": Origin.FORCED, "alignment_reason": change.article}
        found.append((values, [], taken))
    return found


def submit_due(work: Work, letter: LetterView) -> Any:  # a moment, or None where the cycle sets none
    """When the draft is to be submitted, as the period's calendar says."""
    return deadlines.of(work, letter.level, letter.period, letter.org).get(deadlines.Step.SUBMIT)
