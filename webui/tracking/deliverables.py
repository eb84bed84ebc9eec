"""The deliverables of an item: hand in versions, read them, judge them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, current_app, flash, jsonify, make_response, redirect, render_template, request, url_for
from marshmallow import fields

from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.files import KINDS
from engine.letters.scorecards import answering
from engine.letters.tracking import deliverable_sheets, handing_in
from engine.letters.tracking.submissions import Verdict
from engine.people import persons
from webui import forms
from webui.current import engine, viewer
from webui.forms import Form
from webui.i18n import gettext as _
from webui.tracking.blueprint import blueprint
from webui.words import sentence, word

NOBODY = forms.filled()
MEGABYTE = 1024 * 1024
LOOKED_AT = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "text/plain"})
"""Kinds that a browser shows by itself; none of them can act."""


class Handed(forms.Schema):
    """What goes with the files."""

    note = forms.text(most=1000)
    kept = fields.List(fields.String(), load_default=list)


class Judged(forms.Schema):
    """A verdict."""

    result = forms.choice("PASS", "CONDITIONAL", "FAIL", required=True)
    comment = forms.text(most=1000)
    met = forms.many_numbers()


@blueprint.get("/items/<int:item>/deliverables")
def deliverables(item: int) -> Any:
    return _page(item, NOBODY)


@blueprint.post("/items/<int:item>/deliverables/<int:spec>")
def deliverables_hand_in(item: int, spec: int) -> Any:
    """Hands in; a file that is refused is named with the reason, the others stay."""
    form = forms.read(Handed)
    kept, refused = _uploaded(item)
    kept = [*form.values.get("kept", ()), *kept]
    note = str(form.values.get("note") or "")
    if not refused:
        try:
            made = handing_in.hand_in(engine(), item, spec, viewer().id, kept=kept, note=note)
        except InvalidInput as error:
            form.refuse(error, f"files-{spec}")
        else:
            flash(_("Version %(version)s is handed in.", version=made.version))
            return redirect(url_for("tracking.deliverables", item=item), 303)
    form.errors.update({f"files-{spec}": "; ".join(refused)} if refused else {})
    return make_response(_page(item, form, staying={spec: kept}), 422)


@blueprint.post("/items/<int:item>/uploads")
def deliverables_upload(item: int) -> Any:
    """One file ahead of the form that hands it in, so that its progress can be shown."""
    sent = request.files.get("file")
    made = handing_in.upload(
        engine(), item, viewer().id, sent.filename or "" if sent else "", sent.read() if sent else b""
    )
    return jsonify({"id": made.id, "name": made.name, "size": made.size})


@blueprint.post("/items/<int:item>/submissions/<int:submission>")
def deliverables_judge(item: int, submission: int) -> Any:
    form = forms.read(Judged)
    if not form.valid:
        return make_response(_page(item, form), 422)
    verdict = Verdict(form.values["result"])
    comment = _comment(item, submission, form)
    try:
        answering.judge(engine(), submission, viewer().id, verdict, comment=comment)
    except InvalidInput as refused:
        return make_response(_page(item, form.refuse(refused, "comment")), 422)
    flash(_("Judged: %(verdict)s", verdict=word(f"state.submission.{verdict}")))
    return redirect(url_for("tracking.deliverables", item=item), 303)


@blueprint.get("/items/<int:item>/files/<file>")
def deliverables_file(item: int, file: str) -> Any:
    """A file that was handed in, for those who see its letter."""
    sheet = deliverable_sheets.sheet(engine(), item, viewer().id)
    known = sheet.files.get(file)
    if known is None:
        raise NotFound("file.unknown", f"item {item} has no file {file}", file=file)
    with engine().start_work(reading=True) as work:
        content = engine().files.read(work, file)
    response = Response(content, mimetype=known.media_type)
    shown = "inline" if "look" in request.args and known.media_type in LOOKED_AT else "attachment"
    response.headers.set("Content-Disposition", shown, filename=known.name)
    return response


def _uploaded(item: int) -> tuple[list[str], list[str]]:
    """The files of the form that could be kept, and the sentences why others could not."""
    kept, refused = [], []
    for each in request.files.getlist("files"):
        if not each.filename:
            continue
        try:
            kept.append(handing_in.upload(engine(), item, viewer().id, each.filename, each.read()).id)
        except InvalidInput as error:
            refused.append(sentence(error))
    return kept, refused


def _comment(item: int, submission: int, form: Form) -> str:
    """What the reviewer wrote; left empty, the criteria that were not ticked."""
    written = str(form.values.get("comment") or "")
    if written or form.values["result"] == Verdict.PASS:
        return written
    sheet = deliverable_sheets.sheet(engine(), item, viewer().id)
    of = next((spec for spec in sheet.specs if any(v.id == submission for v in sheet.versions.get(spec.id, ()))), None)
    unmet = [each for n, each in enumerate(criteria(of.criteria if of else "")) if n not in form.values["met"]]
    return _("Missing: %(criteria)s", criteria="、".join(unmet)) if unmet else ""


@blueprint.app_template_filter("criteria")
def criteria(text: str) -> list[str]:
    """The quality criteria of a deliverable one by one."""
    return [each.strip() for each in re.split(r"[、，,;；\n]", text) if each.strip()]


def _page(item: int, form: Form, staying: Mapping[int, Sequence[str]] | None = None) -> str:
    sheet = deliverable_sheets.sheet(engine(), item, viewer().id)
    people = {version.submitted_by for versions in sheet.versions.values() for version in versions}
    people |= {version.reviewed_by or 0 for versions in sheet.versions.values() for version in versions}
    people |= {spec.reviewer or 0 for spec in sheet.specs}
    with engine().start_work(reading=True) as work:
        names = persons.names(work, people)
        kept = {spec: engine().files.mine(work, found, actor=viewer().id) for spec, found in (staying or {}).items()}
    return render_template(
        "tracking/deliverables.html",
        sheet=sheet,
        names=names,
        form=form,
        staying=kept,
        looked_at=LOOKED_AT,
        most=current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE - 1,
        kinds=" ".join(KINDS),
    )
