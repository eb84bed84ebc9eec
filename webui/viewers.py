"""From a session's token to the person who looks: what Flask-Login asks on every request."""

from dataclasses import fields

from flask import Flask
from flask_login import LoginManager

from engine.people import persons, preferences, roles, sessions
from engine.workflow.engine import Engine
from webui.viewer import Settings, Viewer

KNOWN_SETTINGS = {each.name for each in fields(Settings)}


def install(app: Flask, engine: Engine) -> None:
    """Let Flask-Login find the person of a session in the database, on every request anew."""
    manager = LoginManager(app)
    manager.session_protection = None  # the row on the server is the session; the cookie only names it

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load(token: str) -> Viewer | None:
        person = sessions.find(engine.start_work, token)
        return None if person is None else of(engine, person, token)


def of(engine: Engine, person: int, token: str = "") -> Viewer:
    """The person with roles and settings of now. Raises NotFound."""
    with engine.start_work(reading=True) as work:
        who = persons.view(work, person)
        chosen = preferences.read(work, person)
        held = frozenset(str(grant.role) for grant in roles.of(work, person))  # heads and leaders among them
    kept = {name: value for name, value in chosen.items() if name in KNOWN_SETTINGS}
    return Viewer(who.id, who.name, who.number, who.org, who.org_name, who.title, held, Settings(**kept), token)
