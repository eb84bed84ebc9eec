"""Adjustments: ask for a change of a letter in force, see what it does, file and withdraw it."""

from dataclasses import replace
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.letters import adjustments, commitments, items, letters
from engine.letters.adjusting import outcomes, requests, windows
from engine.letters.adjusting.case import Case
from engine.letters.adjusting.requests import Asked
from engine.letters.kinds import AdjustmentType, Cause, Importance, Kind
from engine.letters.states import AdjustmentState, CommitmentState
from engine.people import orgs, persons
from webui import forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.letters import sheets
from webui.letters.blueprint import blueprint
from webui.words import sentence

_FIELD = {
    AdjustmentType.TARGET: "target",
    AdjustmentType.DUE: "due",
    AdjustmentType.WEIGHT: "weight",
    AdjustmentType.OWNER: "owner",
    AdjustmentType.SUSPEND: "days",
    AdjustmentType.DELETE: "status",
}


class AskForm(forms.Schema):
    """What is asked for: one item and its new value, or a new item."""

    type = forms.choice(*AdjustmentType, required=True)
    cause = forms.choice(*Cause, required=True)
    item = forms.number()
    target = forms.text(most=60)
    due = forms.day()
    weight = forms.decimal()
    owner = forms.number()
    days = forms.number(least=1)
    name = forms.text(most=400)
    kind = forms.choice(Kind.KPI, Kind.TASK)
    importance = forms.choice(*Importance)
    category = forms.text(most=60)
    completion_standard = forms.text(most=2000)
    reason = forms.text(required=True)
    event_on = forms.day()
    proof = forms.text(most=400)
    breached = forms.many_numbers()


class Preview(AskForm):
    """The same while it is being filled in."""

    reason = forms.text()


@blueprint.route("/<int:letter>/adjust", methods=["GET", "POST"])
def adjust(letter: int) -> Any:
    """Asks for an adjustment; it is kept as a draft with what it would do."""
    given = request.args
    form = (
        forms.read(AskForm)
        if request.method == "POST"
        else forms.filled(type=given.get("type", "DUE"), cause=given.get("cause", "SELF"), item=given.get("item", ""))
    )
    if request.method == "POST" and form.valid:
        try:
            drafted = requests.draft(engine(), letter, _asked(dict(form.values)), actor=viewer().id)
        except InvalidInput as refused:
            form.refuse(refused, "item")
        else:
            return redirect(url_for("letters.adjustment", letter=letter, adjustment=drafted.id), 303)
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
        people = persons.of_org(work, sorted(orgs.subtree(work, sheet.head.org)))
        promised = [each for each in sheet.content.commitments if each.status is CommitmentState.ACCEPTED]
        units = orgs.many(work, [each.provider for each in promised])
    page = render_template(
        "letters/adjust.html",
        sheet=sheet,
        form=form,
        people=people,
        promised=promised,
        units=units,
        types=AdjustmentType,
        causes=Cause,
        kinds=(Kind.TASK, Kind.KPI),
        importances=Importance,
    )
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/<int:letter>/adjust/preview")
def adjust_preview(letter: int) -> Any:
    """What the request as typed would do; while it is incomplete, nothing."""
    form = forms.read(Preview)
    if not form.valid:
        return ""
    try:
        asked = _asked({"reason": "", **form.values})
        with engine().start_work(reading=True) as work:
            case = requests.imagine(engine(), work, letter, asked, actor=viewer().id)
            context = _effect(work, case)
    except InvalidInput as refused:
        return render_template("letters/adjustment_incomplete.html", told=sentence(refused))
    return render_template("letters/adjustment_effect.html", **context) if case.items or asked.new_item else ""


@blueprint.get("/<int:letter>/adjustments/<int:adjustment>")
def adjustment(letter: int, adjustment: int) -> Any:
    """Before and after, the effect on scores and weights, the route, the rule that would refuse it."""
    with engine().start_work(reading=True) as work:
        known = requests.seen(work, adjustment, viewer().id)
        context = _effect(work, requests.preview(engine(), work, known))
        context["result"] = letters.view(work, known.result) if known.result else None
    return render_template("letters/adjustment.html", mine=known.applicant == viewer().id, **context)


@blueprint.get("/adjustments/<int:adjustment>")
def adjustment_of(adjustment: int) -> Any:
    """The adjustment's page, for whoever knows only its number."""
    with engine().start_work(reading=True) as work:
        known = requests.seen(work, adjustment, viewer().id)
    return redirect(url_for("letters.adjustment", letter=known.letter, adjustment=adjustment))


@blueprint.post("/adjustments/<int:adjustment>/file")
def file_adjustment(adjustment: int) -> Any:
    """Files it: its process starts."""
    filed = requests.file(engine(), adjustment, actor=viewer().id)
    flash(_("Filed: %(no)s", no=filed.no))
    return redirect(url_for("letters.adjustment", letter=filed.letter, adjustment=adjustment), 303)


@blueprint.post("/adjustments/<int:adjustment>/withdraw")
def withdraw_adjustment(adjustment: int) -> Any:
    """Takes it back."""
    known = requests.withdraw(engine(), adjustment, actor=viewer().id)
    flash(_("Withdrawn: %(no)s", no=known.no))
    return redirect(url_for("letters.adjustment", letter=known.letter, adjustment=adjustment), 303)


def _effect(work: Work, case: Case) -> dict[str, Any]:
    """Everything that the page of a request and its preview show of what it does."""
    known = case.adjustment
    waiting = known.status is AdjustmentState.DRAFT
    own = replace(case, adjustment=replace(known, cause=Cause.SELF))
    return {
        "known": known,
        "case": case,
        "sheet": sheets.load(work, known.letter, viewer().id),
        "refusal": windows.check(case) if waiting else None,
        "route": requests.route(engine(), work, case),
        "latest": windows.latest_day(case),
        "outcome": outcomes.of(case),
        "own_fault": {"outcome": outcomes.of(own), "refusal": windows.check(own)}
        if waiting and known.cause is not Cause.SELF
        else None,
        "names": {item.id: item.name for item in items.of(work, known.letter)},
        "people": persons.many(work, _people(known)),
        "broken": [commitments.view(work, each) for each in known.breached],
    }


def _asked(given: dict[str, Any]) -> Asked:
    kind = AdjustmentType(given["type"])
    changes: list[tuple[int, str, Any]] = []
    added: dict[str, str] = {}
    if kind is AdjustmentType.ADD:
        names = ("name", "kind", "importance", "category", "completion_standard", "weight", "due", "target")
        added = {name: str(given[name]) for name in names if given.get(name)}
        added.setdefault("kind", str(Kind.TASK))
    elif given.get("item"):
        field = _FIELD[kind]
        value: Any = "DELETED" if field == "status" else given.get(field)
        if value is None:
            told = _("Enter the new value.")
            raise InvalidInput("adjustment.value", "enter the new value", field=field, sentence=told)
        changes = [(given["item"], field, value.isoformat() if field == "due" else value)]
    return Asked(
        kind,
        Cause(given["cause"]),
        given["reason"],
        changes,
        added,
        given.get("event_on"),
        tuple(part.strip() for part in given.get("proof", "").splitlines() if part.strip()),
        tuple(given["breached"]),
    )


def _people(known: adjustments.AdjustmentView) -> set[int]:
    owners = {
        int(change[key])
        for change in known.changes
        for key in ("before", "after")
        if change["field"] == "owner" and change[key]
    }
    return {known.applicant, *owners}
