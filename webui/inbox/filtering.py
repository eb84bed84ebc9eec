"""The filter menu, and lists kept under a name: each has an address of its own."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, render_template, request, url_for

from engine.approvals import inbox as kept
from engine.approvals import saved_filters
from engine.approvals.inbox import Tab
from engine.workflow import definitions
from webui import forms
from webui.current import by_htmx, engine, viewer
from webui.i18n import gettext as _
from webui.inbox import listing
from webui.inbox.blueprint import blueprint
from webui.inbox.rows import ACTING


class Kept(forms.Schema):
    name = forms.text(required=True, most=saved_filters.LONGEST_NAME)
    query = forms.text(most=saved_filters.LONGEST_QUERY)


class Named(forms.Schema):
    name = forms.text(required=True, most=saved_filters.LONGEST_NAME)


@blueprint.get("/filters")
def filters() -> str:
    """What the list can be narrowed to, and the person's saved filters; a part of the page, or a page of its own."""
    state = listing.state_of(request.args)
    tab = state.get("tab", str(Tab.TODO))
    found = kept.keys(engine(), viewer().id, tab)
    with engine().start_work(reading=True) as work:
        names = {each.key: each.name for each in definitions.active(work)}
        saved = saved_filters.of(work, viewer().id)
    template = "inbox/filters.html" if by_htmx() else "inbox/filters_page.html"
    return render_template(
        template,
        state=state,
        query=urlencode(state),
        kinds=[(key, names.get(key, key), number) for key, number in found.items()],
        saved=saved,
        acting=tab in set(ACTING),
    )


@blueprint.get("/views/<name>")
def saved(name: str) -> Any:
    """The address of a saved filter: it leads to the list."""
    with engine().start_work(reading=True) as work:
        found = saved_filters.named(work, viewer().id, name)
    return redirect(_list(found.query), 303)


@blueprint.post("/views")
def save() -> Any:
    values = forms.must_read(Kept)
    state = listing.state_of(dict(parse_qsl(values.get("query", ""))))
    found = saved_filters.keep(engine(), viewer().id, values["name"], urlencode(state))
    flash(_("Saved as “%(name)s”.", name=found.name))
    return redirect(_list(found.query), 303)


@blueprint.post("/views/<int:filter_id>/name")
def rename(filter_id: int) -> Any:
    found = saved_filters.rename(engine(), viewer().id, filter_id, forms.must_read(Named)["name"])
    flash(_("Saved as “%(name)s”.", name=found.name))
    return redirect(_list(found.query), 303)


@blueprint.post("/views/<int:filter_id>/delete")
def forget(filter_id: int) -> Any:
    saved_filters.drop(engine(), viewer().id, filter_id)
    flash(_("The saved filter is deleted."))
    return redirect(url_for("inbox.index"), 303)


def _list(query: str) -> str:
    return f"{url_for('inbox.index')}?{query}" if query else url_for("inbox.index")
