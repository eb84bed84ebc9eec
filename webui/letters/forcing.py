"""强制增删 by OPS on a letter that is negotiated or approved."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.letters import access, items
from engine.letters.drafting import forcing
from engine.letters.kinds import Importance, Kind
from webui import forms
from webui.access import roles
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.letters import sheets
from webui.letters.blueprint import blueprint


class ForceForm(forms.Schema):
    """What is added or taken out, why, and under which article."""

    act = forms.choice("ADD", "DELETE", required=True)
    item = forms.number()
    kind = forms.choice(*Kind)
    name = forms.text(most=400)
    importance = forms.choice(*Importance)
    weight = forms.decimal()
    due = forms.day()
    completion_standard = forms.text(most=2000)
    reason = forms.text(required=True)
    article = forms.text(required=True, most=80)


@blueprint.route("/<int:letter>/force", methods=["GET", "POST"])
@roles("OPS", "OPS_HEAD")
def force(letter: int) -> Any:
    """Adds or takes out an item; the head is told and may object once."""
    form = (
        forms.read(ForceForm) if request.method == "POST" else forms.filled(act="ADD", kind="TASK", importance="MAJOR")
    )
    if request.method == "POST" and form.valid:
        _force(letter, dict(form.values))
        flash(_("The head was told and may object within one working day."))
        return redirect(url_for("letters.show", letter=letter), 303)
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
    page = render_template("letters/force.html", sheet=sheet, form=form, kinds=Kind, importances=Importance)
    return page, 422 if form.errors else 200


def _force(letter: int, given: dict[str, Any]) -> None:
    act, item = given.pop("act"), given.pop("item", None)
    reason, article = given.pop("reason"), given.pop("article")
    if act == "DELETE" and item is not None:
        with engine().start_work(reading=True) as work:
            access.see(work, items.view(work, item).letter, viewer().id)
        forcing.delete(engine(), item, reason=reason, article=article, actor=viewer().id)
        return
    values = {name: _plain(value) for name, value in given.items()}
    forcing.add(engine(), letter, values, reason=reason, article=article, actor=viewer().id)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else str(value)
