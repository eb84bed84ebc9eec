"""Real processes for tests: the command line in a child, started, watched and killed."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.paths import ROOT

SECRET = "t" * 48
Child = subprocess.Popen[bytes]


def environment(url: str, **more: str) -> dict[str, str]:
    """The environment of a child on this database."""
    settings = {"LETTERFLOW_DATABASE__URL": url, "LETTERFLOW_SERVER__SECRET_KEY": SECRET, **more}
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **settings}


@contextlib.contextmanager
def child(*arguments: str, env: Mapping[str, str], cwd: Path, log: Path) -> Iterator[Child]:
    """`python …` as a process of its own, which is killed at the end when it still runs."""
    with log.open("ab") as output:
        running = subprocess.Popen([sys.executable, *arguments], env=dict(env), cwd=cwd, stdout=output, stderr=output)
    try:
        yield running
    finally:
        kill(running)


def kill(running: Child) -> None:
    """SIGKILL: nothing is finished, nothing is said."""
    if running.poll() is None:
        running.send_signal(signal.SIGKILL)
        running.wait(10)


def stop(running: Child, seconds: float = 30) -> int:
    """SIGTERM, and the exit code."""
    running.send_signal(signal.SIGTERM)
    return running.wait(seconds)
