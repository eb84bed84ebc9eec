"""How an operation of the API is declared: address, scope, what it takes and gives; the document says the same."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from engine.kernel.errors import InvalidInput
from engine.people.tokens import Scope
from engine.workflow.engine import Engine
from webui import bearers, forms
from webui.addresses import LARGEST
from webui.api import repeating
from webui.current import engine, viewer
from webui.viewer import Viewer

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
LONGEST = 1024 * 1024
"""Bytes of a request: what programs send is data, files go another way."""
DEEPEST = 40
NOTHING: Mapping[str, Any] = {}
View = Callable[..., Any]


class Parser(FlaskParser):
    """Reads what was sent; everything unknown is refused, and every mistake is named at its field."""

    DEFAULT_UNKNOWN_BY_LOCATION = dict.fromkeys(("json", "query"))  # as the schema says: refused

    def handle_error(self, error: Any, *_args: Any, **_options: Any) -> Any:
        wrong = {place: told for location in error.messages.values() for place, told in location.items()}
        name, text = next(iter(forms.sentences(wrong).items()))
        raise InvalidInput("request.fields", f"{name}: {text}", name=name, sentence=text, errors=wrong) from error

    def load_json(self, req: Any, schema: Any) -> Any:
        try:
            return super().load_json(req, schema)
        except RecursionError as endless:  # brackets inside brackets inside …
            raise BadRequest from endless

    def handle_invalid_json_error(self, error: Any, *_args: Any, **_options: Any) -> Any:
        raise BadRequest from error


blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
blueprint.ARGUMENTS_PARSER = Parser()


@blueprint.before_request  # type: ignore[untyped-decorator]  # flask-smorest has no types
def _refuse_large() -> None:
    request.max_content_length = LONGEST


@dataclass(frozen=True)
class Call:
    """One request, read: what a view needs. `engine` is that of the request's own transaction where it has one."""

    engine: Engine
    viewer: Viewer
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """A group of operations of the document; its token scope opens what it has, `read` only its reading."""

    name: str
    scope: Scope

    def reads(
        self, rule: str, gives: Schema, query: Schema | None = None, *, scopes: tuple[Scope, ...] = ()
    ) -> Callable[[View], View]:
        """A GET. The view takes the call and the ids of the path; what it gives is dumped by `gives`."""
        opened = scopes or tuple(sorted({self.scope, Scope.READ}))

        def declare(view: View) -> View:
            def act(*sent: Any, **path: Any) -> Response:
                bearers.require(*opened)
                call = Call(engine(), viewer(), query=_written(sent[0]) if sent else NOTHING)
                return _answer(gives.dump(view(call, **path)))

            return self._declared(act, view, Said(rule, "GET", gives, opened, query))

        return declare

    def writes(
        self,
        rule: str,
        gives: Schema,
        body: Schema | None = None,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        keyed: bool = True,
    ) -> Callable[[View], View]:
        """A POST; with an `Idempotency-Key` its answer is kept in the transaction of its effect (where `keyed`)."""

        def declare(view: View) -> View:
            def act(*sent: Any, **path: Any) -> Response:
                bearers.require(self.scope)
                call = Call(engine(), viewer(), body=_written(sent[0]) if sent else NOTHING)

                def answer(its: Engine) -> Response:
                    return _answer(gives.dump(view(replace(call, engine=its), **path)), status)

                return repeating.once(call.engine, _asked(call.viewer) if keyed else None, answer)

            return self._declared(act, view, Said(rule, "POST", gives, (self.scope,), body, status, keyed))

        return declare

    def _declared(self, act: View, view: View, said: "Said") -> View:
        act.__doc__, act.__name__ = view.__doc__, f"{self.name}_{view.__name__}"
        writes = said.method == "POST"
        told: dict[str, Any] = {"operationId": act.__name__, "security": [{"token": list(map(str, said.scopes))}]}
        if said.keyed:
            told["parameters"] = ["IdempotencyKey"]
        made = blueprint.doc(**told)(act)
        made = blueprint.response(said.status, said.gives)(made)
        if said.takes is not None:
            made = blueprint.arguments(said.takes, location="json" if writes else "query")(made)
        blueprint.route(said.rule, methods=[said.method], tags=[self.name], endpoint=act.__name__)(made)
        return view


@dataclass(frozen=True)
class Said:
    """What the document says of an operation."""

    rule: str
    method: str
    gives: Schema
    scopes: tuple[Scope, ...]
    takes: Schema | None = None
    status: HTTPStatus = HTTPStatus.OK
    keyed: bool = False


def _answer(told: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS), status, mimetype="application/json")


def _written(sent: Any, depth: int = 0) -> Any:
    """What was sent, if a database can hold it. Raises InvalidInput for NUL, halves of characters, huge numbers."""
    text = sent if isinstance(sent, str) else ""
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise InvalidInput("request.signs", "a text holds a sign that cannot be kept: leave it out")
    if (isinstance(sent, int) and abs(sent) > LARGEST) or depth > DEEPEST:
        raise InvalidInput("request.size", "a number is too large, or values are nested too deep: send less")
    for each in (*sent.keys(), *sent.values()) if isinstance(sent, Mapping) else sent if isinstance(sent, list) else ():
        _written(each, depth + 1)
    return sent


def _asked(who: Viewer) -> repeating.Asked | None:
    """The request as its key names it, None when it has none."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= repeating.LONGEST_KEY or not key.isprintable():
        raise InvalidInput(
            "request.key", f"an Idempotency-Key has 1 to {repeating.LONGEST_KEY} characters", most=repeating.LONGEST_KEY
        )
    said = b"\0".join((request.method.encode(), request.full_path.encode(), request.get_data()))
    return repeating.Asked(f"person:{who.id}", key, hashlib.sha256(said).hexdigest())
