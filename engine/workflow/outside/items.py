"""Rows of work for programs, kept in line with the tasks whose work it is."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, update

from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.workflow.outside.tables import OPEN, work_item
from engine.workflow.tables import incident

TRIES = 3
"""How often work may fail where `lf:operation` does not say `tries`."""
MOST_TRIES = 100


def open(work: Work, task_id: int, instance_id: int, topic: str, tries: Any) -> None:  # noqa: A001
    """Work of a task that was just opened can be fetched."""
    row = {"task_id": task_id, "instance_id": instance_id, "topic": topic, "state": OPEN, "ready_at": work.now}
    work.run(_OPEN, {**row, "worker": None, "person_id": None, "tries": _number(tries), "failures": 0, "message": None})


def follow(work: Work, task_id: int, instance_id: int, topic: str | None) -> None:
    """The node of an open task says another topic, one for the first time, or none any more."""
    known = update(work_item).where(work_item.c.task_id == task_id)
    if topic is None:
        close(work, [task_id], failed=True)
    elif work.connection.execute(known.values(topic=topic)).rowcount == 0:
        open(work, task_id, instance_id, topic, TRIES)


def close(work: Work, task_ids: Iterable[int], *, failed: bool) -> None:
    """Work of tasks that ended is nobody's; where something `failed` in the instance, it needs no mending."""
    ended = [{"of": task_id} for task_id in task_ids]
    if ended:
        work.run(_CLOSE, ended)
    if ended and failed:
        work.run(_RESOLVE, [{**each, "at": work.now} for each in ended])


def renew(work: Work, task_id: int) -> None:
    """Work that was stuck can be fetched again, with all its tries."""
    work.connection.execute(_RENEW, {"of": task_id, "at": work.now})


def _number(tries: Any) -> int:
    """A diagram may say it as text or as an expression; what is no number of tries is the usual one."""
    text = str(tries)
    return min(max(int(text), 1), MOST_TRIES) if text.isascii() and text.isdigit() else TRIES


_OPEN = Statement(work_item.insert())
_CLOSE = Statement(delete(work_item).where(work_item.c.task_id == bindparam("of")))
_RESOLVE = Statement(
    update(incident)
    .where(incident.c.task_id == bindparam("of"), incident.c.status == "open")
    .values(status="resolved", closed_at=bindparam("at"))
)
_RENEW = (
    update(work_item)
    .where(work_item.c.task_id == bindparam("of"))
    .values(state=OPEN, ready_at=bindparam("at"), worker=None, person_id=None, failures=0)
)
