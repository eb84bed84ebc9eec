"""Inbox and task page: where people decide."""

from flask import Blueprint, render_template

from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
FAMILY = Family(
    blueprint,
    entries=(Entry("inbox", _l("Inbox"), "inbox.index", "inbox", rank=1, count="inbox", phone=True, shortcut="i"),),
)


@blueprint.get("/")
def index() -> str:
    return render_template("inbox/index.html")
