"""History as an auditor reads it: who did what, before and after, under which article, and whether the chain holds."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import orjson
from flask import Response, flash, g, redirect, render_template, request, stream_with_context, url_for

from engine.kernel import audit_pages, list_book
from engine.kernel.audit_pages import Place, Wanted
from engine.kernel.clock import LOCAL, local
from engine.kernel.errors import InvalidInput
from engine.people import auditing, persons
from webui import access, exports, forms, picking
from webui.admin.blueprint import blueprint
from webui.current import engine, viewer
from webui.exports import Column
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.words import WORDS, word

READERS = ("ADMIN", "AUDITOR")
PAGE = 50
MOST_LINES = 1_000_000


class Filter(forms.Schema):
    """Which part of history is asked for."""

    class Meta:
        unknown = "exclude"

    stream = forms.text(most=80)
    who = forms.text(most=120)
    act = forms.text(most=80)
    since = forms.day()
    until = forms.day()
    before = forms.number()


@blueprint.get("/audit")
@access.roles(*READERS)
def audit() -> Any:
    said, form = _asked()
    wanted = _wanted(said, form)
    with engine().start_work(reading=True) as work:
        found = audit_pages.page(work, wanted, before=said.get("before"), limit=PAGE + 1)
        places = audit_pages.with_previous(work, found[:PAGE])
        verified, seal = auditing.last(work), audit_pages.sealed(work)
        names = persons.names(work, _people(places) | ({verified.by} if verified and verified.by else set()))
    arguments: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before"}
    more = url_for("admin.audit", before=places[-1].id, **arguments) if len(found) > PAGE else None
    return render_template(
        "admin/audit.html", places=places, names=names, more=more, verified=verified, seal=seal, form=form,
        acts=_acts(), parts=_parts, broken=_broken(verified),
    )  # fmt: skip


@blueprint.post("/audit/verify")
@access.roles(*READERS)
def verify() -> Any:
    """Read every chain again; what is found stands above the list until the next reading."""
    found = auditing.verify(engine().start_work, viewer().id)
    if not found.breaks:
        flash(_("Every chain holds ✓"))
    return redirect(url_for("admin.audit"), 303)


@blueprint.get("/audit.xlsx")
@access.roles(*READERS)
@exports.listed(
    _l("Audit"),
    Column(_l("When"), lambda row: row[0].entry.at, 20),
    Column(_l("Who"), lambda row: row[1].get(row[0].entry.actor, _("System"))),
    Column(_l("for"), lambda row: row[1].get(row[0].entry.for_person)),
    Column(_l("Act"), lambda row: _said(row[0]), 28),
    Column(_l("Object"), lambda row: row[0].entry.stream, 20),
    Column(_l("No."), lambda row: row[0].entry.seq, 8),
    Column(_l("Article"), lambda row: row[0].entry.article),
    Column(_l("Details"), lambda row: orjson.dumps(row[0].entry.detail).decode(), 60),
    Column(_l("Seal"), lambda row: row[0].hash, 66),
)
def audit_export() -> Iterable[Any]:
    wanted = _wanted(*_asked())
    with engine().start_work(reading=True) as work:
        places = list(audit_pages.walk(work, wanted, most=list_book.MOST))
        names = persons.names(work, _people(places))
    return [(place, names) for place in places]


@blueprint.get("/audit.jsonl")
@access.roles(*READERS)
def audit_lines() -> Any:
    """The same as lines of JSON, as they are hashed, for programs of auditors."""
    wanted = _wanted(*_asked())
    answer = Response(stream_with_context(_lines(wanted)), mimetype="application/x-ndjson")
    name = f"audit-{local(g.now):%Y%m%d-%H%M}.jsonl"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _lines(wanted: Wanted) -> Iterator[bytes]:
    with engine().start_work(reading=True) as work:
        for place in audit_pages.walk(work, wanted, most=MOST_LINES):
            each = place.entry
            said = {"id": place.id, "stream": each.stream, "seq": each.seq, "at": each.at, "actor": each.actor}
            told = {"for_person": each.for_person, "act": each.act, "detail": each.detail, "article": each.article}
            yield orjson.dumps({**said, **told, "hash": place.hash}, option=orjson.OPT_APPEND_NEWLINE)


def _asked() -> tuple[dict[str, Any], forms.Form]:
    sent = {name: value for name, value in request.args.items() if value}
    form = forms.Form(sent=sent)
    wrong = Filter().validate(sent)
    for name, told in wrong.items():
        form.errors[name] = "; ".join(map(str, told)) if isinstance(told, list) else str(told)
    return Filter().load({name: value for name, value in sent.items() if name not in wrong}), form


def _wanted(said: dict[str, Any], form: forms.Form) -> Wanted:
    try:
        who = picking.perhaps(said.get("who"), "who")
    except InvalidInput as nobody:
        form.refuse(nobody, "who")
        who = None
    since, until = said.get("since"), said.get("until")
    starts = datetime.combine(since, time(), LOCAL) if since else None
    ends = datetime.combine(until + timedelta(days=1), time(), LOCAL) if until else None
    return Wanted(said.get("stream"), who, said.get("act"), starts, ends)


def _people(places: Iterable[Place]) -> set[int]:
    named = {person for each in places for person in (each.entry.actor, each.entry.for_person)}
    return {person for person in named if person}


def _said(place: Place) -> str:
    return word(f"act.{place.entry.act}", node=place.entry.detail.get("node", ""))


def _acts() -> list[tuple[str, str]]:
    """The acts that have words, as one filters for them."""
    known = [(code.removeprefix("act."), word(code, node="…")) for code in WORDS if code.startswith("act.")]
    return sorted(known, key=lambda each: each[1])


def _parts(detail: Any) -> list[tuple[str, Any, Any]]:
    """What an entry says as (name, before, after): what changed first, then what is only told (before is None)."""
    before, after = detail.get("before"), detail.get("after")
    rest = [(key, None, value) for key, value in detail.items() if key not in {"before", "after"}]
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = before or {}, after or {}
        return [(key, old.get(key, "—"), new.get(key, "—")) for key in {**old, **new}] + rest
    changed = [("", before, after)] if "before" in detail or "after" in detail else []
    return changed + rest


def _broken(verified: auditing.Verified | None) -> set[tuple[str, int]]:
    return {(each.stream, each.seq) for each in verified.breaks} if verified else set()
