"""Notices of a person: the bell and the whole list; every line leads straight to what it speaks of."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from engine.notices import notices as kept
from engine.workflow.engine import Engine
from webui.current import engine, viewer
from webui.family import Family
from webui.viewer import Viewer

BELL = 8
PAGE = 30

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


def unread(engine: Engine, viewer: Viewer) -> int:
    """Notices that ask for an act: the number on the bell."""
    with engine.start_work(reading=True) as work:
        return kept.unread(work, viewer.id).action


FAMILY = Family(blueprint, counts={"notices": unread})


@blueprint.get("/")
def index() -> Any:
    asks = request.args.get("tab", "action") == "action"
    before = request.args.get("before", type=int)
    with engine().start_work(reading=True) as work:
        found = kept.page(work, viewer().id, needs_action=asks, before=before, limit=PAGE + 1)
        counts = kept.unread(work, viewer().id)
    more = (
        url_for("notices.index", tab=request.args.get("tab"), before=found[PAGE - 1].id) if len(found) > PAGE else None
    )
    return render_template("notices/index.html", notices=found[:PAGE], counts=counts, asks=asks, more=more)


@blueprint.get("/bell")
def bell() -> Any:
    """What the popover shows of one tab; looking marks nothing as read."""
    asks = request.args.get("tab", "action") == "action"
    with engine().start_work(reading=True) as work:
        found = kept.page(work, viewer().id, needs_action=asks, limit=BELL)
        counts = kept.unread(work, viewer().id)
    return render_template("notices/bell.html", notices=found, counts=counts, asks=asks)


@blueprint.post("/read")
def read_all() -> Any:
    with engine().start_work() as work:
        kept.mark_read(work, viewer().id)
        work.commit()
    return redirect(url_for("notices.index", tab=request.args.get("tab")), 303)


@blueprint.get("/<int:notice>")
def follow(notice: int) -> Any:
    """Mark one of mine as read and go where it leads; links of notices are paths of this server."""
    with engine().start_work() as work:
        link = kept.follow(work, viewer().id, notice)
        work.commit()
    return redirect(link)
