"""Migration of running instances: the mapping, a dry run over all of them, the run, and what was refused."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.kernel.work import Work
from engine.workflow import definitions, outline
from engine.workflow.migration import plans, progress, runs, terms
from engine.workflow.migration.plans import ALIKE, SAME, Plan
from engine.workflow.migration.progress import CANNOT, REFUSED, Line, Progress
from webui import access, forms
from webui.current import by_htmx, engine, viewer
from webui.exports import Column, listed
from webui.i18n import lazy_gettext as _l
from webui.processes import nodes
from webui.processes.acts import OWNERS
from webui.processes.blueprint import blueprint
from webui.words import remedy, told

TO = "to."
SHOWN = 50
PATH = "/<key>/migrate/<int:before>..<int:after>"


class Asked(forms.Schema):
    latest = forms.tick()


@blueprint.get(PATH)
@access.roles(*OWNERS)
def migration(key: str, before: int, after: int) -> Any:
    """The plan as it was tried last, and how far the last run is: whoever left comes back to it."""
    with engine().start_work(reading=True) as work:
        pair = (definitions.numbered(work, key, each) for each in (before, after))
        last = progress.latest(work, *(each.id for each in pair))
        asked = terms.read(
            engine(),
            work,
            key,
            (before, after),
            mapping=last.mapping if last else {},
            latest_called=before == after or bool(last and last.latest_called),
        )
        plan = plans.plan(engine(), work, asked)
        drawn = _drawn(work, plan)
        lines = _lines(work, last)
    only_open = "unmapped" in request.args
    return render_template("processes/migration.html", plan=plan, last=last, lines=lines, only_open=only_open, **drawn)


@blueprint.post(PATH)
@access.roles(*OWNERS)
def migration_tried(key: str, before: int, after: int) -> Any:
    """Begin a dry run with the mapping that was chosen."""
    form = forms.read(Asked, besides=TO)
    with engine().start_work(reading=True) as work:
        latest = bool(form.values.get("latest"))
        asked = terms.read(engine(), work, key, (before, after), mapping=_mapping(), latest_called=latest)
    runs.begin(engine(), asked, viewer().id, trial=True)
    return _back(key, before, after)


@blueprint.get("/migrations/<int:migration_id>")
@access.roles(*OWNERS)
def migration_progress(migration_id: int) -> Any:
    """How far it is: the part of the page that is asked for again while it runs."""
    with engine().start_work(reading=True) as work:
        last = progress.of(work, migration_id)
        lines = _lines(work, last)
    if not by_htmx():
        return _back(last.key, last.before, last.after)
    answer = make_response(render_template("processes/migration_progress.html", last=last, lines=lines))
    if last.status != "running":
        answer.headers["HX-Refresh"] = "true"  # the mapping counts anew, and what can be done has changed
    return answer


@blueprint.post("/migrations/<int:migration_id>/run")
@access.roles("ADMIN")
def migration_run(migration_id: int) -> Any:
    """Migrate what this dry run found able."""
    return _to(runs.carry_on(engine(), migration_id, viewer().id))


@blueprint.post("/migrations/<int:migration_id>/retry")
@access.roles("ADMIN")
def migration_retry(migration_id: int) -> Any:
    """Try again what was refused, or what a stop left over."""
    runs.retry(engine(), migration_id, viewer().id)
    return _to(migration_id)


@blueprint.post("/migrations/<int:migration_id>/stop")
@access.roles(*OWNERS)
def migration_stop(migration_id: int) -> Any:
    """Leave the rest as it is."""
    runs.stop(engine(), migration_id, viewer().id)
    return _to(migration_id)


@blueprint.get("/migrations/<int:migration_id>/refused.xlsx")
@access.roles(*OWNERS)
@listed(
    _l("Not migrated"),
    Column(_l("Instance"), lambda row: f"IN-{row.instance_id}", 12),
    Column(_l("Title"), lambda row: row.title, 32),
    Column(_l("Business key"), lambda row: row.business_key, 20),
    Column(_l("Reason"), lambda row: " ".join(told(each) for each in row.findings), 60),
    Column(_l("What to do"), lambda row: " ".join(dict.fromkeys(remedy(each) for each in row.findings)), 60),
)
def migration_refused(migration_id: int) -> Iterator[Line]:
    with engine().start_work(reading=True) as work:
        progress.of(work, migration_id)
        yield from progress.lines(work, migration_id, (CANNOT, REFUSED))


def _lines(work: Work, last: Progress | None) -> list[Line]:
    return progress.lines(work, last.id, (CANNOT, REFUSED), limit=SHOWN) if last else []


def _mapping() -> Mapping[str, str]:
    """What was chosen; a node that is its own place needs no words."""
    chosen = {name.removeprefix(TO): value for name, value in request.form.items() if name.startswith(TO)}
    return {name: value for name, value in chosen.items() if value and name != value}


def _drawn(work: Work, plan: Plan) -> dict[str, Any]:
    """Both drawings: how many stand at each node, and where they would stand."""
    old = {row.place.node.id: _mark(row.standing, row.target is not None) for row in plan.rows if row.standing}
    there: dict[str, int] = {}
    for row in plan.rows:
        if row.standing and row.target is not None:
            there[row.target] = there.get(row.target, 0) + row.standing
    marks = (old, {node: _mark(count, True) for node, count in there.items()})
    versions = (plan.terms.before, plan.terms.after)
    return {
        "sides": [
            {
                "version": each.version,
                "drawing": url_for("processes.diagram", definition_id=each.id),
                "marks": mark,
                "outline": nodes.outlined(outline.of(definitions.files(work, each.id)), prefix=f"v{each.version}-"),
            }
            for each, mark in zip(versions, marks, strict=True)
        ],
        "hows": (SAME, ALIKE),
    }


def _mark(count: int, mapped: bool) -> dict[str, str]:
    return {"state": "now" if mapped else "incident", "note": str(count)}


def _to(migration_id: int) -> Response:
    with engine().start_work(reading=True) as work:
        last = progress.of(work, migration_id)
    return _back(last.key, last.before, last.after)


def _back(key: str, before: int, after: int) -> Response:
    return redirect(url_for("processes.migration", key=key, before=before, after=after, _anchor="progress"), 303)
