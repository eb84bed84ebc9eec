"""The open task of a letter's process that a page completes in the same transaction as its own act."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.kernel.work import Work
from engine.letters import numbers
from engine.letters.letters import LetterView
from engine.workflow import instances, standings
from engine.workflow.engine import Engine
from engine.workflow.tables import task

DRAFTING = "drafting"


def hold(work: Work, instance: int | None) -> None:
    """Locks the instance first: its operations lock letters after it, and so must everybody."""
    if instance is not None:
        standings.lock(work, instance)


def find(work: Work, instance: int | None, node: str, *, index: int | None = None) -> int | None:
    """The open task at a node of an instance, the one with that index in a list; None when there is none."""
    if instance is None:
        return None
    wanted = select(task.c.id).where(task.c.instance_id == instance, task.c.node == node, task.c.status == "open")
    if index is not None:
        wanted = wanted.where(task.c.index == index)
    return work.connection.execute(wanted.order_by(task.c.id).limit(1)).scalar()


def done(  # noqa: PLR0913  (which task, by whom, with what)
    engine: Engine,
    work: Work,
    task_id: int,
    actor: int,
    *,
    values: Mapping[str, Any] | None = None,
    signature: Mapping[str, Any] | None = None,
) -> None:
    """The person has done the task. Raises as `approvals.decisions.decide` does."""
    work.session.flush()
    decisions.decide_in(
        engine, work, task_id, actor, Decision(decisions.DONE, values=values or {}, signature=signature)
    )


def start(engine: Engine, work: Work, letter: LetterView, *, actor: int) -> int:
    """Starts the drafting process for a letter that exists (imported, or made by hand); the instance's id."""
    data = {"org": letter.org, "level": letter.level, "period": letter.period, "letter_id": letter.id}
    return instances.start(
        engine,
        work,
        DRAFTING,
        data=data,
        business_key=business_key(letter.org, letter.level, letter.period),
        title=numbers.titled(work, letter.org, letter.no),
        starter=actor,
        subject=f"letter:{letter.id}",
        start_event="opened",
    )


def business_key(org: int, level: str, period: str) -> str:
    """What messages to a drafting process carry."""
    return f"{org}/{level}/{period}"
