"""Tasks over the wire: rows of the inbox, one task, and what is said on it."""

from marshmallow import fields, validate

from engine.approvals.inbox import Tab
from webui import forms
from webui.api.schemas.base import Json, Paging, PersonRef, Shown, integer, moment
from webui.forms import REFUSED
from webui.i18n import lazy_gettext as _l

PLACES = ("ADD_BEFORE", "ADD_AFTER", "ADD_PARALLEL")


class TaskQuery(Paging):
    """Which part of my inbox. `todo`, `agent`, `claim` come by due moment and priority, the others newest first."""

    tab = fields.String(
        load_default=str(Tab.TODO),
        validate=validate.OneOf(list(map(str, Tab)), error=_l("Choose one of the offered values.")),
    )
    key = fields.String(metadata={"description": "Only of this process."})
    kind = fields.String(metadata={"description": "decide, act or sign."})
    node = fields.String(metadata={"description": "Only at this node of the diagram."})
    q = fields.String(load_default="", metadata={"description": "Part of title, business key or task name."})
    overdue = fields.Boolean(load_default=False, error_messages=REFUSED)
    due_until = fields.AwareDateTime(error_messages=REFUSED, metadata={"description": "Due then or before."})


class TaskRow(Shown):
    """One row of the inbox. `id` is the row's; `task` is what acts are done on (null where the row has none)."""

    id = fields.Integer(required=True)
    task = fields.Integer(required=True, allow_none=True)
    instance = fields.Integer(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    business_key = fields.String(required=True, allow_none=True)
    subject = fields.String(required=True, allow_none=True)
    starter = fields.Nested(PersonRef, required=True, allow_none=True)
    node = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    source = fields.String(required=True)
    owner = fields.Nested(PersonRef, required=True, allow_none=True)
    due_at = moment(required=True, allow_none=True)
    read_at = moment(required=True, allow_none=True)
    at = moment(required=True)


class Assignment(Shown):
    """One person's part in a task."""

    person = fields.Nested(PersonRef, required=True)
    state = fields.String(required=True)
    source = fields.String(required=True)
    due_at = moment(required=True, allow_none=True)
    decided_at = moment(required=True, allow_none=True)


class Task(Shown):
    """One task; `may` are the acts that this person can do on it now, `form` is what it asks for (form-js)."""

    id = fields.Integer(required=True)
    instance = fields.Integer(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    node = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    mode = fields.String(required=True)
    page = fields.String(required=True, allow_none=True)
    form = Json(required=True, allow_none=True)
    opened_at = moment(required=True)
    closed_at = moment(required=True, allow_none=True)
    assignments = fields.List(fields.Nested(Assignment), required=True)
    targets = fields.List(fields.String(), required=True, metadata={"description": "Where it may be returned to."})
    may = fields.List(fields.String(), required=True)


class Decide(forms.Schema):
    """What is said: APPROVED, REJECTED or RETURNED on a deciding task, DONE on others."""

    outcome = forms.choice("APPROVED", "REJECTED", "RETURNED", "DONE", required=True)
    opinion = forms.text(most=2000)
    values = fields.Dict(
        keys=fields.String(), load_default=dict, error_messages=REFUSED, metadata={"description": "Fields of the form."}
    )
    target = forms.text(most=120)
    after = forms.choice("RESTART", "DIRECT")


class Done(Shown):
    """How task and instance stand after an act; `outcome` is null while others are still asked."""

    task = fields.Integer(required=True)
    task_status = fields.String(required=True)
    instance = fields.Integer(required=True)
    instance_status = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)


class Hand(forms.Schema):
    """To whom, and why."""

    to = integer(required=True)
    reason = forms.text(most=500)


class Add(forms.Schema):
    """Who decides as well: before, after or beside me; `within` is how those who are added decide among them."""

    to = fields.List(integer(), required=True, validate=validate.Length(1, 20), error_messages=REFUSED)
    place = forms.choice(*PLACES, required=True)
    within = forms.choice("ALL", "ANY", "SEQ")
    reason = forms.text(most=500)


class Remove(forms.Schema):
    """Who is not asked any more."""

    person = integer(required=True)
    reason = forms.text(most=500)


class Copy(forms.Schema):
    """Who gets a copy."""

    to = fields.List(integer(), required=True, validate=validate.Length(1, 50), error_messages=REFUSED)
    reason = forms.text(most=500)
