"""The JSON API: every act of the pages for programs, described by its own document."""

from http import HTTPStatus

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect

from webui import bearers
from webui.access import viewer
from webui.api import definitions, document, incidents, instances, letters, people, repeating, tasks, work
from webui.api.blueprint import PROBLEM, blueprint
from webui.api.schemas.base import Problem

__all__ = ["definitions", "incidents", "install", "instances", "letters", "people", "tasks", "work"]


class SilentApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest's, without its own pages and its own words for problems."""

    def _register_responses(self) -> None:
        told = {"content": {PROBLEM: {"schema": Problem}}}
        for name, text in [(self.DEFAULT_ERROR_RESPONSE_NAME, "A problem")] + [(s.name, s.phrase) for s in HTTPStatus]:
            self.spec.components.response(name, {"description": text, **told}, lazy=True)

    def _register_error_handlers(self) -> None:
        """`webui.problems` tells them."""

    def _register_doc_blueprint(self) -> None:
        """`document` serves them."""


def install(app: Flask, csrf: CSRFProtect, *, per_minute: int) -> None:
    """Put the API into the application; each token or session may ask `per_minute` times a minute."""
    repeating.install(app)
    csrf.exempt(blueprint)  # tokens cannot be forged by a page; for sessions `_refuse_forged` asks
    app.after_request(_wait_only_when_told)  # before the limiter, so that it runs behind it
    limiter = Limiter(_asker, app=app, storage_uri="memory://", headers_enabled=True)
    limiter.limit(f"{per_minute}/minute")(blueprint)
    api = SilentApi(app, spec_kwargs=document.ABOUT)
    document.describe(api.spec)
    api.register_blueprint(blueprint)
    app.extensions[document.FOUND_AT] = api.spec


@blueprint.before_request  # type: ignore[untyped-decorator]  # flask-smorest has no types
def _refuse_forged() -> None:
    """A session's cookie comes along with whatever page sends the request: it must bring the page's token as well."""
    if bearers.token() is None:
        csrf: CSRFProtect = current_app.extensions["csrf"]
        csrf.protect()


def _wait_only_when_told(response: Response) -> Response:
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        response.headers.pop("Retry-After", None)  # the limiter says it on every answer
    return response


def _asker() -> str:
    token, who = bearers.token(), viewer()
    if token is not None:
        return f"token:{token.id}"
    return f"person:{who.id}" if who is not None else f"address:{request.remote_addr}"
