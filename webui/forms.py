"""Forms: what a page was sent, checked by a marshmallow schema that refuses unknown fields; what was typed is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from marshmallow import RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema

from engine.kernel.errors import InvalidInput
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.words import sentence

NOT_FIELDS = {"csrf_token"}
REQUIRED = _l("This entry is needed.")
REFUSED = {"required": REQUIRED, "null": REQUIRED, "invalid": _l("This cannot be read: check how it is written.")}


class Schema(MarshmallowSchema):
    """Mother of every form; a field that it does not know is refused."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": _l("This field is not known here.")}  # noqa: RUF012  (marshmallow's way)


@dataclass
class Form:
    """What was typed, and what is wrong with it: field → sentence, in the reader's language."""

    sent: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        return not self.errors

    def typed(self, name: str) -> Any:
        """What stands in the field: what was typed, else its first value."""
        return self.sent.get(name, "")

    def chose(self, name: str, key: Any) -> bool:
        """Whether a choice or one of several was made."""
        chosen = self.sent.get(name)
        return str(key) in (map(str, chosen) if isinstance(chosen, list) else [str(chosen)])

    def refuse(self, error: InvalidInput, name: str = "") -> "Form":
        """Show an engine's refusal at the field it names (or at `name`)."""
        named = str(error.fields.get("field", name) or name or "form")
        self.errors[named] = sentence(error)
        return self


def read(schema: type[Schema], *, besides: str | None = None) -> Form:
    """The request's form, checked; `form.valid` says whether `form.values` may be used.

    Fields whose names begin with `besides` are another reader's.
    """
    sent = _sent(schema, besides)
    try:
        return Form(sent, schema().load(sent))
    except ValidationError as refusal:
        return Form(sent, {}, sentences(refusal.messages))


def must_read(schema: type[Schema]) -> Mapping[str, Any]:
    """The form's values, where a page has no field to show an error at. Raises InvalidInput."""
    form = read(schema)
    if not form.valid:
        name, text = next(iter(form.errors.items()))
        raise InvalidInput("form.refused", f"{name}: {text}", field=name, sentence=f"{name}: {text}")
    return form.values


def filled(**values: Any) -> Form:
    """A form that shows these values and has no errors."""
    return Form(sent=values)


def _sent(schema: type[Schema], besides: str | None) -> dict[str, Any]:
    many = {name for name, each in schema._declared_fields.items() if isinstance(each, fields.List)}
    others = besides or "\0"
    names = [name for name in request.form if name not in NOT_FIELDS and not name.startswith(others)]
    sent: dict[str, Any] = {name: request.form.getlist(name) if name in many else request.form[name] for name in names}
    # an empty text is what a browser sends for a field left alone
    return {name: value for name, value in sent.items() if value != "" or name not in schema._declared_fields}


def sentences(messages: Any) -> dict[str, str]:
    """What marshmallow found wrong, as one sentence for each field."""
    found: dict[str, str] = {}
    for name, told in messages.items():
        first: Any = told
        while isinstance(first, list | dict):
            first = next(iter(first.values() if isinstance(first, dict) else first))
        found[name] = str(first)
    return found


def text(*, required: bool = False, most: int = 2000) -> fields.String:
    """A text of at most `most` characters, without blanks around it."""
    too_long = validate.Length(max=most, error=_l("At most {max} characters."))
    return _Trimmed(
        required=required, validate=[too_long, _not_blank] if required else too_long, error_messages=REFUSED
    )


def secret(*, required: bool = False) -> fields.String:
    """A password, to the letter."""
    return fields.String(required=required, validate=validate.Length(max=200), error_messages=REFUSED)


def number(*, required: bool = False, least: int | None = None) -> fields.Integer:
    """A whole number."""
    return fields.Integer(required=required, validate=validate.Range(min=least), error_messages=REFUSED)


def decimal(*, required: bool = False) -> fields.Decimal:
    """An exact number, as typed."""
    return fields.Decimal(required=required, error_messages=REFUSED)


def day(*, required: bool = False) -> fields.Date:
    """A date as the browser's date field sends it."""
    return fields.Date(required=required, error_messages=REFUSED)


def choice(*options: str, required: bool = False) -> fields.String:
    """One of the named options."""
    allowed = validate.OneOf(options, error=_l("Choose one of the offered values."))
    return fields.String(required=required, validate=allowed, error_messages=REFUSED)


def many_numbers() -> fields.List[int]:
    """Several ids, such as the rows that were ticked."""
    return fields.List(fields.Integer(error_messages=REFUSED), load_default=list)


def many_texts() -> fields.List[str]:
    """Several codes, such as kinds of process."""
    return fields.List(fields.String(error_messages=REFUSED), load_default=list)


def tick() -> fields.Boolean:
    """A checkbox; not sent means no."""
    return fields.Boolean(load_default=False, truthy={"on", "1", "true", "yes"}, falsy={"", "0", "false", "off"})


class _Trimmed(fields.String):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).strip()


def _not_blank(value: str) -> None:
    if not value:
        raise ValidationError(_("This entry is needed."))
