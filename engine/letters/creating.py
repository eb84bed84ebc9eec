"""A letter by hand: its draft and its process, started by OPS or by the head."""

from dataclasses import dataclass
from datetime import date

from engine.kernel.errors import Conflict, NotAllowed
from engine.kernel.work import Work
from engine.letters import access, cycle, letters, periods, regulations
from engine.letters.drafting import generation, tasks
from engine.letters.drafting.generation import Head
from engine.letters.kinds import Level
from engine.letters.states import LetterState
from engine.people import orgs
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class New:
    """Whose letter, for when; days are needed for a project's life and for a term."""

    org: int
    level: str
    period: str
    starts_on: date | None = None
    ends_on: date | None = None


def create(engine: Engine, new: New, *, actor: int) -> int:
    """The draft of that organisation and period with its process running; its id.

    Raises NotAllowed for others than OPS and the head, Conflict when there is one, InvalidInput for the period.
    """
    level = Level(new.level)
    with engine.start_work() as work:
        _require_right(work, new.org, actor)
        if any(
            each.status not in (LetterState.VOID, LetterState.SUPERSEDED)
            for each in letters.versions(work, new.org, level, new.period)
        ):
            raise Conflict("letter.present", f"there is a letter for {new.period} already: open it", period=new.period)
        if level in (Level.MONTH, Level.QUARTER, Level.ANNUAL):
            fiscal = regulations.in_force(work).parameters.cycle.fiscal_year_start
            cycle.keep_deadlines(engine, work, periods.parse(level, new.period, fiscal_start=fiscal))
        letter = generation.create(work, Head(new.org, level, new.period, "", new.starts_on, new.ends_on), actor=actor)
        generation.fill(work, letter, actor=actor)
        work.session.flush()
        tasks.start(engine, work, letter, actor=actor)
        work.commit()
    return letter.id


def _require_right(work: Work, org: int, actor: int) -> None:
    if not (access.Sight(work, actor).ops or orgs.view(work, org).head == actor):
        raise NotAllowed("letter.not_yours", "only OPS or the head of the organisation begins its letter")
