"""One item in full: every field in a form, its deliverables and promises; works without scripts and on a phone."""

from typing import Any

import orjson
from flask import make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput
from engine.letters import access, commitments, deliverable_specs, groups, items, kpi_library, letters, plans
from engine.letters.drafting import editing, negotiation
from engine.letters.kinds import Direction, DueForm, Duty, Importance, Kind, Method
from engine.people import orgs, persons
from webui import forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.letters import shown
from webui.letters.blueprint import blueprint

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


ItemForm: Any = forms.Schema.from_dict(
    {
        "revision": forms.number(required=True),
        **{name: forms.text(most=8000) for name in TEXTS},
        **{name: forms.decimal() for name in NUMBERS},
        **{name: forms.number() for name in REFERENCES},
        **{name: forms.day() for name in DAYS},
        **{name: forms.tick() for name in TICKS},
        **{name: forms.text(most=20000) for name in STRUCTURES},
        "kind": forms.choice(*Kind, required=True),
        "importance": forms.choice(*Importance, required=True),
        "direction": forms.choice(*Direction),
        "method": forms.choice(*Method, required=True),
        "due_form": forms.choice(*DueForm, required=True),
        "collaborators": forms.many_numbers(),
    },
    name="ItemForm",
)
"""Every field of an item; structured ones as JSON."""


class DocumentForm(forms.Schema):
    """A promised document."""

    name = forms.text(required=True, most=200)
    stage = forms.choice("STAGE", "FINAL", required=True)
    criteria = forms.text(most=2000)
    weight = forms.decimal()
    reviewer = forms.number()


class RequestForm(forms.Schema):
    """What is asked of another organisation."""

    provider = forms.number(required=True)
    content = forms.text(required=True, most=1000)
    due = forms.day()
    duty = forms.choice(*Duty, required=True)


class Move(forms.Schema):
    """Up or down."""

    by = forms.number(required=True)


@blueprint.route("/items/<int:item>/edit", methods=["GET", "POST"])
def edit_item(item: int) -> Any:
    """The whole item; a form of its own."""
    form = forms.read(ItemForm) if request.method == "POST" else None
    if form is not None and form.valid:
        try:
            values = dict(form.values)
            revision = values.pop("revision")
            saved = editing.change_item(
                engine().start_work, item, _values(values), revision=revision, actor=viewer().id
            )
            return redirect(url_for("letters.edit", letter=saved.letter, _anchor=f"item-{item}"), 303)
        except InvalidInput as refused:
            form.refuse(refused, "name")
    context = _context(item)
    shown_form = form or forms.filled(**_filled(context["item"]))
    return make_response(render_template("letters/item.html", form=shown_form, **context), 422 if form else 200)


@blueprint.post("/items/<int:item>/delete")
def delete_item(item: int) -> Any:
    """Takes the row out."""
    letter = _letter(item)
    editing.delete_item(engine().start_work, item, actor=viewer().id)
    return redirect(url_for("letters.edit", letter=letter), 303)


@blueprint.post("/items/<int:item>/move")
def move_item(item: int) -> Any:
    """Up or down among the others."""
    editing.move_item(engine().start_work, item, by=forms.must_read(Move)["by"], actor=viewer().id)
    return redirect(url_for("letters.edit", letter=_letter(item), _anchor=f"item-{item}"), 303)


@blueprint.post("/items/<int:item>/documents")
def add_document(item: int) -> Any:
    """One more promised document."""
    given = dict(forms.must_read(DocumentForm))
    with engine().start_work(reading=True) as work:
        known = [_document(each) for each in deliverable_specs.of_item(work, item)]
    editing.set_documents(engine().start_work, item, [*known, given], actor=viewer().id)
    return redirect(url_for("letters.edit_item", item=item, _anchor="documents"), 303)


@blueprint.post("/items/<int:item>/documents/<int:position>/delete")
def delete_document(item: int, position: int) -> Any:
    """One promised document less."""
    with engine().start_work(reading=True) as work:
        known = [_document(each) for each in deliverable_specs.of_item(work, item) if each.position != position]
    editing.set_documents(engine().start_work, item, known, actor=viewer().id)
    return redirect(url_for("letters.edit_item", item=item, _anchor="documents"), 303)


@blueprint.post("/items/<int:item>/requests")
def request_promise(item: int) -> Any:
    """Asks another organisation for help."""
    given = forms.must_read(RequestForm)
    negotiation.request(
        engine().start_work,
        item,
        given["provider"],
        given["content"],
        due=given.get("due"),
        duty=Duty(given["duty"]),
        actor=viewer().id,
    )
    return redirect(url_for("letters.edit_item", item=item, _anchor="promises"), 303)


def _letter(item: int) -> int:
    with engine().start_work(reading=True) as work:
        return items.view(work, item).letter


def _context(item: int) -> dict[str, Any]:
    with engine().start_work(reading=True) as work:
        known = items.view(work, item)
        head = access.edit(work, known.letter, viewer().id)
        above = items.of(work, head.parent) if head.parent is not None else ()
        units = orgs.tree(work)
        return {
            "item": known,
            "head": letters.view(work, known.letter),
            "groups": groups.of(work, head.id),
            "documents": deliverable_specs.of_item(work, item),
            "promises": [each for each in commitments.of_letter(work, head.id) if each.item == item],
            "units": units,
            "unit_names": {org.id: org.name for org in units},
            "people": persons.of_org(work, sorted(orgs.subtree(work, head.org))),
            "reviewers": persons.everyone(work),
            "funds": plans.fund_lines(work, head.org),
            "above": above,
            "library": kpi_library.everyone(work),
            "categories": sorted({category for org in units for category in org.categories}),
            "kinds": {"kind": Kind, "importance": Importance, "direction": Direction, "method": Method, "due": DueForm},
            "duties": Duty,
        }


def _filled(item: Any) -> dict[str, Any]:
    plain = {name: shown.plain(getattr(item, name)) for name in (*TEXTS, *NUMBERS, *REFERENCES, *DAYS, *WORDS)}
    ticks = {name: "on" for name in TICKS if getattr(item, name)}
    built = {name: _json(getattr(item, name)) for name in STRUCTURES}
    return {**plain, **ticks, **built, "revision": item.revision, "collaborators": list(map(str, item.collaborators))}


def _values(values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: values.get(name) or "" for name in TEXTS}
    found |= {name: values.get(name) for name in (*NUMBERS, *REFERENCES)}
    found |= {name: values[name].isoformat() if values.get(name) else None for name in DAYS}
    found |= {name: values[name] for name in (*TICKS, "kind", "importance", "method", "due_form", "collaborators")}
    found["direction"] = values.get("direction")
    return found | {name: _structure(name, values.get(name, "")) for name in STRUCTURES}


def _structure(name: str, text: str) -> Any:
    empty: Any = [] if name in ("assessors", "sub_items", "slices") else {}
    try:
        return orjson.loads(text) if text.strip() else empty
    except orjson.JSONDecodeError as broken:
        told = _("This is no JSON: %(problem)s", problem=str(broken))
        raise InvalidInput("item.json", f"'{name}' is no JSON: {broken}", field=name, sentence=told) from broken


def _json(found: Any) -> str:
    return orjson.dumps(found, option=orjson.OPT_INDENT_2, default=str).decode() if found else ""


def _document(each: Any) -> dict[str, Any]:
    return {
        "name": each.name,
        "stage": str(each.stage),
        "criteria": each.criteria,
        "weight": each.weight,
        "reviewer": each.reviewer,
    }
