"""An update that gives cause and measure answers the warning: nobody types the same twice (ux.md §4.7)."""

from sqlalchemy import select

from engine.approvals.tables import assignment
from engine.kernel.work import Work
from engine.letters.drafting import tasks
from engine.letters.tracking.progress import Update
from engine.letters.watching import warnings
from engine.letters.watching.states import WARNING_MOVES, WarningState
from engine.workflow import instances
from engine.workflow.engine import Engine
from engine.workflow.tables import task

ASKED = ("reply", "report")
"""Nodes of the escalation where the owner owes what an update may already say."""


def by_update(engine: Engine, work: Work, warning_id: int, update: Update, actor: int) -> bool:
    """Take cause and measure over from an update; the open task is done when a finish date was given too."""
    warning = warnings.view(work, warning_id)
    said = update.reason.strip() and update.measures.strip()
    if not said or WarningState.ACTION not in WARNING_MOVES[warning.status]:
        return False
    asked = _asked(work, warning_id, actor)
    if asked is not None and update.forecast_finish is not None:
        finish = update.forecast_finish.isoformat()
        values = {"cause": update.reason, "measures": update.measures, "forecast_finish": finish}
        tasks.done(engine, work, asked, actor, values=values)
        return True
    told = {"reason": update.reason, "measures": update.measures, "forecast_finish": update.forecast_finish}
    warnings.noted(work, warning, **told)
    return False


def _asked(work: Work, warning_id: int, actor: int) -> int | None:
    """The task of the warning's escalation that waits for this person's answer."""
    running = [each.id for each in instances.of_subject(work, f"warning:{warning_id}") if each.ended_at is None]
    wanted = (
        select(task.c.id)
        .join(assignment, assignment.c.task_id == task.c.id)
        .where(task.c.instance_id.in_(running), task.c.node.in_(ASKED), task.c.status == "open")
        .where(assignment.c.person_id == actor, assignment.c.state == "PENDING")
        .limit(1)
    )
    found: int | None = work.connection.execute(wanted).scalar()
    return found
