"""Work for programs over the wire."""

from marshmallow import fields, validate

from webui import forms
from webui.api.schemas.base import Shown, integer, moment
from webui.forms import REFUSED

LONGEST_LEASE = 24 * 3600
LONGEST_WAIT = 20


class Fetch(forms.Schema):
    """Who asks (`worker`, a name that the program keeps), for which topics, for how long."""

    worker = forms.text(required=True, most=120)
    topics = fields.List(
        forms.text(required=True, most=120), required=True, validate=validate.Length(1, 50), error_messages=REFUSED
    )
    max = integer(least=1, most=100, load_default=1, metadata={"description": "Pieces of work at most."})
    lease = integer(
        least=1, most=LONGEST_LEASE, load_default=300, metadata={"description": "Seconds until others may have it."}
    )
    wait = integer(
        least=0,
        most=LONGEST_WAIT,
        load_default=0,
        metadata={"description": "Seconds to wait for work where there is none yet."},
    )


class Work(Shown):
    """One piece of work. `id` is its task's; `left` are the tries that remain, this one among them."""

    id = fields.Integer(required=True, attribute="task")
    topic = fields.String(required=True)
    node = fields.String(required=True)
    name = fields.String(required=True)
    instance = fields.Integer(required=True)
    key = fields.String(required=True)
    business_key = fields.String(required=True, allow_none=True)
    subject = fields.String(required=True, allow_none=True)
    variables = fields.Dict(keys=fields.String(), required=True)
    leased_until = moment(required=True)
    failures = fields.Integer(required=True)
    left = fields.Integer(required=True)
    due_at = moment(required=True, allow_none=True)


class Works(Shown):
    """What was given out; empty when there is nothing."""

    items = fields.List(fields.Nested(Work), required=True)


class Mine(forms.Schema):
    """Who holds the lease."""

    worker = forms.text(required=True, most=120)


class Extend(Mine):
    """More time, counted from now."""

    lease = integer(least=1, most=LONGEST_LEASE, required=True)


class Leased(Shown):
    """Until when."""

    id = fields.Integer(required=True)
    leased_until = moment(required=True)


class Complete(Mine):
    """What was found out."""

    variables = fields.Dict(keys=fields.String(), load_default=dict, error_messages=REFUSED)


class Stands(Shown):
    """How the instance stands: waiting, completed, terminated or incident."""

    id = fields.Integer(required=True)
    outcome = fields.String(required=True)


class Fail(Mine):
    """What went wrong. The pause before it is given out again doubles by itself; `after` chooses another."""

    message = forms.text(required=True, most=2000)
    after = integer(least=0, most=LONGEST_LEASE, metadata={"description": "Seconds to wait before the next try."})
    final = fields.Boolean(
        load_default=False, error_messages=REFUSED, metadata={"description": "No other try will help: an incident now."}
    )


class Failed(Shown):
    """When it is given out again; null: it waits for a person as an incident."""

    id = fields.Integer(required=True)
    again_at = moment(required=True, allow_none=True)
    left = fields.Integer(required=True)


class Throw(Mine):
    """An error that the diagram may catch by its code."""

    code = forms.text(required=True, most=120)
    message = forms.text(most=2000)
    variables = fields.Dict(keys=fields.String(), load_default=dict, error_messages=REFUSED)


class Given(Shown):
    """It was given back."""

    id = fields.Integer(required=True)
