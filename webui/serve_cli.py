"""Commands that run until they are told to stop: `serve`, `web`, `worker`."""

import gc
import signal
import threading
from collections.abc import Callable
from typing import Any

import click

from engine.jobs import queue
from engine.kernel import config as configuration
from engine.kernel.config import Config
from engine.kernel.errors import InvalidInput
from webui import clock, wiring
from webui.app import create_app
from webui.door import Door

_host = click.option("--host", help="Address to listen on; default: the configuration's.")
_port = click.option("--port", type=int, help="Port to listen on; default: the configuration's.")


@click.command()
@_host
@_port
@click.pass_obj
def serve(settings: Any, host: str | None, port: int | None) -> None:
    """One process with everything: pages, alarm clock and workers (on PostgreSQL, add `worker` processes)."""
    run(settings.load(), host, port)


@click.command()
@_host
@_port
@click.pass_obj
def web(settings: Any, host: str | None, port: int | None) -> None:
    """Pages and alarm clock of one of many machines; `worker` processes do the due work."""
    config = settings.load()
    _needs_queue(config, "web")
    run(config, host, port)


@click.command()
@click.option("--threads", type=int, help="Jobs at the same time; default: the configuration's.")
@click.pass_obj
def worker(settings: Any, threads: int | None) -> None:
    """Take due work off the queue on PostgreSQL, until SIGTERM; what is at hand is finished."""
    config = settings.load()
    _needs_queue(config, "worker")
    installation = wiring.install(config)
    installation.start()
    try:
        queue.work_off(config.database.url, installation.handlers, threads=threads or config.jobs.threads)
    finally:
        installation.stop()


def run(
    config: Config, host: str | None = None, port: int | None = None, ready: Callable[[], None] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; requests and jobs at hand are finished. `ready` is called once it listens."""
    configuration.require_secret(config)
    installation = wiring.install(config)
    place = (host or config.server.host, config.server.port if port is None else port)
    app = create_app(installation.engine, config)
    app.extensions[clock.RING] = installation.scheduler.run_periodic
    door = Door(app, config, place)
    stopping = _told_to_stop()
    installation.start()
    gc.freeze()  # what was made by now stays for good: the collector need not walk through it again and again
    try:
        if ready is not None:
            ready()
        door.serve_until(stopping)
        door.shut()
    finally:
        installation.stop()


def _told_to_stop() -> threading.Event:
    """Set by the first SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _needs_queue(config: Config, command: str) -> None:
    if config.database.url.startswith("sqlite"):
        raise InvalidInput(
            "config.needs_postgresql",
            f"`letterflow {command}` is for many processes on PostgreSQL; with SQLite use `letterflow serve`",
        )
