"""The numbers of scoring that the regulation sets, with the article each one stands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from engine.letters.parameter_sections import principle


@dataclass(frozen=True)
class Rules:
    """Defaults from practice (domain.md §6–§10); a regulation overrides each in its section `scoring`.

    `articles` maps a name (`INTERP`, `veto`, `late`) to the article that is cited; `regulation` is its number.
    """

    regulation: str = ""
    articles: Mapping[str, str] = field(default_factory=dict)
    floor: Decimal = principle(Decimal("0"), low=Decimal(0), high=Decimal(1000))
    cap_kpi: Decimal = principle(Decimal("120"), low=Decimal(0), high=Decimal(1000))
    cap_task: Decimal = principle(Decimal("100"), low=Decimal(0), high=Decimal(1000))
    ratio_zero_below: Decimal = principle(Decimal("0.60"), low=Decimal(0), high=Decimal(1000))
    interp_threshold_points: Decimal = principle(Decimal("60"), low=Decimal(0), high=Decimal(1000))
    interp_challenge_points: Decimal = principle(Decimal("120"), low=Decimal(0), high=Decimal(1000))
    interp_threshold_share: Decimal = principle(Decimal("0.8"), low=Decimal(0), high=Decimal(1000))
    interp_threshold_share_lower: Decimal = principle(Decimal("1.2"), low=Decimal(0), high=Decimal(1000))
    step_size: Decimal = principle(Decimal("3"), low=Decimal(0), high=Decimal(1000))
    step_points: Decimal = principle(Decimal("3.33"), low=Decimal(0), high=Decimal(1000))
    step_max: Decimal = principle(Decimal("20"), low=Decimal(0), high=Decimal(1000))
    panel_comment_below: Decimal = principle(Decimal("60"), low=Decimal(0), high=Decimal(1000))
    panel_comment_above: Decimal = principle(Decimal("95"), low=Decimal(0), high=Decimal(1000))
    milestone_points: Decimal = principle(Decimal("5"), low=Decimal(0), high=Decimal(1000))
    milestone_days: Decimal = principle(Decimal("1"), low=Decimal(0), high=Decimal(1000))
    milestone_conditional: Decimal = principle(Decimal("0.8"), low=Decimal(0), high=Decimal(1000))
    carried_over_cap: Decimal = principle(Decimal("80"), low=Decimal(0), high=Decimal(1000))
    sandbag_mild_until: Decimal = principle(Decimal("20"), low=Decimal(0), high=Decimal(1000))
    sandbag_grave_from: Decimal = principle(Decimal("50"), low=Decimal(0), high=Decimal(1000))
    sandbag_mild_cap: Decimal = principle(Decimal("116.67"), low=Decimal(0), high=Decimal(1000))
    sandbag_middle_cap: Decimal = principle(Decimal("113.33"), low=Decimal(0), high=Decimal(1000))
    sandbag_grave_cap: Decimal = principle(Decimal("110"), low=Decimal(0), high=Decimal(1000))
    bonus_max: Decimal = principle(Decimal("10"), low=Decimal(0), high=Decimal(1000))
    deduct_max: Decimal = principle(Decimal("20"), low=Decimal(0), high=Decimal(1000))
    total_max: Decimal = principle(Decimal("120"), low=Decimal(0), high=Decimal(1000))
    late_per_day: Decimal = principle(Decimal("2"), low=Decimal(0), high=Decimal(1000))
    late_max: Decimal = principle(Decimal("10"), low=Decimal(0), high=Decimal(1000))
    veto_max: Decimal = principle(Decimal("59.99"), low=Decimal(0), high=Decimal(1000))
    satisfaction_share_dept: Decimal = principle(Decimal("0.10"), low=Decimal(0), high=Decimal(1000))
    satisfaction_share_other: Decimal = principle(Decimal("0.05"), low=Decimal(0), high=Decimal(1000))
    annual_share: Decimal = principle(Decimal("0.7"), low=Decimal(0), high=Decimal(1000))
    conditional_days: Decimal = principle(Decimal("3"), low=Decimal(0), high=Decimal(1000))
    grades: Mapping[str, Decimal] = principle({"A": Decimal(95), "B": Decimal(85), "C": Decimal(70), "D": Decimal(60)})
    type_shares: Mapping[str, Decimal] = principle({"SUBSIDIARY": Decimal(60), "CENTER": Decimal(40)})

    def article(self, name: str) -> str:
        """The article to cite for `name`; the general one on scoring where it has none of its own; may be empty."""
        return self.articles.get(name, self.articles.get("scoring", ""))
