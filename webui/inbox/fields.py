"""A form that a process owner drew (form-js) as plain fields: shown without scripts, read back with its types."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.approvals.forms import STATIC
from engine.kernel.errors import InvalidInput
from webui.i18n import language

PREFIX = "field."
INPUTS = {"number": "number", "textfield": "text", "datetime": "date"}
CHOOSING = frozenset({"radio", "select", "checklist", "taglist"})
MANY = frozenset({"checklist", "taglist"})

Sent = Mapping[str, Sequence[str]]
"""What was typed, by key: every text that came under it."""


@dataclass(frozen=True)
class ShownField:
    """One field as it is drawn; `kind` is an input type, textarea, select, radio, checklist, checkbox or static.

    `said` are the texts that stand in it, one except where several may be chosen.
    """

    key: str
    kind: str
    label: str
    hint: str
    required: bool
    read_only: bool
    said: tuple[str, ...]
    options: tuple[tuple[Any, str], ...] = ()

    @property
    def name(self) -> str:
        """The name of the field in the page's form."""
        return PREFIX + self.key

    @property
    def text(self) -> str:
        """What stands in a field for one text."""
        return self.said[0] if self.said else ""

    @property
    def words(self) -> str:
        """What stands in it as people read it: labels instead of values."""
        named = {str(value): label for value, label in self.options}
        return "、".join(named.get(each, each) for each in self.said)


def sent(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """What a request brought for drawn fields."""
    return {name.removeprefix(PREFIX): form.getlist(name) for name in form if name.startswith(PREFIX)}


def shown(schema: Mapping[str, Any] | None, typed: Sent, values: Mapping[str, Any]) -> list[ShownField]:
    """The fields of a form with what stands in them: typed texts before the values of the process."""
    return [] if schema is None else [_shown(each, typed, values) for each in _walk(schema.get("components") or ())]


def read(schema: Mapping[str, Any] | None, typed: Sent) -> dict[str, Any]:
    """What was typed for this form, with its types; keys that it does not have are handed on for the engine to refuse.

    Raises InvalidInput for a number that is none.
    """
    values: dict[str, Any] = {key: texts[0] for key, texts in typed.items() if texts}
    for each in _walk((schema or {}).get("components") or ()):
        key, editable = each.get("key"), not (each.get("readonly") is True or each.get("disabled") is True)
        if key and editable and each.get("type") not in STATIC:
            values[key] = _typed(each, list(typed.get(key, ())))
    return {key: value for key, value in values.items() if value is not None}


def leniently(schema: Mapping[str, Any] | None, typed: Sent) -> dict[str, Any]:
    """The same for a form that is still being filled in: what cannot be read yet counts as empty."""
    values = {}
    for each in _walk((schema or {}).get("components") or ()):
        key = each.get("key")
        if key and each.get("type") not in STATIC:
            try:
                values[key] = _typed(each, list(typed.get(key, ())))
            except InvalidInput:
                values[key] = None
    return {key: value for key, value in values.items() if value is not None}


def _walk(components: Any) -> Iterator[Mapping[str, Any]]:
    for each in components:
        if each.get("components") and each.get("type") != "dynamiclist":
            yield from _walk(each["components"])
        else:
            yield each


def _shown(each: Mapping[str, Any], typed: Sent, values: Mapping[str, Any]) -> ShownField:
    kind, key = str(each.get("type")), str(each.get("key") or each.get("id") or "")
    rules = each.get("validate") or {}
    said = typed[key] if key in typed else _texts(values.get(key, each.get("defaultValue")))
    return ShownField(
        key,
        "static" if kind in STATIC else INPUTS.get(kind, kind),
        _worded(each, "", str(each.get("label") or each.get("dateLabel") or each.get("text") or key)),
        _worded(each, ".description", str(each.get("description") or "")),
        bool(rules.get("required")),
        bool(each.get("readonly") or each.get("disabled")),
        tuple(str(text) for text in said),
        tuple((choice.get("value"), _choice(choice)) for choice in each.get("values") or ()),
    )


def _texts(value: Any) -> Sequence[str]:
    if value is None or value is False:
        return ()
    if value is True:
        return ("on",)
    if isinstance(value, list | tuple):
        return tuple(str(each) for each in value)
    return (format(value, "f") if isinstance(value, Decimal) else str(value),)


def _worded(each: Mapping[str, Any], what: str, own: str) -> str:
    return str((each.get("properties") or {}).get(f"{language()}{what}") or own)


def _choice(choice: Mapping[str, Any]) -> str:
    return str(choice.get(language()) or choice.get("label") or choice.get("value"))


def _typed(each: Mapping[str, Any], texts: list[str]) -> Any:
    kind = each.get("type")
    if kind == "checkbox":
        return bool(texts)
    if kind in MANY:
        return [_option(each, one) for one in texts if one] or None
    text = texts[0].strip() if texts else ""
    if not text:
        return None
    if kind == "number":
        return _number(each, text)
    return _option(each, text) if kind in CHOOSING else text


def _option(each: Mapping[str, Any], text: str) -> Any:
    """The value as the owner wrote it (a number stays a number); what is none of them is for the engine to refuse."""
    return next((one.get("value") for one in each.get("values") or () if str(one.get("value")) == text), text)


def _number(each: Mapping[str, Any], text: str) -> int | Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as problem:
        label = str(each.get("label") or each.get("key"))
        raise InvalidInput("form.number", f"{label} must be a number", field=each.get("key"), label=label) from problem
    return int(number) if number == number.to_integral_value() else number
