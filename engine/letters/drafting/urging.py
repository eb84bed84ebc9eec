"""催办: heads whose drafts are late are told again, once a day."""

from collections.abc import Sequence
from dataclasses import replace

from engine.kernel.clock import local
from engine.kernel.work import StartWork
from engine.letters import access, ledger
from engine.letters.ledger import Wanted
from engine.notices import notices
from engine.people import orgs

MOST = 1000
"""More organisations than any group has."""


def urge_late(start_work: StartWork, wanted: Wanted, *, actor: int) -> Sequence[str]:
    """Tells the head of every late draft in the list; the numbers of the letters. Raises NotAllowed but for OPS."""
    told = []
    with start_work() as work:
        access.require_ops(work, actor)
        lines, _more = ledger.page(work, actor, replace(wanted, late=True), limit=MOST)
        for line in lines:
            head = orgs.view(work, line.letter.org).head
            if head is None:
                continue
            key = f"letter:{line.letter.id}:urged:{local(work.now).date()}"
            fields = {"no": line.letter.no}
            link = f"/letters/{line.letter.id}/edit"
            notices.notify(work, [head], "letter.urged", fields, link=link, key=key, needs_action=True)
            told.append(line.letter.no)
        work.commit()
    return told
