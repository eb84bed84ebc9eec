"""A scorecard's way: opened, reviewed, published, closed; each step may be asked for twice (domain.md §5)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import update

from engine.kernel import audit
from engine.kernel.errors import Conflict
from engine.kernel.work import Work
from engine.letters import carry_overs, content, deadlines, items, letters, periods, regulations, subjects
from engine.letters.content import Content
from engine.letters.deadlines import Step
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import Level, Stage
from engine.letters.letters import LetterView
from engine.letters.scorecards import calculating, cards, entering, outcomes, vetoes
from engine.letters.scoring import results
from engine.letters.scoring.letter import Total
from engine.letters.states import ITEM_MOVES, ItemState, LetterState
from engine.letters.tracking import submissions
from engine.letters.tracking.submissions import Verdict
from engine.notices import notices
from engine.people import orgs, roles
from engine.people.roles import Role
from engine.workflow.engine import Engine

DUE = {
    "self": Step.SELF_REPORT,
    "data": Step.DATA,
    "ops": Step.SCORES,
    "leader": Step.LEADER,
    "publish": Step.PUBLISH,
}
FALLBACK = {"self": "2wd", "data": "4wd", "ops": "6wd", "leader": "7wd", "publish": "9wd"}
"""Limits from the opening on, for letters whose period has no calendar (a project's life, a term)."""


def link(letter: int) -> str:
    """Where the page of a letter's scores is."""
    return f"/letters/{letter}/score"


def open_card(engine: Engine, work: Work, letter_id: int) -> Mapping[str, Any]:
    """End the letter's period and open its scorecard; who has to bring data, which deliverables wait, until when."""
    letter = letters.lock(work, letter_id)
    if letter.status is LetterState.EFFECTIVE:
        letter = letters.move(work, letter, LetterState.PERIOD_ENDED, actor=None, ended_at=work.now)
    if letter.status is LetterState.PERIOD_ENDED:
        letter = letters.move(work, letter, LetterState.SCORING, actor=None)
    card = cards.add(work, letter_id)
    if letter.status is LetterState.SCORING:
        calculating.calculate(work, letter_id)
    known = content.load(work, letter_id)
    return {
        "letter": subjects.of(work, letter_id),
        "card_id": card.id,
        "providers": _providers(work, known),
        "deliverables": _waiting(work, known),
        "due": {name: moment.isoformat() for name, moment in due(engine, work, letter).items()},
    }


def due(engine: Engine, work: Work, letter: LetterView) -> Mapping[str, datetime]:
    """When each step of the scoring ends, by the cycle's calendar."""
    kept = deadlines.of(work, letter.level, letter.period, letter.org)
    calendar = engine.calendar(work)
    if not kept and letter.level in (Level.MONTH, Level.ANNUAL):
        cycle = regulations.view(work, letter.regulation).parameters.cycle
        period = periods.parse(letter.level, letter.period, fiscal_start=cycle.fiscal_year_start)
        kept = deadlines.compute(period, cycle, calendar)
    opened = cards.of(work, letter.id).opened_at
    return {name: kept.get(step) or calendar.due_in(FALLBACK[name], opened) for name, step in DUE.items()}


def record(work: Work, letter_id: int, status: str, grade: str | None, actor: int | None) -> LetterState:
    """What the diagram says happened: SELF_MISSED, REVIEW, SCORING (sent back) or APPEAL.

    Raises Conflict `score.unscored` for a review of something unscored (REQ-091).
    """
    letter = letters.lock(work, letter_id)
    card = cards.of(work, letter_id)
    if status == "SELF_MISSED":
        if card.self_at is None:
            cards.set_card(work, card.id, self_missed=True)
        return letter.status
    to = LetterState(status)
    if letter.status is to:
        return to
    if to is LetterState.REVIEW:
        entering.refuse_unscored(work, letter, calculating.calculate(work, letter_id))
    if grade is not None:
        cards.set_card(work, card.id, grade=grade)
    return letters.move(work, letter, to, actor=actor).status


def grade_of(work: Work, letter: LetterView, total: Total, found: str | None) -> str:
    """The grade that the table found, or the regulation's own; E after a veto of the letter whatever the table says."""
    rules = regulations.view(work, letter.regulation).parameters.scoring
    if total.vetoed or found is None:
        return results.grade(total.final, rules, vetoed=total.vetoed)
    return found


def publish(engine: Engine, work: Work, letter_id: int, grade: str | None) -> Mapping[str, Any]:
    """Make the scores known to everybody who sees the letter, and tell those concerned (REQ-094)."""
    letter = letters.lock(work, letter_id)
    card = cards.of(work, letter_id)
    if letter.status is LetterState.REVIEW:
        total = calculating.calculate(work, letter_id)
        entering.refuse_unscored(work, letter, total)
        _refuse_open_veto(work, letter)
        found = grade_of(work, letter, total, grade)
        cards.set_card(work, card.id, grade=found, published_at=work.now)
        _score_items(work, letter_id)
        detail = {"total": str(total.final), "grade": found}
        letter = letters.move(work, letter, LetterState.PUBLISHED, actor=None, detail=detail, article="§6")
        outcomes.keep(work, letter, cards.of(work, letter_id))
    card = cards.of(work, letter_id)
    if card.published_at is None:
        raise Conflict("score.not_reviewed", f"letter {letter.no} is {letter.status}: review it first", no=letter.no)
    told = _tell(work, letter, card.final, card.grade)
    until = engine.calendar(work).due_in(f"{_appeal_days(work, letter)}wd", card.published_at)
    return {
        "total": float(card.final or 0),
        "grade": card.grade,
        "told": list(told),
        "appeal_until": until.isoformat(),
    }


def close(work: Work, letter_id: int) -> Mapping[str, Any]:
    """The end: what was not delivered goes into the next letter (domain.md §6 MILESTONE)."""
    letter = letters.lock(work, letter_id)
    card = cards.of(work, letter_id)
    carried = [line.item for line in cards.lines(work, card.id).values() if line.carry_over]
    if letter.status in (LetterState.PUBLISHED, LetterState.APPEAL):
        cap = regulations.view(work, letter.regulation).parameters.scoring.carried_over_cap
        for item_id in carried:
            carry_overs.record(work, item_id, cap=cap, reason="not_delivered")
            _carry(work, items.view(work, item_id))
        cards.set_card(work, card.id, closed_at=work.now)
        letter = letters.move(work, letter, LetterState.CLOSED, actor=None, detail={"carried": carried})
    return {"status": str(letter.status), "carried": carried}


def confirm_veto(work: Work, letter_id: int, *, confirmed: bool) -> Total:
    """Leader and committee have decided the reported veto; the total follows (domain.md §7)."""
    letter = letters.lock(work, letter_id)
    if vetoes.decide(work, letter_id, confirmed=confirmed, actor=None):
        told = {"confirmed": confirmed}
        audit.append(work, letters.stream(letter.id), "veto.applied", actor=None, detail=told, article="§7")
    return calculating.calculate(work, letter_id)


def _providers(work: Work, known: Content) -> list[dict[str, Any]]:
    """Each organisation that owes data, with its items; never the scored one."""
    found: dict[int, list[int]] = {}
    for item in known.items:
        provider = item.data_provider
        if provider is not None and provider != known.letter.org and item.kind in calculating.SCORED_KINDS:
            found.setdefault(provider, []).append(item.id)
    units = orgs.many(work, found)
    return [
        {"org": org, "org_name": units[org].name, "head": units[org].head, "items": listed}
        for org, listed in sorted(found.items())
        if org in units
    ]


def _waiting(work: Work, known: Content) -> list[dict[str, Any]]:
    """Versions handed in that nobody has judged, each with its reviewer (OPS where none is named)."""
    specs = {spec.id: (item, spec) for item in known.items for spec in known.specs.get(item.id, ())}
    found = []
    for spec_id, versions in submissions.of_specs(work, specs).items():
        item, spec = specs[spec_id]
        if versions[0].result is Verdict.PENDING and spec.stage in (Stage.STAGE, Stage.FINAL):
            reviewer = spec.reviewer or next(iter(roles.holders(work, Role.OPS, known.letter.org)), None)
            found.append({"id": versions[0].id, "item_name": item.name, "reviewer": reviewer})
    return found


def _refuse_open_veto(work: Work, letter: LetterView) -> None:
    if any(veto.confirmed is None for veto in vetoes.of_letter(work, letter.id)):
        raise Conflict("veto.open", f"{letter.no}: a reported veto is not decided yet", no=letter.no)


def _score_items(work: Work, letter_id: int) -> None:
    for item in items.of(work, letter_id):
        if ItemState.SCORED in ITEM_MOVES[item.status]:
            work.session.execute(update(ItemRow).where(ItemRow.id == item.id).values(status=ItemState.SCORED))


def _carry(work: Work, item: ItemView) -> None:
    if ItemState.CARRIED_OVER in ITEM_MOVES[item.status]:
        items.move(work, item, ItemState.CARRIED_OVER, actor=None, article="§6")


def _tell(work: Work, letter: LetterView, final: Decimal | None, grade: str | None) -> tuple[int, ...]:
    org = orgs.view(work, letter.org)
    owners = [item.owner for item in items.of(work, letter.id)]
    persons = tuple(dict.fromkeys(p for p in (letter.party_b, org.head, org.leader, *owners) if p is not None))
    fields = {"no": letter.no, "total": str(final), "grade": grade}
    notices.notify(work, persons, "score.published", fields, link=link(letter.id), key=f"score:{letter.id}:published")
    return persons


def _appeal_days(work: Work, letter: LetterView) -> int:
    return regulations.view(work, letter.regulation).parameters.cycle.close_after
