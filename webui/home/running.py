"""Cards for those who keep processes and the installation running."""

from datetime import timedelta

from flask import g

from engine.kernel import audit_proof, settings
from engine.notices import outbox
from engine.workflow import definitions, slowness
from engine.workflow.engine import Engine
from webui.family import Rendered
from webui.viewer import Viewer

MEASURED = timedelta(days=30)
SILENT = timedelta(minutes=10)


def slowest(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For process owners: the processes in force and the steps that cost most time."""
    if not viewer.may("PROCESS_OWNER"):
        return None
    with engine.start_work(reading=True) as work:
        found = slowness.steps(work, g.now - MEASURED)
        active = definitions.active(work)
    names = {each.key: each.name for each in active}
    return Rendered("home/slowest.html", {"steps": found, "names": names, "active": active})


def health(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For administrators: whether the clock ticks, what could not be delivered, when history was last sealed."""
    if not viewer.may("ADMIN"):
        return None
    with engine.start_work(reading=True) as work:
        dead = outbox.dead(work)
        sealed = audit_proof.last_anchor(work)
        ticked = settings.changed(work, [CLOCK]).get(CLOCK)
    silent = ticked is None or ticked < g.now - SILENT
    return Rendered("home/health.html", {"dead": dead, "sealed": sealed, "ticked": ticked, "silent": silent})


CLOCK = "periodic.conditions"
