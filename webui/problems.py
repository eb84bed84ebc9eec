"""The one table from error families to answers, and how a problem is told: as a page, as a panel for htmx, as JSON.

Programs read problem details (RFC 9457): `code` is stable, `detail` is the sentence that a page would show.
"""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.kernel.errors import (
    BadDefinition,
    Conflict,
    InvalidInput,
    LetterflowError,
    NotAllowed,
    NotFound,
    Unavailable,
)
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.words import sentence

JSON = "application/problem+json"
TYPE = "urn:letterflow:problem:"
STATUS: dict[type[LetterflowError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    NotAllowed: HTTPStatus.FORBIDDEN,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadDefinition: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
KEPT = {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.FORBIDDEN}  # what was typed is worth keeping
NEVER_SHOWN = {"csrf_token", "password", "old_password", "new_password", "again"}
TITLES = {
    HTTPStatus.BAD_REQUEST: _l("Not understood"),
    HTTPStatus.UNAUTHORIZED: _l("Not signed in"),
    HTTPStatus.FORBIDDEN: _l("Not allowed"),
    HTTPStatus.NOT_FOUND: _l("Not found"),
    HTTPStatus.METHOD_NOT_ALLOWED: _l("Not possible here"),
    HTTPStatus.CONFLICT: _l("Overtaken"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _l("Too large"),
    HTTPStatus.UNPROCESSABLE_ENTITY: _l("Not accepted"),
    HTTPStatus.TOO_MANY_REQUESTS: _l("Too many requests"),
    HTTPStatus.INTERNAL_SERVER_ERROR: _l("Failed here"),
    HTTPStatus.SERVICE_UNAVAILABLE: _l("Not available"),
}
log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Answer every problem in words."""
    app.register_error_handler(LetterflowError, _engine)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def status_of(error: LetterflowError) -> HTTPStatus:
    """The HTTP status of an error's family."""
    return next(status for family, status in STATUS.items() if isinstance(error, family))


def wants_json() -> bool:
    """Whether the other side is a program."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def _engine(error: LetterflowError) -> Response:
    status = status_of(error)
    if status == HTTPStatus.NOT_FOUND:
        return tell(status, error.code, _("There is nothing here for you."))
    return tell(status, error.code, sentence(error), error.fields)


def _forged(error: CSRFError) -> Response:
    text = _("This page was open for too long or was sent from elsewhere: load it again and repeat what you did.")
    return tell(HTTPStatus.BAD_REQUEST, "request.forged", text)


def _http(error: HTTPException) -> Response:
    if error.response is not None:  # a redirect that was raised
        return make_response(error.response)
    texts = {
        404: _("There is nothing here for you."),
        405: _("This address cannot be used in that way."),
        413: _("What you sent is too large: send a smaller file."),
        429: _("Too many requests: wait a moment and try again."),
    }
    status = HTTPStatus(error.code or 500)
    return tell(status, f"http.{status.value}", texts.get(status.value, _("The request could not be understood.")))


def _fault(error: Exception) -> Response:
    number = secrets.token_hex(2).upper()
    log.exception("fault", number=number, path=request.path, method=request.method)
    text = _("Something went wrong here. Number %(number)s, recorded: try again, or name the number.", number=number)
    return tell(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", text)


def tell(status: HTTPStatus, code: str, text: str, fields: Mapping[str, Any] | None = None) -> Response:
    """The problem as the asker can read it: JSON, a panel above the page (htmx), or a page with what was typed."""
    if wants_json():
        return details(status, code, text, fields)
    if request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request"):
        return _panel(status, text)
    typed = {name: text for name, text in request.form.items() if name not in NEVER_SHOWN and text.strip()}
    page = render_template("problem.html", status=status.value, sentence=text, typed=typed if status in KEPT else {})
    return make_response(page, status)


def details(status: HTTPStatus, code: str, text: str, fields: Mapping[str, Any] | None = None) -> Response:
    """The problem for programs; `fields` are what its sentence was filled with."""
    title = str(TITLES.get(status, status.phrase))
    told = {"type": f"{TYPE}{code}", "title": title, "status": status.value, "detail": text, "code": code}
    body = orjson.dumps({**told, "fields": dict(fields or {})}, default=str, option=orjson.OPT_NON_STR_KEYS)
    response = Response(body, status, mimetype=JSON)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="letterflow"'
    return response


def _panel(status: HTTPStatus, text: str) -> Response:
    response = make_response(render_template("problem_panel.html", sentence=text), status)
    response.headers["HX-Retarget"] = "#refusals"  # the page and what was typed stay as they are
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["HX-Push-Url"] = "false"
    return response
