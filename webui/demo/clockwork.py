"""Simulated time: moves the clock to each moment at which something is due and lets the scheduler's steps do it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.kernel.clock import LOCAL, ManualClock, local
from engine.workflow import starts, timers
from webui.demo.inline import InlineJobs
from webui.wiring import Installation

STOPS = (9, 18)
"""Hours of the day on the wall clock at which people look at their inboxes."""
EVALUATED = 1
"""Mornings (Mondays) on which the periodic steps run too; they run at every moment the story asks for."""


@dataclass
class Clockwork:
    """An installation whose time is moved by hand; `at_stops` is called at every stop on the way."""

    installation: Installation
    clock: ManualClock
    jobs: InlineJobs
    at_stops: list[Callable[[], object]] = field(default_factory=list)
    fired: int = 0

    @property
    def now(self) -> datetime:
        return local(self.clock.now())

    def day(self, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
        """That moment of the played year on the wall clock; January belongs to the year after."""
        year = self.now.year if month >= self.now.month else self.now.year + 1
        return datetime(year, month, day, hour, minute, tzinfo=LOCAL)

    def until(self, moment: datetime, *, evaluated: bool = True) -> None:
        """Let time pass up to that moment: timers at their own times, people and periodic steps at their hours."""
        while (stop := self._next_stop()) <= moment:
            self._pass(stop)
            self._look(periodic=stop.hour == STOPS[0] and stop.isoweekday() == EVALUATED)
        self._pass(moment)
        self._look(periodic=evaluated)

    def act(self) -> None:
        """People look at their inboxes now, without time passing."""
        self._look(periodic=False)

    def _look(self, *, periodic: bool) -> None:
        if periodic:
            self.installation.scheduler.run_periodic()
        self.settle()
        for act in self.at_stops:
            act()
            self.settle()

    def settle(self) -> None:
        """Deliver messages and fire what is due now until nothing moves."""
        while self.jobs.run() + self._fire():
            pass

    def _pass(self, moment: datetime) -> None:
        engine = self.installation.engine
        while True:
            with engine.start_work(reading=True) as work:
                due = timers.next_due(work)
            if due is None or due > moment:
                break
            self.clock.set(max(due, self.clock.now()))
            if not self._fire():
                break
            self.jobs.run()
        self.clock.set(max(moment, self.clock.now()))

    def _fire(self) -> int:
        count = timers.fire_due(self.installation.engine) + starts.fire_due(self.installation.engine)
        self.fired += count
        return count

    def _next_stop(self) -> datetime:
        now = self.now
        day = datetime(now.year, now.month, now.day, tzinfo=LOCAL)
        hours = [day + timedelta(days=ahead, hours=hour) for ahead in (0, 1) for hour in STOPS]
        return next(stop for stop in hours if stop > now)
