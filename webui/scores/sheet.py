"""The list of letters in scoring, and the sheet of one: points, contributions, formulas, the way to the total."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from marshmallow import fields

from engine.kernel.errors import InvalidInput
from engine.letters.scorecards import answering, entering, reading, vetoes
from engine.letters.scorecards.entering import Given
from engine.letters.scorecards.reading import Sheet
from engine.letters.scoring.terms import Rating
from engine.letters.states import LetterState
from webui import forms
from webui.current import engine, viewer
from webui.forms import Form
from webui.i18n import gettext as _
from webui.scores.blueprint import blueprint
from webui.words import known, word


class Score(forms.Schema):
    """Points by hand; without points the computed ones are taken back."""

    points = forms.decimal()
    reason = forms.text(most=1000)
    not_applicable = fields.Boolean()


class Rated(forms.Schema):
    """What one rater gives."""

    points = forms.decimal(required=True)
    group = forms.text(most=100)
    level = forms.text(most=40)
    comment = forms.text(most=1000)


class Reported(forms.Schema):
    """An event against a VETO item."""

    event = forms.text(required=True, most=2000)
    evidence = forms.text(required=True, most=2000)


@blueprint.get("/scoring")
def scoring() -> Any:
    return render_template("scores/list.html", found=reading.listed(engine(), viewer().id))


@blueprint.get("/<int:letter>/score")
def score(letter: int) -> Any:
    return _page(letter)


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
        points=Decimal(said["points"]),
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
    return render_template(
        "scores/sheet.html", sheet=sheet, chosen=item, form=form or forms.filled(), stages=STAGES, now=_stage(sheet)
    )


STAGES = ("self", "data", "ops", "review", "published")
"""The steps over the sheet, in their order."""


def _stage(sheet: Sheet) -> str:
    """The step at which the scoring stands."""
    if sheet.letter.status is LetterState.REVIEW:
        return "review"
    if sheet.card.published_at or sheet.letter.status not in (LetterState.SCORING, LetterState.PERIOD_ENDED):
        return "published"
    if sheet.card.self_at is None and not sheet.card.self_missed:
        return "self"
    waiting = any(line.score.data_at is None and line.provider for line in sheet.lines)
    return "data" if waiting else "ops"
