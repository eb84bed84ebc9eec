"""What a job does by its name, and the one place where whatever it raises is caught."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from engine.kernel.work import Work

log = structlog.get_logger(__name__)

Act = Callable[..., object]
"""Takes the job's arguments by name; must bear being called twice with the same ones."""


class Jobs(Protocol):
    """Hands work to workers once the caller's transaction has committed; after a rollback nothing was handed."""

    @property
    def durable(self) -> bool:
        """Whether a job outlives this process; where it does not, rows are swept until they are done."""
        ...

    def enqueue(self, work: Work, name: str, args: Mapping[str, Any]) -> None:
        """Have the handler `name` called with `args` (JSON-like) soon, in a transaction of its own."""
        ...


@dataclass(frozen=True)
class Handlers:
    """The acts of this installation by name; `failed` hears what an act raised."""

    acts: dict[str, Act] = field(default_factory=dict)
    failed: dict[str, Callable[[Mapping[str, Any], Exception], object]] = field(default_factory=dict)

    def register(
        self, name: str, act: Act, *, failed: Callable[[Mapping[str, Any], Exception], object] | None = None
    ) -> None:
        self.acts[name] = act
        if failed is not None:
            self.failed[name] = failed

    def run(self, name: str, args: Mapping[str, Any]) -> bool:
        """Call the act; False when it raised, which is logged and told to `failed`, never passed on."""
        try:
            self.acts[name](**args)
        except Exception as error:  # the job runner: one bad job must not stop the worker
            log.exception("job.failed", name=name, args=dict(args))
            self._tell(name, args, error)
            return False
        return True

    def _tell(self, name: str, args: Mapping[str, Any], error: Exception) -> None:
        if name in self.failed:
            self.failed[name](args, error)
