"""How pages look, the password, and where one is signed in."""

from typing import Any

from flask import flash, make_response, redirect, request, session, url_for

from engine.kernel.errors import InvalidInput, NotAllowed
from engine.people import credentials, sessions
from webui import forms
from webui.account import showing
from webui.account.blueprint import blueprint
from webui.account.showing import keep
from webui.current import engine, viewer
from webui.i18n import LANGUAGES
from webui.i18n import gettext as _
from webui.words import sentence


class Language(forms.Schema):
    language = forms.choice(*LANGUAGES, required=True)


class Look(forms.Schema):
    language = forms.choice(*LANGUAGES, required=True)
    theme = forms.choice("auto", "light", "dark", required=True)
    density = forms.choice("comfortable", "compact", required=True)
    size = forms.choice("100", "115", "130", required=True)
    keys = forms.tick()


class Password(forms.Schema):
    old_password = forms.secret(required=True)
    new_password = forms.secret(required=True)
    again = forms.secret(required=True)


@blueprint.post("/language")
def language() -> Any:
    keep(**forms.must_read(Language))
    session["language"] = request.form["language"]
    return redirect(_back())


@blueprint.post("/look")
def look() -> Any:
    values = forms.must_read(Look)
    keep(**values)
    session["language"], session["theme"] = values["language"], values["theme"]
    flash(_("Saved."))
    return redirect(url_for("account.show"))


@blueprint.post("/password")
def password() -> Any:
    form = forms.read(Password)
    if form.valid and form.values["new_password"] != form.values["again"]:
        form.errors["again"] = _("The two new passwords differ.")
    if form.valid:
        _change_password(form)
    if not form.valid:
        return make_response(showing.page(form), 422)
    flash(_("The password is changed. All sessions are over; sign in again."))
    return redirect(url_for("signin.show"))


@blueprint.post("/sessions/end")
def end_others() -> Any:
    """Everywhere else, and here too: the person signs in again."""
    with engine().start_work() as work:
        sessions.revoke_all(work, viewer().id)
        work.commit()
    return redirect(url_for("signin.show"))


@blueprint.post("/sessions/<session_id>/end")
def end_one(session_id: str) -> Any:
    """One browser is signed out; this one too, if it is that one."""
    with engine().start_work() as work:
        sessions.revoke(work, viewer().id, session_id)
        work.commit()
    flash(_("That session is over."))
    return redirect(url_for("account.show"), 303)


def _change_password(form: forms.Form) -> None:
    try:
        credentials.change_password(
            engine().start_work, viewer().id, form.values["old_password"], form.values["new_password"]
        )
    except NotAllowed:
        form.errors["old_password"] = _("This is not your password.")
    except InvalidInput as refusal:
        form.errors["new_password"] = sentence(refusal)


def _back() -> str:
    # only a path of this server: the referrer's own host is cut off
    target = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return target if target.startswith("/") and not target.startswith("//") else url_for("home.show")
