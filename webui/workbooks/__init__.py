"""Importing workbooks: the template, a dry run that lists everything, then the whole file or nothing."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from engine.kernel import files
from engine.kernel.errors import InvalidInput, NotFound
from webui import forms
from webui.current import engine, viewer
from webui.exports import XLSX
from webui.family import Family
from webui.workbooks.kinds import KINDS, Kind

SHOWN_AT_MOST = 200

blueprint = Blueprint("workbooks", __name__, url_prefix="/workbooks")
FAMILY = Family(blueprint)  # its pages are reached from the lists that they fill


class Confirmed(forms.Schema):
    """The file that was looked at."""

    file = forms.text(required=True, most=40)


@blueprint.get("/letters", defaults={"name": "letters"}, endpoint="letters")
@blueprint.get("/orgs", defaults={"name": "orgs"}, endpoint="orgs")
def show(name: str) -> Any:
    return render_template("workbooks/show.html", name=name, kind=_kind(name), form=forms.filled(), report=None)


@blueprint.get("/<name>/template.xlsx")
def template(name: str) -> Any:
    answer = Response(_kind(name).template(), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-template.xlsx"'
    return answer


@blueprint.post("/<name>")
def check(name: str) -> Any:
    """The dry run; the file is kept aside, so that it need not be sent again."""
    kind, form = _kind(name), forms.filled()
    upload = request.files.get("workbook")
    try:
        kept = _take(upload)
        told = kind.load(engine().start_work, kept.content, viewer().id, True)
    except InvalidInput as wrong:
        page = render_template("workbooks/show.html", name=name, kind=kind, form=form.refuse(wrong, "workbook"))
        return make_response(page, 422)
    shown = {"report": told, "file": kept, "most": SHOWN_AT_MOST}
    page = render_template("workbooks/show.html", name=name, kind=kind, form=form, **shown)
    return make_response(page, 422 if told.refused else 200)


@blueprint.post("/<name>/import")
def confirm(name: str) -> Any:
    kind, chosen = _kind(name), forms.must_read(Confirmed)["file"]
    with engine().start_work(reading=True) as work:
        content = engine().files.read(work, chosen)
    told = kind.load(engine().start_work, content, viewer().id, False)
    if not told.refused:
        return redirect(url_for(kind.after), 303)
    # somebody imported or changed something since the dry run
    shown = {"report": told, "file": None, "most": SHOWN_AT_MOST, "form": forms.filled()}
    return make_response(render_template("workbooks/show.html", name=name, kind=kind, **shown), 422)


def _kind(name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is None or not viewer().may(*kind.roles):
        raise NotFound("page.unknown", f"there is no import of {name} for this person", path=request.path)
    return kind


def _take(upload: Any) -> files.Upload:
    if upload is None or not upload.filename:
        raise InvalidInput("workbook.none", "no file was chosen: choose a workbook", field="workbook")
    return files.upload(engine().start_work, engine().files, upload.filename, upload.read(), actor=viewer().id)
