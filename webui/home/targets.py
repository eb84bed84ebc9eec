"""Cards about one's own targets: the letters of one's unit and whom they wait for, and the month's dates."""

from datetime import datetime, time

from flask import g

from engine.kernel.clock import LOCAL, local
from engine.letters import commitments, deadlines, ledger, periods
from engine.people import orgs
from engine.workflow.engine import Engine
from webui.family import Rendered
from webui.viewer import Viewer

LETTERS = 4


def my_letters(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For heads: where each letter of the unit stands, with whom, and what others ask the unit to commit to."""
    if "ORG_HEAD" not in viewer.roles:
        return None
    with engine.start_work(reading=True) as work:
        units = orgs.headed_by(work, viewer.id)
        lines = ledger.of_units(work, viewer.id, units, LETTERS)
        asked = commitments.waiting(work, units)
    return Rendered("home/letters.html", {"lines": lines, "asked": asked})


def month(engine: Engine, viewer: Viewer) -> Rendered | None:
    """The dates of this month that everybody has; nothing where none is left."""
    period = periods.month_of(local(g.now).date())
    start = datetime.combine(period.start, time(), LOCAL)
    end = datetime.combine(periods.next_month(period).start, time(), LOCAL)
    with engine.start_work(reading=True) as work:
        found = deadlines.between(work, start, end)
    if not found:
        return None
    return Rendered("home/month.html", {"coming": [each for each in found if each.due >= g.now], "month": period})
