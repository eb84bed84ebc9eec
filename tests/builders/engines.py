"""Engines for tests: the real one on the store at hand, with jobs that run when the test says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.jobs.runner import Handlers
from engine.kernel.calendar_days import Calendars
from engine.kernel.files import Files
from engine.kernel.work import Store, Work
from engine.workflow import messages, runner, starts, timers
from engine.workflow.engine import Engine
from engine.workflow.migration import runs


@dataclass
class HeldJobs:
    """Keeps jobs that were enqueued and committed until `run` is called; not durable, like the embedded ones."""

    handlers: Handlers = field(default_factory=Handlers)
    durable: bool = False
    held: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def enqueue(self, work: Work, name: str, args: Mapping[str, Any]) -> None:
        work.after_commit(lambda: self.held.append((name, dict(args))))

    def run(self) -> int:
        """Run everything that is held, and what that enqueues; how many jobs ran."""
        count = 0
        while self.held:
            name, args = self.held.pop(0)
            self.handlers.run(name, args)
            count += 1
        return count


def make_engine(store: Store, folder: Path | None = None) -> Engine:
    """An engine whose jobs wait for `jobs_of(engine).run()`."""
    jobs = HeldJobs()
    engine = Engine(
        start_work=store.start_work,
        clock=store.clock,
        jobs=jobs,
        files=Files(folder or Path("/nonexistent")),
        calendar=Calendars(),
    )
    jobs.handlers.register(
        timers.FIRE,
        lambda **args: timers.fire(engine, **args),
        failed=lambda args, error: timers.failed(engine, args, error),
    )
    jobs.handlers.register(
        starts.FIRE,
        lambda **args: starts.fire(engine, **args),
        failed=lambda args, error: starts.failed(engine, args, error),
    )
    jobs.handlers.register(runner.DELIVER, lambda **args: messages.deliver(engine, **args))
    jobs.handlers.register(
        runs.WORK_OFF,
        lambda **args: runs.work_off(engine, **args),
        failed=lambda args, error: runs.failed(engine, args, error),
    )
    return engine


def jobs_of(engine: Engine) -> HeldJobs:
    """The jobs of an engine that `make_engine` made."""
    assert isinstance(engine.jobs, HeldJobs)
    return engine.jobs
