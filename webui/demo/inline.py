"""Jobs that run in the caller's thread, one after the other, so that a played month tells the same story each time."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from engine.jobs.runner import Handlers
from engine.kernel.work import Work


class InlineJobs:
    """Keeps what was enqueued and committed until `run` is called; nothing outlives the process."""

    durable = False

    def __init__(self, handlers: Handlers) -> None:
        self._handlers = handlers
        self._held: deque[tuple[str, dict[str, Any]]] = deque()

    def enqueue(self, work: Work, name: str, args: Mapping[str, Any]) -> None:
        work.after_commit(lambda: self._held.append((name, dict(args))))

    def run(self) -> int:
        """Run what is held and what that enqueues; how many jobs ran."""
        count = 0
        while self._held:
            name, args = self._held.popleft()
            self._handlers.run(name, args)
            count += 1
        return count
