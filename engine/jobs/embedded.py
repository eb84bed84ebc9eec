"""Jobs in this process: a few threads, nothing durable; rows that stay due are swept again."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson

from engine.jobs.runner import Handlers
from engine.kernel.work import Work


class EmbeddedJobs:
    """A pool of worker threads; the same job is not taken twice while it waits or runs."""

    durable = False

    def __init__(self, handlers: Handlers, *, threads: int = 4) -> None:
        self._handlers = handlers
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._held: set[bytes] = set()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to take jobs; before this, and after `stop`, they are left to the sweep."""
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="job")

    def stop(self) -> None:
        """Finish what runs, drop what waits: the rows behind it are still due."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)
        self._held.clear()

    def enqueue(self, work: Work, name: str, args: Mapping[str, Any]) -> None:
        work.after_commit(lambda: self._submit(name, dict(args)))

    def _submit(self, name: str, args: dict[str, Any]) -> None:
        pool = self._pool
        identity = orjson.dumps([name, args], option=orjson.OPT_SORT_KEYS)
        with self._lock:
            if pool is None or identity in self._held:
                return
            self._held.add(identity)
        pool.submit(self._run, identity, name, args)

    def _run(self, identity: bytes, name: str, args: dict[str, Any]) -> None:
        try:
            self._handlers.run(name, args)
        finally:
            with self._lock:
                self._held.discard(identity)
