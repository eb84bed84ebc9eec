"""Rows of what begins instances: those of the active versions, and of no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from engine.decisions.feel import HostFunction
from engine.kernel import calendar_days
from engine.kernel.work import Work
from engine.workflow.functions import CalendarFunctions
from engine.workflow.spiff import starting
from engine.workflow.spiff.programs import Program
from engine.workflow.tables import start_event


@dataclass(frozen=True)
class Surroundings:
    """The clock and the calendar of a work, for timers that belong to no instance yet."""

    work: Work

    @property
    def now(self) -> datetime:
        return self.work.now

    @property
    def functions(self) -> Mapping[str, HostFunction]:
        return CalendarFunctions(lambda: calendar_days.read(self.work), self.work.now)


def arm(work: Work, definition_id: int, program: Program) -> None:
    """The start events of this version listen from now on, those of the version before it no longer."""
    disarm(work, program.key)
    found = list(starting.beginnings(program, Surroundings(work)))
    if found:
        shared = {"definition_id": definition_id, "key": program.key}
        rows = [
            {**shared, "node": each.node, "number": each.number, "kind": each.kind, "name": each.name,
             "due_at": each.due, "schedule": dict(each.schedule or {})}
            for each in found
        ]  # fmt: skip
        work.connection.execute(start_event.insert(), rows)


def armed(work: Work, definition_id: int) -> bool:
    """Whether start events of this version are written down."""
    return work.connection.execute(_ARMED, {"of": definition_id}).first() is not None


def disarm(work: Work, key: str) -> None:
    """Nothing begins instances of this process by itself."""
    work.connection.execute(_DISARM, {"of": key})


_ARMED = select(start_event.c.id).where(start_event.c.definition_id == bindparam("of")).limit(1)
_DISARM = delete(start_event).where(start_event.c.key == bindparam("of"))
