"""Commands that run until they are told to stop: `serve`, `web`, `worker`."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
import waitress

from engine.jobs import queue
from engine.kernel import config as configuration
from engine.kernel.config import Config
from engine.kernel.errors import InvalidInput
from webui import wiring
from webui.app import create_app

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
    config: Config, host: str | None = None, port: int | None = None, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve until SIGTERM or SIGINT; requests and jobs at hand are finished. `ready` is called once it listens."""
    configuration.require_secret(config)
    installation = wiring.install(config)
    app = create_app(installation.engine, config)
    server = waitress.create_server(
        app,
        host=host or config.server.host,
        port=port if port is not None else config.server.port,
        threads=config.server.threads,
        ident=None,
        max_request_body_size=(config.files.max_megabytes + 1) * 1024 * 1024,
    )
    stopping = _on_signal(server)
    installation.start()
    try:
        ready()
        server.run()
    finally:
        stopping.set()
        server.task_dispatcher.shutdown(cancel_pending=False, timeout=20)
        installation.stop()


def _on_signal(server: Any) -> threading.Event:
    """SIGTERM closes the door; threads that answer somebody go on until `run` has waited for them."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def _needs_queue(config: Config, command: str) -> None:
    if config.database.url.startswith("sqlite"):
        raise InvalidInput(
            "config.needs_postgresql",
            f"`letterflow {command}` is for many processes on PostgreSQL; with SQLite use `letterflow serve`",
        )
