"""Target letters: the ledger, one letter with its items, changing a draft, handing it in, reporting progress."""

from typing import Any

from engine.letters import access, content, items, ledger
from engine.letters.drafting import editing, submitting
from engine.letters.kinds import Level
from engine.letters.ledger import Wanted
from engine.letters.letters import LetterView
from engine.letters.states import LetterState
from engine.letters.tracking import updating
from engine.letters.tracking.progress import Update
from engine.people.tokens import Scope
from webui.api import paging
from webui.api.blueprint import Call, Resource
from webui.api.schemas import letters as said
from webui.api.schemas.base import page_of

LETTERS = Resource("letters", Scope.LETTERS)


@LETTERS.reads("/letters", page_of(said.LetterRow), query=said.LetterQuery())
def index(call: Call) -> Any:
    """The ledger, as far as I may see it."""
    query, limit = call.query, call.query["limit"]
    wanted = Wanted(
        query["period"],
        Level(query["level"]) if "level" in query else None,
        LetterState(query["status"]) if "status" in query else None,
        query.get("org"),
        query["q"],
    )
    after = paging.number(query.get("after"))
    with call.engine.start_work(reading=True) as work:
        lines = ledger.following(
            work, call.viewer.id, wanted, after=after, newest=query["sort"] == "-id", limit=limit + 1
        )
    rows = [
        {**vars(each.letter), "org_name": each.org_name, "weight": each.weight, "warning": each.warning,
         "late": each.late}
        for each in lines[:limit]
    ]  # fmt: skip
    return {"items": rows, "next": str(lines[limit - 1].letter.id) if len(lines) > limit else None}


@LETTERS.reads("/letters/<int:letter>", said.Letter())
def show(call: Call, letter: int) -> Any:
    """One letter with its items."""
    with call.engine.start_work(reading=True) as work:
        head = access.see(work, letter, call.viewer.id)
        loaded = content.load(work, letter)
    rows = [{**vars(each), "points": loaded.weights.get(each.id)} for each in loaded.items]
    return {**vars(head), "items_": rows}


@LETTERS.writes("/letters/<int:letter>/submit", said.LetterHead())
def submit(call: Call, letter: int) -> Any:
    """Hand my draft in: its process goes on."""
    handed_in: LetterView = submitting.submit(call.engine, letter, actor=call.viewer.id)
    return handed_in


@LETTERS.writes("/items/<int:item>/change", said.Item(), body=said.Change())
def change(call: Call, item: int) -> Any:
    """Change fields of an item of my draft."""
    sent = call.body
    _require_sight(call, item)
    changed = editing.change_item(
        call.engine.start_work, item, sent["values"], revision=sent["revision"], actor=call.viewer.id
    )
    with call.engine.start_work(reading=True) as work:
        points = content.load(work, changed.letter).weights.get(item)
    return {**vars(changed), "points": points}


@LETTERS.writes("/items/<int:item>/progress", said.Judged(), body=said.Progress())
def report(call: Call, item: int) -> Any:
    """Say how far an item of mine is; its warning follows."""
    _require_sight(call, item)
    found = updating.save(call.engine, item, Update(**call.body), call.viewer.id)
    return {"item": item, "level": found.level}


def _require_sight(call: Call, item: int) -> None:
    """Raises NotFound to whoever may not see the item's letter."""
    with call.engine.start_work(reading=True) as work:
        access.see(work, items.view(work, item).letter, call.viewer.id)
