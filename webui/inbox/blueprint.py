"""The blueprint that the modules of the inbox hang their routes on; a task is there only for whoever may see it."""

from flask import Blueprint, request

from engine.approvals import rows, sight
from engine.kernel.errors import NotFound
from webui.current import engine, viewer

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")


@blueprint.before_request
def refuse_strangers() -> None:
    """Object level for every address that names a task: a stranger learns not even that it exists."""
    task = (request.view_args or {}).get("task_id")
    if task is None or viewer() is None:
        return
    with engine().start_work(reading=True) as work:
        node = rows.load(work, task)
        if node is None:
            raise NotFound("task.unknown", f"there is no task {task}", task=task)
        sight.instance_for(work, node.instance_id, viewer().id, viewer().roles)
