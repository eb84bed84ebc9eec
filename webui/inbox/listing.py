"""The list: tabs, filters, groups, the chosen task beside it, and what is new since it was loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, make_response, render_template, request, url_for

from engine.approvals import inbox as kept
from engine.approvals import looking, record, saved_filters
from engine.approvals.inbox import Filters, Tab
from engine.approvals.saved_filters import SavedFilter
from engine.kernel import list_book
from engine.kernel.errors import NotFound
from engine.people import persons
from engine.workflow import definitions
from webui.current import by_htmx, engine, viewer
from webui.exports import Column, listed
from webui.i18n import lazy_gettext as _l
from webui.inbox import rows, tasks
from webui.inbox.blueprint import blueprint
from webui.inbox.rows import ACTING, Group, Row
from webui.words import word

TABS = {
    Tab.TODO: _l("To do"),
    Tab.CLAIM: _l("To claim"),
    Tab.DRAFTS: _l("Drafts"),
    Tab.DONE: _l("Done"),
    Tab.STARTED: _l("Started by me"),
    Tab.COPIES: _l("Copies"),
    Tab.AGENT: _l("On behalf"),
}
OPENED_BESIDE = ACTING | {Tab.DONE}
STATE = ("tab", "q", "process", "late", "by")
"""What of an address says which list is looked at; a saved filter keeps these."""
MOST_SHOWN = 200


@dataclass(frozen=True)
class Listed:
    """A list as its template draws it; `newest` is the last assignment that it knows of."""

    tab: Tab
    groups: list[Group]
    counts: dict[str, int]
    filters: Filters
    state: Mapping[str, str]
    saved: tuple[SavedFilter, ...]
    more: str | None

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    @property
    def newest(self) -> int:
        return max((row.assignment for row in self.rows), default=0)

    @property
    def prefix(self) -> str:
        """How the address of a row begins: relative to the inbox, with what the list is narrowed to."""
        return f"?{urlencode(self.state)}&task=" if self.state else "?task="

    @property
    def narrowed(self) -> bool:
        return not self.state.keys() <= {"tab", "by"}

    @property
    def saved_name(self) -> str | None:
        """The name under which the person keeps what is looked at."""
        return next((each.name for each in self.saved if dict(parse_qsl(each.query)) == dict(self.state)), None)


@blueprint.get("")
def index() -> Any:
    asked = request.args.get("task", type=int)
    if by_htmx() and request.headers.get("HX-Target") == "detail" and asked:
        return render_template("inbox/detail.html", page=tasks.load(asked))
    shown = load(request.args)
    chosen = asked or (shown.rows[0].id if shown.rows and shown.tab in OPENED_BESIDE else None)
    page = _open(chosen, asked is not None)
    return render_template(
        "inbox/index.html",
        listed=shown,
        tabs=_tabs(shown),
        page=page,
        view="detail" if asked else "list",
        **around(shown),
    )


@blueprint.get("/live")
def live() -> Response:
    """What changed since the list was loaded: 204 where nothing did, so that htmx swaps nothing."""
    since, shown = request.args.get("since", 0, type=int), _ids(request.args.get("shown", ""))
    task = request.args.get("task", type=int)
    if task is not None:
        looking.seen(engine(), task, viewer().id)
    with engine().start_work(reading=True) as work:
        others = looking.others(work, task, viewer().id) if task is not None else ()
        beside = list(persons.names(work, others).values())
        found = record.arrivals(work, viewer().id, since, shown)
        names = persons.names(work, [by for by in found.gone.values() if by])
    counts = kept.counts(engine(), viewer().id)
    revision = f"{found.fresh}-{found.newest}-{len(found.gone)}-{counts['todo']}-{counts['claim']}-{counts['copies']}"
    revision += f"-{'.'.join(beside)}"
    if request.args.get("rev") == revision:
        return Response(status=204)
    told = {
        "names": beside,
        "fresh": found.fresh,
        "gone": {task: names.get(by or 0) for task, by in found.gone.items()},
    }
    return make_response(render_template("inbox/live.html", counts=counts, revision=revision, **told))


@blueprint.get("/list.xlsx")
@listed(
    _l("Inbox"),
    Column(_l("Title"), lambda row: row.title, 40),
    Column(_l("Number"), lambda row: row.number, 22),
    Column(_l("Step"), lambda row: row.node, 20),
    Column(_l("Warning level"), lambda row: row.level and word(f"level.{row.level}"), 10),
    Column(_l("Submitted by"), lambda row: row.starter and row.starter.name, 12),
    Column(_l("Unit"), lambda row: row.starter and row.starter.org_name, 16),
    Column(_l("On behalf"), lambda row: row.on_behalf_of, 12),
    Column(_l("Due, or when it happened"), lambda row: row.due, 17),
    Column(_l("Late"), lambda row: row.late, 8),
)
def export() -> Iterator[Row]:
    """The list as it is narrowed, from its first row to its last."""
    tab, filters = asked_for(request.args)
    after: str | None = None
    taken = 0
    while taken <= list_book.MOST:
        found = kept.page(engine(), viewer().id, tab, filters, after=after, limit=500)
        with engine().start_work(reading=True) as work:
            some = rows.of(work, found.entries)
        yield from some
        taken, after = taken + len(found.entries), found.after
        if after is None:
            return


def load(arguments: Mapping[str, str]) -> Listed:
    """The list that an address asks for. Raises InvalidInput for an unknown tab."""
    tab, filters = asked_for(arguments)
    found = kept.page(engine(), viewer().id, tab, filters, after=arguments.get("after"))
    with engine().start_work(reading=True) as work:
        shown = rows.of(work, found.entries)
        names = {each.key: each.name for each in definitions.active(work)} if filters.by_process else {}
        saved = saved_filters.of(work, viewer().id)
    state = state_of(arguments)
    more = url_for("inbox.index", after=found.after, **state) if found.after else None  # type: ignore[arg-type]  # url_for's own words are not among them
    groups = _grouped(Tab(tab), filters, shown, names)
    return Listed(Tab(tab), groups, kept.counts(engine(), viewer().id), filters, state, saved, more)


def asked_for(arguments: Mapping[str, str]) -> tuple[str, Filters]:
    """The tab and the filters that an address names."""
    filters = Filters(
        key=arguments.get("process") or None,
        text=arguments.get("q", ""),
        overdue=arguments.get("late") == "1",
        by_process=arguments.get("by") == "process",
    )
    return arguments.get("tab") or Tab.TODO, filters


def state_of(arguments: Mapping[str, str]) -> dict[str, str]:
    """What of the arguments says which list is looked at; what is usual is left out."""
    usual = {"tab": str(Tab.TODO), "by": "due"}
    given = ((name, arguments.get(name, "")) for name in STATE)
    return {name: value for name, value in given if value and value != usual.get(name)}


def behind() -> dict[str, str]:
    """The list of open tasks beside which htmx asks, by the address in the browser; without one all that is to do."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    state = state_of(dict(parse_qsl(shown.query))) if shown.path == url_for("inbox.index") else {}
    return state if state.get("tab", Tab.TODO) in ACTING else {}


def address(state: Mapping[str, str], task: int | None = None) -> str:
    """Where the list is shown, with a task beside it."""
    return url_for("inbox.index", **state, task=task)  # type: ignore[arg-type]  # url_for's own words are not among them


@blueprint.app_template_global("row_address")
def row_address(shown: Listed, row: Row) -> str:
    """Where a row leads: the task beside the list, or the instance where there is nothing to do."""
    if shown.tab in OPENED_BESIDE:
        return f"{shown.prefix}{row.id}"
    if shown.tab is Tab.COPIES:
        return url_for("inbox.open_copy", instance_id=row.instance)
    return url_for("processes.instance", instance_id=row.instance)


def around(shown: Listed) -> dict[str, Any]:
    """What the frame of the list needs: which tabs open tasks beside them, and the same list grouped the other way."""
    by = {} if shown.filters.by_process else {"by": "process"}
    regrouped = {name: value for name, value in shown.state.items() if name != "by"} | by
    return {"acting": ACTING, "beside_tabs": OPENED_BESIDE, "regrouped": regrouped}


def _grouped(tab: Tab, filters: Filters, shown: list[Row], names: Mapping[str, str]) -> list[Group]:
    if tab not in ACTING:
        return [Group(None, shown)]
    return rows.by_process(shown, names) if filters.by_process else rows.by_due(shown)


def _open(task_id: int | None, asked: bool) -> tasks.TaskPage | None:
    if task_id is None:
        return None
    try:
        return tasks.load(task_id)
    except NotFound:
        if asked:
            raise
        return None  # the row's task went away between the two reads


def _tabs(shown: Listed) -> list[tuple[str, Any, str, int | None]]:
    return [
        (str(tab), label, url_for("inbox.index", tab=None if tab is Tab.TODO else str(tab)), shown.counts.get(str(tab)))
        for tab, label in TABS.items()
    ]


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",")[:MOST_SHOWN] if part.isdigit()]
