"""Sign-in and sign-out; in the demo also one tile per role, and changing who one is."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import login_user, logout_user
from flask_wtf.csrf import generate_csrf

from engine.kernel.errors import NotAllowed
from engine.kernel.work import Work
from engine.people import credentials, orgs, persons, roles, sessions
from engine.people.roles import Role
from webui import access, forms, viewers
from webui.access import public
from webui.current import engine
from webui.family import Family
from webui.i18n import LANGUAGES
from webui.i18n import lazy_gettext as _l
from webui.words import sentence

blueprint = Blueprint("signin", __name__)
FAMILY = Family(blueprint)


class SignIn(forms.Schema):
    account = forms.text(required=True, most=60)
    password = forms.secret(required=True)
    next = forms.text(most=500)


class Become(forms.Schema):
    person = forms.number(required=True)
    next = forms.text(most=500)


@dataclass(frozen=True)
class Tile:
    """One click in the demo: a role and somebody who has it."""

    role: Any
    person: persons.PersonView


@blueprint.get("/login")
@public
def show() -> Any:
    if request.args.get("lang") in LANGUAGES:
        session["language"] = request.args["lang"]
    return _page(forms.filled(next=request.args.get("next", "")))


@blueprint.post("/login")
@public
def enter() -> Any:
    form = forms.read(SignIn)
    if not form.valid:
        return _refused(form)
    try:
        signed_in = credentials.sign_in(
            engine().start_work, form.values["account"], form.values["password"], request.remote_addr or ""
        )
    except NotAllowed as refusal:
        form.errors["account"] = sentence(refusal)
        return _refused(form)
    answer = _begin(signed_in.person, signed_in.token, form.values.get("next"))
    if signed_in.must_change:
        access.require_new_password()
    session["account"] = form.values["account"]  # for the dialog that signs in again
    return answer


@blueprint.get("/session")
def alive() -> Any:
    """Whether the session still lasts: 204, or 401 as for every page; asked before a form is sent."""
    return "", HTTPStatus.NO_CONTENT


@blueprint.post("/logout")
def leave() -> Any:
    sessions.end(engine().start_work, g.viewer.session_token)
    _forget()
    return redirect(url_for("signin.show"))


@blueprint.post("/demo/become")
@public
def become() -> Any:
    """Somebody else, without a password: in the demo only."""
    if not current_app.config["DEMO"]:
        abort(404)
    values = forms.must_read(Become)
    with engine().start_work() as work:
        person = persons.view(work, values["person"])
        token = sessions.open(work, person.id, request.remote_addr or "")
        work.commit()
    return _begin(person.id, token, values.get("next"))


def renew(person: int) -> None:
    """A fresh session in place of this one: when the demo's clock jumps, every session looks as if left for days."""
    with engine().start_work() as work:
        token = sessions.open(work, person, request.remote_addr or "")
        work.commit()
    login_user(viewers.of(engine(), person, token))


def _begin(person: int, token: str, target: str | None) -> Any:
    _forget()  # a new session and a new CSRF token with every sign-in
    session.permanent = True
    login_user(viewers.of(engine(), person, token))
    if request.accept_mimetypes.best == "application/json":
        return jsonify(csrf_token=generate_csrf(), person=person)
    return redirect(_inside(target))


def _forget() -> None:
    language = session.get("language")
    logout_user()
    session.clear()
    g.pop("csrf_token", None)
    if language:
        session["language"] = language


def _inside(target: str | None) -> str:
    """Only an address of this server: one slash, no second one, no backslash."""
    wanted = target or ""
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if safe else url_for("home.show")


def _refused(form: forms.Form) -> Any:
    if request.accept_mimetypes.best == "application/json":
        return make_response(jsonify(title=next(iter(form.errors.values()))), 422)
    return make_response(_page(form), 422)


def _page(form: forms.Form) -> str:
    with engine().start_work(reading=True) as work:
        empty = not credentials.exist(work)
        tiles = _tiles(work) if current_app.config["DEMO"] else []
    return render_template("signin.html", form=form, tiles=tiles, empty=empty)


def _tiles(work: Work) -> list[Tile]:
    heads = [org for org in orgs.tree(work) if org.head]
    found = {
        _l("Employee"): _employee(work),
        _l("Head of unit"): next((org.head for org in reversed(heads)), None),
        _l("Plan operations"): next(iter(roles.holders(work, Role.OPS)), None),
        _l("Leader in charge"): next((org.leader for org in heads if org.leader), None),
        _l("Process owner"): next(iter(roles.holders(work, Role.PROCESS_OWNER)), None),
        _l("Administrator"): next(iter(roles.holders(work, Role.ADMIN)), None),
    }
    known = persons.many(work, [person for person in found.values() if person])
    return [Tile(role, known[person]) for role, person in found.items() if person and person in known]


def _employee(work: Work) -> int | None:
    heads = {org.head for org in orgs.tree(work)} | {org.leader for org in orgs.tree(work)}
    ranked = (each for each in persons.everyone(work) if each.active and each.org and each.id not in heads)
    return next((each.id for each in ranked if each.rank in {"R5", "R4"}), None)
