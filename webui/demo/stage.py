"""Where a month is played: the installation with its clock, its people and the account of what they do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.jobs.runner import Handlers
from engine.kernel.clock import LOCAL, ManualClock
from engine.kernel.config import Config
from engine.workflow.engine import Engine
from webui import wiring
from webui.demo import quick_passwords
from webui.demo.account import Account
from webui.demo.cast import Cast
from webui.demo.clockwork import Clockwork
from webui.demo.company import Founded, bring_in
from webui.demo.habits import HABITS
from webui.demo.inline import InlineJobs
from webui.demo.working import People, Refusal


@dataclass
class Stage:
    """What every chapter works with; `expected` are sentences about the story that turned out wrong."""

    clockwork: Clockwork
    people: People
    account: Account
    cast: Cast
    founded: Founded
    expected: list[str] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return self.people.engine

    def idle(self, refuses: Refusal) -> Callable[[], None]:
        """Some duties lie until the returned act is called."""
        self.people.idle.append(refuses)
        return lambda: self.people.idle.remove(refuses)

    def expect(self, holds: bool, sentence: str) -> None:
        """A turn of the story that must have happened."""
        if not holds:
            self.expected.append(sentence)


def open_stage(config: Config, period: str, start: datetime, write: Callable[[str], object], language: str) -> Stage:
    """Found the group in the configured database and put everybody in their places at that moment."""
    clock = ManualClock(start.astimezone(UTC))
    held: list[InlineJobs] = []

    def jobs_of(handlers: Handlers) -> InlineJobs:
        held.append(InlineJobs(handlers))
        return held[0]

    installation = wiring.install(config, clock=clock, jobs_of=jobs_of)
    founded = bring_in(installation, "letters-2026.xlsx")
    quick_passwords.give(installation.engine)
    clockwork = Clockwork(installation, clock, held[0])
    people = People(installation.engine, HABITS)
    clockwork.at_stops.append(people.work_off)
    account = Account(write, lambda: clockwork.now, language)
    return Stage(clockwork, people, account, Cast(installation.engine.start_work, period), founded)


def wall(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on the wall clock in Shanghai."""
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)
