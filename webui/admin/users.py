"""Accounts: who can sign in, with which roles; a new password where one is lost."""

import secrets
from typing import Any

from flask import make_response, render_template, request

from engine.people import credentials, persons, roles
from webui import access, forms
from webui.admin.blueprint import blueprint
from webui.current import engine

FOUND_AT_MOST = 100
GENERATED_BYTES = 9


class Reset(forms.Schema):
    account = forms.text(required=True, most=60)


@blueprint.get("/users")
@access.roles("ADMIN", "HR")
def users() -> Any:
    return _page({})


@blueprint.post("/users/<int:person>/password")
@access.roles("ADMIN")
def reset_password(person: int) -> Any:
    """A new password that is shown once; all sessions of the person end."""
    account = forms.must_read(Reset)["account"]
    password = secrets.token_urlsafe(GENERATED_BYTES)
    kept = credentials.hashed(password)
    with engine().start_work() as work:
        who = persons.view(work, person)
        credentials.set_password(work, person, account, kept, must_change=True)
        work.commit()
    return make_response(_page({"name": who.name, "account": account, "password": password}))


def _page(fresh: dict[str, str]) -> str:
    text = request.args.get("q", "").strip()
    with engine().start_work(reading=True) as work:
        found = persons.search(work, text, FOUND_AT_MOST, only_active=False) if text else persons.everyone(work)
        found = found[:FOUND_AT_MOST]
        accounts = {each.id: credentials.account_of(work, each.id) for each in found}
        granted = roles.everyone(work)
    held = {each.id: [grant.role for grant in granted if grant.person == each.id] for each in found}
    return render_template("admin/users.html", persons=found, accounts=accounts, held=held, text=text, fresh=fresh)
