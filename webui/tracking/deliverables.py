"""The deliverables of an item: hand in versions, read them, judge them."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput, NotFound
from engine.letters.scorecards import answering
from engine.letters.tracking import handing_in
from engine.letters.tracking.submissions import Verdict
from engine.people import persons
from webui import forms
from webui.current import engine, viewer
from webui.forms import Form
from webui.i18n import gettext as _
from webui.tracking.blueprint import blueprint
from webui.words import word

NOBODY = forms.filled()


class Handed(forms.Schema):
    """What goes with the files."""

    note = forms.text(most=1000)


class Judged(forms.Schema):
    """A verdict."""

    result = forms.choice("PASS", "CONDITIONAL", "FAIL", required=True)
    comment = forms.text(most=1000)


@blueprint.get("/items/<int:item>/deliverables")
def deliverables(item: int) -> Any:
    return _page(item, NOBODY)


@blueprint.post("/items/<int:item>/deliverables/<int:spec>")
def deliverables_hand_in(item: int, spec: int) -> Any:
    form = forms.read(Handed)
    sent = [(each.filename or "", each.read()) for each in request.files.getlist("files") if each.filename]
    note = str(form.values.get("note") or "")
    try:
        made = handing_in.hand_in(engine(), item, spec, viewer().id, files=sent, note=note)
    except InvalidInput as refused:
        return make_response(_page(item, form.refuse(refused, f"files-{spec}")), 422)
    flash(_("Version %(version)s is handed in.", version=made.version))
    return redirect(url_for("tracking.deliverables", item=item), 303)


@blueprint.post("/items/<int:item>/submissions/<int:submission>")
def deliverables_judge(item: int, submission: int) -> Any:
    form = forms.read(Judged)
    if not form.valid:
        return make_response(_page(item, form), 422)
    verdict, comment = Verdict(form.values["result"]), str(form.values.get("comment") or "")
    try:
        answering.judge(engine(), submission, viewer().id, verdict, comment=comment)
    except InvalidInput as refused:
        return make_response(_page(item, form.refuse(refused, "comment")), 422)
    flash(_("Judged: %(verdict)s", verdict=word(f"state.submission.{verdict}")))
    return redirect(url_for("tracking.deliverables", item=item), 303)


@blueprint.get("/items/<int:item>/files/<file>")
def deliverables_file(item: int, file: str) -> Any:
    """A file that was handed in, for those who see its letter."""
    sheet = handing_in.sheet(engine(), item, viewer().id)
    known = sheet.files.get(file)
    if known is None:
        raise NotFound("file.unknown", f"item {item} has no file {file}", file=file)
    with engine().start_work(reading=True) as work:
        content = engine().files.read(work, file)
    response = Response(content, mimetype=known.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=known.name)
    return response


def _page(item: int, form: Form) -> str:
    sheet = handing_in.sheet(engine(), item, viewer().id)
    people = {version.submitted_by for versions in sheet.versions.values() for version in versions}
    people |= {version.reviewed_by or 0 for versions in sheet.versions.values() for version in versions}
    people |= {spec.reviewer or 0 for spec in sheet.specs}
    with engine().start_work(reading=True) as work:
        names = persons.names(work, people)
    return render_template("tracking/deliverables.html", sheet=sheet, names=names, form=form)
