"""The form of a whole item: what it takes, what it shows, and the values for the use-case."""

from collections.abc import Mapping
from typing import Any

from flask import request

from engine.letters.items import ItemView
from engine.letters.kinds import Direction, DueForm, Importance, Kind, Method
from webui import forms
from webui.forms import Form
from webui.letters import shown
from webui.letters.structure import reading, shapes

TEXTS = (
    *("code", "name", "category", "definition", "formula", "unit", "target_text", "basis", "rule_text"),
    *("data_source", "completion_standard", "alignment_reason", "risk", "risk_strategy"),
)
NUMBERS = (
    *("baseline", "last_year", "three_year_mean", "threshold", "target", "challenge", "weight"),
    *("cap", "floor", "max_plus", "max_minus", "zero_below", "cost"),
)
REFERENCES = ("group", "data_provider", "owner", "fund_line", "parent")
DAYS = ("starts_on", "due")
WORDS = ("kind", "importance", "direction", "method", "due_form")
TICKS = ("additive", "uncapped")
STRUCTURES = ("params", "assessors", "sub_items", "slices", "due_rule", "na_rule", "veto")
PREFIX = "s."
"""Names of structured inputs begin so: `s.params.bands.0.lo`; `s.has` names the fields that the page showed."""

ItemForm: Any = forms.Schema.from_dict(
    {
        "revision": forms.number(required=True),
        **{name: forms.text(most=8000) for name in TEXTS},
        **{name: forms.decimal() for name in NUMBERS},
        **{name: forms.number() for name in REFERENCES},
        **{name: forms.day() for name in DAYS},
        **{name: forms.tick() for name in TICKS},
        "kind": forms.choice(*Kind, required=True),
        "importance": forms.choice(*Importance, required=True),
        "direction": forms.choice(*Direction),
        "method": forms.choice(*Method, required=True),
        "due_form": forms.choice(*DueForm, required=True),
        "collaborators": forms.many_numbers(),
    },
    name="ItemForm",
)
"""Every field of an item but the structured ones, which `structure` reads."""


def read(item: ItemView) -> tuple[Form, dict[str, Any]]:
    """What was sent: the form with its errors, and the values for `editing.change_item` when there are none."""
    form = forms.read(ItemForm, besides=PREFIX)
    built: dict[str, Any] = {}
    for name in request.form.getlist(f"{PREFIX}has"):
        if name in STRUCTURES:
            found = _structure(item, name, dict(form.sent))
            built[name] = found.value
            form.errors.update(found.errors)
    return form, _values(form.values, built) if form.valid else {}


def filled(item: ItemView) -> Form:
    """The form as the item stands."""
    plain = {name: shown.plain(getattr(item, name)) for name in (*TEXTS, *NUMBERS, *REFERENCES, *DAYS, *WORDS)}
    ticks = {name: "on" for name in TICKS if getattr(item, name)}
    return forms.filled(
        **plain, **ticks, revision=item.revision, collaborators=[str(each) for each in item.collaborators]
    )


def structures(item: ItemView, *, typed: bool = False) -> dict[str, reading.Shown]:
    """The structured fields as the page draws them; with `typed` as they were sent."""
    sent = _typed() if typed else None
    method = Method(request.form.get("method", item.method)) if typed else item.method
    due = DueForm(request.form.get("due_form", item.due_form)) if typed else item.due_form
    return {name: reading.shown(shapes.of(name, method, due), name, getattr(item, name), sent) for name in STRUCTURES}


def _typed() -> dict[str, str]:
    return {key.removeprefix(PREFIX): value for key, value in request.form.items() if key.startswith(PREFIX)}


def _structure(item: ItemView, name: str, sent: Mapping[str, Any]) -> reading.Read:
    """The structured value; parameters that belonged to another method are gone with it."""
    method, due = Method(sent.get("method", item.method)), DueForm(sent.get("due_form", item.due_form))
    before: Any = getattr(item, name)
    if (name == "params" and method is not item.method) or (name == "due_rule" and due is not item.due_form):
        before = {}
    done = reading.read(shapes.of(name, method, due), name, _typed(), before)
    return reading.Read(done.value, {f"{PREFIX}{key}": told for key, told in done.errors.items()})


def _values(values: Mapping[str, Any], built: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: values.get(name) or "" for name in TEXTS}
    found |= {name: values.get(name) for name in (*NUMBERS, *REFERENCES)}
    found |= {name: values[name].isoformat() if values.get(name) else None for name in DAYS}
    found |= {name: values[name] for name in (*TICKS, "kind", "importance", "method", "due_form", "collaborators")}
    return {**found, "direction": values.get("direction"), **built}
