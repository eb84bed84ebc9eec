"""Use-cases of progress: look before saving, and save (ux.md §4.7)."""

from dataclasses import dataclass
from decimal import Decimal

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import access, items, letters
from engine.letters.items import ItemView
from engine.letters.states import ItemState, LetterState
from engine.letters.tracking import progress
from engine.letters.tracking.progress import ProgressView, Update
from engine.letters.watching import answering, evaluating, levels, measuring
from engine.letters.watching.evaluating import Evaluation
from engine.letters.watching.levels import WarningLevel
from engine.people import orgs
from engine.workflow.engine import Engine

LIVE = (ItemState.PLANNED, ItemState.IN_PROGRESS, ItemState.RECTIFY, ItemState.OVERDUE)


@dataclass(frozen=True)
class Outlook:
    """What an update would mean: planned and reached per cent, lag, forecast attainment and the level after it.

    `reason_needed` from YELLOW on (domain.md §8); `odd` asks `is this a typing error?`: `drop` or `over_120`.
    """

    planned: Decimal
    reached: Decimal | None
    lag: Decimal | None
    attainment: Decimal | None
    evaluation: Evaluation
    reason_needed: bool
    odd: str = ""


def preview(engine: Engine, item_id: int, update: Update, actor: int) -> Outlook:
    """The level an update would lead to, before it is saved (REQ-088). Raises NotFound, NotAllowed."""
    with engine.start_work(reading=True) as work:
        item = _mine(work, item_id, actor)
        return _outlook(engine, work, item, update, progress.latest(work, [item_id]).get(item_id))


def save(engine: Engine, item_id: int, update: Update, actor: int) -> Evaluation:
    """Keep an update and bring the item's warning up to it (REQ-137, REQ-084).

    Raises NotFound, NotAllowed, Conflict (letter not running, item done), InvalidInput (empty, or from YELLOW on
    without cause and measure).
    """
    with engine.start_work() as work:
        found = save_in(engine, work, item_id, update, actor)
        work.commit()
    return found


def save_in(engine: Engine, work: Work, item_id: int, update: Update, actor: int) -> Evaluation:
    """`save` inside a work of somebody else."""
    item = _mine(work, item_id, actor)
    _refuse_closed(work, item)
    _check(update)
    last = progress.latest(work, [item_id]).get(item_id)
    outlook = _outlook(engine, work, item, update, last)
    if outlook.reason_needed and not (update.reason.strip() and update.measures.strip()):
        raise InvalidInput(
            "progress.reason",
            f"{item.name} would be {outlook.evaluation.deserved}: say why and what is done about it",
            item=item_id,
            level=str(outlook.evaluation.deserved),
        )
    level = outlook.evaluation.deserved
    progress.add(work, item_id, update, planned=outlook.planned, level=level, author=actor)
    told = {"item": item_id, "before": _said(last), "after": _said(update), "level": level}
    audit.append(work, letters.stream(item.letter), "progress.saved", actor=actor, detail=told, article="§8")
    if item.status is ItemState.PLANNED:
        item = items.move(work, item, ItemState.IN_PROGRESS, actor=actor)
    found = evaluating.evaluate(engine, work, item, updated=True)
    if found.level is not None and found.warning is not None:
        answering.by_update(engine, work, found.warning, update, actor)
    return found


def repeat(last: ProgressView | None) -> Update:
    """The last update again, without its reason; empty where there is none."""
    if last is None:
        return Update()
    return Update(last.actual, last.percent, last.forecast_finish, last.forecast_value, last.reason, last.measures)


def _outlook(engine: Engine, work: Work, item: ItemView, update: Update, last: ProgressView | None) -> Outlook:
    return judged(*evaluating.preview(engine, work, item, update), update, last)


def judged(measured: measuring.Measured, evaluation: Evaluation, update: Update, last: ProgressView | None) -> Outlook:
    """What was measured and found, as people read it."""
    return Outlook(
        planned=measured.planned,
        reached=measured.reached,
        lag=measured.facts.lag,
        attainment=measured.facts.attainment,
        evaluation=evaluation,
        reason_needed=levels.rank(evaluation.deserved) >= WarningLevel.YELLOW.rank,
        odd=_odd(measured, update, last),
    )


def _odd(measured: measuring.Measured, update: Update, last: ProgressView | None) -> str:
    if measured.reached is not None and measured.reached > 120:
        return "over_120"
    dropped = last and (_less(update.percent, last.percent) or _less(update.actual, last.actual))
    return "drop" if dropped else ""


def _less(now: Decimal | None, before: Decimal | None) -> bool:
    return now is not None and before is not None and now < before


def _mine(work: Work, item_id: int, actor: int) -> ItemView:
    """The item, if this person reports on it: owner, executor, head, or OPS on their behalf."""
    item = items.view(work, item_id)
    letter = access.see(work, item.letter, actor)
    mine = {item.owner, *item.executors, letter.party_b, orgs.view(work, letter.org).head}
    if actor not in mine and not access.Sight(work, actor).ops:
        raise NotAllowed("progress.not_yours", f"{item.name} is reported by its owner", item=item_id)
    return item


def _refuse_closed(work: Work, item: ItemView) -> None:
    letter = letters.view(work, item.letter)
    if letter.status not in (LetterState.EFFECTIVE, LetterState.PERIOD_ENDED):
        raise Conflict("progress.letter", f"letter {letter.no} is {letter.status}: progress is closed", no=letter.no)
    if item.status not in LIVE:
        raise Conflict("progress.item", f"{item.name} is {item.status}: nothing is left to report", item=item.id)


def _check(update: Update) -> None:
    if update.actual is None and update.percent is None:
        raise InvalidInput("progress.empty", "enter an actual figure or a percentage")
    if update.percent is not None and not 0 <= update.percent <= 100:
        raise InvalidInput(
            "progress.percent", f"{update.percent} is no percentage: 0 to 100", percent=str(update.percent)
        )


def _said(update: Update | ProgressView | None) -> dict[str, object]:
    if update is None:
        return {}
    return {"actual": update.actual, "percent": update.percent, "finish": update.forecast_finish}
