"""Surroundings that change nothing: what a step would do is seen before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.decisions.feel import HostFunction
from engine.workflow.step import OperationCall
from engine.workflow.surroundings import Surroundings


@dataclass
class DryPorts:
    """Tables are asked for real; `guessed` once an operation was asked, which tells what it can beforehand."""

    real: Surroundings
    guessed: bool = False

    @property
    def now(self) -> datetime:
        return self.real.now

    @property
    def functions(self) -> Mapping[str, HostFunction]:
        return self.real.functions

    def perform(self, call: OperationCall) -> Mapping[str, Any]:
        self.guessed = True
        return self.real.foresee(call)

    def decide(self, table: str, decision: str | None, data: Mapping[str, Any]) -> Any:
        return self.real.decide(table, decision, data)
