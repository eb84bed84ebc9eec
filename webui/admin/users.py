"""Accounts: who can sign in, with which posts and roles; inviting, and one person with everything about them."""

from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for

from engine.approvals import substitutes
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.people import accounts, orgs, persons, posts, roles, sessions, staffing
from engine.people.persons import NewPerson
from engine.people.posts import NewPost, Rank
from engine.people.roles import Role
from engine.people.staffing import Invited
from engine.workflow import definitions
from webui import access, exports, forms
from webui.admin.blueprint import blueprint
from webui.current import engine, viewer
from webui.exports import Column
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.words import word

KEEPERS = ("ADMIN", "HR")
EXPORTED_AT_MOST = 5000


class Invite(forms.Schema):
    number = forms.text(required=True, most=40)
    name = forms.text(required=True, most=60)
    account = forms.text(required=True, most=60)
    email = forms.text(most=200)
    org = forms.number()
    title = forms.text(most=60)
    rank = forms.choice(*Rank)


class Edit(forms.Schema):
    name = forms.text(required=True, most=60)
    email = forms.text(most=200)


@blueprint.get("/users")
@access.roles(*KEEPERS)
def users() -> Any:
    return _page(forms.filled())


@blueprint.get("/users.xlsx")
@access.roles(*KEEPERS)
@exports.listed(
    _l("Users"),
    Column(_l("Staff no."), lambda each: each.person.number),
    Column(_l("Name"), lambda each: each.person.name),
    Column(_l("Account"), lambda each: each.account),
    Column(_l("Unit"), lambda each: each.person.org_name, 24),
    Column(_l("Post"), lambda each: each.person.title),
    Column(_l("Rank"), lambda each: each.person.rank, 8),
    Column(_l("Roles"), lambda each: "、".join(word(f"role.{role}") for role in each.roles), 32),
    Column(_l("Here"), lambda each: each.person.active, 8),
    Column(_l("Last here"), lambda each: each.seen_at, 18),
)
def users_export() -> Any:
    with engine().start_work(reading=True) as work:
        return accounts.page(work, _text(), limit=EXPORTED_AT_MOST)


@blueprint.post("/users")
@access.roles(*KEEPERS)
def invite() -> Any:
    """A new person with a password that is shown once."""
    form = forms.read(Invite)
    if not form.valid:
        return make_response(_page(form), 422)
    try:
        fresh = _invited(form.values)
    except InvalidInput as refused:
        return make_response(_page(form.refuse(refused, "account")), 422)
    return make_response(_page(forms.filled(), fresh))


@blueprint.get("/users/<int:person>")
@access.roles(*KEEPERS)
def user(person: int) -> Any:
    return user_page(person, forms.filled())


@blueprint.post("/users/<int:person>")
@access.roles(*KEEPERS)
def edit_user(person: int) -> Any:
    form = forms.read(Edit)
    if not form.valid:
        return make_response(user_page(person, form, "edit"), 422)
    staffing.rename(engine().start_work, person, form.values["name"], form.values.get("email", ""), actor=viewer().id)
    flash(_("Saved."))
    return redirect(url_for("admin.user", person=person), 303)


def user_page(person: int, form: forms.Form, opened: str = "", fresh: Invited | None = None) -> str:
    """One person; `opened` is the part whose form is shown with what was typed, `fresh` a password shown once."""
    with engine().start_work(reading=True) as work:
        account = accounts.one(work, person)
        held = posts.of(work, person)
        grants = [each for each in roles.of(work, person) if each.role in staffing.BY_HAND]
        rules = substitutes.of(work, person)
        acting = substitutes.principals(work, person)
        units = orgs.many(work, [*(post.org for post in held), *(each.org for each in grants if each.org)])
        named = [*(rule.substitute for rule in rules), *(rule.person for rule in acting)]
        context = {"names": persons.names(work, named), "tree": orgs.tree(work), "sessions": sessions.of(work, person)}
        keys = [(each.key, each.name) for each in definitions.active(work)]
        heads = orgs.many(work, {*orgs.headed_by(work, person), *orgs.led_by(work, person)}).values()
    lists = {"posts": held, "grants": grants, "rules": rules, "acting": acting, "units": units, "heads": heads}
    return render_template(
        "admin/user.html", account=account, who=account.person, form=form, opened=opened, fresh=fresh, keys=keys,
        today=local(g.now).date(), ranks=list(Rank), grantable=_grantable(), **lists, **context,
    )  # fmt: skip


def _grantable() -> list[Role]:
    by_hand: list[Role] = [
        role for role in staffing.BY_HAND if role not in {Role.OWNER, Role.EXECUTOR, Role.COLLABORATOR}
    ]
    return by_hand if viewer().may("ADMIN") else [role for role in by_hand if role is not Role.ADMIN]


def _invited(said: Any) -> Invited:
    new = NewPerson(said["number"], said["name"], said.get("email", ""))
    post = None
    if said.get("org") and said.get("title"):
        today = local(g.now).date()
        post = NewPost(0, said["org"], said["title"], Rank(said.get("rank") or Rank.R5), valid_from=today)
    return staffing.invite(engine().start_work, new, said["account"], post, viewer().id)


def _page(form: forms.Form, fresh: Invited | None = None) -> str:
    after = request.args.get("after", "")
    with engine().start_work(reading=True) as work:
        found = accounts.page(work, _text(), after=after, limit=accounts.PAGE + 1)
        tree = orgs.tree(work)
    shown = found[: accounts.PAGE]
    more = url_for("admin.users", after=shown[-1].person.number) if len(found) > len(shown) and not _text() else None
    return render_template(
        "admin/users.html", found=shown, more=more, text=_text(), form=form, fresh=fresh, tree=tree, ranks=list(Rank)
    )


def _text() -> str:
    return request.args.get("q", "").strip()
