"""Which events are told in which channel, quiet hours, and one delivery a day."""

from typing import Any

from flask import flash, make_response, redirect, url_for
from marshmallow import fields

from engine.kernel.errors import InvalidInput
from engine.notices import channels, wishes
from engine.notices.wishes import EVENTS, Wishes
from webui import forms
from webui.account import showing
from webui.account.blueprint import blueprint
from webui.current import engine, viewer
from webui.i18n import gettext as _


class Chosen(forms.Schema):
    """`told` holds `event:channel` for every tick."""

    told = forms.many_texts()
    quiet_from = fields.Time(error_messages=forms.REFUSED)
    quiet_to = fields.Time(error_messages=forms.REFUSED)
    daily = fields.Time(error_messages=forms.REFUSED)


@blueprint.post("/notices")
def notices() -> Any:
    form = forms.read(Chosen)
    if form.valid and ("quiet_from" in form.values) != ("quiet_to" in form.values):
        form.errors["quiet_to"] = _("Quiet hours need both times.")
    if form.valid:
        _change(form)
    if not form.valid:
        return make_response(showing.page(form), 422)
    flash(_("Saved."))
    return redirect(url_for("account.show") + "#notices", 303)


def _change(form: forms.Form) -> None:
    told = set(form.values.get("told") or ())
    off = {name: frozenset(event for event in EVENTS if f"{event}:{name}" not in told) for name in channels.names()}
    quiet = (form.values["quiet_from"], form.values["quiet_to"]) if "quiet_from" in form.values else None
    try:
        with engine().start_work() as work:
            wishes.change(work, viewer().id, Wishes(off, quiet, form.values.get("daily")))
            work.commit()
    except InvalidInput as refusal:
        form.refuse(refusal)
