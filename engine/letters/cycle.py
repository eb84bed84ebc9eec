"""The cycle of periods: opens the drafting of a month or year for every organisation, and ends periods."""

from collections.abc import Callable, Iterable
from datetime import date

from sqlalchemy import or_, select

from engine.kernel.clock import local
from engine.kernel.errors import LetterflowError
from engine.kernel.work import Work
from engine.letters import deadlines, letters, numbers, periods, regulations
from engine.letters.deadlines import Step
from engine.letters.drafting import tasks
from engine.letters.kinds import Level
from engine.letters.letters import LetterRow
from engine.letters.parameter_sections import Cycle
from engine.letters.periods import Period
from engine.letters.states import LetterState
from engine.people.orgs import OrgRow
from engine.workflow import instances
from engine.workflow.engine import Engine
from engine.workflow.tables import instance

SCORING = "scoring"


def open_month(engine: Engine, period: str | None = None, *, actor: int | None = None) -> int:
    """Starts the drafting of a month for every organisation that owes a letter; how many were started.

    Without a period it is next month. What was started already stays, so that this may run any number of times.
    """
    with engine.start_work(reading=True) as work:
        code = period or periods.next_month(periods.month_of(local(work.now).date())).code
    return open_period(engine, periods.parse(Level.MONTH, code), actor=actor)


def open_year(engine: Engine, year: str, *, actor: int | None = None) -> int:
    """Starts the drafting of a year for every organisation that owes a letter; how many were started."""
    with engine.start_work(reading=True) as work:
        fiscal = _cycle(work, local(work.now).date()).fiscal_year_start
    return open_period(engine, periods.parse(Level.ANNUAL, year, fiscal_start=fiscal), actor=actor)


def open_period(engine: Engine, period: Period, *, actor: int | None = None) -> int:
    """Writes the period's deadlines down, then starts one instance per organisation, each in a work of its own."""
    with engine.start_work() as work:
        keep_deadlines(engine, work, period)
        owing = list(_owing(work, period))
        work.commit()
    return _each(owing, lambda org: open_org(engine, org, period, actor=actor) is not None)


def open_org(engine: Engine, org: int, period: Period, *, actor: int | None = None) -> int | None:
    """Starts the drafting of one organisation's letter; the instance, None when it runs or ran already."""
    with engine.start_work() as work:
        keep_deadlines(engine, work, period)
        key = tasks.business_key(org, period.level, period.code)
        # two clocks may tick at once: the organisation's row decides who is first
        work.session.execute(select(OrgRow.id).where(OrgRow.id == org).with_for_update())
        if _started(work, [key]):
            return None
        started = instances.start(
            engine,
            work,
            tasks.DRAFTING,
            data={"org": org, "level": period.level, "period": period.code, "letter_id": _imported(work, org, period)},
            business_key=key,
            title=numbers.titled(work, org, numbers.of(work, org, period.level, period.code, 1)),
            starter=actor,
            start_event="opened",
        )
        work.commit()
    return started


def open_due(engine: Engine) -> int:
    """The step of the clock: from the draft day on, next month is opened; how many drafts were started."""
    with engine.start_work(reading=True) as work:
        today = local(work.now).date()
        month = periods.next_month(periods.month_of(today))
        if regulations.find_in_force(work, today) is None:
            return 0
        due = deadlines.compute(month, _cycle(work, today), engine.calendar(work))[Step.DRAFT]
    return open_period(engine, month) if engine.clock.now() >= due else 0


def end_due(engine: Engine) -> int:
    """The step of the clock: letters whose last day is over leave force and their scoring starts; how many."""
    with engine.start_work(reading=True) as work:
        today = local(work.now).date()
        wanted = select(LetterRow.id).where(LetterRow.status == LetterState.EFFECTIVE, LetterRow.ends_on < today)
        over = list(work.session.execute(wanted.order_by(LetterRow.id)).scalars())
    return _each(over, lambda letter: _end(engine, letter))


def keep_deadlines(engine: Engine, work: Work, period: Period) -> None:
    """Writes the deadlines of a period down where none are kept."""
    found = deadlines.compute(period, _cycle(work, period.start), engine.calendar(work))
    deadlines.keep(work, period, found)


def _each(found: Iterable[int], act: Callable[[int], bool]) -> int:
    """Does it for each, in a work of its own; one that fails does not keep the others, but is raised at the end."""
    done, failed = 0, []
    for each in found:
        try:
            done += act(each)
        except LetterflowError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return done


def _end(engine: Engine, letter: int) -> bool:
    with engine.start_work() as work:
        known = letters.lock(work, letter)
        if known.status is not LetterState.EFFECTIVE:
            return False
        letters.move(work, known, LetterState.PERIOD_ENDED, actor=None)
        work.session.flush()
        instances.start(
            engine,
            work,
            SCORING,
            data={"letter_id": letter},
            business_key=str(letter),
            title=numbers.titled(work, known.org, known.no),
            subject=f"letter:{letter}",
            start_event="ended",
        )
        work.commit()
    return True


def _owing(work: Work, period: Period) -> Iterable[int]:
    """Organisations with a head, of a type that has letters, in force then, whose drafting was not started yet."""
    types = _cycle(work, period.start).month_org_types
    wanted = (
        select(OrgRow.id)
        .where(OrgRow.type.in_(types), OrgRow.head_id.is_not(None))
        .where(or_(OrgRow.valid_to.is_(None), OrgRow.valid_to >= period.start))
        .where(or_(OrgRow.valid_from.is_(None), OrgRow.valid_from <= period.end))
        .order_by(OrgRow.code)
    )
    found = work.session.execute(wanted).scalars()
    candidates = {tasks.business_key(org, period.level, period.code): org for org in found}
    started = _started(work, list(candidates))
    return [org for key, org in candidates.items() if key not in started]


def _started(work: Work, keys: list[str]) -> frozenset[str]:
    wanted = select(instance.c.business_key).where(instance.c.key == tasks.DRAFTING, instance.c.business_key.in_(keys))
    return frozenset(work.connection.execute(wanted.where(instance.c.status != "cancelled")).scalars())


def _imported(work: Work, org: int, period: Period) -> int | None:
    """A draft that came from a workbook before the period was opened."""
    known = letters.versions(work, org, period.level, period.code)
    return next((each.id for each in known if each.status is LetterState.DRAFT), None)


def _cycle(work: Work, day: date) -> Cycle:
    known = regulations.find_in_force(work, day) or regulations.in_force(work)
    return known.parameters.cycle
