"""Settings of the installation: channels, backup, publishing by two persons, and whether clock and jobs are well."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select

from engine.kernel import audit, settings
from engine.kernel.work import Work
from engine.letters import regulating
from engine.notices import channels, outbox
from engine.people import persons
from engine.workflow import incidents
from webui import access, backups, doctor, forms
from webui.admin.blueprint import blueprint
from webui.current import engine, viewer
from webui.i18n import gettext as _

CLOCK_IS_LATE = timedelta(minutes=5)
PERIODIC = "periodic."
SHOWN_COPIES = 14


class Publishing(forms.Schema):
    at = forms.text(most=20)
    two = forms.tick()


class Try(forms.Schema):
    at = forms.text(most=20)
    channel = forms.text(required=True, most=40)


class Again(forms.Schema):
    parcel = forms.number(required=True)


@dataclass(frozen=True)
class Health:
    """What a look at clock and jobs found; `rang` None means that no clock ever rang."""

    rang: datetime | None
    well: bool
    late: int
    incidents: int
    waiting: int
    dead: tuple[Any, ...]
    periodic: tuple[tuple[str, datetime], ...]


@blueprint.get("/settings")
@access.roles("ADMIN")
def system() -> Any:
    with engine().start_work(reading=True) as work:
        shown = {
            "health": _health(work),
            "two": regulating.needs_two(work),
            "running": settings.read(work, backups.RUNNING, {}),
            "mine": persons.view(work, viewer().id),
        }
    kept = current_app.config["BACKUPS"]
    copies = backups.made(kept)[:SHOWN_COPIES]
    return render_template("admin/settings.html", channels=channels.names(), copies=copies, kept=kept, **shown)


@blueprint.post("/settings/publishing")
@access.roles("ADMIN")
def publishing() -> Any:
    two = forms.must_read(Publishing)["two"]
    with engine().start_work() as work:
        before = regulating.needs_two(work)
        settings.write(work, regulating.TWO_PERSONS, two)
        detail = {"before": {"two_persons": before}, "after": {"two_persons": two}}
        audit.append(work, "settings", "settings.publishing", actor=viewer().id, detail=detail)
        work.commit()
    return _saved(_("Saved."))


@blueprint.post("/settings/backup")
@access.roles("ADMIN")
def backup_now() -> Any:
    backups.ask(engine(), viewer().id)
    return _saved(_("A copy is being written: it appears in the list."))


@blueprint.post("/settings/channels/try")
@access.roles("ADMIN")
def try_channel() -> Any:
    """One message to oneself through the whole road: channel, outbox, sender."""
    name = forms.must_read(Try)["channel"]
    with engine().start_work() as work:
        told = channels.Told("channel.test", {}, url_for("admin.system"), f"test:{viewer().id}:{work.now.isoformat()}")
        channels.put_one(work, name, viewer().id, told)
        audit.append(work, "settings", "channel.tried", actor=viewer().id, detail={"channel": name})
        work.commit()
    return _saved(_("A message to yourself is on its way: look at the parcels below if it does not come."))


@blueprint.post("/settings/parcels")
@access.roles("ADMIN")
def resend() -> Any:
    outbox.resend(engine().start_work, forms.must_read(Again)["parcel"])
    return _saved(_("It is tried again."))


def _health(work: Work) -> Health:
    rung = settings.beginning(work, PERIODIC)
    rang = max(rung.values(), default=None)
    parcels = outbox.outbox
    counted = select(func.count()).where(parcels.c.state == "waiting")
    dead = select(parcels).where(parcels.c.state == "dead").order_by(parcels.c.id.desc()).limit(10)
    return Health(
        rang,
        rang is not None and rang > work.now - CLOCK_IS_LATE,
        doctor.late_timers(work),
        len(incidents.open(work)),
        int(work.connection.execute(counted).scalar_one()),
        tuple(work.connection.execute(dead)),
        tuple((name.removeprefix(PERIODIC), at) for name, at in rung.items()),
    )


def _saved(said: str) -> Any:
    flash(said)
    return redirect(url_for("admin.system", _anchor=request.form.get("at") or None), 303)
