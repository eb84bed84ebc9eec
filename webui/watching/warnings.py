"""Warnings: the list by level and age, one warning with its chain and history."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.letters.watching import reading, replying
from engine.letters.watching.levels import WarningLevel
from engine.workflow.engine import Engine
from webui.current import engine, viewer
from webui.family import Rendered
from webui.i18n import gettext as _
from webui.viewer import Viewer
from webui.watching.blueprint import blueprint


@blueprint.get("/warnings")
def warnings() -> Any:
    chosen = request.args.get("level", "")
    level = WarningLevel(chosen) if chosen in WarningLevel.__members__ else None
    board = reading.board(engine(), viewer().id, level=level, closed="closed" in request.args)
    levels = tuple(reversed(WarningLevel))
    return render_template("watching/warnings.html", board=board, chosen=level, levels=levels)


@blueprint.get("/warnings/<int:warning>")
def warnings_one(warning: int) -> Any:
    return render_template("watching/warning.html", page=reading.warning_page(engine(), warning, viewer().id))


@blueprint.post("/warnings/<int:warning>/seen")
def warnings_seen(warning: int) -> Any:
    replying.acknowledge(engine(), warning, viewer().id)
    flash(_("Noted: you have seen it."))
    return redirect(url_for("watching.warnings_one", warning=warning), 303)


def summary(engine: Engine, viewer: Viewer, subject: str) -> Rendered | None:
    """What a task of an escalation is about."""
    number = int(subject.partition(":")[2])
    return Rendered("watching/summary.html", {"page": reading.warning_page(engine, number, viewer.id)})


def count(engine: Engine, viewer: Viewer) -> int:
    """Red and orange warnings that this person sees."""
    counts = reading.board(engine, viewer.id).counts
    return counts[WarningLevel.RED] + counts[WarningLevel.ORANGE]
