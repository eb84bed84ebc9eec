"""What an administrator does with an instance: suspend, resume, cancel; and with a version: activate, retire."""

from typing import Any

from flask import flash, redirect, url_for

from engine.workflow import definitions, instances
from webui import access, forms
from webui.current import engine, viewer
from webui.i18n import gettext as _
from webui.processes.blueprint import blueprint

OWNERS = ("ADMIN", "PROCESS_OWNER")


class Reason(forms.Schema):
    reason = forms.text(required=True, most=500)


@blueprint.post("/instances/<int:instance_id>/suspend")
@access.roles("ADMIN")
def suspend(instance_id: int) -> Any:
    instances.suspend(engine(), instance_id, viewer().id, forms.must_read(Reason)["reason"])
    return redirect(url_for("processes.instance", instance_id=instance_id), 303)


@blueprint.post("/instances/<int:instance_id>/resume")
@access.roles("ADMIN")
def resume(instance_id: int) -> Any:
    instances.resume(engine(), instance_id, viewer().id, forms.must_read(Reason)["reason"])
    return redirect(url_for("processes.instance", instance_id=instance_id), 303)


@blueprint.post("/instances/<int:instance_id>/terminate")
@access.roles("ADMIN")
def terminate(instance_id: int) -> Any:
    instances.cancel(engine(), instance_id, viewer().id, forms.must_read(Reason)["reason"])
    return redirect(url_for("processes.instance", instance_id=instance_id), 303)


@blueprint.post("/versions/<int:definition_id>/activate")
@access.roles(*OWNERS)
def activate(definition_id: int) -> Any:
    chosen = definitions.activate(engine(), definition_id, viewer().id)
    flash(_("Version %(version)s is used from now on; what runs keeps its own.", version=chosen.version))
    return redirect(url_for("processes.show", key=chosen.key, tab="versions"), 303)


@blueprint.post("/versions/<int:definition_id>/retire")
@access.roles(*OWNERS)
def retire(definition_id: int) -> Any:
    chosen = definitions.retire(engine(), definition_id, viewer().id)
    flash(_("Version %(version)s will not be used again.", version=chosen.version))
    return redirect(url_for("processes.show", key=chosen.key, tab="versions"), 303)
