"""What failed and waits for somebody: grouped by cause, so that one cause is mended once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.kernel import list_book
from engine.workflow import incidents as kept
from engine.workflow.engine import Engine
from engine.workflow.incidents import Placed
from webui import access, forms
from webui.current import engine, viewer
from webui.exports import Column, listed
from webui.family import Rendered
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
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
        found = kept.placed(work)
    return render_template("processes/incidents.html", causes=_by_cause(found))


@blueprint.get("/incidents.xlsx")
@access.roles(*MENDERS)
@listed(
    _l("Incidents"),
    Column(_l("Number"), lambda row: f"IN-{row.incident.instance_id}", 12),
    Column(_l("Title"), lambda row: row.title, 40),
    Column(_l("Process"), lambda row: row.key),
    Column(_l("Node"), lambda row: row.incident.name or row.incident.node, 24),
    Column(_l("Cause"), lambda row: told(row.incident), 60),
    Column(_l("Since"), lambda row: row.incident.opened_at, 17),
)
def incidents_export() -> Sequence[Placed]:
    with engine().start_work(reading=True) as work:
        return kept.placed(work, limit=list_book.MOST)


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
        return kept.count(work)


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """The home page's card for those who mend."""
    if not viewer.may(*MENDERS):
        return None
    with engine.start_work(reading=True) as work:
        return Rendered("processes/incidents_card.html", {"causes": _by_cause(kept.placed(work))})


@dataclass(frozen=True)
class Cause:
    """What failed in the same way at the same place; `told` is the sentence, `raw` the engine's own words."""

    node: str
    told: str
    raw: str
    key: str
    found: Sequence[Placed]


def _by_cause(found: Sequence[Placed]) -> list[Cause]:
    causes: dict[tuple[str, str, str], list[Placed]] = defaultdict(list)
    for each in found:
        causes[each.incident.name or each.incident.node, told(each.incident), each.key].append(each)
    made = [Cause(node, said, some[0].incident.message, key, some) for (node, said, key), some in causes.items()]
    return sorted(made, key=lambda cause: -len(cause.found))
