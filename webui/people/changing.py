"""Changing the organisation: a unit from a day on, a new one, the end of one, taking a planned change back."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, make_response, redirect, url_for

from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.people import organising
from engine.people.organising import Reshaping
from engine.people.orgs import ControlMode, NewOrg, OrgType
from webui import access, forms, picking
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.people import orgs
from webui.people.blueprint import blueprint


class Change(forms.Schema):
    name = forms.text(required=True, most=120)
    head = forms.text(most=120)
    leader = forms.text(most=120)
    control_mode = forms.choice(*ControlMode)
    parent = forms.number()
    starts = forms.day(required=True)


class New(forms.Schema):
    code = forms.text(required=True, most=40)
    name = forms.text(required=True, most=120)
    type = forms.choice(*OrgType, required=True)
    head = forms.text(most=120)
    starts = forms.day(required=True)


class End(forms.Schema):
    last = forms.day(required=True)


@blueprint.post("/orgs/<int:org>")
@access.roles(*orgs.CHANGERS)
def change(org: int) -> Any:
    form = forms.read(Change)
    return _kept(org, form, "change", lambda: _reshape(org, form.values), _("Saved."))


@blueprint.post("/orgs/<int:org>/new")
@access.roles(*orgs.CHANGERS)
def found(org: int) -> Any:
    """A new unit below this one."""
    form = forms.read(New)
    return _kept(org, form, "new", lambda: _found(org, form.values), _("The unit is there."))


@blueprint.post("/orgs/<int:org>/close")
@access.roles(*orgs.CHANGERS)
def close(org: int) -> Any:
    form = forms.read(End)
    done = _("The unit ends with that day.")
    return _kept(
        org, form, "close", lambda: organising.close(engine().start_work, org, form.values["last"], viewer().id), done
    )


@blueprint.post("/orgs/<int:org>/changes/<int:planned>/call-off")
@access.roles(*orgs.CHANGERS)
def call_off(org: int, planned: int) -> Any:
    organising.call_off(engine().start_work, planned, viewer().id)
    flash(_("The change was taken back."))
    return redirect(url_for("people.orgs_index", org=org), 303)


def _reshape(org: int, said: Any) -> None:
    values = {
        "name": said["name"],
        "head_id": picking.perhaps(said.get("head"), "head"),
        "leader_id": picking.perhaps(said.get("leader"), "leader"),
        "control_mode": said.get("control_mode"),
        "parent_id": said.get("parent"),
    }
    organising.reshape(engine().start_work, Reshaping(org, said["starts"], values), viewer().id)


def _found(parent: int, said: Any) -> None:
    head = picking.perhaps(said.get("head"), "head")
    today = local(g.now).date()
    starts = None if said["starts"] <= today else said["starts"]
    new = NewOrg(said["code"], said["name"], OrgType(said["type"]), parent=parent, head=head, valid_from=starts)
    organising.found(engine().start_work, new, viewer().id)


def _kept(org: int, form: forms.Form, opened: str, act: Callable[[], Any], done: str) -> Any:
    """What was asked for is done, or the page comes back with what was typed and why not."""
    if form.valid:
        try:
            act()
        except InvalidInput as refused:
            form.refuse(refused)
        else:
            flash(done)
            return redirect(url_for("people.orgs_index", org=org), 303)
    return make_response(orgs.page(form, opened, org), 422)
