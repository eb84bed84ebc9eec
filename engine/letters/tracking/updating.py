"""Use-cases of progress: look before saving, save, and say where each item of a person stands (ux.md §4.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, or_, select

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import access, items, letters, rows
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import Kind
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import ItemState, LetterState
from engine.letters.tracking import progress
from engine.letters.tracking.progress import ProgressView, Update
from engine.letters.watching import answering, evaluating, levels, measuring, warnings
from engine.letters.watching.evaluating import Evaluation
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.states import WARNING_OPEN
from engine.letters.watching.warnings import WarningRow, WarningView
from engine.people import orgs
from engine.workflow.engine import Engine

REPORTED = (Kind.KPI, Kind.TASK, Kind.TRACK)
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


@dataclass(frozen=True)
class Line:
    """An item on somebody's progress sheet."""

    item: ItemView
    letter: LetterView
    last: ProgressView | None
    warning: WarningView | None
    outlook: Outlook


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


def confirm_all(engine: Engine, actor: int) -> int:
    """无变化: repeat the last update of every item of mine that is not late and stays below YELLOW; how many."""
    with engine.start_work() as work:
        lines = [line for line in sheet_in(engine, work, actor) if line.last and not line.outlook.reason_needed]
        for line in lines:
            save_in(engine, work, line.item.id, repeat(line.last), actor)
        work.commit()
    return len(lines)


def repeat(last: ProgressView | None) -> Update:
    """The last update again, without its reason; empty where there is none."""
    if last is None:
        return Update()
    return Update(last.actual, last.percent, last.forecast_finish, last.forecast_value, last.reason, last.measures)


def sheet(engine: Engine, actor: int) -> Sequence[Line]:
    """The items whose progress this person reports, those in danger first."""
    with engine.start_work(reading=True) as work:
        return sheet_in(engine, work, actor)


def count_in_danger(engine: Engine, actor: int) -> int:
    """How many items that this person reports have an open warning from YELLOW on."""
    wanted = (
        select(func.count())
        .select_from(WarningRow)
        .join(ItemRow, ItemRow.id == WarningRow.item_id)
        .where(ItemRow.owner_id == actor, WarningRow.status.in_(sorted(WARNING_OPEN)))
        .where(WarningRow.level != WarningLevel.BLUE)
    )
    with engine.start_work(reading=True) as work:
        return int(work.session.execute(wanted).scalar_one())


def sheet_in(engine: Engine, work: Work, actor: int) -> Sequence[Line]:
    """`sheet` inside a work of somebody else."""
    wanted = (
        select(ItemRow.__table__)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .where(LetterRow.status == LetterState.EFFECTIVE)
        .where(ItemRow.kind.in_(REPORTED), ItemRow.status.in_(LIVE))
        .where(or_(ItemRow.owner_id == actor, ItemRow.owner_id.is_(None) & (LetterRow.party_b_id == actor)))
        .order_by(ItemRow.due.is_(None), ItemRow.due, ItemRow.id)
    )
    mine = [rows.view(ItemView, row) for row in work.session.execute(wanted)]
    last = progress.latest(work, [item.id for item in mine])
    open_ones = warnings.open_of(work, [item.id for item in mine])
    known = letters.many(work, [item.letter for item in mine])
    asked = [(item, repeat(last.get(item.id))) for item in mine]
    looks = evaluating.preview_all(engine, work, asked) if asked else []
    found = [
        Line(
            item,
            known[item.letter],
            last.get(item.id),
            open_ones.get(item.id),
            _judged(measured, evaluation, update, last.get(item.id)),
        )
        for (item, update), (measured, evaluation) in zip(asked, looks, strict=True)
    ]
    return sorted(found, key=lambda line: -levels.rank(line.warning.level if line.warning else None))


def _outlook(engine: Engine, work: Work, item: ItemView, update: Update, last: ProgressView | None) -> Outlook:
    return _judged(*evaluating.preview(engine, work, item, update), update, last)


def _judged(measured: measuring.Measured, evaluation: Evaluation, update: Update, last: ProgressView | None) -> Outlook:
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
