"""The page of components: each in every state, in either theme and language; it stands in the demo only."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import flask_babel
from flask import Blueprint, current_app, g, render_template, request

from engine.kernel.errors import NotFound
from engine.people.persons import PersonView
from webui.access import public
from webui.drawing import contribution, weight_meter
from webui.family import Family
from webui.forms import Form
from webui.i18n import LANGUAGES
from webui.i18n import gettext as _
from webui.inbox.rows import Row
from webui.viewer import Settings

LEVELS = ("BLUE", "YELLOW", "ORANGE", "RED", "NORMAL")
LETTER_STATES = (
    "DRAFT", "NEGOTIATING", "IN_APPROVAL", "RETURNED", "SIGNING", "EFFECTIVE", "SCORING", "PUBLISHED", "VOID"
)  # fmt: skip
MOMENT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

blueprint = Blueprint("design", __name__)
FAMILY = Family(blueprint)


@dataclass(frozen=True)
class Step:
    """A step of the stepper as its macro reads it."""

    name: str
    state: str
    people: tuple[PersonView, ...] = ()
    why: str = ""
    due: str = ""


@blueprint.get("/design")
@public
def show() -> Any:
    """`theme` is light or dark, `lang` zh or en; without them as the reader has it."""
    if not current_app.config["DEMO"]:
        raise NotFound("page.unknown", "components are shown in the demo only")
    theme, language = request.args.get("theme"), request.args.get("lang")
    look = g.viewer.settings if g.viewer else Settings()
    if theme in {"light", "dark"}:
        look = replace(look, theme=theme)
    with flask_babel.force_locale(language if language in LANGUAGES else str(flask_babel.get_locale())):
        return render_template("design/show.html", look=look, **_shown())


def _shown() -> dict[str, Any]:
    li = PersonView(1, "1025", "李建国", "", True, 1, "城东项目部", "负责人")
    gone = replace(li, id=2, number="1031", name="丁浩", active=False)
    return {
        "html_lang": {"zh": "zh-CN", "en": "en"}[str(flask_babel.get_locale())],
        "levels": LEVELS,
        "states": LETTER_STATES,
        "people": SimpleNamespace(li=li, gone=gone, twin=replace(li, id=3, number="1188")),
        "rows": _rows(li),
        "form": Form({"amount": "12"}, {}, {"amount": _("Write a number of at most two decimals.")}),
        "meters": [weight_meter(Decimal(each)) for each in ("98.00", "100.00", "103.50")],
        "bars": [contribution(Decimal(25), Decimal(score) if score else None) for score in ("", "80", "100", "112")],
        "steps": _steps(li),
        "moment": MOMENT,
        "acts": _last_acts(),
    }


def _rows(starter: PersonView) -> list[Row]:
    row = Row(1, 1, "城东项目部 2026 年 11 月目标责任书", "分管领导审批", "ZRS-CD-202611-v1", "approval", starter,
              MOMENT + timedelta(hours=8), False, False, None, "PENDING", 1)  # fmt: skip
    return [
        replace(row, unread=True),
        replace(row, id=2, level="ORANGE"),
        replace(row, id=3, level="RED", late=True, due=MOMENT - timedelta(days=2)),
        replace(row, id=4, on_behalf_of="周文博", due=None),
    ]


def _steps(person: PersonView) -> list[Step]:
    return [
        Step(_("Hand in"), "done", (person,)),
        Step(_("Leader in charge"), "now", (person,), _("leader in charge of %(org_name)s", org_name=person.org_name)),
        Step(_("President"), "next", (), _("A key item changed.")),
        Step(_("Committee"), "skipped", (), _("No key item changed.")),
    ]


def _last_acts() -> list[SimpleNamespace]:
    done = _("Approved: %(title)s", title="11 月责任书")
    return [
        SimpleNamespace(sentence=done, retract="#retract", why_not=None),
        SimpleNamespace(sentence=done, retract=None, why_not=_("The next person has opened it.")),
    ]
