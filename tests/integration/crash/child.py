"""A process that the crash tests start and kill: `python -m tests.integration.crash.child ROLE URL`."""

import signal
import sys
import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy import Engine as Database

from engine.jobs import queue
from engine.jobs.embedded import EmbeddedJobs
from engine.jobs.queue import QueuedJobs
from engine.jobs.runner import Handlers, Jobs
from engine.kernel.calendar_days import Calendars
from engine.kernel.clock import SystemClock
from engine.kernel.database import open_database
from engine.kernel.files import Files
from engine.kernel.work import Store, Work
from engine.notices import outbox
from engine.scheduler import Queue, Scheduler
from engine.workflow import messages, runner, timers
from engine.workflow.engine import Engine
from engine.workflow.migration import runs
from engine.workflow.operations import CallContext
from engine.workflow.step import OperationCall

effect = Table("effect", MetaData(), Column("id", Integer, primary_key=True), Column("key", String(40), nullable=False))
"""One row per time that a timer took effect; nothing keeps a second one out."""

RESCUE = timedelta(seconds=3)


def act(_engine: Engine, work: Work, _call: OperationCall, context: CallContext) -> Mapping[str, Any]:
    """The operation behind each timer: a row in the same transaction, and a parcel under the same key."""
    key = str(context.business_key)
    work.connection.execute(effect.insert(), {"key": key})
    outbox.put(work, key=f"effect:{key}", channel="test", recipient="nobody", payload={})
    return {}


def build(database: Database, jobs: Jobs, handlers: Handlers) -> Engine:
    """An engine on the machine's own clock."""
    store = Store(database, SystemClock())
    engine = Engine(store.start_work, store.clock, jobs, Files(Path("/nonexistent")), Calendars())
    engine.operations.register("test.effect", act)
    handlers.register(timers.FIRE, partial(timers.fire, engine), failed=partial(timers.failed, engine))
    handlers.register(runner.DELIVER, partial(messages.deliver, engine))
    handlers.register(outbox.DELIVER, partial(outbox.deliver, engine.start_work, {"test": lambda _: None}))
    return engine


def main(role: str, url: str) -> None:
    """Do the role's part until killed."""
    handlers, database = Handlers(), open_database(url)
    if role == "embedded":
        embedded = EmbeddedJobs(handlers, threads=2)
        embedded.start()
        _clock(build(database, embedded, handlers), Queue())
    elif role == "migrate":
        _migrate(build(database, EmbeddedJobs(handlers), handlers))
    elif role == "clock":
        _clock(build(database, QueuedJobs(url), handlers), Queue(partial(queue.rescue, url, silent_for=RESCUE)))
    else:
        build(database, QueuedJobs(url), handlers)
        queue.work_off(url, handlers, threads=2)


def _migrate(engine: Engine) -> None:
    while runs.work_off(engine, 1, size=10):
        pass


def _clock(engine: Engine, beside: Queue) -> None:
    scheduler = Scheduler(engine, timedelta(seconds=1), RESCUE, (), beside)
    scheduler.start()
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    stopping.wait()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
