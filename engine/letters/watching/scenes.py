"""Everything that the levels of some items depend on, read at once: a handful of queries however many items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.letters import items as rows_of_items
from engine.letters import letters, regulations
from engine.letters.commitments import CommitmentRow
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.items import ItemView
from engine.letters.letters import LetterView
from engine.letters.parameter_sections import Cycle, Watching
from engine.letters.parameters import Parameters
from engine.letters.scorecards.vetoes import VetoRow
from engine.letters.states import CommitmentState
from engine.letters.tracking import progress
from engine.letters.tracking.progress import ProgressView
from engine.letters.tracking.submissions import SubmissionRow, Verdict
from engine.letters.watching import warnings
from engine.letters.watching.warnings import WarningView
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class Scene:
    """What is known about some items at one moment, by item or by letter."""

    now: datetime
    calendar: WorkCalendar
    letters: Mapping[int, LetterView]
    parameters: Mapping[int, Parameters]
    latest: Mapping[int, ProgressView]
    open: Mapping[int, WarningView]
    parents: Mapping[int, ItemView]
    conditional: frozenset[int]
    breached: frozenset[int]
    vetoed: frozenset[int]

    @property
    def today(self) -> date:
        return local(self.now).date()

    def cycle(self, item: ItemView) -> Cycle:
        """The cycle of the regulation that the item's letter was made under."""
        return self.parameters[item.letter].cycle

    def watching(self, item: ItemView) -> Watching:
        """The limits of the regulation that the item's letter was made under."""
        return self.parameters[item.letter].watching


def of(engine: Engine, work: Work, found: Sequence[ItemView]) -> Scene:
    """The scene of these items."""
    numbers = [item.id for item in found]
    heads = letters.many(work, {item.letter for item in found})
    rules = {head.regulation for head in heads.values()}
    known = {regulation: regulations.view(work, regulation).parameters for regulation in rules}
    return Scene(
        now=work.now,
        calendar=engine.calendar(work),
        letters=heads,
        parameters={letter: known[head.regulation] for letter, head in heads.items()},
        latest=progress.latest(work, numbers),
        open=warnings.open_of(work, numbers),
        parents=rows_of_items.many(work, {item.parent for item in found if item.parent is not None}),
        conditional=_conditional(work, numbers),
        breached=_breached(work, numbers),
        vetoed=_vetoed(work, numbers),
    )


def _conditional(work: Work, numbers: Sequence[int]) -> frozenset[int]:
    """Items of which a deliverable's newest version has to be mended."""
    newest = (
        select(SubmissionRow.spec_id, func.max(SubmissionRow.version).label("version"))
        .join(DeliverableSpecRow, DeliverableSpecRow.id == SubmissionRow.spec_id)
        .where(DeliverableSpecRow.item_id.in_(numbers))
        .group_by(SubmissionRow.spec_id)
        .subquery()
    )
    same = (SubmissionRow.spec_id == newest.c.spec_id) & (SubmissionRow.version == newest.c.version)
    wanted = (
        select(DeliverableSpecRow.item_id)
        .join(SubmissionRow, SubmissionRow.spec_id == DeliverableSpecRow.id)
        .join(newest, same)
        .where(SubmissionRow.result == Verdict.CONDITIONAL)
    )
    return frozenset(work.session.execute(wanted).scalars())


def _breached(work: Work, numbers: Sequence[int]) -> frozenset[int]:
    wanted = select(CommitmentRow.item_id).where(
        CommitmentRow.item_id.in_(numbers), CommitmentRow.status == CommitmentState.BREACHED
    )
    return frozenset(work.session.execute(wanted).scalars())


def _vetoed(work: Work, numbers: Sequence[int]) -> frozenset[int]:
    """VETO items against which an event is reported and not decided."""
    wanted = select(VetoRow.item_id).where(VetoRow.item_id.in_(numbers), VetoRow.confirmed.is_(None))
    return frozenset(work.session.execute(wanted).scalars())
