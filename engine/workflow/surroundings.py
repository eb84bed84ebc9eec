"""What the machine may ask for while it runs in a transaction: the work's time, functions, operations, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.decisions.feel import HostFunction
from engine.kernel.work import Work
from engine.workflow.decision_tables import Tables
from engine.workflow.functions import CalendarFunctions
from engine.workflow.operations import CallContext
from engine.workflow.step import OperationCall

if TYPE_CHECKING:
    from engine.workflow.engine import Engine


@dataclass(frozen=True)
class Surroundings:
    """The `Ports` of one step; `fired` collects the rows of decision tables that had their say, for history."""

    engine: Engine
    work: Work
    context: CallContext
    tables: Tables
    fired: list[tuple[str, str, int]] = field(default_factory=list)
    moment: datetime | None = None

    @property
    def now(self) -> datetime:
        return self.moment or self.work.now

    def at(self, moment: datetime) -> Surroundings:
        """The same at another moment than the work's."""
        return replace(self, moment=moment)

    @cached_property
    def functions(self) -> Mapping[str, HostFunction]:
        return CalendarFunctions(lambda: self.engine.calendar(self.work), self.now)

    def perform(self, call: OperationCall) -> Mapping[str, Any]:
        return self.engine.operations.act(self.engine, self.work, call, self.context)

    def foresee(self, call: OperationCall) -> Mapping[str, Any]:
        """What `perform` would answer, as far as it can be told without doing it."""
        return self.engine.operations.foresee(self.engine, self.work, call, self.context)

    def decide(self, table: str, decision: str | None, data: Mapping[str, Any]) -> Any:
        outcome = self.tables.decide(table, decision, data, now=self.now, functions=self.functions)
        self.fired.extend((table, rule.decision, rule.index) for rule in outcome.rules)
        return outcome.value
