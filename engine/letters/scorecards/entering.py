"""Use-cases of a scorecard: self-report, data by the provider, ratings, scores by OPS (REQ-092, REQ-117)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import access, items, letters, regulations
from engine.letters.items import ItemView
from engine.letters.letters import LetterView
from engine.letters.scorecards import agreed, calculating, cards, rights
from engine.letters.scorecards import known as facts_of
from engine.letters.scorecards.cards import ItemScoreView
from engine.letters.scoring import deduct, item, panel
from engine.letters.scoring.exact import show
from engine.letters.scoring.letter import Total
from engine.letters.scoring.terms import Method, Rating
from engine.letters.states import LetterState
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class SelfScore:
    """What the scored side thinks of one of its items; for reference only."""

    item: int
    points: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class Data:
    """What a provider confirms about one item: figure (number, text, {name: value}) or events, and the proof."""

    item: int
    actual: Any = None
    events: Sequence[Mapping[str, Any]] | None = None
    evidence: str = ""
    files: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True)
class Given:
    """What OPS sets by hand: `points` (None takes the computed ones back), or that the item does not apply."""

    item: int
    points: Decimal | None
    reason: str
    not_applicable: bool = False


def self_report(engine: Engine, letter_id: int, said: Sequence[SelfScore], actor: int) -> None:
    """Party B's own view of its items. Raises NotFound, NotAllowed, Conflict outside the scoring time."""
    with engine.start_work() as work:
        self_report_in(work, letter_id, said, actor)
        work.commit()


def self_report_in(work: Work, letter_id: int, said: Sequence[SelfScore], actor: int) -> None:
    """`self_report` inside a work of somebody else."""
    letter = _entering(work, letter_id)
    if not access.writes(work, letter, actor):
        raise NotAllowed("score.self_not_yours", f"party B reports on {letter.no}", no=letter.no)
    card = cards.of(work, letter_id)
    lines = cards.lines(work, card.id)
    for each in said:
        line = _line(lines, each.item)
        cards.set_line(work, line, self_points=each.points, self_note=each.note)
    cards.set_card(work, card.id, self_at=work.now, self_by_id=actor)
    told = {str(each.item): each.points for each in said}
    audit.append(work, letters.stream(letter_id), "score.self_reported", actor=actor, detail=told, article="§6")


def confirm_data(engine: Engine, letter_id: int, confirmed: Sequence[Data], actor: int) -> Total:
    """Figures and events from the data provider; the card is calculated with them.

    Raises NotAllowed when the actor is not of the item's provider, or the provider is the scored organisation.
    """
    with engine.start_work() as work:
        total = confirm_data_in(engine, work, letter_id, confirmed, actor)
        work.commit()
    return total


def confirm_data_in(engine: Engine, work: Work, letter_id: int, confirmed: Sequence[Data], actor: int) -> Total:
    """`confirm_data` inside a work of somebody else."""
    letter = _entering(work, letter_id)
    lines = cards.lines(work, cards.of(work, letter_id).id)
    for each in confirmed:
        line, about = _line(lines, each.item), items.view(work, each.item)
        rights.require_provider(work, about, letter, actor)
        _check(work, about, letter, each)
        kept = [engine.files.keep(work, name, content, actor=actor).id for name, content in each.files]
        events = None if each.events is None else [dict(event) for event in each.events]
        told = {"item": each.item, "before": line.actual, "after": each.actual, "events": events}
        audit.append(work, letters.stream(letter_id), "score.data", actor=actor, detail=told, article="§6")
        cards.set_line(
            work,
            line,
            actual=each.actual,
            events=events,
            evidence=each.evidence,
            files=[*line.files, *kept],
            data_by_id=actor,
            data_at=work.now,
        )
    return calculating.calculate(work, letter_id)


def rate(engine: Engine, letter_id: int, item_id: int, rating: Rating, actor: int) -> Total:
    """What one rater of a PANEL item gives; again to change it. Raises NotAllowed, InvalidInput, Conflict."""
    with engine.start_work() as work:
        letter = _entering(work, letter_id)
        about, line = items.view(work, item_id), cards.line(work, letter_id, item_id)
        rights.require_rater(work, about, letter, actor)
        terms = agreed.terms(about, line.weight, letter.weight_mode)
        panel.check(rating, terms, regulations.view(work, letter.regulation).parameters.scoring)
        kept = {
            "rater": str(actor),
            "group": rating.group,
            "points": None if rating.points is None else str(rating.points),
            "level": rating.level,
            "criteria": [str(each) for each in rating.criteria],
            "comment": rating.comment,
        }
        others = [each for each in line.ratings if each.get("rater") != str(actor)]
        cards.set_line(work, line, ratings=[*others, kept])
        told = {"item": item_id, **kept}
        audit.append(work, letters.stream(letter_id), "score.rated", actor=actor, detail=told, article="§6")
        total = calculating.calculate(work, letter_id)
        work.commit()
    return total


def give(engine: Engine, letter_id: int, given: Sequence[Given], actor: int) -> Total:
    """OPS sets scores by hand where the method asks for it or the computed one is wrong; every one with a reason.

    The scorer is neither the item's owner nor of the scored organisation (REQ-031). After REVIEW a change needs the
    committee. Raises NotAllowed, InvalidInput, Conflict.
    """
    with engine.start_work() as work:
        total = give_in(work, letter_id, given, actor)
        work.commit()
    return total


def give_in(work: Work, letter_id: int, given: Sequence[Given], actor: int) -> Total:
    """`give` inside a work of somebody else."""
    letter = letters.lock(work, letter_id)
    rights.require_scorer(work, letter, actor)
    lines = cards.lines(work, cards.of(work, letter_id).id)
    for each in given:
        line, about = _line(lines, each.item), items.view(work, each.item)
        if about.owner == actor:
            raise NotAllowed("score.own", f"nobody scores their own item: {about.name}", item=each.item)
        _check_given(work, about, letter, line, each)
        told = {"item": each.item, "before": line.points, "after": each.points, "reason": each.reason}
        audit.append(work, letters.stream(letter_id), "score.given", actor=actor, detail=told, article="§6")
        cards.set_line(
            work,
            line,
            given=each.points,
            reason=each.reason,
            not_applicable=each.not_applicable,
            given_by_id=actor,
            given_at=work.now,
        )
    return calculating.calculate(work, letter_id)


def finish(engine: Engine, letter_id: int, actor: int) -> Total:
    """OPS has scored everything. Raises Conflict `score.unscored` naming what is missing (REQ-091)."""
    with engine.start_work() as work:
        total = finish_in(work, letter_id, actor)
        work.commit()
    return total


def finish_in(work: Work, letter_id: int, actor: int) -> Total:
    """`finish` inside a work of somebody else."""
    letter = _entering(work, letter_id)
    rights.require_scorer(work, letter, actor)
    total = calculating.calculate(work, letter_id)
    refuse_unscored(work, letter, total)
    cards.set_card(work, cards.of(work, letter_id).id, scored_at=work.now, scored_by_id=actor)
    told = {"total": str(total.final)}
    audit.append(work, letters.stream(letter_id), "score.finished", actor=actor, detail=told, article="§6")
    return total


def refuse_unscored(work: Work, letter: LetterView, total: Total) -> None:
    """Raises Conflict `score.unscored` with the items that have no score."""
    if not total.unscored:
        return
    numbers = [int(code) for code in total.unscored if code.isdigit()]
    names = [each.name for each in items.many(work, numbers).values()]
    raise Conflict(
        "score.unscored",
        f"{letter.no}: {len(total.unscored)} items have no score: {', '.join(names)}",
        items=numbers,
        names=names,
    )


def _check_given(work: Work, about: ItemView, letter: LetterView, line: ItemScoreView, each: Given) -> None:
    needs_reason = about.method is not Method.MANUAL or letter.status is LetterState.REVIEW or each.not_applicable
    if needs_reason and each.points != line.points and not each.reason.strip():
        raise InvalidInput("score.reason", f"say why {about.name} is not scored as computed", item=each.item)
    if each.points is None:
        return
    rules = regulations.view(work, letter.regulation).parameters.scoring
    most = item.cap(agreed.terms(about, line.weight, letter.weight_mode), rules)
    low = about.floor if about.floor is not None else rules.floor
    signed = agreed.signed(about, letter.weight_mode)
    if not signed and (each.points < low or (most is not None and each.points > most)):
        raise InvalidInput(
            "score.range",
            f"{about.name}: {show(each.points)} is outside {show(low)} to {show(most) if most is not None else '∞'}",
            item=each.item,
            low=show(low),
            high="" if most is None else show(most),
        )


def _check(work: Work, about: ItemView, letter: LetterView, each: Data) -> None:
    """Refuse events that the table does not know, before they are kept."""
    if each.events is None or about.method is not Method.DEDUCT:
        return
    table = deduct.table(agreed.terms(about, Decimal(1), letter.weight_mode))
    unknown = [str(event.get("event")) for event in each.events if table and event.get("event") not in table]
    if unknown:
        known = "、".join(table)
        raise InvalidInput("score.event_unknown", f"{unknown[0]!r} is not in the table: {known}", event=unknown[0])
    for event in each.events if table else ():
        deduct.price(facts_of.event(event), table[str(event.get("event"))])


def _entering(work: Work, letter_id: int) -> LetterView:
    letter = letters.lock(work, letter_id)
    if letter.status not in rights.ENTERING:
        raise rights.closed(letter)
    return letter


def _line(lines: Mapping[int, ItemScoreView], item_id: int) -> ItemScoreView:
    if item_id not in lines:
        raise InvalidInput("score.no_line", f"item {item_id} is not on this scorecard", item=item_id)
    return lines[item_id]
