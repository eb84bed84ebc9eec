"""The timeline of a letter: what happened, by whom, under which rule; newest first, a page at a time."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask import Response, render_template, request, url_for

from engine.kernel import audit_pages, list_book
from engine.kernel.audit_pages import Place, Wanted
from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.letters import access, items, letters
from engine.letters.letters import LetterView
from engine.people import persons
from webui import exports
from webui.current import engine, viewer
from webui.exports import Column
from webui.i18n import gettext as _
from webui.i18n import lazy_gettext as _l
from webui.letters import happened
from webui.letters.blueprint import blueprint

PAGE = 50
TABS: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "draft": (
        *("item.", "group.", "letter.generated", "letter.created", "letter.changed", "letter.fixed"),
        *("letter.copied", "commitment."),
    ),
    "approval": ("letter.moved", "letter.submitted", "letter.consent", "forced.", "letter.late", "approval."),
    "progress": ("progress.", "deliverable.", "item.moved"),
    "warning": ("warning.", "order."),
    "adjustment": ("adjustment.",),
    "scoring": ("score.", "card.", "veto."),
    "signing": ("letter.signed",),
}
APPROVALS = "approval."


@blueprint.get("/<int:letter>/timeline")
def timeline(letter: int) -> Any:
    """What happened to the letter and in its approval."""
    tab = request.args.get("tab", "all")
    with engine().start_work(reading=True) as work:
        head = access.see(work, letter, viewer().id)
        before = request.args.get("before", type=int)
        found = audit_pages.page(work, _wanted(head, tab), before=before, limit=PAGE + 1)
        context = _told(work, head, found[:PAGE])
    older = url_for("letters.timeline", letter=letter, tab=tab, before=found[PAGE - 1].id) if found[PAGE:] else None
    newest = found[0].id if found else 0
    days = [(day, list(each)) for day, each in groupby(found[:PAGE], key=_day)]
    return render_template(
        "letters/timeline.html", head=head, days=days, tabs=TABS, tab=tab, older=older, newest=newest, **context
    )


@blueprint.get("/<int:letter>/timeline/new")
def timeline_new(letter: int) -> Any:
    """How many lines came since the page was drawn; 204 while there are none."""
    since, tab = request.args.get("since", 0, type=int), request.args.get("tab", "all")
    with engine().start_work(reading=True) as work:
        head = access.see(work, letter, viewer().id)
        count = len(audit_pages.page(work, _wanted(head, tab), after=since, limit=PAGE))
    if not count:
        return Response(status=204)
    return render_template("letters/timeline_new.html", head=head, tab=tab, since=since, count=count)


@blueprint.get("/<int:letter>/timeline.xlsx")
@exports.listed(
    _l("Timeline"),
    Column(_l("When"), lambda row: row[0].entry.at, 20),
    Column(_l("Who"), lambda row: row[1]["names"].get(row[0].entry.actor, _("System"))),
    Column(_l("for"), lambda row: row[1]["names"].get(row[0].entry.for_person)),
    Column(_l("Act"), lambda row: happened.act(row[0].entry), 28),
    Column(_l("Item"), lambda row: happened.about(row[0].entry, row[1]["item_names"]), 28),
    Column(_l("Change"), lambda row: happened.in_one_line(row[0].entry), 60),
    Column(_l("Article"), lambda row: row[0].entry.article),
    Column(_l("Seal"), lambda row: row[0].hash, 66),
)
def timeline_export(letter: int) -> Iterable[Any]:
    with engine().start_work(reading=True) as work:
        head = access.see(work, letter, viewer().id)
        wanted = _wanted(head, request.args.get("tab", "all"))
        found = list(audit_pages.walk(work, wanted, most=list_book.MOST))
        context = _told(work, head, found)
    return [(place, context) for place in found]


def _wanted(head: LetterView, tab: str) -> Wanted:
    acts = TABS.get(tab, ())
    streams = {letters.stream(head.id): acts}
    if head.instance is not None and (not acts or APPROVALS in acts):
        streams[f"instance:{head.instance}"] = (APPROVALS,)
    return Wanted(streams=streams)


def _told(work: Work, head: LetterView, found: Iterable[Place]) -> dict[str, Any]:
    named = {person for each in found for person in (each.entry.actor, each.entry.for_person)}
    return {
        "names": persons.names(work, {person for person in named if person is not None}),
        "item_names": {item.id: item.name for item in items.of(work, head.id)},
    }


def _day(place: Place) -> date:
    return local(place.entry.at).date()
