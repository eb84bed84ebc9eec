"""What all resources share: pages, problems, references to persons, exact numbers."""

from typing import Any

from marshmallow import EXCLUDE, fields, validate
from marshmallow import Schema as MarshmallowSchema

from webui import forms
from webui.addresses import LARGEST
from webui.forms import REFUSED
from webui.i18n import lazy_gettext as _l

MOST = 200
"""Rows of one page at most."""


def integer(*, least: int = 1, most: int = LARGEST, text: bool = False, **options: Any) -> fields.Integer:
    """A whole number between these, sent as one; with `text` as digits, as a query has it."""
    between = validate.Range(least, most, error=_l("From {min} to {max}."))
    return fields.Integer(strict=not text, validate=between, error_messages=REFUSED, **options)


class Shown(MarshmallowSchema):
    """Mother of everything that is answered."""

    class Meta:
        unknown = EXCLUDE


class PersonRef(Shown):
    """A person, with the name to show."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class Exact(fields.String):
    """An exact number as text (`"12.50"`): a program that reads it as a float loses what was agreed."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        return None if value is None else format(value, "f")


class Json(fields.Raw):
    """Any JSON value."""


class Problem(Shown):
    """RFC 9457. `code` is stable; `detail` is in the language of Accept-Language; `fields` say who, when, how much."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    fields_ = fields.Dict(data_key="fields", keys=fields.String())


class Paging(forms.Schema):
    """Where a page begins and how long it is."""

    after = fields.String(
        validate=validate.Length(max=200), metadata={"description": "`next` of the page before; without it the first."}
    )
    limit = integer(most=MOST, text=True, load_default=50, metadata={"description": f"Rows of a page, at most {MOST}."})


def page_of(each: type[Shown]) -> Shown:
    """A page of these: `items`, and `next` to be given as `after` (null on the last page)."""
    name = f"{each.__name__}Page"
    items = fields.List(fields.Nested(each), required=True)
    made = type(name, (Shown,), {"items": items, "next": fields.String(required=True, allow_none=True)})
    return made()  # type: ignore[no-any-return]  # made of Shown above


def moment(**options: Any) -> fields.DateTime:
    """A moment in UTC."""
    return fields.DateTime(format="iso", **options)
