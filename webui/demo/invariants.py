"""What must hold whatever happened: read from the database, said in sentences; an empty list is good."""

from collections import Counter
from collections.abc import Callable, Iterator

import orjson
from sqlalchemy import func, select

from engine.approvals.tables import assignment
from engine.kernel import audit_proof
from engine.kernel.audit import history
from engine.kernel.work import StartWork, Work
from engine.letters import content
from engine.letters.kinds import WeightMode
from engine.letters.letters import LetterRow
from engine.letters.states import ACTIVE, LetterState
from engine.letters.weights import total
from engine.workflow import incidents
from engine.workflow.instances import OVER
from engine.workflow.tables import instance, task, timer

AGREED = ACTIVE | {LetterState.SIGNING, LetterState.APPROVED, LetterState.SUPERSEDED}
FIRINGS = ("timer.fired", "task.remind", "task.deadline", "task.escalate")


def broken(start_work: StartWork) -> dict[str, list[str]]:
    """Every invariant by name with what breaks it."""
    with start_work(reading=True) as work:
        return {name: list(check(work)) for name, check in CHECKS.items()}


def _weights(work: Work) -> Iterator[str]:
    """The weights of every agreed letter sum to its full score."""
    wanted = select(LetterRow.id).where(LetterRow.status.in_(AGREED), LetterRow.weight_mode == WeightMode.WEIGHTED)
    for letter_id in work.session.execute(wanted).scalars():
        known = content.load(work, letter_id)
        if known.scored and total(known.weights) != known.letter.full_score:
            yield f"{known.letter.no}: {total(known.weights)} ≠ {known.letter.full_score}"


def _one_version(work: Work) -> Iterator[str]:
    """One active letter per organisation and period."""
    key = (LetterRow.org_id, LetterRow.level, LetterRow.period)
    active = select(*key, func.count()).where(LetterRow.status.in_(ACTIVE)).group_by(*key).having(func.count() > 1)
    for row in work.session.execute(active):
        yield f"{row[1]} {row[2]} of organisation {row[0]} has {row[3]} active letters"


def _timers_once(work: Work) -> Iterator[str]:
    """Each occurrence of each timer took effect once."""
    entries = work.connection.execute(select(history.c.detail).where(history.c.act.in_(FIRINGS))).scalars()
    seen = Counter(_occurrence(detail) for detail in entries)
    yield from (
        f"timer {timer_id}, occurrence {seq}: {count} times" for (timer_id, seq), count in seen.items() if count > 1
    )


def _occurrence(detail: str) -> tuple[int, int]:
    known = orjson.loads(detail)
    return int(known["timer"]), int(known["seq"])


def _chain(work: Work) -> Iterator[str]:
    """History is one unbroken chain per stream."""
    yield from (f"{each.stream} entry {each.seq}: {each.code}" for each in audit_proof.verify(work))


def _nothing_left(work: Work) -> Iterator[str]:
    """Nothing is open on an instance that is over."""
    over = select(instance.c.id).where(instance.c.status.in_(OVER))
    for name, wanted in (
        ("task", select(task.c.id).where(task.c.status == "open", task.c.instance_id.in_(over))),
        ("timer", select(timer.c.id).where(timer.c.state.in_(("waiting", "queued")), timer.c.instance_id.in_(over))),
        (
            "assignment",
            select(assignment.c.id)
            .join(task, task.c.id == assignment.c.task_id)
            .where(assignment.c.state.in_(("PENDING", "WAITING")), task.c.status != "open"),
        ),
    ):
        yield from (
            f"{name} {ident} is open on something that is over" for ident in work.connection.execute(wanted).scalars()
        )


def _incidents(work: Work) -> Iterator[str]:
    """No process waits for somebody to mend it."""
    yield from (f"{each.node}: {each.message}" for each in incidents.open(work))


CHECKS: dict[str, Callable[[Work], Iterator[str]]] = {
    "weights": _weights,
    "one_version": _one_version,
    "timers_once": _timers_once,
    "chain": _chain,
    "nothing_left": _nothing_left,
    "incidents": _incidents,
}
