"""What begins instances of a program by itself: timers, messages and signals at its start events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.workflow.spiff import timing
from engine.workflow.spiff.expressions import Surroundings
from engine.workflow.spiff.nodes.events import kept, schedule_of
from engine.workflow.spiff.programs import Program

STARTS = ("timer", "message", "signal")


@dataclass(frozen=True)
class Beginning:
    """An event definition of a start event; `due` and `schedule` of a timer, `name` of a message or signal."""

    node: str
    number: int
    kind: str
    name: str | None = None
    due: datetime | None = None
    schedule: Mapping[str, Any] | None = None


def beginnings(program: Program, ports: Surroundings) -> Iterator[Beginning]:
    """Those of the process itself; a timer's date that has passed begins nothing. Raises Stuck for an unclear timer."""
    for node in program.scope.starts():
        for number, event in enumerate(node.events):
            if event.kind == "timer":
                found = timing.schedule(event, {}, ports)
                if found.due >= ports.now:
                    yield Beginning(node.id, number, event.kind, due=found.due, schedule=_plain(kept(found)))
            elif event.kind in STARTS:
                yield Beginning(node.id, number, event.kind, event.name or "")


def following(
    due: datetime, schedule: Mapping[str, Any], ports: Surroundings
) -> tuple[datetime | None, Mapping[str, Any]]:
    """The moment after `due` of a schedule that `beginnings` gave, and the schedule from then on; None after the last.

    Missed moments become one.
    """
    later, _passed = timing.following(schedule_of(_rich(schedule) | {"due": due}), {}, ports)
    return (None, {}) if later is None else (later.due, _plain(kept(later)))


def _plain(arm: Mapping[str, Any]) -> dict[str, Any]:
    """The arm without its due moment, in what JSON has a form for."""
    found = {name: value for name, value in arm.items() if name != "due"}
    if "since" in found:
        found["since"] = found["since"].isoformat()
    if "at" in found:
        found["at"] = [moment.isoformat() for moment in found["at"]]
    return found


def _rich(schedule: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(schedule)
    if "since" in found:
        found["since"] = datetime.fromisoformat(found["since"])
    if "at" in found:
        found["at"] = [datetime.fromisoformat(moment) for moment in found["at"]]
    return found
