"""What approvals keep of an instance follows it to another version; people, opinions and votes stay."""

from collections.abc import Iterable, Mapping

from sqlalchemy import update

from engine.approvals.tables import assignment, way_back
from engine.kernel.work import Work
from engine.workflow.views import TaskView


def follow(work: Work, instance_id: int, tasks: Iterable[TaskView], renamed: Mapping[str, str]) -> None:
    """What the inbox shows of tasks that changed, and ways back from and to nodes with other ids."""
    for each in tasks:
        shown = {"node": each.node, "name": each.name, "kind": each.kind}
        work.connection.execute(update(assignment).where(assignment.c.task_id == each.id).values(**shown))
    for before, after in renamed.items():
        for column in (way_back.c.from_node, way_back.c.to_node):
            kept = update(way_back).where(way_back.c.instance_id == instance_id, column == before)
            work.connection.execute(kept.values({column.name: after}))
