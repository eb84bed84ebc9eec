"""The list of processes, and one version of a process: drawing, outline, rule tables, README, versions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Response, abort, current_app, render_template, request, url_for

from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import definitions, overview, programs, starts
from engine.workflow import instances as kept
from engine.workflow.overview import Overview
from engine.workflow.views import DefinitionView
from webui.current import engine, viewer
from webui.dates import DAY_SECONDS
from webui.exports import Column, listed
from webui.i18n import lazy_gettext as _l
from webui.processes import nodes, readme, rule_tables
from webui.processes.blueprint import blueprint
from webui.processes.instances import OVERSEERS

TABS = ("diagram", "tables", "readme", "versions")


@blueprint.get("/")
def index() -> Any:
    with engine().start_work(reading=True) as work:
        lines = overview.of(work)
        names = persons.names(work, [each.definition.deployed_by for each in lines if each.definition.deployed_by])
    return render_template("processes/index.html", lines=lines, names=names, oversees=viewer().may(*OVERSEERS))


@blueprint.get("/list.xlsx")
@listed(
    _l("Processes"),
    Column(_l("Process"), lambda line: line.definition.name, 24),
    Column(_l("Key"), lambda line: line.definition.key),
    Column(_l("Version"), lambda line: line.definition.version, 8),
    Column(_l("Deployed"), lambda line: line.definition.deployed_at, 17),
    Column(_l("Waits to be activated"), lambda line: line.waiting, 10),
    Column(_l("Running"), lambda line: line.running, 10),
    Column(_l("Incidents"), lambda line: line.incidents, 10),
    Column(_l("Median days"), lambda line: line.took and Decimal(line.took.total_seconds()) / DAY_SECONDS, 12, "two"),
)
def index_export() -> Sequence[Overview]:
    with engine().start_work(reading=True) as work:
        return overview.of(work)


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
        specs = nodes.specs_of(work, chosen)
        remarks = nodes.found(programs.of_version(work, chosen.id).findings, specs) if tab == TABS[0] else []
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
        outline=nodes.outlined(specs),
        remarks=remarks,
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


def _version(work: Work, key: str, version: int | None) -> DefinitionView:
    known = definitions.versions(work, key)
    wanted = (each for each in known if (each.status == "active" if version is None else each.version == version))
    found = next(wanted, known[0] if known and version is None else None)
    if found is None:
        raise NotFound("definition.unknown", f"there is no process '{key}'", key=key)
    return found
