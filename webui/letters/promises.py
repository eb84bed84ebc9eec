"""横向承诺: what one's organisation is asked for, one request with its turns, and the answer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import Work
from engine.letters import access, commitments, content, letters
from engine.letters.commitments import CommitmentView
from engine.letters.drafting import negotiation
from engine.letters.drafting.negotiation import Answer
from engine.letters.states import CommitmentState, LetterState
from engine.people import orgs, persons
from webui import forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.letters.blueprint import blueprint


class AnswerForm(forms.Schema):
    """What the other side says."""

    answer = forms.choice("ACCEPTED", "COUNTERED", "REFUSED", required=True)
    content = forms.text(most=1000)
    due = forms.day()
    reason = forms.text(most=1000)


class Done(forms.Schema):
    """How a promise ended."""

    status = forms.choice(CommitmentState.FULFILLED, CommitmentState.BREACHED, required=True)


@blueprint.get("/commitments")
def commitments_index() -> Any:
    """What the organisations that this person heads were asked for."""
    with engine().start_work(reading=True) as work:
        headed = sorted(access.Sight(work, viewer().id).headed)
        found = [each for org in headed for each in commitments.of_provider(work, org) if each.requested_at is not None]
        heads = letters.many(work, [each.letter for each in found])
        units = orgs.many(work, {heads[each.letter].org for each in found} | {each.provider for each in found})
    return render_template("letters/commitments.html", found=found, heads=heads, units=units)


@blueprint.route("/commitments/<int:commitment>", methods=["GET", "POST"])
def commitment(commitment: int) -> Any:
    """One promise: what is asked, for what, the turns; accept, counter, refuse."""
    form = forms.read(AnswerForm) if request.method == "POST" else forms.Form()
    if request.method == "POST" and form.valid:
        try:
            said = Answer(**{"content": "", "reason": "", **form.values})
            negotiation.answer(engine(), commitment, said, actor=viewer().id)
        except InvalidInput as refused:
            form.refuse(refused, "reason")
        else:
            flash(_("Your answer is kept."))
            return redirect(url_for("letters.commitment", commitment=commitment), 303)
    page = render_template("letters/commitment.html", form=form, **_context(commitment))
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/commitments/<int:commitment>/accept-counter")
def accept_counter(commitment: int) -> Any:
    """The asking side takes the offer."""
    negotiation.accept_counter(engine().start_work, commitment, actor=viewer().id)
    return redirect(url_for("letters.commitment", commitment=commitment), 303)


@blueprint.post("/commitments/<int:commitment>/withdraw")
def withdraw_request(commitment: int) -> Any:
    """The asking side needs it no more."""
    negotiation.withdraw(engine().start_work, commitment, actor=viewer().id)
    return redirect(url_for("letters.commitment", commitment=commitment), 303)


@blueprint.post("/commitments/<int:commitment>/close")
def close_commitment(commitment: int) -> Any:
    """Fulfilled or broken."""
    to = CommitmentState(forms.must_read(Done)["status"])
    negotiation.close(engine().start_work, commitment, to, actor=viewer().id)
    return redirect(url_for("letters.commitment", commitment=commitment), 303)


def answers(work: Work, known: CommitmentView, person: int) -> bool:
    """Whether it is this person's to answer now."""
    if not known.open or known.requested_at is None:
        return False
    provider = orgs.view(work, known.provider)
    if known.escalated_at is None:
        return person in (provider.head, provider.leader)
    return person in (provider.leader, orgs.view(work, letters.view(work, known.letter).org).leader)


def _context(commitment: int) -> dict[str, Any]:
    with engine().start_work(reading=True) as work:
        known = negotiation.seen(work, commitment, viewer().id)
        whole = content.load(work, known.letter)
        item = next(each for each in (*whole.items, *whole.deleted) if each.id == known.item)
        turned = {turn["by"] for turn in known.turns if turn["by"]}
        provider = orgs.view(work, known.provider)
        people = persons.many(work, {*turned, *(each for each in (provider.head, whole.org.head) if each)})
        return {
            "known": known,
            "head": whole.letter,
            "org": whole.org,
            "provider": provider,
            "item": item,
            "weight": whole.weights.get(item.id),
            "people": people,
            "answering": answers(work, known, viewer().id),
            "asking": access.writes(work, whole.letter, viewer().id),
            "in_force": whole.letter.status is LetterState.EFFECTIVE,
            "answer_due": _answer_due(work, known),
            "turns": [_turn(each) for each in known.turns],
            "sees_letter": _sees(work, whole.letter.id),
        }


def _turn(turn: Mapping[str, Any]) -> dict[str, Any]:
    """A turn with its moment and day as such: they are kept as texts."""
    due = turn.get("due")
    return {**turn, "at": datetime.fromisoformat(turn["at"]), "due": date.fromisoformat(due) if due else None}


def _sees(work: Work, letter: int) -> bool:
    try:
        access.see(work, letter, viewer().id)
    except NotFound:
        return False
    return True


def _answer_due(work: Work, known: CommitmentView) -> Any:
    if not known.open or known.requested_at is None or known.escalated_at is not None:
        return None
    return engine().calendar(work).due_in("2wd", known.requested_at)
