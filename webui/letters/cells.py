"""One cell of the grid: saved with the version it was read at; the answer brings the parts of the page that changed."""

from typing import Any

from flask import jsonify, render_template

from engine.kernel.errors import Conflict
from engine.letters import items
from engine.letters.drafting import editing
from engine.letters.drafting.pasting import COLUMNS
from engine.people import persons
from webui import forms
from webui.current import engine, viewer
from webui.letters import sheets, shown
from webui.letters.blueprint import blueprint
from webui.words import sentence


class CellForm(forms.Schema):
    """A cell as the grid sends it: new text, and the text and version that were read."""

    field = forms.choice(*COLUMNS, required=True)
    value = forms.text(most=4000)
    before = forms.text(most=4000)
    revision = forms.number(required=True)


@blueprint.post("/items/<int:item>/cell")
def save_cell(item: int) -> Any:
    """Saves the cell; 409 brings both values and who wrote the other."""
    given = forms.must_read(CellForm)
    values = {given["field"]: shown.read(given["field"], given.get("value", ""))}
    before = {given["field"]: shown.read(given["field"], given.get("before", ""))}
    try:
        saved = editing.change_item(
            engine().start_work, item, values, revision=given["revision"], before=before, actor=viewer().id
        )
    except Conflict as lost:
        if lost.code != "item.changed":
            raise
        return jsonify(_both(lost, given["field"])), 409
    return jsonify(_parts(saved.letter, item))


@blueprint.get("/items/<int:item>/parts")
def parts(item: int) -> Any:
    """The row as it is now, for a page that lost track of it."""
    with engine().start_work(reading=True) as work:
        letter = items.view(work, item).letter
    return jsonify(_parts(letter, item))


def _parts(letter: int, item: int) -> dict[str, Any]:
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
    row = next(each for each in sheet.content.items if each.id == item)
    return {
        "revision": row.revision,
        "cells": {name: shown.cell(sheet, row, name) for name in COLUMNS},
        "values": {name: shown.value(row, name) for name in COLUMNS},
        "badges": {
            each.id: render_template("letters/badge.html", found=sheet.of_item(each.id)) for each in sheet.content.items
        },
        "checks": render_template("letters/checks.html", sheet=sheet),
        "bar": render_template("letters/bar.html", sheet=sheet),
    }


def _both(lost: Conflict, field: str) -> dict[str, Any]:
    both = lost.fields["values"].get(field, {})
    by = lost.fields.get("by")
    with engine().start_work(reading=True) as work:
        name = persons.names(work, [by]).get(by, "") if by is not None else ""
    return {
        "sentence": sentence(lost),
        "by": name,
        "theirs": shown.plain(both.get("theirs")),
        "mine": shown.plain(both.get("mine")),
        "revision": lost.fields["revision"],
    }
