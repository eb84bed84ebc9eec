"""Self-report by party B, data by the provider, and the way to deliverables that wait for a verdict."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput, NotFound
from engine.letters.kinds import Method
from engine.letters.scorecards import answering, reading
from engine.letters.scorecards.entering import Data, SelfScore
from engine.letters.scorecards.reading import Line, Sheet
from engine.letters.scoring import deduct
from engine.letters.scoring.terms import Terms
from webui.current import engine, viewer
from webui.forms import Form
from webui.i18n import gettext as _
from webui.scores.blueprint import blueprint


@blueprint.get("/<int:letter>/self-report")
def self_report(letter: int) -> Any:
    return _self_page(letter, Form())


@blueprint.post("/<int:letter>/self-report")
def self_report_save(letter: int) -> Any:
    sheet = reading.sheet(engine(), letter, viewer().id)
    form = Form(sent=request.form.to_dict())
    said = [each for line in sheet.lines if (each := _said(line, form)) is not None]
    if not form.valid:
        return make_response(_self_page(letter, form), 422)
    answering.self_report(engine(), letter, said, viewer().id)
    flash(_("Your self-report is handed in."))
    return redirect(url_for("scores.score", letter=letter), 303)


@blueprint.get("/<int:letter>/data")
def data(letter: int) -> Any:
    return _data_page(reading.provider_items(engine(), letter, viewer().id), Form())


@blueprint.post("/<int:letter>/data")
def data_save(letter: int) -> Any:
    sheet = reading.provider_items(engine(), letter, viewer().id)
    form = Form(sent=request.form.to_dict())
    confirmed = [each for line in sheet.lines if (each := _confirmed(line, form)) is not None]
    if not form.valid:
        return make_response(_data_page(sheet, form), 422)
    try:
        answering.confirm_data(engine(), letter, confirmed, viewer().id)
    except InvalidInput as refused:
        return make_response(_data_page(sheet, form.refuse(refused, "form")), 422)
    flash(_("The data are confirmed."))
    return redirect(url_for("home.show"), 303)


@blueprint.get("/<int:letter>/judging")
def deliverable(letter: int) -> Any:
    """To the first deliverable of the letter that waits for this person's verdict."""
    item = reading.to_judge(engine(), letter, viewer().id)
    if item is None:
        raise NotFound("submission.none", "no deliverable of this letter waits for your verdict", letter=letter)
    return redirect(url_for("tracking.deliverables", item=item), 302)


@blueprint.app_template_global("event_names")
def event_names(line: Line) -> Sequence[str]:
    """The events of a DEDUCT table, for the fields that count them."""
    return list(deduct.table(Terms(Method.DEDUCT, params=line.item.params)))


def _said(line: Line, form: Form) -> SelfScore | None:
    name = f"points-{line.item.id}"
    typed = str(form.sent.get(name, "")).strip()
    note = str(form.sent.get(f"note-{line.item.id}", "")).strip()
    if not typed and not note:
        return None
    return SelfScore(line.item.id, _number(typed, name, form) if typed else None, note[:2000])


def _confirmed(line: Line, form: Form) -> Data | None:
    """What was typed for one item: a figure, or how often each event happened; nothing typed says nothing."""
    number, evidence = line.item.id, str(form.sent.get(f"evidence-{line.item.id}", "")).strip()[:2000]
    files = [(each.filename or "", each.read()) for each in request.files.getlist(f"files-{number}") if each.filename]
    if line.item.method is Method.DEDUCT:
        events = _events(line, form)
        return None if events is None else Data(number, events=events, evidence=evidence, files=files)
    typed = str(form.sent.get(f"actual-{number}", "")).strip()
    if not typed:
        return None
    counted = line.item.method in (Method.RATIO, Method.INTERP, Method.STEP)
    actual: Any = str(_number(typed, f"actual-{number}", form)) if counted else typed[:200]
    return Data(number, actual=actual, evidence=evidence, files=files)


def _events(line: Line, form: Form) -> list[Mapping[str, Any]] | None:
    typed = {
        name: str(form.sent.get(f"event-{line.item.id}-{nth}", "")).strip()
        for nth, name in enumerate(event_names(line))
    }
    if not any(typed.values()):
        return None
    counts = {name: _number(text or "0", f"event-{line.item.id}-0", form) for name, text in typed.items()}
    return [{"event": name, "count": int(count)} for name, count in counts.items() if count]


def _number(typed: str, name: str, form: Form) -> Decimal:
    try:
        return Decimal(typed.replace(",", ""))
    except InvalidOperation:
        form.errors[name] = _("“%(typed)s” is no number", typed=typed)
        return Decimal(0)


def _self_page(letter: int, form: Form) -> str:
    return render_template("scores/self_report.html", sheet=reading.sheet(engine(), letter, viewer().id), form=form)


def _data_page(sheet: Sheet, form: Form) -> str:
    return render_template("scores/data.html", sheet=sheet, form=form)
