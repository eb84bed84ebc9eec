"""The diagram of one instance as a part of another page, such as a task's; the viewer's bundle comes with it."""

from typing import Any

from flask import render_template, url_for

from engine.approvals import sight
from engine.workflow import definitions, history, incidents, outline, tasks
from webui.current import engine, viewer
from webui.processes import nodes
from webui.processes.blueprint import blueprint
from webui.processes.instances import states_of


@blueprint.get("/instances/<int:instance_id>/drawing")
def instance_drawing(instance_id: int) -> Any:
    """Where the instance stands, for those who may see it."""
    with engine().start_work(reading=True) as work:
        found = sight.instance_for(work, instance_id, viewer().id, viewer().roles)
        specs = outline.of(definitions.files(work, found.definition_id))
        waiting = {each.node for each in tasks.of_instance(engine(), work, found.id, status="open")}
        failed = {each.node for each in incidents.open(work, instance_id=found.id)}
        states = states_of(history.of(work, found.id), waiting, failed)
    return render_template(
        "processes/drawing.html",
        drawing=url_for("processes.diagram", definition_id=found.definition_id),
        marks={node: {"state": state} for node, state in states.items()},
        outline=nodes.outlined(specs, states, prefix="part-"),
        title=found.title,
    )
