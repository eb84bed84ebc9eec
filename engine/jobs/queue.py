"""Jobs on PostgreSQL through Procrastinate: handed over inside the caller's transaction, taken by any worker."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import procrastinate
from procrastinate import exceptions
from sqlalchemy import make_url

from engine.jobs.runner import Handlers
from engine.kernel.errors import Unavailable
from engine.kernel.work import Work

QUEUE = "letterflow"


def address(url: str) -> str:
    """SQLAlchemy's URL of a PostgreSQL database as libpq reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def install(url: str) -> bool:
    """Create the queue's tables where they are missing; whether they were."""
    app = _sync_app(url)
    with app.open():
        if app.check_connection():
            return False
        app.schema_manager.apply_schema()
    return True


class QueuedJobs:
    """The side that enqueues; needs no connection of its own, since it uses the caller's."""

    durable = True

    def __init__(self, url: str) -> None:
        self._app = _sync_app(url)

    def enqueue(self, work: Work, name: str, args: Mapping[str, Any]) -> None:
        connection = work.connection.connection.driver_connection
        self._app.configure_task(name, queue=QUEUE, connection=connection).defer(**args)


def work_off(url: str, handlers: Handlers, *, threads: int = 2, wait: bool = True) -> None:
    """Take jobs until SIGTERM or SIGINT, then finish those at hand; with `wait=False` until there are none.

    Raises Unavailable when the database cannot be reached.
    """
    app = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=address(url), min_size=1, max_size=threads + 3)
    )
    for name in handlers.acts:
        app.task(name=name, queue=QUEUE)(_act(handlers, name))
    try:
        app.run_worker(queues=[QUEUE], concurrency=threads, wait=wait, delete_jobs="successful", **_QUIET)
    except exceptions.ConnectorException as error:
        raise Unavailable("jobs.unreachable", f"the queue's database does not answer: {error}") from error


_QUIET = {"fetch_job_polling_interval": 2.0, "shutdown_graceful_timeout": 30.0}


def _act(handlers: Handlers, name: str) -> Any:
    def act(**args: Any) -> None:
        handlers.run(name, args)

    return act


def rescue(url: str, *, silent_for: timedelta = timedelta(seconds=60)) -> int:
    """Give jobs whose worker was killed back to the others; how many. Procrastinate leaves them `doing` for ever."""
    return asyncio.run(_rescue(url, silent_for))


async def _rescue(url: str, silent_for: timedelta) -> int:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address(url), min_size=1, max_size=2))
    async with app.open_async():
        manager = app.job_manager
        stalled = list(await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=silent_for.total_seconds()))
        for job in stalled:
            await manager.retry_job(job)
    return len(stalled)


def purge(url: str, *, older_than: timedelta = timedelta(days=1)) -> None:
    """Delete jobs that ended long ago."""
    asyncio.run(_purge(url, int(older_than.total_seconds() // 3600)))


async def _purge(url: str, hours: int) -> None:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address(url), min_size=1, max_size=2))
    async with app.open_async():
        await app.job_manager.delete_old_jobs(nb_hours=hours, queue=QUEUE, include_failed=True)


def _sync_app(url: str) -> procrastinate.App:
    return procrastinate.App(
        connector=procrastinate.SyncPsycopgConnector(conninfo=address(url), min_size=1, max_size=2)
    )
