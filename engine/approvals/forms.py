"""Which fields a person may send with a decision: those that the node's form declares editable, no others (APR-28)."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import Engine as Database
from sqlalchemy import select

from engine.approvals import conditions
from engine.approvals.rows import Case, Node
from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.workflow import instances
from engine.workflow.standings import Standing
from engine.workflow.tables import definition_file

STATIC = frozenset({"text", "html", "image", "button", "separator", "spacer", "expression", "table", "iframe"})
"""Components of form-js that show something and take nothing."""


@dataclass(frozen=True)
class Field:
    """One field of a form. `editable` is False where the node only shows it."""

    key: str
    type: str
    label: str
    editable: bool
    required: bool
    allowed: tuple[Any, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None


def check(case: Case, values: Mapping[str, Any], *, complete: bool) -> None:
    """Refuses a field that the node's form does not declare editable; with `complete` also a required one left empty.

    A node with a page of its own takes what that page sends. One with neither takes nothing when it decides, and
    anything when it only does (the diagram's `lf:output` chooses). Raises InvalidInput.
    """
    node = case.node
    if node.form is None:
        if values and node.page is None and node.kind == "decide":
            raise _not_editable(node, next(iter(values)), [])
        return
    drawn = shown(case, values)
    fields = {field.key: field for field in _fields((drawn or {}).get("components") or ())}
    editable = [key for key, field in fields.items() if field.editable]
    for key, value in values.items():
        if key not in editable:
            raise _not_editable(node, key, editable)
        _check_value(fields[key], value)
    missing = [field for key, field in fields.items() if field.required and _empty(values.get(key))]
    if complete and missing:
        raise _bad(missing[0], "form.required", "is empty: fill it in")


def of(work: Work, standing: Standing, form: str) -> tuple[Field, ...]:
    """The fields of a form as the instance's own version has it; none for a form that is not there."""
    content = _content(work, (standing.view.definition_id, *standing.pins.values()), f"{form}.form.json")
    return () if content is None else tuple(_fields(orjson.loads(content).get("components") or ()))


def schema(work: Work, standing: Standing, form: str) -> Mapping[str, Any] | None:
    """The form as it was drawn, for pages that show it; None where the instance's version has no such file."""
    content = _content(work, (standing.view.definition_id, *standing.pins.values()), f"{form}.form.json")
    if content is None:
        return None
    drawn: Mapping[str, Any] = orjson.loads(content)
    return drawn


def shown(case: Case, values: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The node's form as it stands with these values: without what its conditions hide; None without a form."""
    node = case.node
    drawn = schema(case.work, case.standing, node.form) if node.form else None
    if drawn is None or not conditions.conditional(drawn):
        return drawn
    data = instances.look(case.engine, case.work, node.instance_id).data
    return conditions.settled(drawn, data, values, now=local(case.work.now))


def has_required(work: Work, standing: Standing, form: str | None) -> bool:
    """Whether somebody has to fill in something, so that it cannot be decided in a batch (APR-26)."""
    return form is not None and any(field.required and field.editable for field in of(work, standing, form))


def _fields(components: Any) -> Iterator[Field]:
    for each in components:
        if each.get("components") and each.get("type") != "dynamiclist":
            yield from _fields(each["components"])
        elif each.get("key") and each.get("type") not in STATIC:
            yield _field(each)


def _field(each: Mapping[str, Any]) -> Field:
    rules = each.get("validate") or {}
    editable = not (each.get("readonly") or each.get("disabled"))
    return Field(
        each["key"],
        str(each.get("type")),
        str(each.get("label") or each["key"]),
        editable,
        # before anything is filled in, a field that may be hidden is not needed
        bool(rules.get("required")) and editable and not each.get("conditional"),
        tuple(choice.get("value") for choice in each.get("values") or ()),
        _decimal(rules.get("min")),
        _decimal(rules.get("max")),
        rules.get("maxLength"),
    )


def _check_value(field: Field, value: Any) -> None:
    if _empty(value):
        return
    chosen = value if isinstance(value, (list, tuple)) else [value]
    if field.allowed and any(each not in field.allowed for each in chosen):
        raise _bad(field, "form.choice", f"must be one of {', '.join(map(str, field.allowed))}")
    if field.type == "number":
        _check_number(field, value)
    if field.type == "checkbox" and not isinstance(value, bool):
        raise _bad(field, "form.yes_no", "must be yes or no")
    if field.max_length is not None and len(str(value)) > int(field.max_length):
        raise _bad(field, "form.length", f"has more than {field.max_length} characters: shorten it")


def _check_number(field: Field, value: Any) -> None:
    number = _decimal(value)
    if number is None:
        raise _bad(field, "form.number", "must be a number")
    if field.minimum is not None and number < field.minimum:
        raise _bad(field, "form.minimum", f"must be at least {field.minimum}")
    if field.maximum is not None and number > field.maximum:
        raise _bad(field, "form.maximum", f"must be at most {field.maximum}")


def _bad(field: Field, code: str, text: str) -> InvalidInput:
    return InvalidInput(code, f"{field.label} {text}", field=field.key, label=field.label)


def _not_editable(node: Node, key: str, editable: list[str]) -> InvalidInput:
    near = get_close_matches(key, editable, 1)
    hint = f"did you mean '{near[0]}'?" if near else "leave it out"
    return InvalidInput(
        "form.not_editable", f"'{key}' cannot be changed in '{node.name}': {hint}", field=key, node=node.node
    )


def _empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _decimal(value: Any) -> Decimal | None:
    try:
        number = None if value is None or isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


MOST_KEPT = 500
_Kept = dict[tuple[tuple[int, ...], str], bytes | None]
_kept: WeakKeyDictionary[Database, _Kept] = WeakKeyDictionary()
_lock = threading.Lock()


def _content(work: Work, definitions: tuple[int, ...], name: str) -> bytes | None:
    """A form's file, the own definition before those it calls; versions never change, so that each is read once."""
    key = (definitions, name)
    with _lock:
        kept = _kept.setdefault(work.connection.engine, {})
        if key in kept:
            return kept[key]
    query = select(definition_file.c.definition_id, definition_file.c.content).where(
        definition_file.c.definition_id.in_(definitions), definition_file.c.name == name
    )
    found = {row.definition_id: row.content for row in work.connection.execute(query)}
    content = next((found[each] for each in definitions if each in found), None)
    with _lock:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = content
    return content
