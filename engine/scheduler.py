"""The alarm clock of a process: APScheduler rings, rows say what is due; nothing is remembered here."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import DBAPIError

from engine.kernel import audit_proof, settings
from engine.kernel.clock import SystemClock
from engine.kernel.errors import LetterflowError
from engine.notices import outbox
from engine.workflow import messages, recounting, starts, timers, watches
from engine.workflow.engine import Engine
from engine.workflow.migration import runs

log = structlog.get_logger(__name__)

SHORTEST = timedelta(milliseconds=100)
"""The clock never looks more often: what is due already is in the hands of workers."""

THREADS = 4

_OPTIONS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


class _Executor(BasePoolExecutor):  # type: ignore[misc]  # APScheduler has no types
    """Runs the steps on threads that the scheduler below can wait for."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        super().__init__(threads)


@dataclass(frozen=True)
class Periodic:
    """Something to do about every `every` of the engine's time, by one process of the installation; gives a count."""

    name: str
    every: timedelta
    step: Callable[[], int]


@dataclass(frozen=True)
class Queue:
    """What the distributed queue needs now and then; both do nothing where jobs are in this process."""

    rescue: Callable[[], int] = lambda: 0
    purge: Callable[[], None] = lambda: None


@dataclass
class Scheduler:
    """Started by the command, never at import; every process may have one, on the same rows."""

    engine: Engine
    every: timedelta = timedelta(seconds=5)
    rescue_every: timedelta = timedelta(seconds=30)
    periodic: Sequence[Periodic] = ()
    queue: Queue = field(default_factory=Queue)
    _wall: SystemClock = field(default_factory=SystemClock)
    _clock: Any = None
    _threads: ThreadPoolExecutor | None = None

    def start(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=THREADS)
        self._clock = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": _Executor(self._threads)},
            job_defaults=_OPTIONS,
            timezone="UTC",
        )
        self._every("tick", self.every, self._tick)
        self._every("rescue", self.rescue_every, self.rescue)
        self._every("periodic", self.every, self.run_periodic)
        self._clock.start()
        self.engine.alarm.listen(self._pull)

    def stop(self) -> None:
        """Finish the step at hand and ring no more."""
        clock, self._clock = self._clock, None
        if clock is not None and self._threads is not None:
            # the library waits for its steps with its lock in hand, and a step that pulls the tick needs that lock
            clock.shutdown(wait=False)
            self._threads.shutdown(wait=True)

    def tick(self) -> int:
        """Hand out timers, starts and parcels that are due; how many."""
        rung = timers.ring(self.engine) + starts.ring(self.engine)
        return rung + outbox.sweep(self.engine.start_work, self.engine.jobs)

    def rescue(self) -> int:
        """Hand out again what a killed process left behind; how many."""
        late = timers.rescue(self.engine, queued_for=self.rescue_every) + messages.sweep(self.engine)
        return late + runs.sweep(self.engine) + self.queue.rescue()

    def purge(self) -> int:
        """Forget timers, parcels and jobs that ended long ago; how many."""
        self.queue.purge()
        return timers.purge(self.engine) + outbox.purge(self.engine.start_work)

    def audit_anchor(self) -> int:
        """Seal the heads of history that moved; how many."""
        with self.engine.start_work() as work:
            count = audit_proof.anchor(work)
            work.commit()
        return count

    def run_periodic(self) -> int:
        """Do those periodic steps whose time has come and that no other process took; how many."""
        return sum(self._claimed(each) for each in self._ripe())

    def _ripe(self) -> list[Periodic]:
        steps = self._steps()
        with self.engine.start_work(reading=True) as work:
            last = settings.changed(work, [_name(each) for each in steps])
            return [each for each in steps if _name(each) not in last or last[_name(each)] + each.every <= work.now]

    def _steps(self) -> list[Periodic]:
        own = [
            Periodic("purge", timedelta(days=1), self.purge),
            Periodic("audit_anchor", timedelta(hours=1), self.audit_anchor),
            Periodic("recount", timedelta(minutes=1), partial(recounting.recount_due, self.engine)),
            Periodic("conditions", timedelta(minutes=1), partial(watches.evaluate_due, self.engine)),
        ]
        return [*own, *self.periodic]

    def _claimed(self, each: Periodic) -> int:
        with self.engine.start_work() as work:
            won = settings.claim(work, _name(each), each.every)
            work.commit()
        if not won:
            return 0
        count = _guarded(each.name, each.step)
        log.info("periodic.done", name=each.name, count=count)
        return 1

    def _every(self, name: str, interval: timedelta, step: Callable[[], int]) -> None:
        seconds = interval.total_seconds()
        self._clock.add_job(
            lambda: _guarded(name, step), "interval", seconds=seconds, id=name, next_run_time=self._wall.now()
        )

    def _tick(self) -> int:
        count = self.tick()
        with self.engine.start_work(reading=True) as work:
            dues = [each for each in (timers.next_due(work), starts.next_due(work)) if each is not None]
        if dues:
            self._pull(min(dues))
        return count

    def _pull(self, due: datetime) -> None:
        """Ring at `due` (of the engine's clock, which a demo moves) unless the clock rings earlier anyway."""
        clock = self._clock
        wait = max(due - self.engine.clock.now(), SHORTEST)
        if clock is None or wait >= self.every:
            return
        job = clock.get_job("tick")
        at = self._wall.now() + wait
        if job is not None and (job.next_run_time is None or at < job.next_run_time):
            with suppress(JobLookupError):  # stopped meanwhile
                job.modify(next_run_time=at)


def _name(each: Periodic) -> str:
    return f"periodic.{each.name}"


def _guarded(name: str, step: Callable[[], int]) -> int:
    """A step that fails is tried again at its next time: the clock must go on."""
    try:
        return step()
    except (LetterflowError, DBAPIError) as error:
        log.warning("clock.step_failed", step=name, error=str(error))
        return 0
