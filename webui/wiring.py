"""The only place that builds things: puts the parts of an installation together as the configuration says."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import make_url

import engine.tables  # noqa: F401  (declares every table)
from engine.jobs import queue
from engine.jobs.embedded import EmbeddedJobs
from engine.jobs.queue import QueuedJobs
from engine.jobs.runner import Handlers, Jobs
from engine.kernel import demo_clock
from engine.kernel.calendar_days import Calendars
from engine.kernel.clock import Clock, SystemClock
from engine.kernel.config import Config
from engine.kernel.database import open_database
from engine.kernel.files import Files
from engine.kernel.work import Store
from engine.notices import outbox
from engine.notices.outbox import Sender
from engine.scheduler import Periodic, Queue, Scheduler
from engine.workflow import messages, runner, starts, timers
from engine.workflow.engine import Engine
from engine.workflow.migration import runs
from webui import backups, floors, mailing

SECRET = Path("var/secret_key")


@dataclass(frozen=True)
class Installation:
    """What the commands hold: the engine for use-cases, and what runs beside it in a process."""

    config: Config
    engine: Engine
    database: Database
    handlers: Handlers
    embedded: EmbeddedJobs | None
    scheduler: Scheduler

    def start(self) -> None:
        """Start the alarm clock, and the worker threads where jobs are in this process."""
        if self.embedded is not None:
            self.embedded.start()
        self.scheduler.start()

    def stop(self) -> None:
        """Finish what is at hand and let go of the database."""
        self.scheduler.stop()
        if self.embedded is not None:
            self.embedded.stop()
        self.database.dispose()


def build(config: Config) -> Engine:
    """The engine alone, for commands that call use-cases and run nothing beside them."""
    return install(config).engine


def install(
    config: Config, *, clock: Clock | None = None, jobs_of: Callable[[Handlers], Jobs] | None = None
) -> Installation:
    """Everything of one process; nothing is started and no connection opened yet.

    `clock` and `jobs_of` stand in for the installation's own where time and jobs are moved by hand (a played month).
    """
    database = open_configured(config)
    handlers = Handlers()
    embedded = None
    if jobs_of is None and _is_sqlite(config):
        embedded = EmbeddedJobs(handlers, threads=config.jobs.threads)
    jobs = jobs_of(handlers) if jobs_of is not None else embedded or QueuedJobs(config.database.url)
    made = _engine(config, database, jobs, clock or _clock(config, database))
    senders: dict[str, Sender] = {}
    _register(handlers, made, senders)
    handlers.register(backups.WRITE, partial(backups.write_one, config, made))
    periodic = floors.join(made, senders)
    mailing.join(config, senders)
    return Installation(config, made, database, handlers, embedded, _scheduler(config, made, periodic))


def with_secret(config: Config) -> Config:
    """A demo's configuration with a secret key of its own, made once and kept in `var/`; others as they are."""
    if not config.demo or config.server.secret_key:
        return config
    if not SECRET.exists():
        SECRET.parent.mkdir(parents=True, exist_ok=True)
        SECRET.touch(mode=0o600)
        SECRET.write_text(secrets.token_urlsafe(48))
    return replace(config, server=replace(config.server, secret_key=SECRET.read_text().strip(), secure=False))


def open_configured(config: Config) -> Database:
    """The configured database; the folder of a SQLite file is made where it is missing."""
    url = make_url(config.database.url)
    if _is_sqlite(config) and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    return open_database(config.database.url, pool_size=config.database.pool_size)


def _engine(config: Config, database: Database, jobs: Jobs, clock: Clock) -> Engine:
    return Engine(
        start_work=Store(database, clock).start_work,
        clock=clock,
        jobs=jobs,
        files=Files(config.files.folder, config.files.max_megabytes * 1024 * 1024),
        calendar=Calendars(),
    )


def _clock(config: Config, database: Database) -> Clock:
    return demo_clock.clock(database) if config.demo else SystemClock()


def _register(handlers: Handlers, made: Engine, senders: Mapping[str, Sender]) -> None:
    handlers.register(timers.FIRE, partial(timers.fire, made), failed=partial(timers.failed, made))
    handlers.register(starts.FIRE, partial(starts.fire, made), failed=partial(starts.failed, made))
    handlers.register(runner.DELIVER, partial(messages.deliver, made))
    handlers.register(runs.WORK_OFF, partial(runs.work_off, made), failed=partial(runs.failed, made))
    handlers.register(outbox.DELIVER, partial(outbox.deliver, made.start_work, senders))


def _scheduler(config: Config, made: Engine, periodic: Sequence[Periodic]) -> Scheduler:
    url = config.database.url
    beside = Queue() if _is_sqlite(config) else Queue(partial(queue.rescue, url), partial(queue.purge, url))
    return Scheduler(made, config.jobs.tick, config.jobs.rescue, periodic, beside)


def _is_sqlite(config: Config) -> bool:
    return config.database.url.startswith("sqlite")
