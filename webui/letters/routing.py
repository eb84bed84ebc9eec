"""预览流程: who will be asked about a letter, in which order and why, before it is handed in."""

from typing import Any

from flask import render_template

from engine.approvals import preview
from engine.kernel.errors import LetterflowError
from engine.letters import access
from engine.letters.letters import LetterView
from webui.current import by_htmx, engine, viewer
from webui.inbox import forecast
from webui.letters.blueprint import blueprint

PROCESS = "drafting"


@blueprint.get("/<int:letter>/route")
def route(letter: int) -> Any:
    """The steps that are open and to come, with persons and reasons; a dialog when htmx asks."""
    with engine().start_work(reading=True) as work:
        head = access.see(work, letter, viewer().id)
    template = "letters/route_steps.html" if by_htmx() else "letters/route.html"
    return render_template(template, head=head, steps=_steps(head))


def _steps(head: LetterView) -> list[dict[str, Any]]:
    if head.instance is not None:
        return forecast.steps(head.instance)
    said = {"org": head.org, "level": str(head.level), "period": head.period, "letter_id": head.id}
    try:
        ahead = preview.before_start(engine(), PROCESS, said, viewer().id, subject=f"letter:{head.id}")
    except LetterflowError:
        return []  # a forecast is a courtesy: the page stands without it
    return forecast.worded(ahead)
