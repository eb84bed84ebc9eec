"""History as an auditor reads it: who did what, under which article, and whether the chain holds."""

from typing import Any

from flask import render_template, request, url_for

from engine.kernel import audit as kept
from engine.kernel import audit_pages
from engine.kernel.audit_pages import Wanted
from engine.people import persons
from webui import access
from webui.admin.blueprint import blueprint
from webui.current import engine

READERS = ("ADMIN", "AUDITOR")
PAGE = 50


@blueprint.get("/audit")
@access.roles(*READERS)
def audit() -> Any:
    return _page(None)


@blueprint.post("/audit/verify")
@access.roles(*READERS)
def verify() -> Any:
    """Read every chain again; a break is told with its first bad entry."""
    with engine().start_work(reading=True) as work:
        breaks = kept.verify(work)
    return _page(breaks)


def _page(breaks: list[kept.Break] | None) -> str:
    wanted = Wanted(
        request.args.get("stream") or None, request.args.get("actor", type=int), request.args.get("act") or None
    )
    with engine().start_work(reading=True) as work:
        found = audit_pages.page(work, wanted, before=request.args.get("before", type=int), limit=PAGE + 1)
        seal = audit_pages.sealed(work)
        people = {each.entry.actor for each in found} | {each.entry.for_person for each in found}
        names = persons.names(work, [person for person in people if person])
    arguments: dict[str, Any] = {name: value for name, value in request.args.items() if name != "before"}
    more = url_for("admin.audit", before=found[PAGE - 1].id, **arguments) if len(found) > PAGE else None
    return render_template(
        "admin/audit.html", places=found[:PAGE], names=names, more=more, breaks=breaks, seal=seal, wanted=wanted
    )
