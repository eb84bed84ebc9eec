"""Definitions, instances, messages and incidents over the wire."""

from marshmallow import fields, validate

from webui import forms
from webui.api.schemas.base import Json, Paging, PersonRef, Shown, integer, moment
from webui.forms import REFUSED

STATES = ("running", "suspended", "completed", "terminated", "cancelled")


class Definition(Shown):
    """A deployed version of a process; `status` is active, inactive or retired."""

    id = fields.Integer(required=True)
    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True)
    sha256 = fields.String(required=True)
    deployed_at = moment(required=True)


class Definitions(Shown):
    """All versions of a process, newest first."""

    items = fields.List(fields.Nested(Definition), required=True)


class Instance(Shown):
    """One run of a definition."""

    id = fields.Integer(required=True)
    key = fields.String(required=True)
    definition = fields.Integer(required=True)
    business_key = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    subject = fields.String(required=True, allow_none=True)
    starter = fields.Nested(PersonRef, required=True, allow_none=True)
    status = fields.String(required=True)
    incidents = fields.Integer(required=True)
    started_at = moment(required=True)
    ended_at = moment(required=True, allow_none=True)


class InstanceQuery(Paging):
    """Instances that I may see, newest first (`sort=id`: oldest first)."""

    key = fields.String(metadata={"description": "Only of this process."})
    status = forms.choice(*STATES)
    business_key = fields.String()
    subject = fields.String(metadata={"description": "What they are about, such as letter:7."})
    mine = fields.Boolean(load_default=False, error_messages=REFUSED, metadata={"description": "Only what I started."})
    sort = fields.String(load_default="-id", validate=validate.OneOf(("-id", "id")))


class Start(forms.Schema):
    """What an instance is born with."""

    data = fields.Dict(keys=fields.String(), load_default=dict, error_messages=REFUSED)
    business_key = forms.text(most=120)
    title = forms.text(most=300)
    subject = forms.text(most=120)
    start_event = forms.text(most=120)


class Variables(Shown):
    """The process data as the last step left it."""

    data = fields.Dict(keys=fields.String(), required=True)


class OpenTask(Shown):
    """A task of an instance."""

    id = fields.Integer(required=True)
    node = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    topic = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    due_at = moment(required=True, allow_none=True)
    opened_at = moment(required=True)
    closed_at = moment(required=True, allow_none=True)


class OpenTasks(Shown):
    """All tasks of an instance, oldest first."""

    items = fields.List(fields.Nested(OpenTask), required=True)


class Event(Shown):
    """One line of the history; `moves` are [node, enter, leave or cancel, place in a multi-instance]."""

    seq = fields.Integer(required=True)
    at = moment(required=True)
    act = fields.String(required=True)
    actor = fields.Nested(PersonRef, required=True, allow_none=True)
    moves = fields.List(fields.List(Json()), required=True)


class HistoryQuery(Paging):
    """Lines oldest first."""


class Reason(forms.Schema):
    """Why."""

    reason = forms.text(required=True, most=500)


class Message(forms.Schema):
    """A message for whoever waits for it with this key; without a key for any."""

    name = forms.text(required=True, most=120)
    key = forms.text(most=200)
    data = fields.Dict(keys=fields.String(), load_default=dict, error_messages=REFUSED)


class Reached(Shown):
    """How many instances took it; 0: it is kept for the first that will wait."""

    reached = fields.Integer(required=True)


class Incident(Shown):
    """Something failed and waits to be mended and retried."""

    id = fields.Integer(required=True)
    instance = fields.Integer(required=True)
    node = fields.String(required=True)
    name = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)
    status = fields.String(required=True)
    opened_at = moment(required=True)


class IncidentQuery(Paging):
    """Open incidents, oldest first."""

    instance = integer(text=True)


class Mended(Shown):
    """Whether it went through this time."""

    mended = fields.Boolean(required=True)
