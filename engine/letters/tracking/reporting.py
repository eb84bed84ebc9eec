"""The progress sheet of a person: what is to be reported until when, and where each item stands (ux.md §4.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.letters import rows
from engine.letters.items import ItemRow, ItemView
from engine.letters.kinds import Importance, Kind
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import LetterState
from engine.letters.tracking import updating
from engine.letters.tracking.progress import ProgressView
from engine.letters.tracking.updating import LIVE, Outlook
from engine.letters.watching import evaluating, levels, measuring, scenes
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.scenes import Scene
from engine.letters.watching.states import WARNING_OPEN
from engine.letters.watching.warnings import WarningRow, WarningView
from engine.workflow.engine import Engine

REPORTED = (Kind.KPI, Kind.TASK, Kind.TRACK)


@dataclass(frozen=True)
class Line:
    """An item on somebody's progress sheet; `due` is its next report, `reported` whether that one is there already.

    NORMAL items track themselves: nobody misses their report (`asked` is false).
    """

    item: ItemView
    letter: LetterView
    last: ProgressView | None
    warning: WarningView | None
    outlook: Outlook
    due: datetime
    reported: bool

    @property
    def asked(self) -> bool:
        return self.item.importance is not Importance.NORMAL

    @property
    def left(self) -> bool:
        return self.asked and not self.reported

    @property
    def calm(self) -> bool:
        """Whether saying `nothing changed` is possible: reported once, and nothing asks for a reason."""
        return self.last is not None and not self.outlook.reason_needed


def sheet(engine: Engine, actor: int) -> Sequence[Line]:
    """The items whose progress this person reports, those in danger first."""
    with engine.start_work(reading=True) as work:
        return sheet_in(engine, work, actor)


def confirm_all(engine: Engine, actor: int) -> int:
    """无变化: repeat the last update of every item of mine that waits for a report; how many.

    An item that is late, or at YELLOW or above, is left alone.
    """
    with engine.start_work() as work:
        lines = [line for line in sheet_in(engine, work, actor) if not line.reported and line.calm]
        for line in lines:
            updating.save_in(engine, work, line.item.id, updating.repeat(line.last), actor)
        work.commit()
    return len(lines)


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
    mine = _mine(work, actor)
    if not mine:
        return []
    scene = scenes.of(engine, work, mine)
    asked = [(item, updating.repeat(scene.latest.get(item.id))) for item in mine]
    looks = evaluating.preview_all(engine, work, asked, scene)
    found = [
        _line(scene, item, updating.judged(measured, evaluation, update, scene.latest.get(item.id)))
        for (item, update), (measured, evaluation) in zip(asked, looks, strict=True)
    ]
    return sorted(found, key=lambda line: -levels.rank(line.warning.level if line.warning else None))


def _mine(work: Work, actor: int) -> Sequence[ItemView]:
    wanted = (
        select(ItemRow.__table__)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .where(LetterRow.status == LetterState.EFFECTIVE)
        .where(ItemRow.kind.in_(REPORTED), ItemRow.status.in_(LIVE))
        .where(or_(ItemRow.owner_id == actor, ItemRow.owner_id.is_(None) & (LetterRow.party_b_id == actor)))
        .order_by(ItemRow.due.is_(None), ItemRow.due, ItemRow.id)
    )
    return [rows.view(ItemView, row) for row in work.session.execute(wanted)]


def _line(scene: Scene, item: ItemView, outlook: Outlook) -> Line:
    last = scene.latest.get(item.id)
    passed, due = measuring.report_slot(scene.cycle(item), item, scene.now, scene.calendar)
    reported = last is not None and local(last.at).date() > passed
    return Line(item, scene.letters[item.letter], last, scene.open.get(item.id), outlook, due, reported)
