"""Home: what needs me today and how we stand, as cards that each family of pages brings for the role."""

from typing import Any

import structlog
from flask import Blueprint, render_template
from sqlalchemy.exc import SQLAlchemyError

from engine.kernel.errors import LetterflowError
from webui import registry
from webui.current import engine, viewer
from webui.family import Card, Entry, Family, Rendered
from webui.i18n import lazy_gettext as _l

blueprint = Blueprint("home", __name__)
FAMILY = Family(
    blueprint,
    entries=(Entry("home", _l("Home"), "home.show", "home", rank=0, phone=True, shortcut="h"),),
)
FAILED = Rendered("home/card_failed.html")
log = structlog.get_logger(__name__)


@blueprint.get("/")
def show() -> Any:
    cards = [shown for family in registry.families() for card in family.cards if (shown := _card(card))]
    return render_template("home/show.html", cards=cards)


def _card(card: Card) -> Rendered | None:
    try:
        return card(engine(), viewer())
    except (LetterflowError, SQLAlchemyError):  # one card that fails must not take the others with it
        log.exception("card failed", card=f"{card.__module__}.{card.__name__}")
        return FAILED
