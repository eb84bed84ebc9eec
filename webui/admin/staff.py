"""What is done about one person: password, sessions, posts by day, roles, substitutes."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, make_response, redirect, url_for

from engine.approvals import substitutes
from engine.approvals.substitutes import NewSubstitute
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.people import rights, staffing
from engine.people.posts import NewPost, Rank
from engine.people.roles import Grant, Role
from webui import access, forms, picking
from webui.admin.blueprint import blueprint
from webui.admin.users import KEEPERS, user_page
from webui.current import engine, viewer
from webui.i18n import gettext as _


class Reset(forms.Schema):
    account = forms.text(required=True, most=60)


class Take(forms.Schema):
    org = forms.number(required=True)
    title = forms.text(required=True, most=60)
    rank = forms.choice(*Rank, required=True)
    starts = forms.day(required=True)
    ends = forms.day()
    second = forms.tick()


class End(forms.Schema):
    post = forms.number(required=True)
    last = forms.day(required=True)


class RoleOf(forms.Schema):
    role = forms.choice(*staffing.BY_HAND, required=True)
    org = forms.number()
    ends = forms.day()


class Replace(forms.Schema):
    """Who acts for the person, when, in which process (none: all)."""

    to = forms.text(required=True, most=120)
    starts = forms.day(required=True)
    ends = forms.day(required=True)
    key = forms.text(most=60)
    reason = forms.text(most=200)


class Rule(forms.Schema):
    rule = forms.number(required=True)


@blueprint.post("/users/<int:person>/password")
@access.roles("ADMIN")
def reset_password(person: int) -> Any:
    """A new password that is shown once; all sessions of the person end."""
    account = forms.must_read(Reset)["account"]
    fresh = staffing.reset_password(engine().start_work, person, account, viewer().id)
    return make_response(user_page(person, forms.filled(), fresh=fresh))


@blueprint.post("/users/<int:person>/sessions")
@access.roles("ADMIN")
def end_sessions(person: int) -> Any:
    count = staffing.sign_out(engine().start_work, person, viewer().id)
    flash(_("Sessions ended: %(count)s.", count=count))
    return redirect(url_for("admin.user", person=person), 303)


@blueprint.post("/users/<int:person>/posts")
@access.roles(*KEEPERS)
def take_post(person: int) -> Any:
    form = forms.read(Take)
    return _kept(
        person, form, "post", lambda: staffing.take_post(engine().start_work, _post(person, form), viewer().id)
    )


@blueprint.post("/users/<int:person>/posts/end")
@access.roles(*KEEPERS)
def end_post(person: int) -> Any:
    said = forms.must_read(End)
    staffing.end_post(engine().start_work, said["post"], said["last"], viewer().id)
    return _back(person)


@blueprint.post("/users/<int:person>/roles")
@access.roles(*KEEPERS)
def grant_role(person: int) -> Any:
    form = forms.read(RoleOf)
    return _kept(person, form, "role", lambda: staffing.grant(engine().start_work, _grant(person, form), viewer().id))


@blueprint.post("/users/<int:person>/roles/withdraw")
@access.roles(*KEEPERS)
def withdraw_role(person: int) -> Any:
    said = forms.must_read(RoleOf)
    staffing.withdraw(engine().start_work, Grant(person, Role(said["role"]), said.get("org")), viewer().id)
    return _back(person)


@blueprint.post("/users/<int:person>/substitutes")
@access.roles(*KEEPERS)
def appoint(person: int) -> Any:
    """A substitute for somebody who cannot do it themselves; circles are refused with their names."""
    form = forms.read(Replace)
    return _kept(person, form, "substitute", lambda: _appoint(person, form.values))


@blueprint.post("/users/<int:person>/substitutes/end")
@access.roles(*KEEPERS)
def revoke(person: int) -> Any:
    substitutes.revoke(engine(), forms.must_read(Rule)["rule"], viewer().id)
    return _back(person)


def _appoint(person: int, said: Any) -> None:
    with engine().start_work(reading=True) as work:
        rights.require(work, viewer().id, *rights.ORGANISERS)
    keys = (said["key"],) if said.get("key") else ()
    to, reason = picking.one(said["to"]), said.get("reason", "")
    new = NewSubstitute(person, to, said["starts"], said["ends"], keys, reason)
    substitutes.appoint(engine(), new, viewer().id)


def _post(person: int, form: forms.Form) -> NewPost:
    said = form.values
    dates = (said["starts"], said.get("ends"))
    return NewPost(person, said["org"], said["title"], Rank(said["rank"]), not said["second"], *dates)


def _grant(person: int, form: forms.Form) -> Grant:
    said = form.values
    return Grant(person, Role(said["role"]), said.get("org"), local(g.now).date(), said.get("ends"))


def _kept(person: int, form: forms.Form, opened: str, act: Callable[[], Any]) -> Any:
    """What was asked for is done, or the page comes back with what was typed and why not."""
    if form.valid:
        try:
            act()
        except InvalidInput as refused:
            form.refuse(refused, opened)
        else:
            return _back(person)
    return make_response(user_page(person, form, opened), 422)


def _back(person: int) -> Any:
    flash(_("Saved."))
    return redirect(url_for("admin.user", person=person), 303)
