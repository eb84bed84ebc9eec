"""What OPS does with a warning by hand: before the next meeting, or to the next one above (ux.md §4.13)."""

from engine.kernel import audit
from engine.kernel.errors import Conflict, InvalidInput
from engine.kernel.work import Work
from engine.letters import access, items, letters
from engine.letters.watching import chain, replying, topics, warnings
from engine.letters.watching.warnings import WarningView
from engine.notices import notices
from engine.people import persons
from engine.workflow.engine import Engine


def put_on_agenda(engine: Engine, warning_id: int, actor: int) -> int:
    """上会: a topic of the next 运营会; its id. Raises NotFound, NotAllowed, Conflict when the warning is over."""
    with engine.start_work() as work:
        warning = _open(work, warning_id, actor)
        question = _named(work, warning)
        topic = topics.put(work, warning=warning.id, item=warning.item, org=warning.org, question=question, actor=actor)
        _tell(work, warning, "warning.agenda", actor, {"topic": topic})
        work.commit()
    return topic


def escalate(engine: Engine, warning_id: int, actor: int, reason: str) -> str:
    """升级: the next one above has to answer from now on, and is told why; their name.

    Raises NotFound, NotAllowed, InvalidInput without a reason, Conflict where the president answers already.
    """
    if not reason.strip():
        raise InvalidInput("warning.reason", "say why somebody above has to answer", field="reason")
    with engine.start_work() as work:
        warning = _open(work, warning_id, actor)
        line = chain.of_warning(work, warning)
        rank = line.next_rank(warning.rank)
        person = line.at(rank)
        if rank == warning.rank or person is None:
            raise Conflict("warning.top", "nobody above is left to answer", warning=warning_id)
        warnings.noted(work, warning, rank=rank)
        _tell(work, warning, "warning.climbed", actor, {"rank": rank, "person": person, "reason": reason})
        fields = {"name": _named(work, warning), "reason": reason}
        key = f"warning:{warning.id}:raised:{rank}:{work.now.isoformat()}"
        notices.notify(
            work, [person], "warning.raised", fields, link=replying.link(warning.id), key=key, needs_action=True
        )
        name = persons.view(work, person).name
        work.commit()
    return name


def _open(work: Work, warning_id: int, actor: int) -> WarningView:
    warning = warnings.view(work, warning_id)
    access.see(work, warning.letter, actor)
    access.require_ops(work, actor)
    if not warning.open:
        raise Conflict("warning.over", "this warning is over", warning=warning_id)
    return warning


def _named(work: Work, warning: WarningView) -> str:
    if warning.item is not None:
        return items.view(work, warning.item).name
    return letters.view(work, warning.letter).no


def _tell(work: Work, warning: WarningView, act: str, actor: int, detail: dict[str, object]) -> None:
    told = {"warning": warning.id, "item": warning.item, **detail}
    audit.append(work, letters.stream(warning.letter), act, actor=actor, detail=told, article="§8")
