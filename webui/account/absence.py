"""我不在: who acts for me, when, in which processes (APR-08); the engine refuses what would be a circle."""

from typing import Any

from flask import flash, make_response, redirect, url_for

from engine.approvals import substitutes
from engine.approvals.substitutes import NewSubstitute
from engine.kernel.errors import InvalidInput, NotFound
from webui import forms, picking
from webui.account import showing
from webui.account.blueprint import blueprint
from webui.current import engine, viewer
from webui.i18n import gettext as _


class Away(forms.Schema):
    substitute = forms.text(required=True, most=120)
    starts = forms.day(required=True)
    ends = forms.day(required=True)
    keys = forms.many_texts()
    reason = forms.text(most=200)


@blueprint.post("/absence")
def away() -> Any:
    form = forms.read(Away)
    if form.valid:
        _appoint(form)
    if not form.valid:
        return make_response(showing.page(form), 422)
    flash(_("Noted: %(name)s acts for you.", name=form.values["substitute"]))
    return redirect(url_for("account.show") + "#absence", 303)


@blueprint.post("/absence/<int:rule>/end")
def back(rule: int) -> Any:
    """The rule ends now; only one's own can be ended."""
    with engine().start_work(reading=True) as work:
        mine = {each.id for each in substitutes.of(work, viewer().id)}
    if rule not in mine:
        raise NotFound("substitute.unknown", f"there is no substitute rule {rule}", rule=rule)
    substitutes.revoke(engine(), rule, viewer().id)
    flash(_("Ended: you act for yourself again."))
    return redirect(url_for("account.show") + "#absence", 303)


def _appoint(form: forms.Form) -> None:
    values = form.values
    try:
        person = picking.one(values["substitute"], "substitute")
        keys = tuple(values.get("keys") or ())
        new = NewSubstitute(viewer().id, person, values["starts"], values["ends"], keys, values.get("reason") or "")
        substitutes.appoint(engine(), new, viewer().id)
    except InvalidInput as refusal:
        form.refuse(refusal, "ends" if refusal.code == "substitute.period" else "substitute")
