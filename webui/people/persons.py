"""Persons as everybody may find them, and one person with posts and units."""

from typing import Any

from flask import render_template, request

from engine.people import orgs, persons, posts
from webui.current import engine
from webui.people.blueprint import blueprint

FOUND_AT_MOST = 50
SHOWN_AT_MOST = 200


@blueprint.get("/persons")
def persons_index() -> Any:
    text = request.args.get("q", "").strip()
    with engine().start_work(reading=True) as work:
        found = persons.search(work, text, FOUND_AT_MOST, only_active=False) if text else persons.everyone(work)
    return render_template("people/persons.html", persons=found[:SHOWN_AT_MOST], text=text, total=len(found))


@blueprint.get("/persons/<int:person>")
def person(person: int) -> Any:
    with engine().start_work(reading=True) as work:
        found = persons.view(work, person)
        held = posts.of(work, person)
        heads = orgs.many(work, orgs.headed_by(work, person)).values()
        leads = orgs.many(work, orgs.led_by(work, person)).values()
        units = orgs.many(work, [post.org for post in held])
    return render_template("people/person.html", person=found, posts=held, units=units, heads=heads, leads=leads)
