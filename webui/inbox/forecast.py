"""What comes next (流程预测) in words, and finding persons while typing."""

from collections.abc import Sequence
from typing import Any

from flask import jsonify, render_template, request

from engine.approvals import preview, rows, sight
from engine.approvals.preview import Ahead
from engine.kernel.errors import LetterflowError, NotFound
from engine.people import persons
from webui.current import engine, viewer
from webui.inbox import voices
from webui.inbox.blueprint import blueprint
from webui.words import word

SUGGESTED = 12


@blueprint.get("/tasks/<int:task_id>/next")
def next_steps(task_id: int) -> Any:
    with engine().start_work(reading=True) as work:
        node = rows.load(work, task_id)
        if node is None:
            raise NotFound("task.unknown", f"there is no task {task_id}", task=task_id)
        sight.instance_for(work, node.instance_id, viewer().id, viewer().roles)
    return render_template("inbox/next_steps.html", steps=steps(node.instance_id))


@blueprint.get("/people")
def find_people() -> Any:
    """Suggestions of a person picker, as `name (number)`."""
    with engine().start_work(reading=True) as work:
        found = persons.search(work, request.args.get("q", ""), SUGGESTED)
    return jsonify(
        [{"value": f"{each.name} ({each.number})", "label": f"{each.org_name} {each.title}"} for each in found]
    )


def steps(instance_id: int) -> list[dict[str, Any]]:
    """The steps that are open and to come, as `components/stepper.html` draws them; none where none can be told."""
    try:
        ahead = preview.steps(engine(), instance_id)
    except LetterflowError:
        return []  # a forecast is a courtesy: the page stands without it
    return worded(ahead)


def worded(ahead: Sequence[Ahead]) -> list[dict[str, Any]]:
    """Steps of a forecast with their persons, and for each why it is theirs."""
    with engine().start_work(reading=True) as work:
        known = persons.many(work, [each.person for step in ahead for each in step.candidates])
        return [
            {
                "name": step.name,
                "state": "now" if step.open else "next",
                "people": [known[each.person] for each in step.candidates if each.person in known],
                "why": word("why.later")
                if step.later
                else "; ".join(
                    voices.reason(work, why.code, why.fields) for each in step.candidates[:1] for why in each.why
                ),
                "due": None,
            }
            for step in ahead
        ]
