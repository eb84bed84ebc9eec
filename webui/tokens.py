"""The part of my settings about personal tokens: what there is, a new one (its text is shown once), revoking one."""

from typing import Any

from flask import Blueprint, Flask, flash, make_response, redirect, render_template, url_for
from marshmallow import fields

from engine.kernel.errors import InvalidInput
from engine.people import tokens
from engine.people.tokens import Created, NewToken, Scope
from webui import forms
from webui.current import engine, viewer
from webui.family import Family
from webui.i18n import gettext as _

LIVES = (7, 30, 90, 180, 365)
FIRST = {"days": 90, "scopes": [str(Scope.READ)]}

blueprint = Blueprint("tokens", __name__, url_prefix="/account/tokens")
FAMILY = Family(blueprint)


class New(forms.Schema):
    """A token to be made."""

    name = forms.text(required=True, most=80)
    scopes = fields.List(forms.choice(*map(str, Scope)), load_default=list)
    days = forms.number(required=True, least=1)


@blueprint.get("")
def show() -> Any:
    return render_template("account/tokens_page.html", its=part())


@blueprint.post("")
def create() -> Any:
    """A new token; the page that answers is the only one that ever shows its text."""
    form = forms.read(New)
    made = _made(form) if form.valid else None
    if made is None:
        return make_response(render_template("account/tokens_page.html", its=part() | {"form": form}), 422)
    return render_template("account/tokens_page.html", its=part() | {"made": made})


@blueprint.post("/<int:token>/revoke")
def revoke(token: int) -> Any:
    tokens.revoke(engine().start_work, viewer().id, token, actor=viewer().id)
    flash(_("Revoked: the token opens nothing any more."))
    return redirect(url_for("tokens.show"), 303)


def install(app: Flask) -> None:
    """Let the page of the settings include this part."""
    app.jinja_env.globals["token_part"] = part


def part() -> dict[str, Any]:
    """What `account/tokens.html` shows."""
    with engine().start_work(reading=True) as work:
        held, now = tokens.of(work, viewer().id), work.now
    offered = {"lives": LIVES, "scopes": [(str(each), f"scope.{each}") for each in Scope]}
    return {"held": [(each, each.valid(now)) for each in held], "form": forms.filled(**FIRST), "made": None, **offered}


def _made(form: forms.Form) -> Created | None:
    sent = form.values
    try:
        new = NewToken(sent["name"], tokens.scopes_of(sent["scopes"]), sent["days"])
        return tokens.create(engine().start_work, viewer().id, new, actor=viewer().id)
    except InvalidInput as refused:
        form.refuse(refused, "name")
    return None
