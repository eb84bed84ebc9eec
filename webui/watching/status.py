"""The group's wall: index, punctuality, warnings, a tile per organisation; the same as a table."""

from typing import Any

from flask import render_template, request

from engine.kernel.errors import InvalidInput
from engine.letters.scorecards import standing
from engine.letters.watching import reading
from engine.letters.watching.levels import WarningLevel
from engine.workflow.engine import Engine
from webui.current import engine, viewer
from webui.family import Rendered
from webui.viewer import Viewer
from webui.watching.blueprint import blueprint

SEES = frozenset({"OPS", "OPS_HEAD", "PRESIDENT", "COMMITTEE", "COMMITTEE_CHAIR", "LEADER", "AUDITOR"})
LOOKS = {"GREEN": "NORMAL", "YELLOW": "YELLOW", "ORANGE": "ORANGE", "RED": "RED"}
"""The group's status has three of the warning levels' looks; green is the normal one."""


@blueprint.get("/status")
def status() -> Any:
    try:
        wall = _wall(engine(), viewer(), request.args.get("period") or None)
    except InvalidInput:  # a period that nobody offered
        wall = _wall(engine(), viewer(), None)
    as_table = request.args.get("as") == "table"
    levels = tuple(reversed(WarningLevel))
    return render_template("watching/status.html", wall=wall, as_table=as_table, levels=levels, looks=LOOKS)


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """G and K for those who steer the group."""
    if not viewer.roles & SEES:
        return None
    wall = _wall(engine, viewer, None)
    return Rendered("watching/card.html", {"wall": wall, "levels": tuple(reversed(WarningLevel)), "looks": LOOKS})


def _wall(engine: Engine, viewer: Viewer, period: str | None) -> standing.Wall:
    with engine.start_work(reading=True) as work:
        return standing.wall(work, period, visible=reading.visible(work, viewer.id))
