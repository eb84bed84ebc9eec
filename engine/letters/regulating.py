"""Making a regulation: a draft copied from the last one, changed, handed in, approved by a second person, in force."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, update

from engine.kernel import audit, settings
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import StartWork, Work
from engine.letters import parameters, regulations
from engine.letters.letters import LetterRow
from engine.letters.parameters import Described
from engine.letters.regulations import RegulationRow, RegulationView
from engine.letters.states import LetterState, RegulationState
from engine.people import rights
from engine.people.dates import today
from engine.people.roles import Role

MAKERS = (Role.OPS, Role.OPS_HEAD, Role.PROCESS_OWNER, Role.ADMIN)
APPROVERS = (Role.OPS_HEAD, Role.PRESIDENT, Role.COMMITTEE_CHAIR, Role.PROCESS_OWNER, Role.ADMIN)
TWO_PERSONS = "publish.two_persons"
"""Setting: whether a regulation is approved by somebody else than who handed it in; yes unless switched off."""

_OVER = (LetterState.CLOSED, LetterState.ARCHIVED, LetterState.VOID, LetterState.SUPERSEDED)


@dataclass(frozen=True)
class Draft:
    """What a draft says; `params` by section, as JSON has them."""

    no: str
    title: str
    effective_from: date
    params: Mapping[str, Any]
    articles: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Reach:
    """How many letters are frozen onto a version, and how many of them are not over yet."""

    letters: int
    running: int


def copy_last(start_work: StartWork, no: str, effective_from: date, actor: int) -> int:
    """A draft with everything the newest version says; its id. Raises NotAllowed, InvalidInput for a number taken."""
    with start_work() as work:
        rights.require(work, actor, *MAKERS)
        known = regulations.everyone(work)
        if any(each.no == no for each in known):
            raise InvalidInput("regulation.no", f"there is a regulation {no}: choose another number", field="no", no=no)
        last = known[0] if known else None
        made = regulations.add(
            work,
            no=no,
            title=last.title if last else no,
            params=last.params if last else {},
            articles=last.articles if last else (),
            effective_from=effective_from,
            previous=last.id if last else None,
            actor=actor,
        )
        work.commit()
    return made


def change(start_work: StartWork, regulation: int, wanted: Draft, actor: int) -> None:
    """Replaces what a draft says. Raises NotAllowed, Conflict once it is handed in, InvalidInput with every mistake."""
    with start_work() as work:
        rights.require(work, actor, *MAKERS)
        known = regulations.view(work, regulation)
        _refuse_handed_in(known)
        _refuse_locked(work, known, wanted)
        regulations.change(work, regulation, wanted.params, actor=actor)
        said = {"title": wanted.title, "effective_from": wanted.effective_from, "articles": list(wanted.articles)}
        work.session.execute(update(RegulationRow).where(RegulationRow.id == regulation).values(**said))
        work.commit()


def hand_in(start_work: StartWork, regulation: int, actor: int) -> None:
    """Asks for approval. Raises NotAllowed, Conflict, InvalidInput where it would change a period that has begun."""
    with start_work() as work:
        rights.require(work, actor, *MAKERS)
        known = regulations.view(work, regulation)
        _refuse_handed_in(known)
        refuse_begun(work, known)
        regulations.refuse_inside_period(work, known)
        _mark(work, regulation, submitted_at=work.now, submitted_by_id=actor)
        audit.append(work, f"regulation:{regulation}", "regulation.handed_in", actor=actor, detail={"no": known.no})
        work.commit()


def take_back(start_work: StartWork, regulation: int, actor: int) -> None:
    """The draft can be changed again: by who handed it in, or by who should have approved it (退回)."""
    with start_work() as work:
        known = _handed_in(work, regulation)
        if known.submitted_by != actor:
            rights.require(work, actor, *APPROVERS)
        _mark(work, regulation, submitted_at=None, submitted_by_id=None)
        audit.append(work, f"regulation:{regulation}", "regulation.taken_back", actor=actor, detail={"no": known.no})
        work.commit()


def approve(start_work: StartWork, regulation: int, actor: int) -> None:
    """DRAFT → APPROVED; in force from its day on, for letters created from then.

    Raises NotAllowed without the right, or for who handed it in while two are asked for; Conflict, InvalidInput.
    """
    with start_work() as work:
        rights.require(work, actor, *APPROVERS)
        known = _handed_in(work, regulation)
        if known.submitted_by == actor and needs_two(work):
            raise NotAllowed("regulation.own", "who hands a regulation in does not approve it: ask a second person")
        refuse_begun(work, known)
        regulations.approve(work, regulation, actor=actor)
        _mark(work, regulation, approved_by_id=actor)
        work.commit()


def put_in_force_due(start_work: StartWork) -> int:
    """One step: approved versions whose day has come are in force; how many."""
    with start_work(reading=True) as work:
        found = _due(work)
    if not found:
        return 0
    with start_work() as work:
        found = _due(work)  # another process may have done them meanwhile
        for regulation in found:
            regulations.put_in_force(work, regulation, actor=None)
        work.commit()
    return len(found)


def _due(work: Work) -> list[int]:
    due = select(RegulationRow.id).where(
        RegulationRow.status == RegulationState.APPROVED, RegulationRow.effective_from <= today(work)
    )
    return list(work.session.execute(due.order_by(RegulationRow.effective_from)).scalars())


def needs_two(work: Work) -> bool:
    """Whether a second person has to approve."""
    return bool(settings.read(work, TWO_PERSONS, True))


def reach(work: Work, regulation: int) -> Reach:
    """The letters that were created under a version: they keep it, whatever comes later."""
    mine = LetterRow.regulation_id == regulation
    counts = select(func.count(), func.count().filter(LetterRow.status.not_in(_OVER))).where(mine)
    row = work.session.execute(counts).one()
    return Reach(row[0], row[1])


def locked(parameter: Described, effective_from: date, fiscal_year_start: int) -> bool:
    """Whether a parameter cannot change with a version that begins on that day: PRINCIPLE waits for the year."""
    begins_year = (effective_from.month, effective_from.day) == (fiscal_year_start, 1)
    return str(parameter.kind) == "PRINCIPLE" and not begins_year


def next_year(after: date, fiscal_year_start: int) -> date:
    """The first day of the next fiscal year: when principles may change."""
    this = date(after.year, fiscal_year_start, 1)
    return this if this > after else date(after.year + 1, fiscal_year_start, 1)


def refuse_begun(work: Work, known: RegulationView) -> None:
    """Raises InvalidInput, naming the next possible day, for a version that would begin in a month that has begun."""
    now = today(work)
    following = (now.replace(day=28) + timedelta(days=4)).replace(day=1)
    if known.effective_from is None or known.effective_from <= now:
        raise InvalidInput(
            "regulation.begun",
            f"{known.effective_from} lies in an open period: choose {following} or later",
            field="effective_from",
            next=str(following),
        )


def _refuse_locked(work: Work, known: RegulationView, wanted: Draft) -> None:
    """A principle changed for a day that is no new year is refused at once, with its name and the next year's day."""
    if known.previous is None:
        return
    old = regulations.view(work, known.previous).parameters
    fresh = replace(known, effective_from=wanted.effective_from, parameters=parameters.load(wanted.params))
    differing = parameters.changed(old, fresh.parameters)
    year = old.cycle.fiscal_year_start
    changed = [each for each in parameters.describe() if each.name in differing]
    fixed = [each for each in changed if locked(each, wanted.effective_from, year)]
    if fixed:
        begins = next_year(today(work), year)
        raise InvalidInput(
            "regulation.locked",
            f"{fixed[0].name} is a principle: it may change from {begins} on",
            field=fixed[0].name,
            names=[each.name for each in fixed],
            next=str(begins),
        )


def _refuse_handed_in(known: RegulationView) -> None:
    if known.status is not RegulationState.DRAFT or known.submitted_at is not None:
        raise Conflict("regulation.handed_in", f"regulation {known.no} is handed in: take it back first", no=known.no)


def _handed_in(work: Work, regulation: int) -> RegulationView:
    known = regulations.view(work, regulation)
    if known.status is not RegulationState.DRAFT or known.submitted_at is None:
        raise Conflict("regulation.not_handed_in", f"regulation {known.no} waits for no approval", no=known.no)
    return known


def _mark(work: Work, regulation: int, **values: Any) -> None:
    work.session.execute(update(RegulationRow).where(RegulationRow.id == regulation).values(**values))
