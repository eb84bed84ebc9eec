"""Orders: one with its turns, and the acts of those that no diagram runs; issuing one by hand."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.clock import local
from engine.kernel.errors import InvalidInput
from engine.letters.watching import ordering, reading
from engine.letters.watching.orders import NewOrder, OrderKind, OrderView, Source
from engine.letters.watching.warnings import WarningView
from engine.people import orgs, persons
from webui import access, forms
from webui.current import engine, viewer
from webui.dates import end_of
from webui.forms import Form
from webui.i18n import gettext as _
from webui.watching.blueprint import blueprint

ISSUERS = ("OPS", "OPS_HEAD", "LEADER", "PRESIDENT")


class Noted(forms.Schema):
    """A word with an act."""

    note = forms.text(most=2000)


class Later(forms.Schema):
    """Another day, and why."""

    until = forms.day(required=True)
    reason = forms.text(required=True, most=1000)


class Ordered(forms.Schema):
    """A new order."""

    kind = forms.choice("SUPERVISE", "ASSIST", required=True)
    org = forms.number(required=True)
    receiver = forms.text(required=True, most=40)
    content = forms.text(required=True, most=2000)
    due = forms.day(required=True)
    warning = forms.number()


@blueprint.get("/orders/<int:order>")
def orders_one(order: int) -> Any:
    return _page(order, forms.filled())


@blueprint.get("/orders/new")
@access.roles(*ISSUERS)
def orders_new() -> Any:
    """An empty order, or one that begins from a warning."""
    warning = request.args.get("warning", type=int)
    return _new(forms.filled(kind="SUPERVISE") if warning is None else _about(warning))


@blueprint.post("/orders/new")
@access.roles(*ISSUERS)
def orders_issue() -> Any:
    form = forms.read(Ordered)
    if not form.valid:
        return make_response(_new(form), 422)
    try:
        made = ordering.issue(engine(), _order(form), viewer().id)
    except InvalidInput as refused:
        return make_response(_new(form.refuse(refused, "content")), 422)
    return redirect(url_for("watching.orders_one", order=made.id), 303)


@blueprint.post("/orders/<int:order>/<act>")
def orders_act(order: int, act: str) -> Any:
    form = forms.read(Later if act in LATER else Noted)
    if not form.valid:
        return make_response(_page(order, form), 422)
    try:
        done = (LATER | ACTS).get(act, _unknown)(order, form)
    except InvalidInput as refused:
        return make_response(_page(order, form.refuse(refused, "note")), 422)
    flash(_("Order %(no)s is noted.", no=done.no))
    return redirect(url_for("watching.orders_one", order=order), 303)


def _note(form: Form) -> str:
    return str(form.values.get("note") or "")


def _unknown(order: int, form: Form) -> OrderView:
    raise InvalidInput("order.act", "this act is not known")


Act = Callable[[int, Form], OrderView]
ACTS: dict[str, Act] = {
    "sign": lambda order, form: ordering.sign(engine(), order, viewer().id, _note(form)),
    "reply": lambda order, form: ordering.report(engine(), order, viewer().id, _note(form), final=False),
    "report": lambda order, form: ordering.report(engine(), order, viewer().id, _note(form), final=True),
    "close": lambda order, form: ordering.close(engine(), order, viewer().id, _note(form)),
    "reject": lambda order, form: ordering.reject(engine(), order, viewer().id, _note(form)),
    "agree": lambda order, form: ordering.agree(engine(), order, viewer().id),
    "grant": lambda order, form: ordering.decide_extension(engine(), order, viewer().id, approved=True),
    "refuse": lambda order, form: ordering.decide_extension(engine(), order, viewer().id, approved=False),
}
LATER: dict[str, Act] = {
    "extend": lambda order, form: ordering.ask_extension(
        engine(), order, viewer().id, end_of(form.values["until"]), form.values["reason"]
    ),
    "counter": lambda order, form: ordering.counter(
        engine(), order, viewer().id, end_of(form.values["until"]), form.values["reason"]
    ),
}


def _order(form: Form) -> NewOrder:
    """What was typed as an order; the receiver is named by number or name."""
    with engine().start_work(reading=True) as work:
        found = persons.search(work, form.values["receiver"], 2)
    if len(found) != 1:
        raise InvalidInput("order.receiver", "name one person, by number or full name", field="receiver")
    about = _origin(form.values.get("warning"))
    held = viewer().roles
    source = Source.OPS if held & {"OPS", "OPS_HEAD"} else Source.PRESIDENT if "PRESIDENT" in held else Source.LEADER
    return NewOrder(
        kind=OrderKind(form.values["kind"]),
        source=source,
        org=form.values["org"],
        receiver=found[0].id,
        content=form.values["content"],
        due=end_of(form.values["due"]),
        issuer=viewer().id,
        letter=about.letter if about else None,
        item=about.item if about else None,
    )


def _about(warning: int) -> Form:
    """An order as the warning suggests it: to whoever has to answer, about the item, for tomorrow."""
    page = reading.warning_page(engine(), warning, viewer().id)
    asked = page.chain.at(page.line.warning.rank) or page.line.owner
    with engine().start_work(reading=True) as work:
        receiver = persons.view(work, asked).number if asked else ""
        due = engine().calendar(work).add_working_days(local(work.now).date(), 1)
    return forms.filled(
        kind="SUPERVISE", org=page.line.org.id, receiver=receiver, content=page.line.name, due=due, warning=warning
    )


def _origin(warning: int | None) -> WarningView | None:
    """The warning that an order comes from."""
    return reading.warning_page(engine(), warning, viewer().id).line.warning if warning is not None else None


def _new(form: Form) -> str:
    with engine().start_work(reading=True) as work:
        units = [(org.id, org.name) for org in orgs.tree(work)]
        people = persons.everyone(work)
    return render_template("watching/order_new.html", form=form, units=units, people=people)


def _page(order: int, form: Form) -> str:
    page = reading.order_page(engine(), order, viewer().id)
    acts = [act for act in ("sign", "report", "close", "reply", "agree", "reject") if act in page.may]
    return render_template("watching/order.html", page=page, form=form, acts=acts)
