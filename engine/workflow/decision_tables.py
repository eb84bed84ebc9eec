"""Decision tables that travel with a definition: found by name, evaluated with the step's time and functions."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.decisions import dmn
from engine.decisions.dmn import Model, Outcome
from engine.decisions.feel import HostFunction
from engine.kernel.errors import BadDefinition

SUFFIX = ".dmn"


@dataclass(frozen=True)
class Tables:
    """The `.dmn` files of a definition and of those it calls; its own come last and win. Each is compiled once."""

    files: Mapping[str, bytes]
    _models: dict[str, Model] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def decide(
        self,
        table: str,
        decision: str | None,
        data: Mapping[str, Any],
        *,
        now: datetime,
        functions: Mapping[str, HostFunction],
    ) -> Outcome:
        """Evaluate a decision of the file `table`; without a name the only one, or the one named like the file.

        Where there is no such file, `table` is the id of a decision in one of them.

        Raises BadDefinition `decision.table`, `decision.which`, NotFound for an unknown decision, FeelError.
        """
        name = table if table.endswith(SUFFIX) else f"{table}{SUFFIX}"
        holder = None if name in self.files else self._holding(table)
        if holder is not None:
            return self._model(holder).decide(table, data, now=now, functions=functions)
        model = self._model(name)
        return model.decide(decision or _only(model, table), data, now=now, functions=functions)

    def _holding(self, decision: str) -> str | None:
        """The file that holds a decision of that id."""
        return next((n for n in sorted(self.files) if n.endswith(SUFFIX) and self._model(n).holds(decision)), None)

    def _model(self, name: str) -> Model:
        content = self.files.get(name)
        if content is None:
            there = ", ".join(sorted(each for each in self.files if each.endswith(SUFFIX))) or "none"
            raise BadDefinition("decision.table", f"there is no {name} in the definition; there is {there}", table=name)
        with self._lock:
            if name not in self._models:
                self._models[name] = dmn.read(content, imports=self._others(name))
            return self._models[name]

    def _others(self, name: str) -> dict[str, bytes]:
        return {each: content for each, content in self.files.items() if each.endswith(SUFFIX) and each != name}


def _only(model: Model, table: str) -> str:
    names = model.decisions
    if len(names) == 1:
        return names[0]
    if table.removesuffix(SUFFIX) in names:
        return table.removesuffix(SUFFIX)
    known = ", ".join(names) or "none"
    raise BadDefinition("decision.which", f"{table} holds {known}: name the decision", table=table, known=list(names))
