"""A program that works for processes: fetches work of a topic over the API, does it, completes it or says why not.

    LETTERFLOW=http://127.0.0.1:8000 TOKEN=lf_… python examples/worker.py print

Only the standard library is needed. Replace `do` with what your program is for.
"""

import json
import os
import socket
import sys
import urllib.error
import urllib.request
from typing import Any

LEASE_SECONDS = 60
WAIT_SECONDS = 20
ME = f"{socket.gethostname()}-{os.getpid()}"


class Refused(Exception):
    """The server said no; `problem` is what it told (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail", ""))
        self.problem = problem


class Wrong(Exception):
    """The work cannot be done as it is; the diagram draws what follows (an error event with this code)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def do(work: dict[str, Any]) -> dict[str, Any]:
    """The work itself: gets `variables`, gives what the process shall know."""
    pages = work["variables"].get("pages", 0)
    if pages < 0:
        raise Wrong("PAGES", f"{pages} pages cannot be printed")
    return {"printed": pages}


def ask(path: str, key: str | None = None, **sent: Any) -> Any:
    """One request. Raises Refused, OSError."""
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}", "Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key
    body = json.dumps({"worker": ME, **sent}).encode()
    request = urllib.request.Request(f"{os.environ['LETTERFLOW']}/api/v1/work/{path}", body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS + 30) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(json.load(error)) from error


def finish(work: dict[str, Any]) -> str:
    """Do one piece of work and say how it went; what was said."""
    place = work["id"]
    try:
        found = do(work)
    except Wrong as wrong:
        ask(f"{place}/error", code=wrong.code, message=str(wrong))
        return f"{place}: error {wrong.code}"
    except (OSError, ValueError, KeyError) as trouble:  # what another try may mend
        left = ask(f"{place}/fail", message=f"{type(trouble).__name__}: {trouble}")["left"]
        return f"{place}: failed, {left} tries left"
    outcome = ask(f"{place}/complete", key=f"complete-{place}-{work['failures']}", variables=found)["outcome"]
    return f"{place}: {outcome}"


def run(topics: list[str], *, once: bool = False) -> None:
    """Fetch and work until stopped; with `once` until there is nothing left."""
    while True:
        found = ask("fetch", topics=topics, max=10, lease=LEASE_SECONDS, wait=0 if once else WAIT_SECONDS)["items"]
        for work in found:
            try:
                print(finish(work), flush=True)  # noqa: T201
            except Refused as refused:  # the lease was lost, or the instance ended: somebody else's now
                print(f"{work['id']}: {refused}", flush=True)  # noqa: T201
        if once and not found:
            return


if __name__ == "__main__":
    run([each for each in sys.argv[1:] if each != "--once"] or ["print"], once="--once" in sys.argv)
