"""Decision tables of deployed processes, asked outside their instances: a warning's level, a score's grade."""

from collections.abc import Mapping
from typing import Any

from engine.kernel.work import Work
from engine.workflow import definitions
from engine.workflow.engine import Engine
from engine.workflow.functions import CalendarFunctions


def ask(  # noqa: PLR0913  (which table, about what)
    engine: Engine, work: Work, process: str, *, table: str, decision: str, facts: Mapping[str, Any]
) -> Any:
    """What a table of the active version of `process` says about the facts.

    Raises NotFound `definition.unknown` where the process is not deployed, BadDefinition where the table is broken.
    """
    chosen, pins = definitions.pinned(work, process)
    bound = engine.programs.of(work, chosen.id, pins)
    functions = CalendarFunctions(lambda: engine.calendar(work), work.now)
    return bound.tables.decide(table, decision, facts, now=work.now, functions=functions).value
