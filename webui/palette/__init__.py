"""The command palette: one field that finds tasks, letters, processes, people and commands by what one types."""

from typing import Any

from flask import Blueprint, render_template, request

from webui.current import engine, viewer
from webui.family import Family
from webui.palette import finders
from webui.palette.hits import Group, Sought

blueprint = Blueprint("palette", __name__)
FAMILY = Family(blueprint)
LONGEST = 60


@blueprint.get("/palette")
def find() -> Any:
    """What the text finds for this viewer, in groups; what is due today for an empty one."""
    sought = Sought.read(request.args.get("q", "")[:LONGEST])
    groups = [Group(name, hits) for name, find in finders.of(sought) if (hits := find(engine(), viewer(), sought.text))]
    return render_template("palette/found.html", groups=groups, sought=sought)
