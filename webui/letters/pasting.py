"""Rows from a spreadsheet: preview first, then applied in one piece."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.letters import access
from engine.letters.drafting import pasting
from webui import forms
from webui.current import engine, viewer
from webui.i18n import ngettext
from webui.letters import sheets
from webui.letters.blueprint import blueprint


class PasteForm(forms.Schema):
    """The block, and where it begins (after the last row without)."""

    text = forms.text(required=True, most=200_000)
    item = forms.number()
    column = forms.choice(*pasting.COLUMNS)
    sure = forms.tick()


@blueprint.route("/<int:letter>/paste", methods=["GET", "POST"])
def paste(letter: int) -> Any:
    """Shows what the block would change; with `sure` it is written."""
    form = _untrimmed() if request.method == "POST" else forms.Form()
    column = form.values.get("column") or "kind"
    item = form.values.get("item")
    if form.values.get("sure"):
        count = pasting.apply(
            engine().start_work, letter, form.values["text"], item=item, column=column, actor=viewer().id
        )
        flash(ngettext("%(num)s row was written.", "%(num)s rows were written.", count))
        return redirect(url_for("letters.edit", letter=letter), 303)
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
        access.edit(work, letter, viewer().id)
        plan = pasting.plan(work, letter, form.values["text"], item=item, column=column) if form.values else None
    return render_template("letters/paste.html", sheet=sheet, plan=plan, form=form, columns=pasting.COLUMNS), (
        422 if form.errors else 200
    )


def _untrimmed() -> forms.Form:
    """A block may begin with an empty cell: the tab in front of it counts."""
    form = forms.read(PasteForm)
    return (
        forms.Form(form.sent, {**form.values, "text": request.form.get("text", "")}, form.errors)
        if form.valid
        else form
    )
