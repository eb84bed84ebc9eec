"""Warning levels in their order, and what the table `warning_level` says about an item's facts (domain.md §8)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from engine.kernel.errors import BadDefinition
from engine.kernel.work import Work
from engine.letters import rulings
from engine.workflow.engine import Engine


class WarningLevel(StrEnum):
    """蓝 黄 橙 红, from mild to grave."""

    BLUE = "BLUE"
    YELLOW = "YELLOW"
    ORANGE = "ORANGE"
    RED = "RED"

    @property
    def rank(self) -> int:
        return _ORDER.index(self)


_ORDER = tuple(WarningLevel)


def rank(level: WarningLevel | None) -> int:
    """−1 without a level, then 0 for BLUE to 3 for RED."""
    return -1 if level is None else level.rank


@dataclass(frozen=True)
class Facts:
    """The inputs of `warning_level.dmn`.

    `days_left`/`days_overdue` are calendar days (None without a due date), `lag` percentage points behind plan,
    `attainment` the forecast in per cent of the target, `yellow_days`/`orange_days` working days at that level.
    """

    importance: str
    done: bool = False
    days_left: int | None = None
    days_overdue: int | None = None
    lag: Decimal | None = None
    attainment: Decimal | None = None
    forecast_late: bool = False
    missed_reports: int = 0
    conditional: bool = False
    breached_commitment: bool = False
    yellow_days: int = 0
    orange_days: int = 0
    parent_endangered: bool = False
    veto_risk: bool = False

    def inputs(self) -> dict[str, Any]:
        """As process data."""
        return {key: float(value) if isinstance(value, Decimal) else value for key, value in asdict(self).items()}


Judge = Callable[[Facts], WarningLevel | None]
"""Says which level facts deserve."""


def by_table(engine: Engine, work: Work) -> Judge:
    """The judge that asks the deployed table."""
    ask = rulings.of_table(engine, work, "escalation", "warning_level", "level")
    return lambda facts: read(ask(asdict(facts)))


def read(answer: Any) -> WarningLevel | None:
    """The level in a table's answer; null, an empty text and NONE are none. Raises BadDefinition for other words."""
    if isinstance(answer, Mapping):
        answer = answer.get("level")
    if answer in (None, "", "NONE"):
        return None
    try:
        return WarningLevel(str(answer))
    except ValueError:
        raise BadDefinition(
            "warning.level", f"warning_level gave {answer!r}: use BLUE, YELLOW, ORANGE, RED or null", answer=str(answer)
        ) from None
