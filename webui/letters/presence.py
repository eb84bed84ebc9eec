"""The editor's poll: who else is here and in which row, and which rows somebody changed meanwhile."""

import hashlib
from typing import Any

from flask import jsonify

from engine.letters import access, items
from engine.letters.drafting import presence
from engine.letters.items import ItemView
from engine.letters.states import ItemState
from engine.people import persons
from webui import forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.letters.blueprint import blueprint

UNCHANGED = ("", 204)


class Here(forms.Schema):
    """The row the person is in, and the state that their page knows."""

    item = forms.number()
    rev = forms.text(most=64)


@blueprint.post("/<int:letter>/presence")
def say_presence(letter: int) -> Any:
    """204 while nothing moved; else who is where, and every row's revision."""
    given = forms.must_read(Here)
    with engine().start_work(reading=True) as work:
        access.see(work, letter, viewer().id)
    presence.seen(engine().start_work, letter, viewer().id, given.get("item"))
    with engine().start_work(reading=True) as work:
        others = presence.others(work, letter, viewer().id)
        rows = tuple(row for row in items.of(work, letter) if row.status is not ItemState.DELETED)
        names = persons.names(work, {each.person for each in others})
    told = [_where(names.get(each.person, ""), each.item, rows) for each in others]
    revisions = {str(row.id): row.revision for row in rows}
    state = hashlib.sha256(repr((told, revisions)).encode()).hexdigest()
    if state == given.get("rev"):
        return UNCHANGED
    return jsonify({"rev": state, "others": told, "revisions": revisions})


def _where(name: str, item: int | None, rows: tuple[ItemView, ...]) -> str:
    number = next((n for n, row in enumerate(rows, 1) if row.id == item), None)
    if number is None:
        return _("%(name)s has this letter open", name=name)
    return _("%(name)s is in row %(row)s", name=name, row=number)
