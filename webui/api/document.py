"""The document of the API (OpenAPI 3.1), and its page, rendered here without anything from elsewhere."""

from typing import Any

import flask
from flask import Response, current_app, render_template

from engine.kernel.kept_answers import KEPT_FOR, LONGEST_KEY
from webui.access import public
from webui.api.blueprint import blueprint
from webui.api.reading import Operation, read
from webui.current import viewer

FOUND_AT = "letterflow.api"
ABOUT = {
    "title": "Letterflow",
    "version": "1",
    "openapi_version": "3.1.0",
    "info": {
        "summary": "Processes, tasks and target letters for programs.",
        "description": (
            "Everything here is done by the use-cases that the pages call, with the rights of the token's person: what "
            "is not theirs answers 404. Moments are UTC, exact numbers are texts, lists are paged by after and next. "
            "Problems are RFC 9457 in the language of Accept-Language; their code is stable."
        ),
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "servers": [{"url": "/"}],
}
GROUPS = ("tasks", "instances", "definitions", "messages", "letters", "people", "work", "incidents")
"""In the order in which the page shows them."""
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A personal token of /account or `letterflow token create`; it carries scopes and ends by itself.",
}
KEY = {
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "description": (
        f"The same key with the same request is answered as before for {int(KEPT_FOR.total_seconds() // 3600)} hours, "
        "with one effect; with another request it is refused (422), while the first is worked on 409."
    ),
}


def describe(spec: Any) -> None:
    """Put into the document what operations refer to."""
    spec.components.security_scheme("token", TOKEN)
    spec.components.parameter("IdempotencyKey", "header", KEY)


@public
def document() -> Response:
    """The document as JSON."""
    return Response(flask.json.dumps(_document(), ensure_ascii=False), mimetype="application/json")


@public
def docs() -> str:
    """The document for people."""
    told = _document()
    groups: dict[str, list[Operation]] = {name: [] for name in GROUPS}
    for each in read(told):
        groups[each.group].append(each)
    return render_template("api/docs.html", about=told["info"], groups=groups, viewer=viewer())


def _document() -> dict[str, Any]:
    found: dict[str, Any] = current_app.extensions[FOUND_AT].to_dict()
    return found


# not operations of the document themselves
flask.Blueprint.add_url_rule(blueprint, "/openapi.json", "document", document)
flask.Blueprint.add_url_rule(blueprint, "/docs", "docs", docs)
