"""What is due in words, and where one does something about it."""

from flask import url_for

from engine.letters.tracking.agenda import Due, DueKind
from webui.tracking.blueprint import blueprint
from webui.words import word


@blueprint.app_template_filter("due_name")
def named(due: Due) -> str:
    """What is due, in words: a step of the cycle is a code."""
    return word(f"cycle.{due.name}") if due.kind is DueKind.STEP else due.name


@blueprint.app_template_filter("due_place")
def placed(due: Due) -> str:
    """Whose it is, or of which period."""
    if due.kind is not DueKind.STEP:
        return due.place
    level, _blank, period = due.place.partition(" ")
    return f"{word(f'level.{level}')} {period}"


@blueprint.app_template_filter("due_address")
def address(due: Due) -> str | None:
    """Where one does something about it; None for a step of the cycle."""
    where = {
        DueKind.TASK: lambda: url_for("inbox.task", task_id=due.about),
        DueKind.ITEM: lambda: url_for("tracking.progress", at=due.about),
        DueKind.PROMISE: lambda: url_for("letters.commitment", commitment=due.about),
        DueKind.ORDER: lambda: url_for("watching.orders_one", order=due.about),
    }
    return where[due.kind]() if due.kind in where else None
