"""What a scoring waits for, and with whom; OPS urges them (ux.md §4.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.approvals import deadlines
from engine.approvals.tables import assignment
from engine.kernel.clock import local
from engine.kernel.errors import Conflict
from engine.kernel.work import Work
from engine.letters import access
from engine.letters.scorecards import answering
from engine.people import persons
from engine.workflow.engine import Engine
from engine.workflow.tables import task

ASKED = ("PENDING", "POOLED")


@dataclass(frozen=True)
class Awaited:
    """An open step of a letter's scoring: its node, what it is called, until when, and who is asked."""

    node: str
    name: str
    due: datetime | None
    people: tuple[int, ...]


def of_letter(work: Work, letter: int) -> Sequence[Awaited]:
    """The open steps, each once (several providers share a node); none where no scoring runs."""
    running = answering.instance_of(work, letter)
    if running is None:
        return ()
    wanted = (
        select(task.c.node, task.c.name, task.c.due_at, assignment.c.person_id)
        .outerjoin(assignment, (assignment.c.task_id == task.c.id) & assignment.c.state.in_(ASKED))
        .where(task.c.instance_id == running, task.c.status == "open")
        .order_by(task.c.id, assignment.c.id)
    )
    found: dict[str, Awaited] = {}
    for node, name, due, person in work.connection.execute(wanted):
        known = found.get(node) or Awaited(node, name, due, ())
        asked = (*known.people, person) if person is not None and person not in known.people else known.people
        found[node] = Awaited(node, name, known.due, asked)
    return tuple(found.values())


def urge(engine: Engine, letter: int, actor: int) -> Sequence[str]:
    """催办: tells everybody who is asked and has not answered, once a day; their names.

    Raises NotFound, NotAllowed for whoever is not of OPS, Conflict `score.nobody_asked`.
    """
    with engine.start_work() as work:
        access.see(work, letter, actor)
        access.require_ops(work, actor)
        running = answering.instance_of(work, letter)
        wanted = select(task.c.id).where(task.c.instance_id == running, task.c.status == "open")
        occasion = f"urge:{local(work.now).date()}"
        told = {
            person
            for each in work.connection.execute(wanted.order_by(task.c.id)).scalars()
            for person in deadlines.remind(work, each, occasion, kind="urged")
        } - {actor}
        if not told:
            raise Conflict("score.nobody_asked", "nobody else is asked for anything now", letter=letter)
        names = persons.names(work, sorted(told))
        work.commit()
    return [names[person] for person in sorted(told)]
