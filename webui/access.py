"""Who may open which page: signed in by default, roles where a page names them; to a stranger it is not there.

Whoever signed in with a password that somebody else chose sees nothing but the form for a new one.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import current_user

from engine.kernel.errors import NotAllowed, NotFound
from webui import bearers
from webui.viewer import Viewer

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
OPEN_ENDPOINTS = {"assets.send", "static"}
WITH_OLD_PASSWORD = {"account.show", "account.password", "account.language", "signin.leave"}


def public(view: View) -> View:
    """Mark a page that needs no sign-in."""
    view.access = PUBLIC  # type: ignore[attr-defined]  # functions carry attributes
    return view


def roles(*names: str) -> Callable[[View], View]:
    """Mark a page for persons with one of these roles; to everybody else it does not exist."""

    def mark(view: View) -> View:
        view.access = frozenset(names)  # type: ignore[attr-defined]  # functions carry attributes
        return view

    return mark


def required(endpoint: str) -> Any:
    """`PUBLIC`, or the roles of which one is needed (none: any signed-in person)."""
    if endpoint in OPEN_ENDPOINTS:
        return PUBLIC
    return getattr(current_app.view_functions[endpoint], "access", frozenset())


def install(app: Flask) -> None:
    """Ask before every request."""
    app.before_request(_check)


def require_new_password() -> None:
    """Hold this session at the password form; a new password ends every session, and the mark with it."""
    session["must_change"] = True


def must_change() -> bool:
    """Whether this session may do nothing but choose a new password."""
    return bool(session.get("must_change"))


def viewer() -> Viewer:
    """The signed-in person of this request."""
    found: Viewer = g.viewer
    return found


def _check() -> Response | None:
    g.viewer = bearers.viewer() if bearers.named() else _of_session()
    if request.endpoint is None:
        return None  # 404 or 405, told by the error handler
    needed = required(request.endpoint)
    if needed == PUBLIC:
        return None
    if g.viewer is None:
        return _sign_in()
    if must_change() and request.endpoint not in WITH_OLD_PASSWORD:
        return _new_password_first()
    if not g.viewer.may(*needed):
        raise NotFound("page.unknown", f"{request.path} is not a page for this person", path=request.path)
    return None


def _of_session() -> Viewer | None:
    return current_user._get_current_object() if current_user.is_authenticated else None


def _sign_in() -> Response:
    if request.path.startswith("/api/"):
        return bearers.ask()
    if request.headers.get("HX-Request"):
        # the page stays as it is; session.js opens the sign-in dialog above it
        return Response(status=401, headers={"WWW-Authenticate": "Session", "Cache-Control": "no-store"})
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("signin.show", next=target))  # type: ignore[return-value]  # werkzeug's own response class


def _new_password_first() -> Response:
    asked_by_script = request.headers.get("HX-Request") or request.accept_mimetypes.best == "application/json"
    if asked_by_script or request.path.startswith("/api/"):
        raise NotAllowed("account.must_change", "the password was set by somebody else: choose a new one first")
    return redirect(url_for("account.show"), 303)  # type: ignore[return-value]  # werkzeug's own response class
