"""Decide, retract, approve many: one answer brings the next task, the counts, and the bar that says what was done."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for

from engine.approvals import batches, conditions, decisions, drafts, forms, retracting
from engine.approvals import inbox as kept
from engine.approvals import rows as nodes
from engine.approvals.decisions import Decision
from engine.approvals.rows import Case
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.workflow import standings
from webui import forms as sent_forms
from webui.current import by_htmx, engine, viewer
from webui.i18n import gettext as _
from webui.inbox import fields, listing, pen, tasks
from webui.inbox.blueprint import blueprint
from webui.words import sentence, word


class Decide(sent_forms.Schema):
    outcome = sent_forms.choice("APPROVED", "REJECTED", "RETURNED", "DONE", required=True)
    opinion = sent_forms.text(most=2000)
    target = sent_forms.text(most=120)
    after = sent_forms.choice("RESTART", "DIRECT")
    password = sent_forms.secret()
    alone = sent_forms.tick()
    sha256 = sent_forms.text(most=64)
    drawn = sent_forms.text(most=400_000)
    stored = sent_forms.tick()


class Batch(sent_forms.Schema):
    pick = sent_forms.many_numbers()


@dataclass(frozen=True)
class LastAct:
    """What the bar says: the sentence, the way back or why there is none."""

    sentence: str
    retract: str | None
    why_not: str | None = None


@blueprint.post("/tasks/<int:task_id>/decision")
def decide(task_id: int) -> Response:
    """Say something on the task. A refusal keeps what was typed; who was faster is named, and the next task opens."""
    form = sent_forms.read(Decide, besides=fields.PREFIX)
    page = tasks.load(task_id)
    if not form.valid:
        return _refuse(page, form.errors)
    following = kept.next_after(engine(), viewer().id, task_id, *listing.asked_for(listing.behind()))
    try:
        decisions.decide(engine(), task_id, viewer().id, _decision(task_id, form.values))
    except Conflict as faster:
        if faster.code == "signature.changed":
            return _refuse(page, {"password": sentence(faster)})
        return _overtaken(task_id, following, sentence(faster))
    except (InvalidInput, NotAllowed) as refusal:
        return _refuse(page, {_field_of(refusal): sentence(refusal)})
    return _done(task_id, following, _said(page, form.values["outcome"]))


@blueprint.post("/tasks/<int:task_id>/retract")
def retract(task_id: int) -> Response:
    """Take one's own decision back: the task is open again, beside the list that has its row again."""
    again = retracting.retract(engine(), task_id, viewer().id)
    if not by_htmx():
        flash(_("Retracted: the task is yours again."))
        return _to(again)
    response = make_response(
        render_template(
            "inbox/retracted.html", page=tasks.load(again), act=LastAct(_("Retracted"), None), **_list_again()
        )
    )
    response.headers["HX-Push-Url"] = listing.address(listing.behind(), again)
    return response


@blueprint.route("/batch", methods=["GET"])
def ask_batch() -> str:
    """What would be approved together, and what cannot be, with the reason."""
    chosen = [int(each) for each in request.args.getlist("pick") if each.isdigit()]
    with engine().start_work(reading=True) as work:
        found = [(each, nodes.load(work, each)) for each in chosen]
        mine = [
            (each, node) for each, node in found if node and viewer().id in {one.person for one in node.assignments}
        ]
        for _id, node in mine:
            standings.hold(work, standings.read(work, node.instance_id))
        against = [(node, batches.reason_against(engine(), work, each)) for each, node in mine]
    lines = [(node, sentence(reason) if reason else None) for node, reason in against]
    template = "inbox/batch_dialog.html" if by_htmx() else "inbox/batch.html"
    return render_template(template, lines=lines, able=sum(reason is None for _node, reason in lines))


@blueprint.post("/batch")
def approve_batch() -> Any:
    results = batches.approve(engine(), sent_forms.must_read(Batch)["pick"], viewer().id)
    with engine().start_work(reading=True) as work:
        titles = {each.task: node.title for each in results if (node := nodes.load(work, each.task))}
    lines = [(titles.get(each.task, str(each.task)), each.approved, _reason(each)) for each in results]
    return render_template("inbox/batch_results.html", lines=lines, done=sum(each.approved for each in results))


def _decision(task_id: int, values: Any) -> Decision:
    with engine().start_work(reading=True) as work:
        node, _instance = tasks.visible(work, task_id)
        standings.hold(work, standings.read(work, node.instance_id))
        filled = _filled(Case(engine(), work, node))
        attached = (drafts.find(work, task_id, viewer().id) or {}).get(drafts.FILES, ())
    signed = node.kind == "sign" and values.get("password")
    return Decision(
        outcome=values["outcome"],
        opinion=values.get("opinion", ""),
        values=filled,
        target=values.get("target") if values["outcome"] == "RETURNED" else None,
        after=values.get("after") if values["outcome"] == "RETURNED" else None,
        signature=pen.sign(node.instance_id, values) if signed else None,
        files=tuple(attached),
    )


def _filled(case: Case) -> dict[str, Any]:
    """What was typed into the drawn form, without what its conditions hide."""
    schema = forms.schema(case.work, case.standing, case.node.form) if case.node.form else None
    values = fields.read(schema, fields.sent(request.form))
    left = forms.shown(case, values)
    hidden = conditions.keys(schema) - conditions.keys(left) if schema and left else frozenset()
    return {key: value for key, value in values.items() if key not in hidden}


def _field_of(refusal: InvalidInput | NotAllowed) -> str:
    if refusal.code == "account.wrong":
        return "password"
    named = str(refusal.fields.get("field") or "opinion")
    return named if named in {"opinion", "target", "after", "password"} else fields.PREFIX + named


def _said(page: tasks.TaskPage, outcome: str) -> LastAct:
    with engine().start_work() as work:  # asking locks the instance for a moment
        back = retracting.possible(engine(), work, page.id, viewer().id)
    text = word(f"done.{outcome}", title=page.instance.title)
    address = url_for("inbox.retract", task_id=page.id)
    return (
        LastAct(text, address, None) if back else LastAct(text, None, _("It cannot be retracted: the process went on."))
    )


def _done(task_id: int, following: int | None, act: LastAct) -> Response:
    if not by_htmx():
        flash(act.sentence)
        return _to(following)
    return _answer(task_id, following, act=act)


def _overtaken(task_id: int, following: int | None, text: str) -> Response:
    """409: somebody was faster. The row leaves, the next task opens, and the sentence says who and when."""
    if not by_htmx():
        page = tasks.load(following) if following else None
        told = render_template("inbox/overtaken.html", page=page, sentence=text, typed=request.form.get("opinion", ""))
        return make_response(told, 409)
    return _answer(task_id, following, overtaken=text, status=409)


def _answer(
    task_id: int, following: int | None, *, act: LastAct | None = None, overtaken: str | None = None, status: int = 200
) -> Response:
    page = tasks.load(following) if following else None
    counts = kept.counts(engine(), viewer().id)
    parts = render_template(
        "inbox/decided.html",
        page=page,
        gone=task_id,
        act=act,
        counts=counts,
        overtaken=overtaken,
        typed=request.form.get("opinion"),
    )
    response = make_response(parts, status)
    response.headers["HX-Push-Url"] = listing.address(listing.behind(), following)
    return response


def _list_again() -> dict[str, Any]:
    shown = listing.load(listing.behind())
    return {"listed": shown, **listing.around(shown)}


def _refuse(page: tasks.TaskPage, errors: dict[str, str]) -> Response:
    typed = {name: request.form[name] for name in request.form if name not in {"csrf_token", "password"}}
    refused = tasks.load(page.id, fields.sent(request.form)).refused(errors, typed)
    template = "inbox/detail.html" if by_htmx() else "inbox/task.html"
    return make_response(render_template(template, page=refused, listed=None), 422)


def _reason(result: batches.Result) -> str:
    return "" if result.approved else sentence(InvalidInput(result.code, result.message, **result.fields))


def _to(task_id: int | None) -> Response:
    return redirect(tasks.address(task_id) if task_id else url_for("inbox.index"), 303)  # type: ignore[return-value]  # werkzeug's own response class
