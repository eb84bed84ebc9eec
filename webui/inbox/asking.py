"""The forms of the acts beside a decision, fetched when somebody wants one."""

from typing import Any

from flask import abort, render_template

from webui.current import by_htmx
from webui.inbox import tasks
from webui.inbox.blueprint import blueprint

ACTS = frozenset({"transfer", "delegate", "add", "copy", "more"})


@blueprint.get("/tasks/<int:task_id>/acts/<act>")
def ask(task_id: int, act: str) -> Any:
    """The form of one act: a part for the dialog, a page of its own without scripts."""
    if act not in ACTS:
        abort(404)
    return render_template("inbox/act.html" if by_htmx() else "inbox/act_page.html", page=tasks.load(task_id), act=act)
