"""The home page's card of what is due."""

from flask import g

from engine.approvals import inbox as kept
from engine.approvals.inbox import Filters, Tab
from engine.kernel.clock import local
from engine.workflow.engine import Engine
from webui.dates import end_of
from webui.family import Rendered
from webui.inbox import rows
from webui.viewer import Viewer

SHOWN = 6


def due_today(engine: Engine, viewer: Viewer) -> Rendered | None:
    """Late and due today, the most urgent first; with nothing due, the next few."""
    until = end_of(local(g.now).date())
    urgent = kept.page(engine, viewer.id, Tab.TODO, Filters(due_until=until), limit=SHOWN).entries
    found = urgent or kept.page(engine, viewer.id, Tab.TODO, limit=SHOWN).entries
    with engine.start_work(reading=True) as work:
        listed = rows.of(work, found)
    late = sum(row.late for row in listed)
    return Rendered("inbox/card.html", {"rows": listed, "today": bool(urgent), "late": late})
