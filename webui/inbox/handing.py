"""Acts beside the decision: hand on, ask, add and remove approvers, send a copy, claim, release, urge."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for

from engine.approvals import acts, copies, drafts, rows, sight
from engine.approvals.acts import Addition
from engine.approvals.modes import Mode
from engine.approvals.seats import Source
from engine.kernel.clock import local
from engine.kernel.errors import NotFound
from webui import forms, picking
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.inbox import fields, tasks
from webui.inbox.blueprint import blueprint
from webui.inbox.fields import PREFIX

PLACES = ("ADD_BEFORE", "ADD_AFTER", "ADD_PARALLEL")


class Hand(forms.Schema):
    to = forms.text(required=True, most=120)
    reason = forms.text(most=500)


class Add(forms.Schema):
    to = forms.text(required=True, most=400)
    place = forms.choice(*PLACES, required=True)
    within = forms.choice("ALL", "ANY", "SEQ")
    reason = forms.text(most=500)


class Remove(forms.Schema):
    person = forms.number(required=True)


class Draft(forms.Schema):
    outcome = forms.text(most=20)
    opinion = forms.text(most=2000)
    target = forms.text(most=120)
    after = forms.text(most=20)
    password = forms.secret()
    sha256 = forms.text(most=64)
    drawn = forms.text(most=400_000)
    stored = forms.tick()


@blueprint.post("/tasks/<int:task_id>/transfer")
def transfer(task_id: int) -> Any:
    values = forms.must_read(Hand)
    acts.transfer(engine(), task_id, viewer().id, picking.one(values["to"]), values.get("reason", ""))
    flash(_("Handed on."))
    return redirect(url_for("inbox.index"), 303)


@blueprint.post("/tasks/<int:task_id>/delegate")
def delegate(task_id: int) -> Any:
    values = forms.must_read(Hand)
    acts.delegate(engine(), task_id, viewer().id, picking.one(values["to"]), values.get("reason", ""))
    return _back(task_id, _("Asked: the task comes back with the answer."))


@blueprint.post("/tasks/<int:task_id>/add")
def add(task_id: int) -> Any:
    values = forms.must_read(Add)
    within = Mode(values.get("within") or Mode.ALL)
    new = Addition(picking.several(values["to"]), Source(values["place"]), within, values.get("reason", ""))
    acts.add(engine(), task_id, viewer().id, new)
    return _back(task_id, _("Added."))


@blueprint.post("/tasks/<int:task_id>/remove")
def remove(task_id: int) -> Any:
    acts.remove(engine(), task_id, viewer().id, forms.must_read(Remove)["person"])
    return _back(task_id, _("Removed."))


@blueprint.post("/tasks/<int:task_id>/copy")
def send_copy(task_id: int) -> Any:
    """抄送 by hand: only who may see the instance may show it to others."""
    values = forms.must_read(Hand)
    with engine().start_work(reading=True) as work:
        node = rows.load(work, task_id)
        if node is None:
            raise NotFound("task.unknown", f"there is no task {task_id}", task=task_id)
        sight.instance_for(work, node.instance_id, viewer().id, viewer().roles)
    copies.send(engine(), node.instance_id, viewer().id, picking.several(values["to"]), values.get("reason", ""))
    return _back(task_id, _("Copies are sent."))


@blueprint.post("/tasks/<int:task_id>/claim")
def claim(task_id: int) -> Any:
    return _act(acts.claim, task_id, _("Claimed: it is yours now."))


@blueprint.post("/tasks/<int:task_id>/release")
def release(task_id: int) -> Any:
    return _act(acts.release, task_id, _("Back in the pool."))


@blueprint.post("/tasks/<int:task_id>/recall")
def recall(task_id: int) -> Any:
    return _act(acts.recall, task_id, _("Taken back: the task is yours again."))


@blueprint.post("/tasks/<int:task_id>/urge")
def urge(task_id: int) -> Any:
    return _act(acts.urge, task_id, _("Reminded."))


@blueprint.post("/tasks/<int:task_id>/draft")
def keep_draft(task_id: int) -> Any:
    """暂存: what is typed so far, for this person only."""
    form = forms.read(Draft, besides=PREFIX)
    answer = {"opinion": form.values.get("opinion", ""), "values": fields.sent(request.form)}
    drafts.save(engine(), task_id, viewer().id, answer)
    return _("Draft saved %(at)s", at=f"{local(g.now):%H:%M}")


def _act(act: Callable[..., Any], task_id: int, done: str) -> Any:
    act(engine(), task_id, viewer().id)
    return _back(task_id, done)


def _back(task_id: int, done: str) -> Any:
    flash(done)
    return redirect(tasks.address(task_id), 303)
