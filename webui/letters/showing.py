"""One letter to read: items, findings, signatures, versions; its timeline; its workbook."""

from typing import Any

from flask import Response, make_response, render_template, request

from engine.kernel import audit
from engine.letters import access, letters
from engine.letters.workbook import writing
from engine.people import persons
from webui.current import engine, viewer
from webui.exports import XLSX
from webui.letters import sheets
from webui.letters.blueprint import blueprint

TABS = ("all", "draft", "approval", "progress", "warning", "adjustment", "scoring", "signing")
_GROUPS = {
    "draft": ("item.", "group.", "letter.generated", "letter.created", "letter.changed", "letter.fixed", "commitment."),
    "approval": ("letter.moved", "letter.submitted", "letter.consent", "forced.", "letter.late"),
    "progress": ("progress.", "deliverable.", "item.moved"),
    "warning": ("warning.", "order."),
    "adjustment": ("adjustment.",),
    "scoring": ("score.", "card.", "veto."),
    "signing": ("letter.signed",),
}


@blueprint.get("/<int:letter>")
def show(letter: int) -> Any:
    """The letter as this person may see it."""
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
    return render_template("letters/show.html", sheet=sheet)


@blueprint.get("/<int:letter>/timeline")
def timeline(letter: int) -> Any:
    """What happened, by whom, under which rule; newest first."""
    tab = request.args.get("tab", "all")
    with engine().start_work(reading=True) as work:
        head = access.see(work, letter, viewer().id)
        entries = [each for each in audit.of(work, letters.stream(letter)) if _in(tab, each.act)]
        names = persons.names(work, {each.actor for each in entries if each.actor is not None})
    return render_template(
        "letters/timeline.html", head=head, entries=list(reversed(entries)), names=names, tabs=TABS, tab=tab
    )


@blueprint.get("/<int:letter>/letter.xlsx")
def export(letter: int) -> Response:
    """The letter as a workbook, in the form in which it can be imported again."""
    with engine().start_work(reading=True) as work:
        head = access.see(work, letter, viewer().id)
        content = writing.export(work, [letter])
    answer = make_response(content)
    answer.headers["Content-Type"] = XLSX
    answer.headers["Content-Disposition"] = f'attachment; filename="{head.no}.xlsx"'
    return answer


def _in(tab: str, act: str) -> bool:
    return tab not in _GROUPS or act.startswith(_GROUPS[tab])
