"""交接: what somebody holds, shown before it goes over to somebody else in one act."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput
from engine.letters import handing_over
from engine.letters.handing_over import HandOver
from engine.people import persons
from webui import access, forms, picking
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.i18n import ngettext
from webui.people import orgs
from webui.people.blueprint import blueprint


class Hand(forms.Schema):
    to = forms.text(required=True, most=120)
    reason = forms.text(required=True, most=500)
    leaves = forms.tick()
    with_roles = forms.tick()


@blueprint.get("/persons/<int:person>/hand-over")
@access.roles(*orgs.CHANGERS)
def hand_over(person: int) -> Any:
    asked = forms.filled(leaves="on", reason=_("Leaving")) if request.args.get("leaves") else forms.filled()
    return _page(person, asked)


@blueprint.post("/persons/<int:person>/hand-over")
@access.roles(*orgs.CHANGERS)
def hand_over_now(person: int) -> Any:
    form = forms.read(Hand)
    if form.valid:
        try:
            count = _hand(person, form.values)
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            flash(ngettext("Handed over: %(num)s thing.", "Handed over: %(num)s things.", count))
            return redirect(url_for("people.person", person=person), 303)
    return make_response(_page(person, form), 422)


def _hand(person: int, said: Any) -> int:
    wanted = HandOver(person, picking.one(said["to"]), said["reason"], said["leaves"], said["with_roles"])
    return sum(handing_over.hand_over(engine(), wanted, viewer().id).moving.values())


def _page(person: int, form: forms.Form) -> str:
    with engine().start_work(reading=True) as work:
        who = persons.view(work, person)
        estate = handing_over.preview(work, person, viewer().id)
    return render_template("people/hand_over.html", who=who, estate=estate, form=form)
