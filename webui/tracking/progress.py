"""The progress sheet: every item of mine with its last figures, the level after an update before it is saved."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from marshmallow import fields

from engine.kernel.errors import InvalidInput
from engine.letters.tracking import handing_in, updating
from engine.letters.tracking.progress import ProgressView, Update
from engine.letters.tracking.updating import Line, Outlook
from engine.workflow.engine import Engine
from webui import forms
from webui.current import engine, viewer
from webui.family import Rendered
from webui.forms import Form
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.i18n import ngettext
from webui.tracking.blueprint import blueprint
from webui.viewer import Viewer
from webui.words import sentence, word

CAUSES = (_l("supply"), _l("staff"), _l("approval"), _l("weather"), _l("design change"), _l("another unit"))


class Said(forms.Schema):
    """One update."""

    actual = forms.decimal()
    percent = forms.decimal()
    forecast_value = forms.decimal()
    forecast_finish = forms.day()
    reason = forms.text(most=1000)
    measures = forms.text(most=1000)
    look = fields.String()  # the button that only looks


@blueprint.get("/progress")
def progress() -> Any:
    return _page()


@blueprint.post("/progress/<int:item>")
def progress_save(item: int) -> Any:
    form = forms.read(Said)
    if not form.valid:
        return make_response(_page(item, form), 422)
    if "look" in form.values:
        return _page(item, form, _look(item, form))
    try:
        found = updating.save(engine(), item, _update(form), viewer().id)
    except InvalidInput as refused:
        named = "reason" if refused.code == "progress.reason" else "percent"
        return make_response(_page(item, form.refuse(refused, named), _look(item, form)), 422)
    flash(_("Saved: %(level)s", level=word(f"level.{found.level or 'NORMAL'}")))
    return redirect(url_for("tracking.progress"), 303)


@blueprint.post("/progress/<int:item>/look")
def progress_look(item: int) -> Any:
    """What the update would lead to, as a part of the page; asked for while the figures are typed."""
    form = forms.read(Said)
    return render_template("tracking/outlook.html", outlook=_look(item, form), form=form, item=item, causes=CAUSES)


@blueprint.post("/progress/unchanged")
def progress_unchanged() -> Any:
    number = updating.confirm_all(engine(), viewer().id)
    flash(ngettext("%(num)s item confirmed without change", "%(num)s items confirmed without change", number))
    return redirect(url_for("tracking.progress"), 303)


@blueprint.post("/items/<int:item>/done")
def progress_done(item: int) -> Any:
    """The owner says it is done; a task needs its deliverable (REQ-105)."""
    handing_in.report_done(engine(), item, viewer().id)
    flash(_("Reported done: it waits for its acceptance."))
    return redirect(url_for("tracking.progress"), 303)


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """My items, those in danger first."""
    lines = updating.sheet(engine, viewer.id)
    return Rendered("tracking/card.html", {"lines": lines[:6], "total": len(lines)}) if lines else None


def count(engine: Engine, viewer: Viewer) -> int:
    """Items of mine that ask for a reason now."""
    return updating.count_in_danger(engine, viewer.id)


def _page(chosen: int | None = None, form: Form | None = None, outlook: Outlook | None = None) -> str:
    lines = updating.sheet(engine(), viewer().id)
    shown = {line.item.id: _filled(line.last) for line in lines}
    if chosen is not None and form is not None:
        shown[chosen] = form
    seen = {line.item.id: line.outlook for line in lines}
    if chosen is not None and outlook is not None:
        seen[chosen] = outlook
    return render_template(
        "tracking/progress.html", lines=lines, forms=shown, outlooks=seen, causes=CAUSES, calm=_calm(lines), item=chosen
    )


def _calm(lines: Sequence[Line]) -> bool:
    """Whether `no change` may be offered: nothing is late, and everything was reported once."""
    return bool(lines) and all(line.last and not line.outlook.reason_needed for line in lines)


def _look(item: int, form: Form) -> Outlook | None:
    """The outlook, None while nothing that can be judged was typed."""
    if not form.valid:
        return None
    try:
        return updating.preview(engine(), item, _update(form), viewer().id)
    except InvalidInput as refused:
        form.errors.setdefault("percent", sentence(refused))
        return None


def _update(form: Form) -> Update:
    return Update(**{name: value for name, value in form.values.items() if name != "look" and value is not None})


def _filled(last: ProgressView | None) -> Form:
    if last is None:
        return forms.filled()
    said = {name: getattr(last, name) for name in ("actual", "percent", "forecast_value", "forecast_finish")}
    return forms.filled(**{name: _plain(value) for name, value in said.items() if value is not None})


def _plain(value: Any) -> str:
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)
