"""Decision tables of deployed processes, asked outside their instances: a warning's level, a score's grade."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from engine.kernel.work import Work
from engine.workflow import definitions
from engine.workflow.engine import Engine
from engine.workflow.functions import CalendarFunctions

Ask = Callable[[Mapping[str, Any]], Any]
"""What a table says about facts."""


def of_table(engine: Engine, work: Work, process: str, name: str, decision: str) -> Ask:
    """A table of the active version of `process`; it is looked up when it is first asked.

    Asking raises NotFound `definition.unknown` where the process is not deployed, BadDefinition for a broken table.
    """

    @cache
    def bound() -> Any:  # the tables of the process
        chosen, pins = definitions.pinned(work, process)
        return engine.programs.of(work, chosen.id, pins).tables

    functions = CalendarFunctions(lambda: engine.calendar(work), work.now)
    return lambda facts: bound().decide(name, decision, facts, now=work.now, functions=functions).value


def ask(  # noqa: PLR0913  (which table, about what)
    engine: Engine, work: Work, process: str, *, table: str, decision: str, facts: Mapping[str, Any]
) -> Any:
    """What a table says about one set of facts; for many, keep what `of_table` gives."""
    return of_table(engine, work, process, table, decision)(facts)
