"""Evaluating warnings: on every update and every hour; opening, raising, lowering and ending them (domain.md §8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.kernel.work import Work
from engine.letters import items, letters, numbers
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import Kind
from engine.letters.letters import LetterRow
from engine.letters.states import ItemState, LetterState
from engine.letters.tracking.progress import Update
from engine.letters.watching import levels, measuring, scenes, topics, warnings
from engine.letters.watching.levels import Facts, Judge, WarningLevel
from engine.letters.watching.scenes import Scene
from engine.letters.watching.states import WarningState
from engine.letters.watching.warnings import WarningView
from engine.workflow import instances, messages, standings
from engine.workflow.engine import Engine

WATCHED_KINDS = (Kind.KPI, Kind.TASK, Kind.VETO)
WATCHED_STATES = (
    ItemState.PLANNED,
    ItemState.IN_PROGRESS,
    ItemState.REPORTED_DONE,
    ItemState.RECTIFY,
    ItemState.OVERDUE,
)
ENDED = (ItemState.ACCEPTED, ItemState.SCORED)
"""Date and quality both (REQ-045); what is only reported keeps its warning until the verdict."""
BATCH = 200
"""Items looked at together by the hourly step."""


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found and did: `deserved` is the table's answer, `level` what holds now.

    `inside`: updates in a row back inside; `needed`: how many it takes to fall; `held`: the level before.
    """

    deserved: WarningLevel | None
    level: WarningLevel | None
    inside: int = 0
    needed: int = 2
    warning: int | None = None
    held: WarningLevel | None = None


def evaluate(
    engine: Engine, work: Work, item: ItemView, *, updated: bool = False, judge: Judge | None = None
) -> Evaluation:
    """Bring the warning of one item up to what its facts deserve.

    A level rises at once and by itself; it falls only after the regulation's number of updates back inside (`updated`).
    """
    scene = scenes.of(engine, work, [item])
    facts = measuring.measure(scene, item, scene.latest.get(item.id)).facts
    if _newly_overdue(item, facts):
        item = items.move(work, item, ItemState.OVERDUE, actor=None, article="§8")
    deserved = (judge or levels.by_table(engine, work))(facts)
    needed, open_one = scene.watching(item).updates_to_fall, scene.open.get(item.id)
    if open_one is None:
        return _open(engine, work, item, deserved, facts, needed)
    if levels.rank(deserved) > open_one.level.rank and deserved is not None:
        raised = _change(engine, work, open_one, deserved, facts)
        return Evaluation(deserved, raised.level, 0, needed, raised.id)
    if item.status in ENDED:
        end(engine, work, open_one, "done")
        return Evaluation(deserved, None, 0, needed, open_one.id)
    return _inside(engine, work, open_one, deserved, facts, needed, updated)


def preview(engine: Engine, work: Work, item: ItemView, update: Update) -> tuple[measuring.Measured, Evaluation]:
    """What an update would do, without doing it."""
    return preview_all(engine, work, [(item, update)])[0]


def preview_all(
    engine: Engine, work: Work, asked: Sequence[tuple[ItemView, Update]], scene: Scene | None = None
) -> list[tuple[measuring.Measured, Evaluation]]:
    """`preview` for many items, with the queries of one (none where their `scene` is known already)."""
    known = scene or scenes.of(engine, work, [item for item, _ in asked])
    judge = levels.by_table(engine, work)
    return [_preview(known, judge, item, update) for item, update in asked]


def _preview(scene: Scene, judge: Judge, item: ItemView, update: Update) -> tuple[measuring.Measured, Evaluation]:
    measured = measuring.measure(scene, item, update)
    deserved, open_one = judge(measured.facts), scene.open.get(item.id)
    needed = scene.watching(item).updates_to_fall
    if open_one is None or levels.rank(deserved) >= open_one.level.rank:
        held = open_one.level if open_one else None
        return measured, Evaluation(deserved, deserved, 0, needed, open_one.id if open_one else None, held)
    inside = open_one.inside + 1
    level = deserved if inside >= needed else open_one.level
    return measured, Evaluation(deserved, level, inside, needed, open_one.id, open_one.level)


def evaluate_due(engine: Engine, *, judge_of: Callable[[Engine, Work], Judge] = levels.by_table) -> int:
    """The hourly step: look at every item of every running letter; how many there were.

    Looking reads only; each item of which something changes is evaluated in a short transaction of its own.
    """
    last, count = 0, 0
    while batch := _batch(engine, last):
        for item_id in _stirred(engine, batch, judge_of):
            with engine.start_work() as work:
                evaluate(engine, work, items.view(work, item_id), judge=judge_of(engine, work))
                work.commit()
        last, count = batch[-1], count + len(batch)
    return count


def _stirred(engine: Engine, batch: Sequence[int], judge_of: Callable[[Engine, Work], Judge]) -> list[int]:
    """The items of which an evaluation would change something."""
    with engine.start_work(reading=True) as work:
        found = list(items.many(work, batch).values())
        scene, judge = scenes.of(engine, work, found), judge_of(engine, work)
        return [item.id for item in found if _stirs(scene, judge, item)]


def _stirs(scene: Scene, judge: Judge, item: ItemView) -> bool:
    facts = measuring.measure(scene, item, scene.latest.get(item.id)).facts
    open_one = scene.open.get(item.id)
    known = open_one.level.rank if open_one else -1
    return (
        _newly_overdue(item, facts)
        or levels.rank(judge(facts)) > known
        or (item.status in ENDED and open_one is not None)
    )


def _newly_overdue(item: ItemView, facts: Facts) -> bool:
    return bool(facts.days_overdue) and item.status in (ItemState.PLANNED, ItemState.IN_PROGRESS)


def raise_late_draft(work: Work, letter: int, days: int, level: WarningLevel = WarningLevel.ORANGE) -> WarningView:
    """The warning about a letter whose draft is late; the one that is open where there is one.

    It starts no process: the drafting diagram calls escalation itself.
    """
    known = warnings.open_draft(work, letter)
    if known is not None:
        return known
    org = letters.view(work, letter).org
    facts = measuring.late_draft(days)
    return warnings.opened(work, letter=letter, org=org, item=None, cause=warnings.LATE_DRAFT, level=level, facts=facts)


def end(engine: Engine, work: Work, warning: WarningView, reason: str) -> None:
    """End a warning: `done`, `inside`, or another reason; its process hears of it and closes the books."""
    to = WarningState.CLOSED_BY_DONE if reason == "done" else WarningState.RESOLVED
    _hold(work, warning)
    warnings.move(work, warning, to, actor=None, closed_at=work.now, closed_reason=reason)
    messages.send(engine, work, "warning.done", str(warning.id), {"reason": reason})


def _open(  # noqa: PLR0913, PLR0917  (what was found about which item)
    engine: Engine, work: Work, item: ItemView, deserved: WarningLevel | None, facts: Facts, needed: int
) -> Evaluation:
    if deserved is None:
        return Evaluation(None, None, 0, needed)
    letter = letters.view(work, item.letter)
    warning = warnings.opened(
        work, letter=letter.id, org=letter.org, item=item.id, cause=warnings.ITEM, level=deserved, facts=facts
    )
    _bring_up(work, warning, item.name)
    instances.start(
        engine,
        work,
        "escalation",
        data={"warning_id": warning.id},
        business_key=str(warning.id),
        title=numbers.titled(work, letter.org, item.name),
        subject=f"warning:{warning.id}",
    )
    return Evaluation(deserved, deserved, 0, needed, warning.id)


def _change(engine: Engine, work: Work, warning: WarningView, level: WarningLevel, facts: Facts) -> WarningView:
    _hold(work, warning)
    changed = warnings.level_changed(work, warning, level, facts)
    if warning.item is not None:
        _bring_up(work, changed, items.view(work, warning.item).name)
    messages.send(engine, work, "warning.changed", str(warning.id), {"level": str(level)})
    return changed


def _hold(work: Work, warning: WarningView) -> None:
    """Lock the warning's process first: its operations lock the warning after it, and so must everybody."""
    for each in instances.of_subject(work, f"warning:{warning.id}"):
        if each.ended_at is None:
            standings.lock(work, each.id)


def _bring_up(work: Work, warning: WarningView, name: str) -> None:
    """RED goes on the agenda of the next meeting (domain.md §8)."""
    if warning.level is WarningLevel.RED:
        topics.put(work, warning=warning.id, item=warning.item, org=warning.org, question=name)


def _inside(  # noqa: PLR0913, PLR0917  (what was found about which warning)
    engine: Engine,
    work: Work,
    warning: WarningView,
    deserved: WarningLevel | None,
    facts: Facts,
    needed: int,
    updated: bool,
) -> Evaluation:
    if levels.rank(deserved) >= warning.level.rank:
        if updated and warning.inside:
            warnings.noted(work, warning, inside=0)
        return Evaluation(deserved, warning.level, 0, needed, warning.id)
    if not updated:
        return Evaluation(deserved, warning.level, warning.inside, needed, warning.id)
    if warning.inside + 1 < needed:
        warnings.noted(work, warning, inside=warning.inside + 1)
        return Evaluation(deserved, warning.level, warning.inside + 1, needed, warning.id)
    if deserved is None:
        end(engine, work, warning, "inside")
    else:
        _change(engine, work, warning, deserved, facts)
    return Evaluation(deserved, deserved, needed, needed, warning.id)


def _batch(engine: Engine, after: int) -> list[int]:
    wanted: Any = (
        select(ItemRow.id)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .where(LetterRow.status == LetterState.EFFECTIVE, ItemRow.id > after)
        .where(ItemRow.kind.in_(WATCHED_KINDS), ItemRow.status.in_(WATCHED_STATES))
        .order_by(ItemRow.id)
        .limit(BATCH)
    )
    with engine.start_work(reading=True) as work:
        return list(work.session.execute(wanted).scalars())
