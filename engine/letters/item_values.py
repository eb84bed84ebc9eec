"""The border for items: what comes from a form or a pasted row becomes values of an item, or says what is wrong."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from engine.kernel.errors import InvalidInput
from engine.letters.kinds import Direction, DueForm, Importance, Kind, Method

_RISK = ("", "AVOID", "TRANSFER", "REDUCE", "ACCEPT")


def _word(kind: Any, **rules: Any) -> fields.Enum[Any]:
    return fields.Enum(kind, by_value=True, **rules)


def _amount(**rules: Any) -> fields.Decimal:
    return fields.Decimal(allow_none=True, allow_nan=False, **rules)


class ItemSchema(Schema):
    """Every field that a person may write; what the engine keeps itself (origin, status, versions) is not here."""

    kind = _word(Kind)
    group = fields.Integer(allow_none=True)
    code = fields.String(validate=validate.Length(max=60))
    name = fields.String(validate=validate.Length(max=400))
    category = fields.String(validate=validate.Length(max=60))
    source_category = fields.String(validate=validate.Length(max=200))
    importance = _word(Importance)
    definition = fields.String()
    formula = fields.String()
    unit = fields.String(validate=validate.Length(max=60))
    direction = _word(Direction, allow_none=True)
    additive = fields.Boolean()
    baseline = _amount()
    last_year = _amount()
    three_year_mean = _amount()
    threshold = _amount()
    target = _amount()
    challenge = _amount()
    target_text = fields.String(validate=validate.Length(max=400))
    basis = fields.String()
    weight = _amount()
    cap = _amount()
    floor = _amount()
    uncapped = fields.Boolean()
    max_plus = _amount(validate=validate.Range(min=0))
    max_minus = _amount(validate=validate.Range(min=0))
    zero_below = _amount()
    method = _word(Method)
    params = fields.Dict()
    rule_text = fields.String()
    assessors = fields.List(fields.Dict())
    sub_items = fields.List(fields.Dict())
    slices = fields.List(fields.Dict())
    na_rule = fields.Dict()
    veto = fields.Dict()
    data_source = fields.String(validate=validate.Length(max=400))
    data_provider = fields.Integer(allow_none=True)
    starts_on = fields.Date(allow_none=True)
    due = fields.Date(allow_none=True)
    due_form = _word(DueForm)
    due_rule = fields.Dict()
    completion_standard = fields.String()
    owner = fields.Integer(allow_none=True)
    executors = fields.List(fields.Integer())
    collaborators = fields.List(fields.Integer())
    parent = fields.Integer(allow_none=True)
    alignment_reason = fields.String()
    fund_line = fields.Integer(allow_none=True)
    cost = _amount(validate=validate.Range(min=0))
    risk = fields.String()
    risk_strategy = fields.String(validate=validate.OneOf(_RISK))


class DocumentSchema(Schema):
    """A promised document."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    stage = fields.String(load_default="FINAL", validate=validate.OneOf(("STAGE", "FINAL")))
    criteria = fields.String(load_default="")
    weight = fields.Decimal(load_default=100, validate=validate.Range(min=0, max=100))
    reviewer_id = fields.Integer(allow_none=True, load_default=None, data_key="reviewer")
    due = fields.Date(allow_none=True, load_default=None)


_ITEM = ItemSchema(unknown=RAISE)
_DOCUMENT = DocumentSchema(unknown=EXCLUDE)


def load(values: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values by field name; only the fields that were given.

    Raises InvalidInput `item.values` with every mistake by field.
    """
    return _loaded(_ITEM, values)


def load_document(values: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of a promised document. Raises InvalidInput `item.values`."""
    return _loaded(_DOCUMENT, values)


def _loaded(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(dict(values))
    except ValidationError as invalid:
        mistakes = invalid.messages if isinstance(invalid.messages, dict) else {"": invalid.messages}
        told = "; ".join(f"{field}: {', '.join(map(str, problems))}" for field, problems in mistakes.items())
        raise InvalidInput("item.values", f"these values cannot be kept: {told}", mistakes=mistakes) from invalid
    return loaded
