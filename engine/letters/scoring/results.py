"""Beyond one letter: grade, annual result Y, group index G, on-time rate K, status (domain.md §6, §10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.kernel.errors import InvalidInput
from engine.letters.scoring.exact import HUNDRED, ZERO
from engine.letters.scoring.rules import Rules


def grade(value: Decimal, rules: Rules, *, vetoed: bool = False) -> str:
    """The grade by the regulation's own edges: the best one reached, E below all and after a veto of the letter.

    The table `grade` of processes/scoring decides where it is deployed (`engine.letters.grading`).
    """
    if vetoed:
        return "E"
    reached = [(edge, name) for name, edge in rules.grades.items() if value >= edge]
    return max(reached)[1] if reached else "E"


def annual(year: Decimal, months: Sequence[Decimal], rules: Rules) -> Decimal:
    """`Y = 0.7·F_annual + 0.3·mean(F_month)`; without any month the annual letter alone."""
    if not months:
        return year
    return rules.annual_share * year + (1 - rules.annual_share) * sum(months, ZERO) / len(months)


@dataclass(frozen=True)
class Standing:
    """One organisation in the group's roll-up; `share` is its own, None takes its part of its type's share."""

    org: int
    type: str
    value: Decimal
    share: Decimal | None = None


def shares(standings: Sequence[Standing], types: Mapping[str, Decimal]) -> dict[int, Decimal]:
    """What each organisation weighs, summing to 1: its own share, or its type's divided equally within the type.

    Types without a share of their own are left out. Raises InvalidInput(`score.share_over`) over 100 in all.
    """
    own = {standing.org: standing.share for standing in standings if standing.share is not None}
    taken = sum(own.values(), ZERO)
    if taken > HUNDRED:
        raise InvalidInput("score.share_over", f"the shares add up to {taken}: at most 100", taken=str(taken))
    loose = [standing for standing in standings if standing.share is None and standing.type in types]
    counts = {name: sum(standing.type == name for standing in loose) for name in types}
    raw = {standing.org: types[standing.type] / counts[standing.type] for standing in loose}
    whole = sum(raw.values(), ZERO)
    rest = {org: weight / whole * (HUNDRED - taken) for org, weight in raw.items()} if whole else {}
    together = taken + sum(rest.values(), ZERO)
    return {org: weight / together for org, weight in {**own, **rest}.items()} if together else {}


def index(standings: Sequence[Standing], types: Mapping[str, Decimal]) -> Decimal | None:
    """`G = Σ share·Y`; None while no organisation has a result."""
    weights = shares(standings, types)
    if not weights:
        return None
    return sum((weights[standing.org] * standing.value for standing in standings if standing.org in weights), ZERO)


def on_time(done: int, due: int) -> Decimal | None:
    """K: per cent of the KEY items due that were done on time; None while none was due."""
    return Decimal(done) * HUNDRED / due if due else None


STATUS = (("GREEN", Decimal(90), Decimal(95)), ("YELLOW", Decimal(80), Decimal(85)), ("ORANGE", Decimal(70), ZERO))


def status(index: Decimal | None, on_time: Decimal | None) -> str:
    """绿 G≥90 ∧ K≥95, 黄 G≥80 ∧ K≥85, 橙 G≥70, else 红; NONE without an index. No KEY item due counts as K=100."""
    if index is None:
        return "NONE"
    rate = HUNDRED if on_time is None else on_time
    return next((name for name, least, timely in STATUS if index >= least and rate >= timely), "RED")
