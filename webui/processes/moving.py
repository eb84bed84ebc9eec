"""An administrator takes a token to another node: choose, see what ends and begins, say why."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for

from engine.kernel.work import Work
from engine.workflow import instances, rerouting
from engine.workflow.rerouting import Preview
from webui import access, forms
from webui.current import engine, viewer
from webui.forms import Form
from webui.i18n import gettext as _
from webui.processes.blueprint import blueprint


class Move(forms.Schema):
    token = forms.text(required=True, most=40)
    node = forms.text(required=True, most=120)
    reason = forms.text(required=True, most=500)


@blueprint.get("/instances/<int:instance_id>/move")
@access.roles("ADMIN")
def move(instance_id: int) -> Any:
    """First the token, then the node, then what it would do."""
    return _page(instance_id, request.args.get("token"), request.args.get("node"), Form())


@blueprint.post("/instances/<int:instance_id>/move")
@access.roles("ADMIN")
def moved(instance_id: int) -> Any:
    form = forms.read(Move)
    if not form.valid:
        return make_response(_page(instance_id, form.typed("token"), form.typed("node"), form), 422)
    chosen = form.values
    rerouting.move(engine(), instance_id, chosen["token"], chosen["node"], viewer().id, chosen["reason"])
    flash(_("Moved; the history keeps who and why."))
    return redirect(url_for("processes.instance", instance_id=instance_id), 303)


def _page(instance_id: int, token: str | None, node: str | None, form: Form) -> str:
    with engine().start_work(reading=True) as work:
        view = instances.view_in(work, instance_id)
        positions = rerouting.tokens(engine(), work, instance_id) if view.status == "running" else ()
        if token is None and len(positions) == 1:
            token = positions[0].token
        chosen = next((each for each in positions if each.token == token), None)
        preview = _preview(work, instance_id, token, node) if chosen and node else None
    return render_template(
        "processes/move.html", instance=view, positions=positions, chosen=chosen, node=node, preview=preview, form=form
    )


def _preview(work: Work, instance_id: int, token: str | None, node: str | None) -> Preview:
    return rerouting.preview(engine(), work, instance_id, token or "", node or "")
