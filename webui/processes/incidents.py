"""What failed and waits for somebody: grouped by cause, so that one cause is mended once."""

from collections import defaultdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.workflow import incidents as kept
from engine.workflow import instances
from engine.workflow.engine import Engine
from engine.workflow.views import IncidentView
from webui import access, forms
from webui.current import engine, viewer
from webui.family import Rendered
from webui.i18n import gettext as _
from webui.i18n import ngettext
from webui.processes.blueprint import blueprint
from webui.viewer import Viewer
from webui.words import told

MENDERS = ("ADMIN", "PROCESS_OWNER")


class Retry(forms.Schema):
    incident = forms.many_numbers()


@blueprint.get("/incidents")
@access.roles(*MENDERS)
def incidents() -> Any:
    with engine().start_work(reading=True) as work:
        found = kept.open(work)
        titles = {each: instances.view_in(work, each).title for each in {one.instance_id for one in found}}
    return render_template("processes/incidents.html", causes=_by_cause(found), titles=titles)


@blueprint.post("/incidents/retry")
@access.roles(*MENDERS)
def retry() -> Any:
    """Try again what was ticked; each is its own transaction, the answer counts what went through."""
    chosen = forms.must_read(Retry)["incident"]
    mended = sum(kept.retry(engine(), each, viewer().id) for each in chosen)
    failed = len(chosen) - mended
    told = ngettext("%(num)s went through", "%(num)s went through", mended)
    flash(f"{told}; " + _("%(failed)s failed again", failed=failed) if failed else told)
    back = request.args.get("instance", type=int)
    target = url_for("processes.instance", instance_id=back) if back else url_for("processes.incidents")
    return redirect(target, 303)


def count(engine: Engine, viewer: Viewer) -> int:
    """How many wait; only menders are asked to mend."""
    if not viewer.may(*MENDERS):
        return 0
    with engine.start_work(reading=True) as work:
        return len(kept.open(work))


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """The home page's card for those who mend."""
    if not viewer.may(*MENDERS):
        return None
    with engine.start_work(reading=True) as work:
        return Rendered("processes/incidents_card.html", {"causes": _by_cause(kept.open(work))})


def _by_cause(found: list[IncidentView]) -> list[tuple[str, list[IncidentView]]]:
    causes: dict[str, list[IncidentView]] = defaultdict(list)
    for each in found:
        causes[f"{each.name or each.node}: {told(each)}"].append(each)
    return sorted(causes.items(), key=lambda cause: -len(cause[1]))
