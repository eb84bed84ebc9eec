"""Organisation as everybody may read it: the tree of units, one unit with its people, and finding a person."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.kernel.errors import NotFound
from engine.people import orgs, persons, posts
from webui.current import engine
from webui.family import Entry, Family
from webui.i18n import lazy_gettext as _l

FOUND_AT_MOST = 50

blueprint = Blueprint("people", __name__, url_prefix="/people")
FAMILY = Family(
    blueprint,
    entries=(
        Entry("orgs", _l("Organisation"), "people.orgs_index", "building-community", group="admin", rank=60),
        Entry("persons", _l("People"), "people.persons_index", "users", group="admin", rank=61),
    ),
)


@blueprint.get("/orgs")
def orgs_index() -> Any:
    with engine().start_work(reading=True) as work:
        tree = orgs.tree(work)
        chosen = _chosen(tree, request.args.get("org", type=int))
        known = persons.many(work, {person for org in tree for person in (org.head, org.leader) if person})
        members = persons.of_org(work, [chosen.id]) if chosen else ()
    return render_template("people/orgs.html", tree=tree, chosen=chosen, known=known, members=members)


@blueprint.get("/persons")
def persons_index() -> Any:
    text = request.args.get("q", "").strip()
    with engine().start_work(reading=True) as work:
        found = persons.search(work, text, FOUND_AT_MOST, only_active=False) if text else persons.everyone(work)
    return render_template("people/persons.html", persons=found[:200], text=text, total=len(found))


@blueprint.get("/persons/<int:person>")
def person(person: int) -> Any:
    with engine().start_work(reading=True) as work:
        found = persons.view(work, person)
        held = posts.of(work, person)
        heads = orgs.many(work, orgs.headed_by(work, person)).values()
        leads = orgs.many(work, orgs.led_by(work, person)).values()
        units = orgs.many(work, [post.org for post in held])
    return render_template("people/person.html", person=found, posts=held, units=units, heads=heads, leads=leads)


def _chosen(tree: tuple[orgs.OrgView, ...], wanted: int | None) -> orgs.OrgView | None:
    if wanted is None:
        return tree[0] if tree else None
    found = next((org for org in tree if org.id == wanted), None)
    if found is None:
        raise NotFound("org.unknown", f"there is no unit {wanted}", org=wanted)
    return found
