"""Forms of other engines: a key of a form beside the diagram, or fields in the diagram that become a form of ours."""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from lxml import etree

from engine.workflow.spiff.foreign import juel
from engine.workflow.spiff.foreign.spot import Spot
from engine.workflow.spiff.reader import tag

_TYPES: Mapping[str, Mapping[str, Any]] = {
    "string": {"type": "textfield"},
    "boolean": {"type": "checkbox"},
    "long": {"type": "number", "decimalDigits": 0},
    "int": {"type": "number", "decimalDigits": 0},
    "integer": {"type": "number", "decimalDigits": 0},
    "double": {"type": "number"},
    "date": {"type": "datetime", "subtype": "date"},
    "enum": {"type": "select"},
}
_LIMITS = {"min": "min", "max": "max", "minlength": "minLength", "maxlength": "maxLength"}
_PAGE = re.compile(r"^(embedded|app|deployment|https?):|\.(html|jsf|xhtml)\b", re.IGNORECASE)
_DEPLOYED = re.compile(r"^camunda-forms:(?:deployment|app|bpmn):", re.IGNORECASE)
_SUFFIX = ".form.json"


def read(spot: Spot) -> None:
    """The form of a user task."""
    key, reference, binding = spot.take("formKey"), spot.take("formRef"), spot.take("formRefBinding")
    if binding == "version":
        spot.ignore("formRefBinding")
    fields = [*(f for box in spot.parts("formData") for f in box), *spot.parts("formProperty")]
    if spot.has("form"):
        return
    if fields:
        _made(spot, [one for one in fields if isinstance(one.tag, str)])
    elif reference or key:
        _named(spot, str(reference or key))


def keep(spot: Spot, ident: str, schema: bytes) -> None:
    """A form that the diagram carries whole."""
    spot.reading.forms[f"{ident}{_SUFFIX}"] = schema


def name_of(key: str) -> str | None:
    """The name of a form of ours that a key means; None when it is a page of the other program."""
    if _DEPLOYED.match(key):
        return _DEPLOYED.sub("", key).rsplit("/", 1)[-1].removesuffix(".json").removesuffix(".form")
    return None if _PAGE.search(key) else key


def _named(spot: Spot, key: str) -> None:
    said = spot.attribute(key, "form key")
    name = name_of(said) if said is not None else None
    if name is not None:
        spot.say("form", key=name)
    elif said is not None:
        spot.note("foreign_form", "warning", form=key)


def _made(spot: Spot, fields: list[etree._Element]) -> None:
    components = [_component(spot, one) for one in fields if tag(one) in ("formField", "formProperty")]
    schema = {"type": "default", "schemaVersion": 16, "components": components}
    spot.reading.forms[f"{spot.ident}{_SUFFIX}"] = orjson.dumps(schema, option=orjson.OPT_INDENT_2)
    spot.say("form", key=spot.ident)


def _component(spot: Spot, one: etree._Element) -> dict[str, Any]:
    key, kind = str(one.get("id", "")), str(one.get("type") or "string")
    made: dict[str, Any] = {"key": key, "label": one.get("label") or one.get("name") or key}
    made |= _TYPES.get(kind, _TYPES["string"])
    if kind not in _TYPES:
        spot.note("foreign_field", "warning", field=key, type=kind)
    if kind == "date":
        made["dateLabel"] = made["label"]
    if kind == "enum":
        choices = [child for child in one if tag(child) == "value"]
        made["values"] = [{"value": c.get("id"), "label": c.get("name") or c.get("id")} for c in choices]
    rules = _rules(spot, one, made)
    if rules:
        made["validate"] = rules
    _default(spot, one, made)
    return made


def _rules(spot: Spot, one: etree._Element, made: dict[str, Any]) -> dict[str, Any]:
    rules: dict[str, Any] = {"required": True} if one.get("required") == "true" else {}
    if one.get("writable") == "false" or one.get("readonly") == "true":
        made["readonly"] = True
    for constraint in one.iter():
        name, config = str(constraint.get("name", "")), str(constraint.get("config") or "")
        if tag(constraint) != "constraint":
            continue
        if name == "required":
            rules["required"] = config != "false"
        elif name == "readonly":
            made["readonly"] = config != "false"
        elif name in _LIMITS and config.lstrip("-").isdigit():
            rules[_LIMITS[name]] = int(config)
        else:
            spot.refuse_code(f"validation {name} of field {made['key']}")
    return rules


def _default(spot: Spot, one: etree._Element, made: dict[str, Any]) -> None:
    text = one.get("defaultValue") or one.get("default") or one.get("expression") or one.get("variable")
    if text is None or juel.variable(text) == made["key"] or text == made["key"]:
        return  # a field shows what its variable holds
    if juel.is_juel(text) or one.get("variable") or one.get("expression"):
        spot.note("foreign_field", "warning", field=made["key"], type=text)
    else:
        made["defaultValue"] = text == "true" if made["type"] == "checkbox" else _number(text, made)


def _number(text: str, made: Mapping[str, Any]) -> Any:
    return int(text) if made["type"] == "number" and text.lstrip("-").isdigit() else text
