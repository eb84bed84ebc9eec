"""Cards for those who steer: what is late, what is scored, which warnings are how old, what is red and why."""

from collections import Counter

from flask import g

from engine.kernel.clock import local
from engine.letters import ledger, periods
from engine.letters.kinds import Level
from engine.letters.ledger import Wanted
from engine.letters.scorecards import reading as scores
from engine.letters.scorecards import standing
from engine.letters.watching import reading
from engine.letters.watching.levels import WarningLevel
from engine.workflow.engine import Engine
from webui.family import Rendered
from webui.viewer import Viewer

AGES = (3, 7)
"""Days after which a warning counts as older, and as old."""
REDS = 5
LATE = 8


def submissions(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For OPS: letters whose draft was not handed in in time, all of whose heads can be urged at once."""
    if not viewer.may("OPS", "OPS_HEAD"):
        return None
    with engine.start_work(reading=True) as work:
        lines, more = ledger.page(work, viewer.id, Wanted(late=True))
    return Rendered("home/submissions.html", {"lines": lines[:LATE], "total": len(lines), "more": more})


def scoring(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For OPS: how far the scoring of the last month has come."""
    if not viewer.may("OPS", "OPS_HEAD"):
        return None
    month = periods.previous_month(periods.month_of(local(g.now).date()))
    found = [each for each in scores.listed(engine, viewer.id) if each.letter.period == month.code]
    states = Counter(str(each.letter.status) for each in found if each.letter.level is Level.MONTH)
    return Rendered("home/scoring.html", {"states": sorted(states.items()), "period": month.code})


def warnings(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For OPS: open warnings by level and by how long they have had it."""
    if not viewer.may("OPS", "OPS_HEAD"):
        return None
    board = reading.board(engine, viewer.id)
    ages: dict[WarningLevel, list[int]] = {level: [0] * (len(AGES) + 1) for level in reversed(WarningLevel)}
    for line in board.warnings:
        days = (g.now - line.warning.level_since).days
        ages[line.warning.level][sum(days >= each for each in AGES)] += 1
    return Rendered("home/warnings.html", {"ages": ages, "counts": board.counts, "limits": AGES})


def trend(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For leaders and the president: index G and punctuality K of the last months, as lines and as numbers."""
    if not viewer.may("LEADER", "PRESIDENT"):
        return None
    with engine.start_work(reading=True) as work:
        months = standing.trend(work)
    lines = [(name, [getattr(each, name) for each in months]) for name in ("index", "on_time")]
    drawn = [(name, [value for value in values if value is not None]) for name, values in lines]
    return Rendered("home/trend.html", {"months": months, "drawn": drawn}) if months else None


def reds(engine: Engine, viewer: Viewer) -> Rendered | None:
    """For leaders and the president: what is red in their line, each with its cause in one line."""
    if not viewer.may("LEADER", "PRESIDENT"):
        return None
    board = reading.board(engine, viewer.id, reading.Wanted(WarningLevel.RED), limit=REDS)
    return Rendered("home/reds.html", {"lines": board.warnings, "total": board.counts[WarningLevel.RED]})
