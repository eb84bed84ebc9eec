"""Target letters over the wire: the ledger, one letter with its items, and what its people write."""

from marshmallow import fields, validate

from engine.letters.kinds import Level
from engine.letters.states import LetterState
from webui import forms
from webui.api.schemas.base import Exact, Json, Paging, Shown, integer, moment
from webui.forms import REFUSED


class LetterQuery(Paging):
    """Letters that I may see, without superseded versions, newest first (`sort=id`: oldest first)."""

    period = fields.String(load_default="", metadata={"description": "2026, 2026Q4, 202612, …"})
    level = forms.choice(*map(str, Level))
    status = forms.choice(*map(str, LetterState))
    org = integer(text=True)
    q = fields.String(load_default="", metadata={"description": "Part of number, title or organisation."})
    sort = fields.String(load_default="-id", validate=validate.OneOf(("-id", "id")))


class LetterHead(Shown):
    """A version of a letter without its items."""

    id = fields.Integer(required=True)
    no = fields.String(required=True)
    title = fields.String(required=True)
    org = fields.Integer(required=True)
    level = fields.String(required=True)
    period = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)
    starts_on = fields.Date(required=True, allow_none=True)
    ends_on = fields.Date(required=True, allow_none=True)
    party_a = fields.Integer(required=True, allow_none=True)
    party_b = fields.Integer(required=True, allow_none=True)
    full_score = Exact(required=True)
    instance = fields.Integer(required=True, allow_none=True)
    submitted_at = moment(required=True, allow_none=True)
    effective_at = moment(required=True, allow_none=True)
    revision = fields.Integer(required=True)


class LetterRow(LetterHead):
    """A line of the ledger; `warning` is the gravest open one."""

    org_name = fields.String(required=True)
    weight = Exact(required=True)
    warning = fields.String(required=True, allow_none=True)
    late = fields.Boolean(required=True)


class Item(Shown):
    """A line of a letter; `points` are its effective ones. `revision` goes back with a change."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    group = fields.Integer(required=True, allow_none=True)
    category = fields.String(required=True)
    importance = fields.String(required=True)
    status = fields.String(required=True)
    definition = fields.String(required=True)
    formula = fields.String(required=True)
    unit = fields.String(required=True)
    direction = fields.String(required=True, allow_none=True)
    threshold = Exact(required=True, allow_none=True)
    target = Exact(required=True, allow_none=True)
    challenge = Exact(required=True, allow_none=True)
    target_text = fields.String(required=True)
    weight = Exact(required=True, allow_none=True)
    points = Exact(required=True, allow_none=True)
    method = fields.String(required=True)
    params = Json(required=True)
    data_source = fields.String(required=True)
    data_provider = fields.Integer(required=True, allow_none=True)
    due = fields.Date(required=True, allow_none=True)
    completion_standard = fields.String(required=True)
    owner = fields.Integer(required=True, allow_none=True)
    revision = fields.Integer(required=True)


class Letter(LetterHead):
    """A letter with its items."""

    items_ = fields.List(fields.Nested(Item), required=True, data_key="items")


class Change(forms.Schema):
    """New values for fields of an item that was read at `revision`; a lost update is refused with 409."""

    revision = integer(required=True)
    values = fields.Dict(keys=fields.String(), required=True, error_messages=REFUSED)


class Progress(forms.Schema):
    """How far an item is. From YELLOW on `reason` and `measures` are needed."""

    actual = forms.decimal()
    percent = forms.decimal()
    forecast_finish = forms.day()
    forecast_value = forms.decimal()
    reason = forms.text(most=2000)
    measures = forms.text(most=2000)


class Judged(Shown):
    """The level of the item's warning after the update; null is normal."""

    item = fields.Integer(required=True)
    level = fields.String(required=True, allow_none=True)
