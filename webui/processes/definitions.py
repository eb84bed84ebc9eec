"""The list of processes, and one version of a process: drawing, outline, rule tables, README, versions."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for
from sqlalchemy import func, select

from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import definitions, outline, starts
from engine.workflow import instances as kept
from engine.workflow.tables import instance
from engine.workflow.views import DefinitionView
from webui.current import engine
from webui.processes import nodes, readme, rule_tables
from webui.processes.blueprint import blueprint

TABS = ("diagram", "tables", "readme", "versions")


@dataclass(frozen=True)
class Line:
    """A process in the list: its active version, how many run and how many hang."""

    definition: DefinitionView
    running: int
    incidents: int


@blueprint.get("/")
def index() -> Any:
    with engine().start_work(reading=True) as work:
        lines = _lines(work)
    return render_template("processes/index.html", lines=lines)


@blueprint.get("/<key>")
@blueprint.get("/<key>/v<int:version>")
def show(key: str, version: int | None = None) -> Any:
    tab = request.args.get("tab", TABS[0])
    with engine().start_work(reading=True) as work:
        chosen = _version(work, key, version)
        files = definitions.files(work, chosen.id)
        versions = definitions.versions(work, key)
        names = persons.names(work, [each.deployed_by for each in versions if each.deployed_by])
        begins = starts.of_process(work, key)
        living = kept.living(work, key) if tab == "versions" else {}
    return render_template(
        "processes/show.html",
        definition=chosen,
        versions=versions,
        active=next((each for each in versions if each.status == "active"), None),
        living=living,
        begins=begins,
        names=names,
        tab=tab if tab in TABS else TABS[0],
        tables=rule_tables.read(files),
        text=readme.of(current_app.config["PROCESSES"], key),
        outline=nodes.outlined(outline.of(files)),
        drawing=url_for("processes.diagram", definition_id=chosen.id),
    )


@blueprint.get("/diagrams/<int:definition_id>.bpmn")
def diagram(definition_id: int) -> Response:
    """The drawing of a version, as XML."""
    with engine().start_work(reading=True) as work:
        files = definitions.files(work, definition_id)
    name = next((each for each in sorted(files) if each.endswith(".bpmn")), None)
    if name is None:
        abort(404)
    return Response(files[name], mimetype="application/xml")


def _lines(work: Work) -> list[Line]:
    counted = (
        select(instance.c.key, func.count(), func.sum(instance.c.failed))
        .where(instance.c.status == "running")
        .group_by(instance.c.key)
    )
    numbers = {row[0]: (row[1], int(row[2] or 0)) for row in work.connection.execute(counted)}
    return [Line(each, *numbers.get(each.key, (0, 0))) for each in definitions.active(work)]


def _version(work: Work, key: str, version: int | None) -> DefinitionView:
    known = definitions.versions(work, key)
    wanted = (each for each in known if (each.status == "active" if version is None else each.version == version))
    found = next(wanted, known[0] if known and version is None else None)
    if found is None:
        raise NotFound("definition.unknown", f"there is no process '{key}'", key=key)
    return found
