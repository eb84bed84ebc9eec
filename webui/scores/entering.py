"""Self-report by party B, data by the provider, and the way to deliverables that wait for a verdict."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput, NotFound
from engine.letters.scorecards import answering, reading
from engine.letters.scorecards.asking import Entered
from engine.letters.scorecards.entering import Data, SelfScore
from engine.letters.scorecards.reading import Line, Sheet
from engine.letters.scoring.deduct import Entry
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


def _said(line: Line, form: Form) -> SelfScore | None:
    name = f"points-{line.item.id}"
    typed, note = _typed(name, form), _typed(f"note-{line.item.id}", form)
    if not typed and not note:
        return None
    return SelfScore(line.item.id, _number(typed, name, form) if typed else None, note[:2000])


def _confirmed(line: Line, form: Form) -> Data | None:
    """What was typed for one item: a figure, a choice, events, parts; nothing typed says nothing."""
    number, evidence = line.item.id, str(form.sent.get(f"evidence-{line.item.id}", "")).strip()[:2000]
    files = [(each.filename or "", each.read()) for each in request.files.getlist(f"files-{number}") if each.filename]
    if line.asked.kind is Entered.EVENTS:
        events = _events(line, form)
        return None if events is None else Data(number, events=events, evidence=evidence, files=files)
    actual = _parts(line, form) if line.asked.kind is Entered.PARTS else _actual(line, form)
    return None if actual is None else Data(number, actual=actual, evidence=evidence, files=files)


def _actual(line: Line, form: Form) -> str | None:
    name = f"actual-{line.item.id}"
    typed = _typed(name, form)
    if not typed:
        return None
    return str(_number(typed, name, form)) if line.asked.kind is Entered.NUMBER else typed[:200]


def _parts(line: Line, form: Form) -> Mapping[str, str] | None:
    typed = {name: _typed(f"part-{line.item.id}-{nth}", form)[:200] for nth, name in enumerate(line.asked.names)}
    given = {name: text for name, text in typed.items() if text}
    return given or None


def _events(line: Line, form: Form) -> list[Mapping[str, Any]] | None:
    """How often each event of the table happened, and what each cost where the table gives a range (domain.md §6)."""
    places = [(f"event-{line.item.id}-{nth}", entry) for nth, entry in enumerate(line.asked.events)]
    if not any(_typed(name, form) for name, _ in places):
        return None
    return [event for name, entry in places if (event := _event(name, entry, form)) is not None]


def _event(name: str, entry: Entry, form: Form) -> Mapping[str, Any] | None:
    count = int(_number(_typed(name, form) or "0", name, form))
    if not count:
        return None
    event: dict[str, Any] = {"event": entry.event, "count": count}
    if entry.least is not None and entry.least == entry.most:
        return event
    cost = name.replace("event-", "cost-")
    typed = _typed(cost, form)
    if not typed:
        form.errors[cost] = _("Say what each of them costs.")
    return {**event, "points": str(_number(typed, cost, form))} if typed else event


def _typed(name: str, form: Form) -> str:
    return str(form.sent.get(name, "")).strip()


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
