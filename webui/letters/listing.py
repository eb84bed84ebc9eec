"""The ledger: find a letter, see who is late, start a period or a letter of one's own."""

import hashlib
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel import list_book
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.letters import access, creating, cycle, ledger, periods
from engine.letters.drafting import urging
from engine.letters.kinds import Level
from engine.letters.ledger import Wanted
from engine.letters.states import LetterState
from engine.letters.tracking import reached
from engine.letters.watching.levels import WarningLevel
from engine.people import orgs
from webui import exports, forms
from webui.access import roles
from webui.current import engine, viewer
from webui.exports import Column
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.i18n import ngettext
from webui.letters.blueprint import blueprint
from webui.words import word

_GRAVEST_FIRST = tuple(reversed(WarningLevel))
_GROUPS = {
    "draft": (LetterState.DRAFT, LetterState.RETURNED, LetterState.NEGOTIATING),
    "approval": (LetterState.IN_APPROVAL, LetterState.APPROVED),
    "signing": (LetterState.SIGNING,),
    "signed": (LetterState.EFFECTIVE, LetterState.PERIOD_ENDED),
    "scored": (LetterState.SCORING, LetterState.REVIEW, LetterState.PUBLISHED, LetterState.APPEAL, LetterState.CLOSED),
}
"""The states that a counter above the list adds up, and narrows to."""


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
        context = {
            "lines": lines,
            "far": reached.of_letters(work, engine().calendar(work), [line.letter for line in lines]),
            "periods": ledger.periods(work, viewer().id),
            "units": orgs.tree(work),
            "next_month": periods.next_month(periods.month_of(local(work.now).date())).code,
            **_counters(work, wanted),
        }
    more_at = _more(offset + ledger.PAGE) if more else None
    return render_template(
        "letters/index.html", more=more_at, levels=Level, states=LetterState, warnings=_GRAVEST_FIRST, **context
    )


@blueprint.get("/counters")
def counters() -> Any:
    """The numbers above the list; 204 while they are what the page shows."""
    with engine().start_work(reading=True) as work:
        context = _counters(work, _wanted())
    if request.args.get("rev") == context["revision"]:
        return "", 204
    return render_template("letters/counters.html", **context)


@blueprint.get("/letters.xlsx")
@exports.listed(
    _l("Letters"),
    Column(_l("Number"), lambda line: line.letter.no, 24),
    Column(_l("Unit"), lambda line: line.org_name, 24),
    Column(_l("Kind"), lambda line: word(f"level.{line.letter.level}"), 8),
    Column(_l("Period"), lambda line: line.letter.period, 10),
    Column(_l("State"), lambda line: word(f"state.letter.{line.letter.status}"), 12),
    Column(_l("Waiting at"), lambda line: "、".join(wait.person for wait in line.waits), 24),
    Column(_l("Until"), lambda line: line.waits[0].due if line.waits else None, 18),
    Column(_l("Weight"), lambda line: line.weight, 10, "two"),
    Column(_l("Open warning"), lambda line: word(f"level.{line.warning}") if line.warning else None, 12),
    Column(_l("Hand in by"), lambda line: line.submit_due, 18),
    Column(_l("Late"), lambda line: line.late, 8),
)
def letters_export() -> Any:
    with engine().start_work(reading=True) as work:
        return ledger.page(work, viewer().id, _wanted(), limit=list_book.MOST)[0]


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


def _more(offset: int) -> str:
    """The same list from a later line on."""
    arguments: dict[str, Any] = {**request.args, "from": offset}
    return url_for("letters.index", **arguments)


def _counters(work: Work, wanted: Wanted) -> dict[str, Any]:
    counts = ledger.counts(work, viewer().id, wanted)
    late = ledger.late(work, viewer().id, wanted)
    stages = [(name, sum(counts.get(state, 0) for state in states)) for name, states in _GROUPS.items()]
    revision = hashlib.sha256(repr((sorted(counts.items()), late)).encode()).hexdigest()[:16]
    return {"counts": counts, "stages": stages, "late": late, "wanted": wanted, "revision": revision}


def _wanted() -> Wanted:
    given = request.args
    return Wanted(
        period=given.get("period", ""),
        level=_word(Level, given.get("level")),
        status=_word(LetterState, given.get("status")),
        org=given.get("org", type=int),
        text=given.get("q", ""),
        late=given.get("late") == "1",
        warning=_word(WarningLevel, given.get("warning")),
        stage=_GROUPS.get(given.get("stage", ""), ()),
    )


def _word(kind: Any, text: str | None) -> Any:
    return kind(text) if text in set(kind) else None
