"""The list of letters in scoring, and the sheet of one: points, contributions, formulas, the way to the total."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from marshmallow import fields

from engine.kernel import list_book
from engine.kernel.errors import InvalidInput
from engine.letters.kinds import Level
from engine.letters.scorecards import answering, asking, awaiting, entering, reading, vetoes
from engine.letters.scorecards.entering import Given
from engine.letters.scorecards.reading import Line, Listed, Sheet
from engine.letters.scoring.terms import Rating
from engine.letters.states import LetterState
from webui import forms
from webui.current import engine, viewer
from webui.exports import Column, listed
from webui.forms import Form
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.scores import seen
from webui.scores.blueprint import blueprint
from webui.words import known, word


class Score(forms.Schema):
    """Points by hand; without points the computed ones are taken back."""

    points = forms.decimal()
    reason = forms.text(most=1000)
    not_applicable = fields.Boolean()


class Rated(forms.Schema):
    """What one rater gives: a number, or one for each criterion."""

    points = forms.decimal()
    group = forms.text(most=100)
    level = forms.text(most=40)
    comment = forms.text(most=1000)
    criteria = fields.List(fields.Decimal(error_messages=forms.REFUSED), load_default=list)


class Reported(forms.Schema):
    """An event against a VETO item."""

    event = forms.text(required=True, most=2000)
    evidence = forms.text(required=True, most=2000)


@blueprint.get("/scoring")
def scoring() -> Any:
    return render_template("scores/list.html", found=reading.listed(engine(), viewer().id))


@blueprint.get("/scoring.xlsx")
@listed(
    _l("Scoring"),
    Column(_l("Letter"), lambda row: row.letter.no, 22),
    Column(_l("Unit"), lambda row: row.org.name),
    Column(_l("Period"), lambda row: row.letter.period, 10),
    Column(_l("State"), lambda row: word(f"state.letter.{row.letter.status}")),
    Column(_l("Not scored"), lambda row: row.unscored, 10),
    Column(_l("Score"), lambda row: row.final, 10, "two"),
    Column(_l("Grade"), lambda row: row.grade, 8),
)
def scoring_export() -> Sequence[Listed]:
    return reading.listed(engine(), viewer().id, limit=list_book.MOST)


@blueprint.get("/<int:letter>/score")
def score(letter: int) -> Any:
    return _page(letter)


@blueprint.get("/<int:letter>/score.xlsx")
@listed(
    _l("Scoring sheet"),
    Column(_l("Item"), lambda line: line.item.name, 32),
    Column(_l("Weight"), lambda line: line.score.weight, 10, "two"),
    Column(_l("Target"), lambda line: line.item.target if line.item.target is not None else line.item.target_text),
    Column(_l("Actual"), lambda line: None if line.score.actual is None else str(line.score.actual)),
    Column(_l("Unit of measure"), lambda line: line.item.unit, 10),
    Column(_l("Method"), lambda line: word(f"method.{line.item.method}")),
    Column(_l("Self-report"), lambda line: line.score.self_points, 10, "two"),
    Column(_l("Points"), lambda line: line.score.points, 10, "two"),
    Column(_l("Contribution"), lambda line: line.score.contribution, 10, "two"),
    Column(_l("Basis"), lambda line: f"{line.score.article} {line.score.formula}".strip(), 60),
    Column(_l("Reason"), lambda line: line.score.reason, 32),
    Column(_l("Evidence"), lambda line: line.score.evidence, 32),
)
def score_export(letter: int) -> Sequence[Line]:
    return reading.sheet(engine(), letter, viewer().id).lines


@blueprint.get("/<int:letter>/score/files/<file>")
def score_file(letter: int, file: str) -> Any:
    """A file that proves the data of an item."""
    known, content = reading.file(engine(), letter, file, viewer().id)
    response = Response(content, mimetype=known.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=known.name)
    return response


@blueprint.post("/<int:letter>/score/urge")
def score_urge(letter: int) -> Any:
    """催办: whoever is asked for something in this scoring is told again."""
    told = awaiting.urge(engine(), letter, viewer().id)
    flash(_("Urged: %(letters)s", letters="、".join(told)))
    return redirect(url_for("scores.score", letter=letter), 303)


@blueprint.post("/<int:letter>/score/items/<int:item>")
def score_give(letter: int, item: int) -> Any:
    form = forms.read(Score)
    if not form.valid:
        return make_response(_page(letter, item, form), 422)
    values = form.values
    given = Given(item, values.get("points"), str(values.get("reason") or ""), bool(values.get("not_applicable")))
    try:
        entering.give(engine(), letter, [given], viewer().id)
    except InvalidInput as refused:
        return make_response(_page(letter, item, form.refuse(refused, "reason")), 422)
    return redirect(url_for("scores.score", letter=letter) + f"#item-{item}", 303)


@blueprint.post("/<int:letter>/score/items/<int:item>/rating")
def score_rate(letter: int, item: int) -> Any:
    form = forms.read(Rated)
    if not form.valid:
        return make_response(_page(letter, item, form), 422)
    said: Mapping[str, Any] = form.values
    rating = Rating(
        rater=str(viewer().id),
        points=said.get("points"),
        criteria=tuple(said["criteria"]),
        group=str(said.get("group") or ""),
        level=said.get("level"),
        comment=str(said.get("comment") or ""),
    )
    try:
        entering.rate(engine(), letter, item, rating, viewer().id)
    except InvalidInput as refused:
        return make_response(_page(letter, item, form.refuse(refused, "comment")), 422)
    return redirect(url_for("scores.score", letter=letter) + f"#item-{item}", 303)


@blueprint.post("/<int:letter>/score/finish")
def score_finish(letter: int) -> Any:
    total = answering.finish(engine(), letter, viewer().id)
    flash(_("The scores are handed in: %(total)s", total=f"{total.final:.2f}"))
    return redirect(url_for("scores.score", letter=letter), 303)


@blueprint.post("/<int:letter>/score/items/<int:item>/veto")
def score_veto(letter: int, item: int) -> Any:
    form = forms.read(Reported)
    if not form.valid:
        return make_response(_page(letter, item, form), 422)
    vetoes.report_one(engine(), item, event=form.values["event"], evidence=form.values["evidence"], actor=viewer().id)
    flash(_("The event is reported; the leader in charge and the committee decide."))
    return redirect(url_for("scores.score", letter=letter), 303)


@blueprint.app_template_global("awaited")
def awaited(missing: str) -> str:
    """What a score waits for, in words: `ratings:园区` names the group."""
    kind, _colon, rest = missing.partition(":")
    if known(f"missing.{kind}"):
        return word(f"missing.{kind}", name=rest)
    return word(missing) if known(missing) else word("missing.rule")


def _page(letter: int, item: int | None = None, form: Form | None = None) -> str:
    sheet: Sheet = reading.sheet(engine(), letter, viewer().id)
    stages = STAGES if sheet.letter.level is Level.ANNUAL else tuple(each for each in STAGES if each != "committee")
    return render_template(
        "scores/sheet.html",
        sheet=sheet,
        chosen=item,
        form=form or forms.filled(),
        stages=stages,
        now=_stage(sheet),
        fresh=seen.since(letter, sheet.lines),
        rates=asking.rating,
        own=_refused(sheet),
    )


STAGES = ("self", "data", "ops", "review", "committee", "published")
"""The steps over the sheet, in their order; the committee votes on annual results alone."""
NODES = {
    "self_report": "self",
    "confirm_data": "data",
    "accept_deliverable": "data",
    "ops_score": "ops",
    "leader_review": "review",
    "committee_vote": "committee",
}


def _stage(sheet: Sheet) -> str:
    """The step at which the scoring stands: the earliest of those that are open."""
    open_ones = {NODES[each.node] for each in sheet.awaited if each.node in NODES}
    if open_ones:
        return min(open_ones, key=STAGES.index)
    if sheet.letter.status is LetterState.REVIEW:
        return "review"
    scoring = sheet.letter.status in (LetterState.SCORING, LetterState.PERIOD_ENDED)
    return "ops" if scoring and not sheet.card.published_at else "published"


def _refused(sheet: Sheet) -> str:
    """Why somebody of operations may not score this letter at all; empty where they may, or never could."""
    scoring = sheet.letter.status in (LetterState.SCORING, LetterState.PERIOD_ENDED)
    return word("score.ops_only") if scoring and viewer().may("OPS", "OPS_HEAD") and "give" not in sheet.may else ""
