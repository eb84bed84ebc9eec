"""The web server of one process: waitress, stopped without cutting anybody off."""

import threading
import time
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

from engine.kernel.config import Config

PATIENCE_SECONDS = 20.0
"""How long answers that are on their way may take once the door is shut."""

LOOK_SECONDS = 0.5


class Door:
    """Listens from its making on; `serve_until` answers."""

    def __init__(self, app: Flask, config: Config, place: tuple[str, int]) -> None:
        self._sockets: dict[int, Any] = {}
        self._server = waitress.create_server(
            app,
            map=self._sockets,
            host=place[0],
            port=place[1],
            threads=config.server.threads,
            ident=None,
            max_request_body_size=(config.files.max_megabytes + 1) * 1024 * 1024,
        )

    def serve_until(self, stopping: threading.Event) -> None:
        """Answer until `stopping` is set; notices it within half a second."""
        while not stopping.is_set():
            self._turn()

    def shut(self) -> None:
        """Take no new guests, finish with those inside, then stop the threads."""
        wasyncore.dispatcher.close(self._server)  # only the listening socket: answers still need the loop
        until = time.monotonic() + PATIENCE_SECONDS
        while self._busy() and time.monotonic() < until:
            self._turn()
        self._server.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._sockets)

    def _turn(self) -> None:
        wasyncore.loop(timeout=LOOK_SECONDS, map=self._sockets, count=1)

    def _busy(self) -> bool:
        guests = list(self._server.active_channels.values())
        return any(guest.requests or guest.request is not None or guest.total_outbufs_len for guest in guests)
