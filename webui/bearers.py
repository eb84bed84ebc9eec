"""Programs that carry a personal token: who they act for, and within which scopes; pages never accept one."""

from http import HTTPStatus

from flask import Response, current_app, g, request

from engine.kernel.errors import NotAllowed
from engine.people import tokens
from engine.people.tokens import Scope, TokenView
from webui import problems, viewers
from webui.i18n import gettext as _
from webui.viewer import Viewer

SCHEME = "bearer "


def named() -> bool:
    """Whether the request carries a token where one is accepted; then no session counts."""
    return request.path.startswith("/api/") and "Authorization" in request.headers


def viewer() -> Viewer | None:
    """The person of the token, None when it opens nothing."""
    said = request.headers["Authorization"]
    engine = current_app.extensions["letterflow"]
    found = tokens.find(engine.start_work, said[len(SCHEME) :].strip()) if said.lower().startswith(SCHEME) else None
    g.token = found
    return None if found is None else viewers.of(engine, found.person)


def token() -> TokenView | None:
    """The token of this request, None when somebody is signed in by a session."""
    found: TokenView | None = g.get("token")
    return found


def require(*scopes: Scope) -> None:
    """Raises NotAllowed unless the token has one of the scopes; a signed-in person has all."""
    held = token()
    if held is not None and held.scopes.isdisjoint(scopes):
        raise NotAllowed(
            "token.scope_missing",
            f"this token may not do that: it needs the scope {' or '.join(scopes)}",
            scopes=list(scopes),
            held=sorted(held.scopes),
        )


def ask() -> Response:
    """401: who is this?"""
    text = _("This token opens nothing: it is unknown, has ended or was revoked. Create a new one in your settings.")
    if "Authorization" not in request.headers:
        text = _("Send a personal token: Authorization: Bearer …")
    return problems.details(HTTPStatus.UNAUTHORIZED, "token.needed", text)
