"""Persons and units over the wire."""

from marshmallow import fields

from webui.api.schemas.base import Paging, Shown, moment
from webui.forms import REFUSED


class Person(Shown):
    """Somebody with their primary post of today; `number` is the 工号."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    org = fields.Integer(required=True, allow_none=True)
    org_name = fields.String(required=True)
    title = fields.String(required=True)


class PeopleQuery(Paging):
    """Persons by 工号; with `q` those found by name, pinyin, initials, 工号 or unit (the best of them, one page)."""

    q = fields.String(load_default="")
    active = fields.Boolean(load_default=True, error_messages=REFUSED, metadata={"description": "Only who is here."})


class Token(Shown):
    """The token of this request."""

    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    expires_at = moment(required=True)


class Me(Shown):
    """Who I am here; `token` is null when I am signed in by a session."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True)
    org = fields.Integer(required=True, allow_none=True)
    roles = fields.List(fields.String(), required=True)
    token = fields.Nested(Token, required=True, allow_none=True)


class Unit(Shown):
    """A unit of the organisation."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    parent = fields.Integer(required=True, allow_none=True)
    head = fields.Integer(required=True, allow_none=True)
    leader = fields.Integer(required=True, allow_none=True)


class Units(Shown):
    """The whole tree, parents before children."""

    items = fields.List(fields.Nested(Unit), required=True)
