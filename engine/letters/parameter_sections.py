"""What a regulation sets, by section, with the defaults from practice of `domain.md` (scoring: `scoring/rules.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any


class ParameterClass(StrEnum):
    """PRINCIPLE stands for the year, TUNABLE may change for the next period (REQ-052)."""

    PRINCIPLE = "PRINCIPLE"
    TUNABLE = "TUNABLE"


def principle(default: Any, *, low: Any = None, high: Any = None) -> Any:  # the type of the field it stands for
    """A parameter that stands for the year."""
    return _parameter(ParameterClass.PRINCIPLE, default, low, high)


def tunable(default: Any, *, low: Any = None, high: Any = None) -> Any:  # the type of the field it stands for
    """A parameter that may change for the next period."""
    return _parameter(ParameterClass.TUNABLE, default, low, high)


def _parameter(kind: ParameterClass, default: Any, low: Any, high: Any) -> Any:
    metadata = {"class": kind, "low": low, "high": high}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Drafting:
    """Draft rules 1, 2, 5 and the waits of a negotiation (`domain.md` §3)."""

    full_score: Decimal = principle(Decimal(100), low=Decimal(1), high=Decimal(10000))
    weight_min: Decimal = principle(Decimal(5), low=Decimal(0), high=Decimal(100))
    weight_max: Decimal = principle(Decimal(40), low=Decimal(0), high=Decimal(100))
    items_min: Mapping[str, int] = principle({"ANNUAL": 5, "QUARTER": 5, "MONTH": 3, "PROJECT": 5, "TERM": 5})
    items_max: Mapping[str, int] = principle({"ANNUAL": 15, "QUARTER": 15, "MONTH": 15, "PROJECT": 15, "TERM": 15})
    key_total: Decimal = principle(Decimal(50), low=Decimal(0), high=Decimal(100))
    key_each: Decimal = principle(Decimal(10), low=Decimal(0), high=Decimal(100))
    categories: tuple[str, ...] = tunable(
        (
            "资金",
            "利润",
            "成本",
            "销售",
            "计划",
            "质量",
            "产量",
            "客户",
            "内部管理",
            "安全",
            "环保",
            "党建廉政",
            "科研",
            "团队",
        )
    )
    finance_categories: tuple[str, ...] = principle(("资金", "利润", "成本", "投资收益率"))
    commitment_answer: str = tunable("2wd")
    objection: str = tunable("1wd")
    objection_decision: str = tunable("1wd")
    signing: str = tunable("3wd")


@dataclass(frozen=True)
class Cycle:
    """Days of the cycle (`domain.md` §5); months: days of M−1, M, M+1; years: month-day texts."""

    fiscal_year_start: int = principle(1, low=1, high=12)
    month_org_types: tuple[str, ...] = principle(("SUBSIDIARY", "CENTER", "PROJECT"))
    month_draft: int = tunable(20, low=1, high=28)
    month_submit: int = tunable(25, low=1, high=28)
    month_commitments: int = tunable(27, low=1, high=28)
    month_approved: int = tunable(28, low=1, high=28)
    month_node_check: int = tunable(15, low=1, high=28)
    month_self_report: int = tunable(3, low=1, high=28)
    month_data: int = tunable(5, low=1, high=28)
    month_review_run_over: int = tunable(5, low=1, high=28)
    month_scores: int = tunable(7, low=1, high=28)
    month_leader: int = tunable(8, low=1, high=28)
    month_publish: int = tunable(10, low=1, high=28)
    close_after: int = tunable(3, low=0, high=30)
    progress_weekday: int = tunable(5, low=1, high=7)
    progress_key_weekday: int = tunable(2, low=1, high=7)
    progress_time: str = tunable("17:00")
    year_dates: Mapping[str, str] = tunable(
        {
            "guideline": "-10-15",
            "draft": "-11-15",
            "negotiation": "-11-30",
            "committee": "-12-15",
            "signed": "-12-25",
            "self_report": "+01-10",
            "data": "+01-20",
            "committee_scores": "+01-31",
            "publish": "+02-10",
        }
    )
    mid_year_window: tuple[str, ...] = tunable(("07-01", "07-15"))
    reminder_days: tuple[int, ...] = tunable((3, 1, 0))
    reminder_time: str = tunable("09:00")


@dataclass(frozen=True)
class Adjusting:
    """Windows, counts and effects of adjustments (`domain.md` §9)."""

    file_before: int = principle(5, low=0, high=60)
    file_before_month: int = principle(3, low=0, high=30)
    force_majeure_within: int = principle(3, low=0, high=30)
    self_per_month: int = principle(1, low=0, high=31)
    rounds_per_year: int = principle(2, low=0, high=31)
    self_extensions_per_item: int = principle(1, low=0, high=31)
    self_weight_max: Decimal = principle(Decimal(20), low=Decimal(0), high=Decimal(100))
    high_weight: Decimal = principle(Decimal(20), low=Decimal(0), high=Decimal(100))
    self_factor: Decimal = principle(Decimal("0.9"), low=Decimal(0), high=Decimal(1))
    self_cap: Decimal = principle(Decimal(90), low=Decimal(0), high=Decimal(120))
    self_add_bonus: Decimal = principle(Decimal(2), low=Decimal(0), high=Decimal(20))
    self_add_bonus_max: Decimal = principle(Decimal(5), low=Decimal(0), high=Decimal(50))
    provider_deduction: Decimal = principle(Decimal(2), low=Decimal(0), high=Decimal(20))
    provider_deduction_max: Decimal = principle(Decimal(6), low=Decimal(0), high=Decimal(50))
    short_notice: int = principle(10, low=0, high=60)
    free_late_days: int = principle(3, low=0, high=30)
    children_answer: str = tunable("2wd")


@dataclass(frozen=True)
class Watching:
    """Replies and reports on warnings and orders (`domain.md` §8, §12); the levels themselves are a decision table."""

    reply: Mapping[str, str] = tunable({"BLUE": "2wd", "YELLOW": "2wd", "ORANGE": "1wd", "RED": "0wd"})
    report_every: Mapping[str, str] = tunable({"BLUE": "", "YELLOW": "", "ORANGE": "2wd", "RED": "P1D"})
    unresolved_after: int = tunable(5, low=1, high=60)
    updates_to_fall: int = tunable(2, low=1, high=10)
    order_sign: str = tunable("1wd")
    order_reply: str = tunable("2wd")
