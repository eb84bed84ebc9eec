"""The editor: the grid, what is done with the whole draft, its head and groups."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.letters import access
from engine.letters.drafting import editing, fixing, repeating, submitting, withdrawing
from engine.letters.kinds import GroupMode, Kind, WeightMode
from engine.letters.states import EDITABLE
from engine.people import orgs, persons
from webui import forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.i18n import ngettext
from webui.letters import sheets
from webui.letters.blueprint import blueprint


class Fix(forms.Schema):
    """A mechanical repair that a finding offers."""

    fix = forms.text(required=True, most=20)
    element = forms.number()


class Head(forms.Schema):
    """What the whole letter says besides its items."""

    revision = forms.number(required=True)
    title = forms.text(most=200)
    weight_mode = forms.choice(*WeightMode, required=True)
    full_score = forms.decimal(required=True)
    difficulty = forms.decimal(required=True)
    authority = forms.text(most=4000)
    help = forms.text(most=4000)
    terms = forms.text(most=8000)
    distribution = forms.text(most=1000)


class Withdrawal(forms.Schema):
    """Why a letter is withdrawn."""

    reason = forms.text(required=True)


class Group(forms.Schema):
    """A group of items."""

    name = forms.text(required=True, most=200)
    weight = forms.decimal()
    mode = forms.choice(*GroupMode, required=True)
    relative = forms.tick()


@blueprint.get("/<int:letter>/edit")
def edit(letter: int) -> Any:
    """The grid; somebody who may not write is sent to the letter."""
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
        if sheet.head.status not in EDITABLE or not (sheet.rights.edit or sheet.rights.consent):
            flash(_("This letter cannot be edited now. If it is in force, file an adjustment."))
            return redirect(url_for("letters.show", letter=letter), 303)
        return render_template("letters/edit.html", refused=None, **_around(work, sheet))


@blueprint.post("/<int:letter>/submit")
def submit(letter: int) -> Any:
    """Hands the draft in; with findings the editor opens them."""
    try:
        submitted = submitting.submit(engine(), letter, actor=viewer().id)
    except InvalidInput as refused:
        if not refused.code.startswith("letter."):
            raise
        with engine().start_work(reading=True) as work:
            around = _around(work, sheets.load(work, letter, viewer().id))
        return make_response(render_template("letters/edit.html", refused=refused, **around), 422)
    flash(_("Handed in: %(no)s", no=submitted.no))
    return redirect(url_for("letters.show", letter=letter), 303)


@blueprint.post("/<int:letter>/withdraw")
def withdraw(letter: int) -> Any:
    """Withdraws the letter before its last approval."""
    withdrawn = withdrawing.withdraw(engine(), letter, forms.must_read(Withdrawal)["reason"], actor=viewer().id)
    flash(_("Withdrawn: %(no)s", no=withdrawn.no))
    return redirect(url_for("letters.show", letter=letter), 303)


@blueprint.post("/<int:letter>/fix")
def fix(letter: int) -> Any:
    """Does a repair that a finding offers."""
    given = forms.must_read(Fix)
    fixing.apply(engine().start_work, letter, given["fix"], element=given.get("element"), actor=viewer().id)
    return redirect(url_for("letters.edit", letter=letter), 303)


@blueprint.post("/<int:letter>/consent")
def consent(letter: int) -> Any:
    """OPS agrees to the warnings as they are."""
    given = submitting.consent(engine().start_work, letter, actor=viewer().id)
    flash(ngettext("Agreed to %(num)s warning.", "Agreed to %(num)s warnings.", given))
    return redirect(url_for("letters.show", letter=letter), 303)


@blueprint.post("/<int:letter>/ask-consent")
def ask_consent(letter: int) -> Any:
    """Party B asks OPS to agree to the warnings."""
    count = submitting.ask_consent(engine().start_work, letter, actor=viewer().id)
    flash(ngettext("OPS was asked about %(num)s warning.", "OPS was asked about %(num)s warnings.", count))
    return redirect(url_for("letters.edit", letter=letter), 303)


@blueprint.route("/<int:letter>/head", methods=["GET", "POST"])
def head(letter: int) -> Any:
    """Title, weighting, sections and distribution."""
    with engine().start_work(reading=True) as work:
        known = access.edit(work, letter, viewer().id)
    form = forms.read(Head) if request.method == "POST" else forms.filled(**_head_values(known))
    if request.method == "POST" and form.valid:
        values = dict(form.values)
        sections = {name: values.pop(name, "") for name in ("authority", "help", "terms")}
        copies = [line.strip() for line in values.pop("distribution", "").splitlines() if line.strip()]
        revision = values.pop("revision")
        values = {**values, "sections": sections, "distribution": copies}
        editing.change_head(engine().start_work, letter, values, revision=revision, actor=viewer().id)
        return redirect(url_for("letters.edit", letter=letter), 303)
    page = render_template("letters/head.html", head=known, form=form, modes=WeightMode)
    return make_response(page, 422 if form.errors else 200)


@blueprint.post("/<int:letter>/copy-before")
def copy_before(letter: int) -> Any:
    """从上月复制: the items of the letter before that are not here yet."""
    count = repeating.copy_before(engine().start_work, letter, actor=viewer().id)
    flash(ngettext("%(num)s item was copied.", "%(num)s items were copied.", count))
    return redirect(url_for("letters.edit", letter=letter), 303)


@blueprint.post("/<int:letter>/fill")
def fill(letter: int) -> Any:
    """生成草稿: slices, nodes, carry-overs and decisions of the period, into an empty draft."""
    count = repeating.fill_empty(engine().start_work, letter, actor=viewer().id)
    flash(ngettext("%(num)s item was made.", "%(num)s items were made.", count))
    return redirect(url_for("letters.edit", letter=letter), 303)


@blueprint.post("/<int:letter>/groups")
def add_group(letter: int) -> Any:
    """A new group of items."""
    given = forms.must_read(Group)
    mode = GroupMode(given["mode"])
    editing.add_group(
        engine().start_work,
        letter,
        given["name"],
        weight=given.get("weight"),
        mode=mode,
        relative=given["relative"],
        actor=viewer().id,
    )
    return redirect(url_for("letters.edit", letter=letter), 303)


@blueprint.post("/groups/<int:group>/delete")
def delete_group(group: int) -> Any:
    """The group goes, its items stay."""
    letter = forms.must_read(OfLetter)["letter"]
    editing.delete_group(engine().start_work, group, actor=viewer().id)
    return redirect(url_for("letters.edit", letter=letter), 303)


@blueprint.post("/<int:letter>/items")
def add_item(letter: int) -> Any:
    """A new empty row, to be filled in the grid."""
    kind = forms.must_read(NewItem)["kind"]
    item = editing.add_item(engine().start_work, letter, {"kind": kind, "name": ""}, actor=viewer().id)
    return redirect(url_for("letters.edit", letter=letter, _anchor=f"item-{item.id}"), 303)


def _around(work: Work, sheet: sheets.Sheet) -> dict[str, Any]:
    """What the editor shows besides the letter: who may own a row, and with what an empty draft can begin."""
    head = sheet.head
    people = persons.of_org(work, sorted(orgs.subtree(work, head.org)))
    counts = {} if sheet.content.items else repeating.waiting(work, head)
    return {"sheet": sheet, "people": people, "begin": {"before": repeating.before(work, head), "counts": counts}}


class NewItem(forms.Schema):
    """The kind of a new row."""

    kind = forms.choice(*Kind, required=True)


class OfLetter(forms.Schema):
    """The letter that something belongs to."""

    letter = forms.number(required=True)


def _head_values(known: Any) -> dict[str, Any]:
    sections = {name: known.sections.get(name, "") for name in ("authority", "help", "terms")}
    plain = {name: getattr(known, name) for name in ("revision", "title", "weight_mode", "full_score", "difficulty")}
    return {**plain, **sections, "distribution": "\n".join(known.distribution)}
