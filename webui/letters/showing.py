"""One letter to read: items, findings, signatures, versions; its workbook."""

from typing import Any

from flask import Response, make_response, render_template

from engine.letters import access, ledger
from engine.letters.tracking import reached
from engine.letters.workbook import writing
from webui.current import engine, viewer
from webui.exports import XLSX
from webui.letters import sheets
from webui.letters.blueprint import blueprint


@blueprint.get("/<int:letter>")
def show(letter: int) -> Any:
    """The letter as this person may see it."""
    with engine().start_work(reading=True) as work:
        sheet = sheets.load(work, letter, viewer().id)
    return render_template("letters/show.html", sheet=sheet)


@blueprint.get("/<int:letter>/tree")
def tree(letter: int) -> Any:
    """The letters above this one, and those that serve it, each with its state, warning and progress."""
    with engine().start_work(reading=True) as work:
        head = access.see(work, letter, viewer().id)
        above, below = ledger.above(work, viewer().id, head), ledger.below(work, viewer().id, letter)
        shown = [line.letter for line in (*above, *below)]
        far = reached.of_letters(work, engine().calendar(work), [head, *shown])
    return render_template("letters/tree.html", head=head, above=above, below=below, far=far)


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
