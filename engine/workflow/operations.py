"""What service tasks may call: a registry of acts by name, each run in a savepoint of the step's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from sqlalchemy.exc import DataError, IntegrityError

from engine.kernel import audit
from engine.kernel.errors import BadDefinition, Conflict, LetterflowError
from engine.kernel.work import Work
from engine.workflow.errors import Stuck
from engine.workflow.step import OperationCall

if TYPE_CHECKING:
    from engine.workflow.engine import Engine

log = structlog.get_logger(__name__)

FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    DataError,
)
"""Faults of a program that leave the transaction usable; a database that is gone is none of them."""


@dataclass(frozen=True)
class CallContext:
    """On whose behalf an operation runs; `subject` is what the instance is about (`letter:7`)."""

    instance_id: int
    business_key: str | None
    subject: str | None
    starter: int | None


class Operation(Protocol):
    """An act that a diagram may call; gives what `lf:output` reads as `result`. It may run twice with one effect."""

    def __call__(self, engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Operations:
    """The acts of this installation by name."""

    _acts: dict[str, Operation] = field(default_factory=dict)
    _foreseen: dict[str, Operation] = field(default_factory=dict)

    def register(self, name: str, act: Operation, *, foreseen: Operation | None = None) -> None:
        """Makes an act known; `foreseen` tells, without writing, what it would answer when all goes well."""
        self._acts[name] = act
        if foreseen is not None:
            self._foreseen[name] = foreseen

    def names(self) -> frozenset[str]:
        return frozenset(self._acts)

    def act(self, engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]:
        """Run the operation that the node names; what it wrote is undone when it raises, the rest of the step stands.

        Raises the LetterflowError of the operation, BadDefinition `operation.unknown`, or Stuck
        `operation.fault` for a fault in its program: `number` finds it in the log, a retry runs it again.
        """
        act = self._acts.get(call.name)
        if act is None:
            near = ", ".join(get_close_matches(call.name, self._acts, 3)) or "see docs/operations.md"
            raise BadDefinition(
                "operation.unknown",
                f"'{call.node.name or call.node.id}' calls '{call.name}', which does not exist: did you mean {near}?",
                node=call.node.id,
                name=call.name,
            )
        marked = audit.mark(work)
        try:
            with work.savepoint():
                return act(engine, work, call, context)
        except (LetterflowError, IntegrityError, *FAULTS) as error:
            audit.forget(work, marked)
            raise _worded(error, call, context) from error

    def foresee(self, engine: Engine, work: Work, call: OperationCall, context: CallContext) -> Mapping[str, Any]:
        """What the operation would answer, nothing where it cannot tell beforehand; writes nothing."""
        tell = self._foreseen.get(call.name)
        try:
            return {} if tell is None else tell(engine, work, call, context)
        except LetterflowError:
            return {}


def _worded(error: Exception, call: OperationCall, context: CallContext) -> LetterflowError:
    if isinstance(error, LetterflowError):
        return error
    if isinstance(error, IntegrityError):
        return Conflict("operation.contradiction", f"the database refused what the operation wrote: {error.orig}")
    number = secrets.token_hex(4).upper()
    where = {"operation": call.name, "node": call.node.id, "instance": context.instance_id}
    log.error("operation.fault", number=number, **where, exc_info=error)
    return Stuck(
        "operation.fault",
        f"'{call.name}' failed with a fault in its program ({type(error).__name__}), number {number} in the log:"
        " mend it, then try again",
        number=number,
        name=call.name,
        error=type(error).__name__,
    )
