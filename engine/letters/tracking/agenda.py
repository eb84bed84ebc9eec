"""工作台历: what is due on which day, for a person or for the units that they answer for (REQ-009)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import or_, select

from engine.approvals.tables import assignment
from engine.kernel.clock import LOCAL
from engine.kernel.work import Work
from engine.letters import access
from engine.letters.commitments import CommitmentRow
from engine.letters.deadlines import DeadlineRow
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.letters.states import CommitmentState, LetterState
from engine.letters.tracking.updating import LIVE
from engine.letters.watching.orders import OrderRow
from engine.letters.watching.states import ORDER_OPEN
from engine.people.orgs import OrgRow
from engine.workflow.tables import instance, task

MOST = 500
"""Entries of one kind in one month that are shown."""
EVENING = time(18)
PROMISED = (CommitmentState.ACCEPTED,)


class DueKind(StrEnum):
    """What is due: a task of the inbox, an item of a letter, a promise to others, an order, a step of the cycle."""

    TASK = "TASK"
    ITEM = "ITEM"
    PROMISE = "PROMISE"
    ORDER = "ORDER"
    STEP = "STEP"


@dataclass(frozen=True)
class Due:
    """Something that is due; `about` is the id of the task, item, commitment or order, `name` the step for STEP.

    `late`: it should be over and is not.
    """

    kind: DueKind
    at: datetime
    name: str
    place: str
    about: int
    late: bool = False


def of(work: Work, person: int, first: date, last: date, *, units: bool = False) -> Sequence[Due]:
    """What is due from `first` to `last` (both included), by moment.

    Mine: what I am asked for, own, promised or received. With `units`: the items and promises of all units that this
    person heads or leads; for those who see everything, of the whole group.
    """
    window = _start(first), _start(last + timedelta(days=1))
    sight = access.Sight(work, person)
    found = [*_tasks(work, person, window), *_orders(work, person, window), *_steps(work, sight, window)]
    found += _items(work, sight, (first, last), units)
    found += _promises(work, sight, (first, last))
    return sorted(found, key=lambda each: (each.at, each.kind, each.about))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


def _evening(day: date) -> datetime:
    return datetime.combine(day, EVENING, LOCAL).astimezone(UTC)


def _tasks(work: Work, person: int, window: tuple[datetime, datetime]) -> Iterator[Due]:
    wanted = (
        select(assignment.c.task_id, assignment.c.due_at, task.c.name, instance.c.title)
        .join(task, task.c.id == assignment.c.task_id)
        .join(instance, instance.c.id == assignment.c.instance_id)
        .where(assignment.c.person_id == person, assignment.c.state.in_(("PENDING", "POOLED")))
        .where(assignment.c.due_at >= window[0], assignment.c.due_at < window[1])
        .limit(MOST)
    )
    for task_id, due, name, title in work.connection.execute(wanted):
        yield Due(DueKind.TASK, due, f"{name}: {title}", "", task_id, due < work.now)


def _items(work: Work, sight: access.Sight, days: tuple[date, date], units: bool) -> Iterator[Due]:
    mine = or_(ItemRow.owner_id == sight.person, ItemRow.owner_id.is_(None) & (LetterRow.party_b_id == sight.person))
    theirs = LetterRow.status == LetterState.EFFECTIVE if sight.all_seeing else LetterRow.org_id.in_(sight.headed)
    wanted = (
        select(ItemRow.id, ItemRow.due, ItemRow.name, OrgRow.name.label("unit"))
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .join(OrgRow, OrgRow.id == LetterRow.org_id)
        .where(LetterRow.status == LetterState.EFFECTIVE, ItemRow.status.in_(LIVE))
        .where(ItemRow.due >= days[0], ItemRow.due <= days[1], theirs if units else mine)
        .order_by(ItemRow.due, ItemRow.id)
        .limit(MOST)
    )
    for row in work.session.execute(wanted):
        at = _evening(row.due)
        yield Due(DueKind.ITEM, at, row.name, row.unit, row.id, at < work.now)


def _promises(work: Work, sight: access.Sight, days: tuple[date, date]) -> Iterator[Due]:
    wanted = (
        select(CommitmentRow.id, CommitmentRow.due, CommitmentRow.content, OrgRow.name.label("unit"))
        .join(OrgRow, OrgRow.id == CommitmentRow.provider_id)
        .where(CommitmentRow.provider_id.in_(sight.headed), CommitmentRow.status.in_(PROMISED))
        .where(CommitmentRow.due >= days[0], CommitmentRow.due <= days[1])
        .limit(MOST)
    )
    for row in work.session.execute(wanted):
        at = _evening(row.due)
        yield Due(DueKind.PROMISE, at, row.content, row.unit, row.id, at < work.now)


def _orders(work: Work, person: int, window: tuple[datetime, datetime]) -> Iterator[Due]:
    wanted = (
        select(OrderRow.id, OrderRow.due, OrderRow.no, OrderRow.content)
        .where(OrderRow.receiver_id == person, OrderRow.status.in_(sorted(ORDER_OPEN)))
        .where(OrderRow.due >= window[0], OrderRow.due < window[1])
        .limit(MOST)
    )
    for row in work.session.execute(wanted):
        yield Due(DueKind.ORDER, row.due, f"{row.no}: {row.content}", "", row.id, row.due < work.now)


def _steps(work: Work, sight: access.Sight, window: tuple[datetime, datetime]) -> Iterator[Due]:
    """The cycle's deadlines; an organisation's own beside everybody's."""
    own = DeadlineRow.org_id.is_(None) | DeadlineRow.org_id.in_(sight.headed)
    wanted = select(DeadlineRow.id, DeadlineRow.due, DeadlineRow.step, DeadlineRow.level, DeadlineRow.period)
    ordered = wanted.where(own, DeadlineRow.due >= window[0], DeadlineRow.due < window[1]).order_by(DeadlineRow.due)
    for row in work.session.execute(ordered.limit(MOST)):
        yield Due(DueKind.STEP, row.due, row.step, f"{row.level} {row.period}", row.id)
