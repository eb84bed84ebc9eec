"""Which of somebody's tasks could be approved together at a glance (APR-26)."""

from sqlalchemy import select

from engine.approvals.tables import assignment
from engine.kernel.work import Work
from engine.workflow.tables import task

MOST = 100


def of(work: Work, person: int) -> tuple[int, ...]:
    """Open tasks that ask the person for a yes and nothing else: no form, no page of their own, no opinion needed.

    One statement; `batches.reason_against` has the last word on each.
    """
    mine = select(task.c.id, task.c.options).join(assignment, assignment.c.task_id == task.c.id)
    plain = mine.where(
        assignment.c.person_id == person,
        assignment.c.state == "PENDING",
        assignment.c.kind == "decide",
        task.c.form.is_(None),
    )
    found = work.connection.execute(
        plain.order_by(assignment.c.due_sort, assignment.c.rank, assignment.c.id).limit(MOST)
    )
    return tuple(row.id for row in found if (row.options or {}).get("opinion") != "required")
