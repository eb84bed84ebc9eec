"""One item in full: every field in a form, its deliverables and promises; works without scripts and on a phone."""

from dataclasses import replace
from typing import Any

import orjson
from flask import Response, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput
from engine.letters import (
    access,
    commitments,
    content,
    deliverable_specs,
    groups,
    item_values,
    items,
    kpi_library,
    letters,
    origins,
    plans,
)
from engine.letters.drafting import editing, negotiation, submitting
from engine.letters.items import ItemView
from engine.letters.kinds import Direction, DueForm, Duty, Importance, Kind, Method
from engine.people import orgs, persons
from webui import forms
from webui.current import by_htmx, engine, viewer
from webui.i18n import gettext as _
from webui.letters import item_form, missing, trying
from webui.letters.blueprint import blueprint
from webui.letters.structure import reading, shapes


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
    """The whole item: a page of its own, the editor's drawer when htmx asks."""
    if request.method == "GET":
        return _page(item)
    with engine().start_work(reading=True) as work:
        known = items.view(work, item)
    form, values = item_form.read(known)
    if form.valid:
        try:
            revision = form.values["revision"]
            saved = editing.change_item(engine().start_work, item, values, revision=revision, actor=viewer().id)
        except InvalidInput as refused:
            form.refuse(refused, "name")
        else:
            return _saved(saved)
    return _page(item, form)


@blueprint.get("/items/<int:item>/structure")
def item_structure(item: int) -> Any:
    """The inputs of a structured field for another method or kind of due date than the item has yet."""
    name = "due_rule" if "due_form" in request.args else "params"
    with engine().start_work(reading=True) as work:
        known = items.view(work, item)
        access.edit(work, known.letter, viewer().id)
    method = Method(request.args.get("method", known.method))
    due = DueForm(request.args.get("due_form", known.due_form))
    fresh = method is not known.method if name == "params" else due is not known.due_form
    value = {} if fresh else getattr(known, name)
    drawn = reading.shown(shapes.of(name, method, due), name, value)
    return render_template("letters/structure.html", drawn=drawn)


@blueprint.post("/items/<int:item>/try")
def try_item(item: int) -> Any:
    """What the method gives for an actual value, with the parameters as they are typed."""
    with engine().start_work(reading=True) as work:
        known = items.view(work, item)
        head = access.see(work, known.letter, viewer().id)
        form, values = item_form.read(known)
        typed = replace(known, **item_values.load(values)) if form.valid else known
        whole = content.load(work, head.id)
    tried = trying.score(whole, typed, request.form.get("s.actual", "").strip())
    return render_template("letters/tried.html", tried=tried, errors=form.errors)


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


def _saved(saved: ItemView) -> Any:
    """The drawer stays open with the item as it is now and tells the grid; the page goes back to it."""
    if not by_htmx():
        return redirect(url_for("letters.edit", letter=saved.letter, _anchor=f"item-{saved.id}"), 303)
    answer = _page(saved.id, told=_("Saved"))
    answer.headers["HX-Trigger"] = orjson.dumps({"lf:item-saved": {"item": saved.id}}).decode()
    return answer


def _page(item: int, form: forms.Form | None = None, told: str = "") -> Response:
    context = _context(item)
    name = "letters/item_body.html" if by_htmx() else "letters/item.html"
    drawn = item_form.structures(context["item"], typed=form is not None)
    opened = missing.part_of(next(iter(form.errors), "")) if form else "definition"
    shown_form = form or item_form.filled(context["item"])
    page = render_template(name, form=shown_form, drawn=drawn, told_saved=told, opened=opened, **context)
    return make_response(page, 422 if form else 200)


def _context(item: int) -> dict[str, Any]:
    with engine().start_work(reading=True) as work:
        known = items.view(work, item)
        head = access.edit(work, known.letter, viewer().id)
        above = items.of(work, head.parent) if head.parent is not None else ()
        units, everyone = orgs.tree(work), persons.everyone(work)
        return {
            "item": known,
            "head": letters.view(work, known.letter),
            "groups": groups.of(work, head.id),
            "documents": deliverable_specs.of_item(work, item),
            "promises": [each for each in commitments.of_letter(work, head.id) if each.item == item],
            "units": units,
            "unit_names": {org.id: org.name for org in units},
            "people": persons.of_org(work, sorted(orgs.subtree(work, head.org))),
            "reviewers": everyone,
            "reviewers_options": [(each.id, f"{each.name} {each.org_name}".strip()) for each in everyone],
            "funds": plans.fund_lines(work, head.org),
            "above": above,
            "library": kpi_library.everyone(work),
            "categories": sorted({category for org in units for category in org.categories}),
            "kinds": {"kind": Kind, "importance": Importance, "direction": Direction, "method": Method, "due": DueForm},
            "duties": Duty,
            "origin": origins.of(work, item, viewer().id),
            "missing": missing.by_part(submitting.check(work, head.id), item),
            "problems": trying.problems(content.load(work, head.id), known),
        }


def _document(each: Any) -> dict[str, Any]:
    return {
        "name": each.name,
        "stage": str(each.stage),
        "criteria": each.criteria,
        "weight": each.weight,
        "reviewer": each.reviewer,
    }
