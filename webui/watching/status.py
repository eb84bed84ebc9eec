"""The group's wall: index, punctuality, warnings, a tile per organisation; the same as a table."""

import zlib
from collections.abc import Sequence
from typing import Any

from flask import Response, make_response, render_template, request

from engine.kernel.errors import InvalidInput
from engine.letters.scorecards import standing
from engine.letters.watching import reading
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.reading import Board, Wanted
from engine.workflow.engine import Engine
from webui.current import engine, viewer
from webui.exports import Column, listed
from webui.family import Rendered
from webui.i18n import lazy_gettext as _l
from webui.viewer import Viewer
from webui.watching.blueprint import blueprint

REDS = 20
"""Warnings that the wall lists; the page of warnings has them all."""
SEES = frozenset({"OPS", "OPS_HEAD", "PRESIDENT", "COMMITTEE", "COMMITTEE_CHAIR", "LEADER", "AUDITOR"})
LOOKS = {"GREEN": "NORMAL", "YELLOW": "YELLOW", "ORANGE": "ORANGE", "RED": "RED"}
"""The group's status has three of the warning levels' looks; green is the normal one."""


@blueprint.get("/status")
def status() -> Any:
    reds, level = _gravest()
    return render_template("watching/status.html", reds=reds, level_shown=level, **_shown(_asked()))


@blueprint.get("/status/live")
def status_live() -> Response:
    """The tiles and the figures above them; 204 while nothing changed, so that htmx swaps nothing."""
    shown = _shown(_asked())
    if request.args.get("rev") == shown["revision"]:
        return Response(status=204)
    return make_response(render_template("watching/tiles_live.html", **shown))


@blueprint.get("/status.xlsx")
@listed(
    _l("Group status"),
    Column(_l("Unit"), lambda tile: tile.org.name, 20),
    Column(_l("Result"), lambda tile: tile.value, 10, "two"),
    Column(_l("Grade"), lambda tile: tile.grade, 8),
    Column(_l("On time, percent"), lambda tile: tile.on_time, 12, "two"),
    Column(_l("Red"), lambda tile: tile.levels.get(WarningLevel.RED, 0), 8),
    Column(_l("Orange"), lambda tile: tile.levels.get(WarningLevel.ORANGE, 0), 8),
    Column(_l("Yellow"), lambda tile: tile.levels.get(WarningLevel.YELLOW, 0), 8),
    Column(_l("Blue"), lambda tile: tile.levels.get(WarningLevel.BLUE, 0), 8),
)
def status_export() -> Sequence[standing.Tile]:
    return _asked().tiles


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """G and K for those who steer the group."""
    if not viewer.roles & SEES:
        return None
    wall = _wall(engine, viewer, None)
    return Rendered("watching/card.html", {"wall": wall, "levels": tuple(reversed(WarningLevel)), "looks": LOOKS})


def _gravest() -> tuple[Board, WarningLevel]:
    """What is red; where nothing is, what is orange."""
    reds = reading.board(engine(), viewer().id, Wanted(WarningLevel.RED), limit=REDS)
    if reds.warnings or not reds.counts[WarningLevel.ORANGE]:
        return reds, WarningLevel.RED
    return reading.board(engine(), viewer().id, Wanted(WarningLevel.ORANGE), limit=REDS), WarningLevel.ORANGE


def _asked() -> standing.Wall:
    """The wall of the month in the address; a month that nobody offered is this one."""
    try:
        return _wall(engine(), viewer(), request.args.get("period") or None)
    except InvalidInput:
        return _wall(engine(), viewer(), None)


def _shown(wall: standing.Wall) -> dict[str, Any]:
    told = [(tile.org.id, tile.value, tile.grade, tile.on_time, sorted(tile.levels.items())) for tile in wall.tiles]
    revision = str(zlib.crc32(repr((told, wall.index, wall.on_time, sorted(wall.levels.items()))).encode()))
    as_table = request.args.get("as") == "table"
    return {
        "wall": wall,
        "revision": revision,
        "as_table": as_table,
        "levels": tuple(reversed(WarningLevel)),
        "looks": LOOKS,
    }


def _wall(engine: Engine, viewer: Viewer, period: str | None) -> standing.Wall:
    with engine.start_work(reading=True) as work:
        return standing.wall(work, period, visible=reading.visible(work, viewer.id))
