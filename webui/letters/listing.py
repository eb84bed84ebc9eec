"""The ledger: find a letter, see who is late, start a period or a letter of one's own."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput
from engine.letters import access, creating, cycle, ledger
from engine.letters.drafting import urging
from engine.letters.kinds import Level
from engine.letters.ledger import Wanted
from engine.letters.states import LetterState
from engine.people import orgs
from webui import forms
from webui.access import roles
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.i18n import ngettext
from webui.letters.blueprint import blueprint


class NewLetter(forms.Schema):
    """Whose letter, for when."""

    org = forms.number(required=True)
    level = forms.choice(*Level, required=True)
    period = forms.text(required=True, most=24)
    starts_on = forms.day()
    ends_on = forms.day()


class Month(forms.Schema):
    """A month to be opened."""

    period = forms.text(required=True, most=6)


@blueprint.get("")
def index() -> Any:
    """The letters this person may see."""
    wanted, offset = _wanted(), max(request.args.get("from", 0, type=int), 0)
    with engine().start_work(reading=True) as work:
        lines, more = ledger.page(work, viewer().id, wanted, offset=offset)
        counts = ledger.counts(work, viewer().id, wanted)
        periods = ledger.periods(work, viewer().id)
        units = orgs.tree(work)
    late = sum(line.late for line in lines)
    return render_template(
        "letters/index.html",
        lines=lines,
        more=offset + ledger.PAGE if more else None,
        counts=counts,
        periods=periods,
        units=units,
        wanted=wanted,
        late=late,
        levels=Level,
        states=LetterState,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def create() -> Any:
    """A letter of an organisation that this person may write for."""
    form = forms.read(NewLetter) if request.method == "POST" else forms.filled(level=Level.MONTH)
    if request.method == "POST" and form.valid:
        try:
            letter = creating.create(engine(), creating.New(**form.values), actor=viewer().id)
        except InvalidInput as refused:
            form.refuse(refused, "period")
        else:
            return redirect(url_for("letters.edit", letter=letter), 303)
    with engine().start_work(reading=True) as work:
        sight = access.Sight(work, viewer().id)
        units = [org for org in orgs.tree(work) if sight.ops or org.id in sight.headed or viewer().id == org.head]
    page = render_template("letters/new.html", form=form, units=units, levels=Level)
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/open")
@roles("OPS", "OPS_HEAD")
def open_month() -> Any:
    """Starts the drafting of a month for every organisation."""
    started = cycle.open_month(engine(), forms.must_read(Month)["period"], actor=viewer().id)
    flash(ngettext("%(num)s draft was started.", "%(num)s drafts were started.", started))
    return redirect(url_for("letters.index", period=request.form["period"]), 303)


@blueprint.post("/urge")
@roles("OPS", "OPS_HEAD")
def urge() -> Any:
    """Tells the heads of the late drafts in this list."""
    told = urging.urge_late(engine().start_work, _wanted(), actor=viewer().id)
    flash(_("Urged: %(letters)s", letters="、".join(told)) if told else _("No draft is late."))
    return redirect(url_for("letters.index") + f"?{request.query_string.decode()}", 303)


def _wanted() -> Wanted:
    given = request.args
    return Wanted(
        period=given.get("period", ""),
        level=_word(Level, given.get("level")),
        status=_word(LetterState, given.get("status")),
        org=given.get("org", type=int),
        text=given.get("q", ""),
        late=given.get("late") == "1",
    )


def _word(kind: Any, text: str | None) -> Any:
    return kind(text) if text in set(kind) else None
