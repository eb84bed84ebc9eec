"""Peak memory of the server: idle after its start, and after requests from several people at once."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

REQUESTS = 400
PEOPLE = 8


def of_server() -> dict[str, Any]:
    """Start `letterflow serve` on a fresh database, wait, load it with requests to the sign-in page; megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        settings = {
            "LETTERFLOW_DATABASE__URL": f"sqlite:///{Path(folder) / 'memory.sqlite3'}",
            "LETTERFLOW_SERVER__SECRET_KEY": "b" * 48,
            "LETTERFLOW_SERVER__SECURE": "false",
            "LETTERFLOW_SERVER__PORT": str(port),
        }
        env = {**os.environ, **settings}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [sys.executable, "-m", "webui"]
        subprocess.run([*command, "init"], env=env, check=True, **quiet)  # type: ignore[call-overload]
        began = time.perf_counter()
        with subprocess.Popen([*command, "serve"], env=env, **quiet) as serving:  # type: ignore[call-overload]
            _wait(port)
            started = time.perf_counter() - began
            idle = _peak_mb(serving.pid)
            rate = _load(port)
            loaded = _peak_mb(serving.pid)
            serving.terminate()
    return {"start_s": round(started, 1), "idle_mb": idle, "loaded_mb": loaded, "pages_per_s": rate}


def _load(port: int) -> float:
    at = time.perf_counter()
    people = [threading.Thread(target=_ask, args=(port, REQUESTS // PEOPLE)) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return round(REQUESTS / (time.perf_counter() - at), 1)


def _ask(port: int, count: int) -> None:
    for _ in range(count):
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request("GET", "/login")
            connection.getresponse().read()


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            with closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start within a minute")


def _peak_mb(process: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return round(int(found[1]) / 1024, 1) if found else 0.0


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
