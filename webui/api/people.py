"""People: who I am, who others are, the tree of units."""

from typing import Any

from engine.people import orgs, persons
from engine.people.tokens import Scope
from webui import bearers
from webui.api.blueprint import Call, Resource
from webui.api.schemas import people as said
from webui.api.schemas.base import page_of

PEOPLE = Resource("people", Scope.READ)


@PEOPLE.reads("/me", said.Me(), scopes=tuple(Scope))
def me(call: Call) -> Any:
    """Who the token acts for, and what it may be used for."""
    who, token = call.viewer, bearers.token()
    shown = token and {"name": token.name, "scopes": sorted(token.scopes), "expires_at": token.expires_at}
    return {"id": who.id, "number": who.number, "name": who.name, "org": who.org, "roles": sorted(who.roles),
            "token": shown}  # fmt: skip


@PEOPLE.reads("/people", page_of(said.Person), query=said.PeopleQuery())
def index(call: Call) -> Any:
    """Persons."""
    query, limit = call.query, call.query["limit"]
    with call.engine.start_work(reading=True) as work:
        if query["q"].strip():
            return {"items": persons.search(work, query["q"], limit, only_active=query["active"]), "next": None}
        found = persons.following(work, query.get("after", ""), limit + 1, only_active=query["active"])
    return {"items": found[:limit], "next": found[limit - 1].number if len(found) > limit else None}


@PEOPLE.reads("/people/<int:person>", said.Person())
def show(call: Call, person: int) -> Any:
    """One person."""
    with call.engine.start_work(reading=True) as work:
        return persons.view(work, person)


@PEOPLE.reads("/orgs", said.Units())
def units(call: Call) -> Any:
    """The organisation."""
    with call.engine.start_work(reading=True) as work:
        return {"items": orgs.tree(work)}
