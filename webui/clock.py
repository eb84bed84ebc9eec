"""The demo's clock bar: what time it is there, moving it, what fired then; other modes have no such address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, g, redirect, request, session, url_for

from engine.kernel import audit_pages, demo_clock
from engine.kernel.audit_pages import Wanted
from engine.kernel.clock import local
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.people import persons
from engine.workflow import standings, starts, timers
from webui import forms, signin
from webui.current import engine, viewer
from webui.family import Family

STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
MORNING = 9
MOST_STOPS = 200
RING = "letterflow.ring"
"""Where a serving process puts its periodic steps (drafts of the month, warnings), to ring them at once."""
MOST_ROUNDS = 50  # a timer may arm the next one that is due as well
SHOWN = 12
MOST_READ = 300
STREAM = "instance:"
MOMENTS = frozenset({"timer.fired", "task.remind", "task.deadline", "task.escalate"})

blueprint = Blueprint("clock", __name__, url_prefix="/demo/clock")
FAMILY = Family(blueprint)


class Move(forms.Schema):
    to = forms.choice("next", *STEPS, required=True)


@blueprint.post("/")
def move() -> Any:
    """Move the demo's time, let what is due happen, and remember where history stood."""
    if not current_app.config["DEMO"]:
        raise NotFound("page.unknown", "the clock stands only in the demo")
    step = forms.must_read(Move)["to"]
    with engine().start_work(reading=True) as work:
        before, target = audit_pages.last_id(work), _target(work, step)
    _travel(target)
    signin.renew(viewer().id)
    session["clock.before"] = before
    back = request.referrer or ""
    return redirect(back if back.startswith(request.host_url) else url_for("home.show"), 303)


@dataclass(frozen=True)
class Fired:
    """A moment that came after the last move: the node's name, what kind of moment, and its instance."""

    instance: int
    name: str
    kind: str


def bar() -> dict[str, Any] | None:
    """What the bar shows: the time, what fired after the last move, and who one may become; None outside the demo."""
    if not current_app.config["DEMO"] or g.get("viewer") is None:
        return None
    before = session.get("clock.before")
    with engine().start_work(reading=True) as work:
        fired = _fired(work, before) if before is not None else []
        return {"now": work.now, "fired": fired, "moved": before is not None, "people": persons.everyone(work)}


def _fired(work: Work, before: int) -> list[Fired]:
    entries = [each.entry for each in audit_pages.page(work, Wanted(STREAM), after=before, limit=MOST_READ)]
    moments = [each for each in entries if each.act in MOMENTS][:SHOWN]
    return [_named(work, int(each.stream.removeprefix(STREAM)), each.detail) for each in moments]


def _named(work: Work, instance: int, detail: Mapping[str, Any]) -> Fired:
    standing = standings.read(work, instance)
    nodes = engine().programs.of(work, standing.view.definition_id, standing.pins).nodes
    node = str(detail.get("node"))
    name = nodes[node].name if node in nodes else ""
    return Fired(instance, f"{standing.view.title} {name or node}", str(detail.get("kind")))


def _target(work: Work, step: str) -> datetime:
    if step in STEPS:
        return work.now + STEPS[step]
    return max(_next_due(work) or work.now, work.now).astimezone(UTC)


def _next_due(work: Work) -> datetime | None:
    """The next moment when a timer fires or one starts an instance."""
    return min((each for each in (timers.next_due(work), starts.next_due(work)) if each is not None), default=None)


def _travel(to: datetime) -> None:
    """Move there by way of every deadline and every morning between, so that each thing happens at its own time."""
    for _stop in range(MOST_STOPS):
        with engine().start_work() as work:
            due = _next_due(work)
            ahead = due if due is not None and due > work.now else to  # what is suspended stays due and holds nobody up
            stop = min(ahead, _next_morning(work.now), to)
            demo_clock.move(work, max(stop, work.now), actor=viewer().id)
            work.commit()
        demo_clock.refresh(engine().clock)
        _let_happen()
        if stop >= to:
            return


def _next_morning(now: datetime) -> datetime:
    today = local(now).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def _let_happen() -> None:
    ring: Callable[[], int] = current_app.extensions.get(RING, lambda: 0)
    ring()
    for _round in range(MOST_ROUNDS):
        if not timers.fire_due(engine()) + starts.fire_due(engine()):
            return
