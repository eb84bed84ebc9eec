"""Answers to warnings: acknowledging, cause and measure, reports, and climbing when they are missed (domain.md §8)."""

from collections.abc import Iterable
from datetime import date

from engine.kernel import audit
from engine.kernel.errors import InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import access, items, letters
from engine.letters.watching import chain, warnings
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.states import WarningState
from engine.letters.watching.warnings import WarningView
from engine.notices import notices
from engine.workflow.engine import Engine


def link(warning: int) -> str:
    """Where the page of a warning is."""
    return f"/warnings/{warning}"


def acknowledge(engine: Engine, warning_id: int, actor: int) -> WarningView:
    """Somebody in the chain, or OPS, has seen it. Raises NotAllowed, Conflict."""
    with engine.start_work() as work:
        warning = warnings.view(work, warning_id)
        require_chain(work, warning, actor)
        warning = warnings.move(work, warning, WarningState.ACKED, actor=actor)
        work.commit()
    return warning


def reply(  # noqa: PLR0913  (who says what about which warning)
    work: Work,
    warning_id: int,
    *,
    person: int,
    kind: str,
    cause: str,
    measures: str,
    forecast_finish: date | None,
) -> WarningView:
    """Cause and measure, or a report on them; a warning that is over meanwhile stays as it is.

    Raises InvalidInput where cause or measures are missing (REQ-102: progress, cause, new finish date).
    """
    warning = warnings.view(work, warning_id)
    if not warning.open:
        return warning
    if not cause.strip() or not measures.strip():
        raise InvalidInput("warning.reply", "a reply needs a cause and a measure", warning=warning_id)
    values = {"reason": cause, "measures": measures, "forecast_finish": forecast_finish, "replied_at": work.now}
    answered = warnings.move(work, warning, WarningState.ACTION, actor=person, **values)
    told = {"warning": warning.id, "kind": kind, "cause": cause, "measures": measures, "finish": forecast_finish}
    audit.append(work, letters.stream(warning.letter), "warning.replied", actor=person, detail=told, article="§8")
    return answered


def climb(work: Work, warning_id: int) -> tuple[int | None, int]:
    """A reply was missed: who has to answer now, and their rank (0 owner to 3 president)."""
    warning = warnings.view(work, warning_id)
    line = chain.of_warning(work, warning)
    rank = line.next_rank(warning.rank)
    if warning.open:
        warnings.noted(work, warning, rank=rank, missed=warning.missed + 1)
        told = {"warning": warning.id, "rank": rank, "person": line.at(rank), "missed": warning.missed + 1}
        audit.append(work, letters.stream(warning.letter), "warning.climbed", actor=None, detail=told, article="§8")
    return line.at(rank), rank


def tell(work: Work, warning: WarningView, words: Iterable[str]) -> tuple[int, ...]:
    """Notify who the level asks for; nobody twice for the same level."""
    persons = chain.told(work, warning, words)
    since = warning.level_since.isoformat()
    notices.notify(
        work,
        persons,
        f"warning.{warning.level}",
        {"name": _about(work, warning), "warning": warning.id},
        link=link(warning.id),
        key=f"warning:{warning.id}:{warning.level}:{since}",
    )
    return persons


def _about(work: Work, warning: WarningView) -> str:
    return items.view(work, warning.item).name if warning.item is not None else letters.view(work, warning.letter).no


def found(work: Work, warning_id: int, level: WarningLevel | None) -> WarningView:
    """Take over the level that the diagram's own table found, where a process owner lets it differ."""
    warning = warnings.view(work, warning_id)
    if level is None or level is warning.level or not warning.open:
        return warning
    return warnings.noted(work, warning, level=level, level_since=work.now)


def require_chain(work: Work, warning: WarningView, actor: int) -> None:
    """Raises NotAllowed for whoever is neither in the warning's chain nor of OPS."""
    line = chain.of_warning(work, warning)
    if actor not in (line.owner, line.head, line.leader, line.president) and not access.Sight(work, actor).ops:
        raise NotAllowed("warning.not_yours", "the owner, those above and OPS act on a warning", warning=warning.id)
