"""`letterflow serve` answers, stops when it is told to, and finishes what it holds."""

import http.client
import socket
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine

from engine.kernel.config import Config
from tests import postgres
from tests.builders import processes
from webui.door import Door

STARTUP_SECONDS = 60.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, until: float) -> int:
    """The status of the first answer."""
    while True:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", "/")
                return connection.getresponse().status
        except OSError:
            if time.monotonic() > until:
                raise


def test_serve_starts_on_an_initialised_database_and_stops_on_sigterm(sqlite_url: str, tmp_path: Path) -> None:
    port = _free_port()
    env = processes.environment(sqlite_url, LETTERFLOW_SERVER__SECURE="false", LETTERFLOW_SERVER__PORT=str(port))
    log = tmp_path / "serve.log"
    with processes.child("-m", "webui", "serve", env=env, cwd=tmp_path, log=log) as serving:
        status = _answers(port, time.monotonic() + STARTUP_SECONDS)
        code = processes.stop(serving)

    assert (status in (200, 302), code) == (True, 0), log.read_text()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_without_a_secret_key_or_the_right_database(tmp_path: Path, command: str) -> None:
    env = processes.environment(f"sqlite:///{tmp_path}/x.sqlite3", LETTERFLOW_SERVER__SECRET_KEY="change-me")
    log = tmp_path / "out.log"
    with processes.child("-m", "webui", command, env=env, cwd=tmp_path, log=log) as child:
        code = child.wait(STARTUP_SECONDS)

    said = log.read_text()
    assert code == 1
    assert ("server.secret_key" if command == "serve" else "use `letterflow serve`") in said
    assert "Traceback" not in said


class Slow:
    """An application that answers when it is allowed to."""

    def __init__(self) -> None:
        self.entered, self.may_answer = threading.Event(), threading.Event()
        self.app = Flask("slow")
        self.app.add_url_rule("/", view_func=self._answer)

    def _answer(self) -> str:
        self.entered.set()
        self.may_answer.wait(10)
        return "finished"


def test_an_answer_on_its_way_is_finished_after_the_door_is_shut() -> None:
    slow, port, stopping = Slow(), _free_port(), threading.Event()
    door = Door(slow.app, Config(), ("127.0.0.1", port))
    got: list[Any] = []
    guest = threading.Thread(target=lambda: got.append(_body(port)))
    guest.start()
    host = threading.Thread(target=lambda: (door.serve_until(stopping), door.shut()))
    host.start()
    slow.entered.wait(10)

    stopping.set()
    threading.Timer(0.3, slow.may_answer.set).start()
    host.join(20)
    guest.join(20)

    assert got == ["finished"]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)


def _body(port: int) -> str:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()


def test_a_worker_takes_jobs_off_postgresql_and_stops_on_sigterm(
    postgres_server: postgres.Server, tmp_path: Path
) -> None:
    name = postgres_server.create()
    url = postgres_server.url(name)
    env, log = processes.environment(url), tmp_path / "worker.log"
    with processes.child("-m", "webui", "init", env=env, cwd=tmp_path, log=log) as first:
        made = first.wait(STARTUP_SECONDS)
    with processes.child("-m", "webui", "worker", env=env, cwd=tmp_path, log=log) as working:
        _registered(url, time.monotonic() + STARTUP_SECONDS)
        code = processes.stop(working)
    postgres_server.drop(name)

    assert (made, code) == (0, 0), log.read_text()


def _registered(url: str, until: float) -> None:
    """Wait until a worker has told the queue that it is there."""
    database = create_engine(url)
    pause = threading.Event()
    while time.monotonic() < until:
        with database.connect() as connection:
            if connection.exec_driver_sql("SELECT count(*) FROM procrastinate_workers").scalar():
                break
        pause.wait(0.1)
    database.dispose()
