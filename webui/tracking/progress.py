"""The progress sheet: every item of mine with its last figures, the level after an update before it is saved."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from marshmallow import fields

from engine.kernel.errors import InvalidInput
from engine.letters.kinds import Direction
from engine.letters.tracking import handing_in, reporting, updating
from engine.letters.tracking.progress import ProgressView, Update
from engine.letters.tracking.reporting import Line
from engine.letters.tracking.updating import Outlook
from engine.workflow.engine import Engine
from webui import forms
from webui.current import engine, viewer
from webui.exports import Column, listed
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
    return _page(request.args.get("at", type=int))


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
    return redirect(url_for("tracking.progress", at=_after(item)), 303)


@blueprint.post("/progress/<int:item>/look")
def progress_look(item: int) -> Any:
    """What the update would lead to, as a part of the page; asked for while the figures are typed."""
    form = forms.read(Said)
    return render_template("tracking/outlook.html", outlook=_look(item, form), form=form, item=item, causes=CAUSES)


@blueprint.post("/progress/unchanged")
def progress_unchanged() -> Any:
    number = reporting.confirm_all(engine(), viewer().id)
    flash(ngettext("%(num)s item confirmed without change", "%(num)s items confirmed without change", number))
    return redirect(url_for("tracking.progress"), 303)


@blueprint.post("/items/<int:item>/done")
def progress_done(item: int) -> Any:
    """The owner says it is done; a task needs its deliverable (REQ-105)."""
    handing_in.report_done(engine(), item, viewer().id)
    flash(_("Reported done: it waits for its acceptance."))
    return redirect(url_for("tracking.progress", at=_after(item)), 303)


@blueprint.get("/progress.xlsx")
@listed(
    _l("Progress"),
    Column(_l("Letter"), lambda line: line.letter.no, 22),
    Column(_l("Item"), lambda line: line.item.name, 32),
    Column(_l("Target"), lambda line: line.item.target, shape="number"),
    Column(_l("Unit of measure"), lambda line: line.item.unit, 10),
    Column(_l("Actual"), lambda line: line.last and line.last.actual, shape="number"),
    Column(_l("Forecast"), lambda line: line.last and line.last.forecast_value, shape="number"),
    Column(_l("Planned percent"), lambda line: line.outlook.planned, 10, "two"),
    Column(_l("Reached percent"), lambda line: line.outlook.reached, 10, "two"),
    Column(_l("Due"), lambda line: line.item.due, 12),
    Column(_l("Expected finish"), lambda line: line.last and line.last.forecast_finish, 12),
    Column(_l("Warning level"), lambda line: word(f"level.{line.warning.level if line.warning else 'NORMAL'}"), 10),
    Column(_l("Cause"), lambda line: line.last and line.last.reason, 32),
    Column(_l("Measure"), lambda line: line.last and line.last.measures, 32),
    Column(_l("Last report"), lambda line: line.last and line.last.at, 17),
    Column(_l("Next report"), lambda line: line.due, 17),
)
def progress_export() -> Sequence[Line]:
    return reporting.sheet(engine(), viewer().id)


def card(engine: Engine, viewer: Viewer) -> Rendered | None:
    """My items, those in danger first."""
    lines = reporting.sheet(engine, viewer.id)
    return Rendered("tracking/card.html", {"lines": lines[:6], "total": len(lines)}) if lines else None


def count(engine: Engine, viewer: Viewer) -> int:
    """Items of mine that ask for a reason now."""
    return reporting.count_in_danger(engine, viewer.id)


def _page(chosen: int | None = None, form: Form | None = None, outlook: Outlook | None = None) -> str:
    lines = reporting.sheet(engine(), viewer().id)
    known = {line.item.id for line in lines}
    left = [line.item.id for line in lines if line.left]
    at = chosen if chosen in known else next(iter(left), None)
    shown = {line.item.id: _filled(line.last) for line in lines}
    seen = {line.item.id: line.outlook for line in lines}
    if at is not None and at == chosen and form is not None:
        shown[at], seen[at] = form, outlook or seen[at]
    return render_template(
        "tracking/progress.html",
        lines=[line for line in lines if line.left or line.item.id == at],
        others=[line for line in lines if not line.left and line.item.id != at],
        left=len(left),
        due=min((line.due for line in lines if line.asked), default=None),
        forms=shown,
        outlooks=seen,
        causes=CAUSES,
        calm=_calm(lines),
        at=at,
        failed=bool(form and form.errors),
    )


def _calm(lines: Sequence[Line]) -> int:
    """How many items `no change` would confirm; 0 while anything is late (ux.md §4.7)."""
    late = any(line.outlook.reason_needed for line in lines)
    return 0 if late else sum(line.calm and not line.reported for line in lines)


def _after(item: int) -> int | None:
    """The next item that waits for its report: below this one, else the first."""
    lines = reporting.sheet(engine(), viewer().id)
    place = next((nth for nth, line in enumerate(lines) if line.item.id == item), -1)
    waiting = [line.item.id for line in (*lines[place + 1 :], *lines[: max(place, 0)]) if line.left]
    return next(iter(waiting), None)


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


@blueprint.app_template_test("asked_for_percent")
def asked_for_percent(line: Line) -> bool:
    """Whether a percentage is asked for: unless the progress follows from the figure, or it was given before."""
    follows = line.item.target is not None and line.item.direction is Direction.HIGHER
    return not follows or bool(line.last and line.last.percent is not None)


def _filled(last: ProgressView | None) -> Form:
    if last is None:
        return forms.filled()
    said = {name: getattr(last, name) for name in ("actual", "percent", "forecast_value", "forecast_finish")}
    return forms.filled(**{name: _plain(value) for name, value in said.items() if value is not None})


def _plain(value: Any) -> str:
    return format(value.normalize(), "f") if hasattr(value, "normalize") else str(value)
