"""The list: tabs, filters, the chosen task beside it, and what is new since it was loaded."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from engine.approvals import inbox as kept
from engine.approvals import record
from engine.approvals.inbox import Filters, Tab
from engine.kernel.errors import NotFound
from engine.people import persons
from webui.current import by_htmx, engine, viewer
from webui.i18n import lazy_gettext as _l
from webui.inbox import rows, tasks
from webui.inbox.blueprint import blueprint
from webui.inbox.rows import Row

TABS = {
    Tab.TODO: _l("To do"),
    Tab.CLAIM: _l("To claim"),
    Tab.DONE: _l("Done"),
    Tab.STARTED: _l("Started by me"),
    Tab.COPIES: _l("Copies"),
    Tab.AGENT: _l("On behalf"),
}
OPENED_BESIDE = frozenset({Tab.TODO, Tab.AGENT, Tab.CLAIM, Tab.DONE})
MOST_SHOWN = 200


@dataclass(frozen=True)
class Listed:
    """A list as its template draws it; `newest` is the last assignment that it knows of."""

    tab: Tab
    rows: list[Row]
    counts: dict[str, int]
    filters: Filters
    more: str | None

    @property
    def newest(self) -> int:
        return max((row.assignment for row in self.rows), default=0)

    @property
    def shown(self) -> str:
        return ",".join(str(row.id) for row in self.rows)


@blueprint.get("")
def index() -> Any:
    listed = load()
    asked = request.args.get("task", type=int)
    chosen = asked or (listed.rows[0].id if listed.rows and listed.tab in OPENED_BESIDE else None)
    page = _open(chosen, asked is not None)
    if by_htmx() and request.headers.get("HX-Target") == "detail":
        return render_template("inbox/detail.html", page=page, listed=listed)
    return render_template(
        "inbox/index.html", listed=listed, tabs=_tabs(listed), page=page, view="detail" if asked else "list"
    )


@blueprint.get("/live")
def live() -> Response:
    """What changed since the list was loaded: 204 where nothing did, so that htmx swaps nothing."""
    since, shown = request.args.get("since", 0, type=int), _ids(request.args.get("shown", ""))
    with engine().start_work(reading=True) as work:
        found = record.arrivals(work, viewer().id, since, shown)
        names = persons.names(work, [by for by in found.gone.values() if by])
    counts = kept.counts(engine(), viewer().id)
    revision = f"{found.fresh}-{found.newest}-{len(found.gone)}-{counts['todo']}-{counts['claim']}-{counts['copies']}"
    if request.args.get("rev") == revision:
        return Response(status=204)
    told = {"fresh": found.fresh, "gone": {task: names.get(by or 0) for task, by in found.gone.items()}}
    return make_response(render_template("inbox/live.html", counts=counts, revision=revision, **told))


def load() -> Listed:
    """The list that the address asks for. Raises InvalidInput for an unknown tab."""
    arguments = request.args
    filters = Filters(
        key=arguments.get("process") or None, text=arguments.get("q", ""), overdue=arguments.get("late") == "1"
    )
    tab = arguments.get("tab", Tab.TODO)
    found = kept.page(engine(), viewer().id, tab, filters, after=arguments.get("after"))
    with engine().start_work(reading=True) as work:
        listed = rows.of(work, found.entries)
    kept_arguments = {name: value for name, value in arguments.items() if name in {"tab", "q", "late", "process"}}
    more = url_for("inbox.index", after=found.after, **kept_arguments) if found.after else None  # type: ignore[arg-type]  # url_for's own words are not among them
    return Listed(Tab(tab), listed, kept.counts(engine(), viewer().id), filters, more)


@blueprint.app_template_global("row_address")
def row_address(tab: Tab, row: Row) -> str:
    """Where a row leads: the task beside the list, or the instance where there is nothing to do."""
    if tab in OPENED_BESIDE:
        return url_for("inbox.index", tab=None if tab is Tab.TODO else str(tab), task=row.id)
    return url_for("processes.instance", instance_id=row.instance)


def _open(task_id: int | None, asked: bool) -> tasks.TaskPage | None:
    if task_id is None:
        return None
    try:
        return tasks.load(task_id)
    except NotFound:
        if asked:
            raise
        return None  # the row's task went away between the two reads


def _tabs(listed: Listed) -> list[tuple[str, Any, str, int | None]]:
    return [
        (str(tab), label, url_for("inbox.index", tab=str(tab)), listed.counts.get(str(tab)))
        for tab, label in TABS.items()
    ]


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",")[:MOST_SHOWN] if part.isdigit()]
