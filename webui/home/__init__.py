"""Home: what needs me today and how we stand, as cards that each family of pages brings for the role."""

from datetime import timedelta
from typing import Any

import structlog
from flask import Blueprint, g, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from engine.approvals import batchable
from engine.approvals import inbox as kept
from engine.approvals.inbox import Filters, Tab
from engine.kernel.clock import local
from engine.kernel.errors import LetterflowError
from engine.letters import deadlines
from engine.people import preferences
from webui import registry
from webui.current import engine, viewer
from webui.family import Card, Entry, Family, Rendered
from webui.home import beginning, group, running, targets
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l

blueprint = Blueprint("home", __name__)
FAMILY = Family(
    blueprint,
    entries=(Entry("home", _l("Home"), "home.show", "home", rank=0, phone=True, shortcut="h"),),
    cards=(beginning.checklist, targets.my_letters, targets.month, group.submissions, group.scoring, group.warnings,
           group.trend, group.reds, running.slowest, running.health),
)  # fmt: skip
FAILED = Rendered("home/card_failed.html")
LOOK_AHEAD = timedelta(days=45)
log = structlog.get_logger(__name__)


@blueprint.get("/")
def show() -> Any:
    # what is due comes first, whoever it is
    families = sorted(registry.families(), key=lambda family: family.blueprint.name != "inbox")
    cards = [shown for family in families for card in family.cards if (shown := _card(card))]
    late = kept.page(engine(), viewer().id, Tab.TODO, Filters(overdue=True), limit=1).entries
    with engine().start_work(reading=True) as work:
        able = batchable.of(work, viewer().id)
        coming = deadlines.between(work, work.now, work.now + LOOK_AHEAD, limit=1)
    number = _late() if late else 0
    return render_template(
        "home/show.html", cards=cards, greeting=_greeting(), late=number, able=able, coming=coming[:1]
    )


@blueprint.post("/begun")
def dismiss() -> Any:
    """The checklist of the first run is not shown to this person again."""
    with engine().start_work() as work:
        preferences.change(work, viewer().id, begun=True)
        work.commit()
    return redirect(url_for("home.show"), 303)


def _late() -> int:
    return len(kept.page(engine(), viewer().id, Tab.TODO, Filters(overdue=True), limit=99).entries)


def _greeting() -> str:
    hour = local(g.now).hour
    name = viewer().name
    if hour < 5 or hour >= 18:
        return _("Good evening, %(name)s.", name=name)
    return _("Good morning, %(name)s.", name=name) if hour < 12 else _("Good afternoon, %(name)s.", name=name)


def _card(card: Card) -> Rendered | None:
    try:
        return card(engine(), viewer())
    except (LetterflowError, SQLAlchemyError):  # one card that fails must not take the others with it
        log.exception("card failed", card=f"{card.__module__}.{card.__name__}")
        return FAILED
