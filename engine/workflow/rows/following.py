"""Task rows after a migration: they show what the nodes of the new version say, and stay who they are."""

from dataclasses import replace

from sqlalchemy import bindparam, update

from engine.kernel.statements import Statement
from engine.workflow.outside import items
from engine.workflow.rows.tasks import Opening, read_open, shown, view
from engine.workflow.step import Step
from engine.workflow.tables import task
from engine.workflow.views import TaskView


def follow(opening: Opening, step: Step) -> tuple[TaskView, ...]:
    """Let the rows of open tasks show what their nodes say in the new version; those that changed.

    Called before the step is settled, which reads the rows that were read here.
    """
    work, standing, changed = opening.work, opening.standing, []
    rows = {row.token: row for row in read_open(work, standing)}
    for each in step.open:
        row, said = rows[each.token], {"name": each.node.name or each.node.id, **shown(each, opening.ports)}
        if row.node != each.node.id or any(getattr(row, name) != value for name, value in said.items()):
            fresh = {f"new_{name}": value for name, value in said.items()}
            work.run(_SHOW, {"of": row.id, "new_node": each.node.id, **fresh})
            if row.topic != said["topic"]:
                items.follow(work, row.id, standing.view.id, said["topic"])
            changed.append(replace(view(row, standing.view, each.node), **said))
    return tuple(changed)


_SHOW = Statement(
    update(task)
    .where(task.c.id == bindparam("of"))
    .values({name: bindparam(f"new_{name}") for name in ("node", "name", "kind", "form", "page", "topic", "options")})
)
