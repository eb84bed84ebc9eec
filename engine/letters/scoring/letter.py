"""A letter's total: I, B, F with bonus, deduction, lateness, ceilings and vetoes (domain.md §6, §7)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.letters.scoring.exact import HUNDRED, ZERO, clamp, stored
from engine.letters.scoring.groups import Group, Leaf, Share, shares
from engine.letters.scoring.rules import Rules

WEIGHTED = frozenset({"KPI", "TASK"})


@dataclass(frozen=True)
class Line:
    """One item of the letter with its points; `points` None is not scored yet and counts 0.

    `weight` is effective, in points of the letter. `away` items (deleted, suspended, not applicable) give their weight
    to others. `ceiling` is what a CONSTRAINT that was missed allows at most; `missed` says that it was.
    """

    code: str
    kind: str
    points: Decimal | None
    weight: Decimal = ZERO
    group: str | None = None
    category: str = ""
    away: bool = False
    ceiling: Decimal | None = None
    missed: bool = False
    vetoed: bool = False


@dataclass(frozen=True)
class Frame:
    """What a letter's total depends on besides its items; `vetoed`: a veto of scope LETTER is confirmed."""

    mode: str = "WEIGHTED"
    full_score: Decimal = HUNDRED
    difficulty: Decimal = Decimal(1)
    satisfaction: Decimal | None = None
    satisfaction_share: Decimal = ZERO
    late_days: int = 0
    vetoed: bool = False


@dataclass(frozen=True)
class Total:
    """The total and every step to it, unrounded; `rest` is what rounding the shares leaves to the rounded sum."""

    shares: tuple[Share, ...]
    weights: dict[str, Decimal]
    rest: Decimal
    indicator: Decimal
    blended: Decimal
    bonus: Decimal
    deduction: Decimal
    late: Decimal
    before_veto: Decimal
    final: Decimal
    vetoed: bool
    unscored: tuple[str, ...]


def total(lines: Sequence[Line], groups: Sequence[Group], frame: Frame, rules: Rules) -> Total:
    """`F = clamp(B + min(ΣBONUS, 10) − min(ΣDEDUCT, 20) − late, 0, 120)`, then ceilings and the veto.

    The numbers are the regulation's. Unscored items count 0 and are named: such a total is provisional.
    """
    lines = [replace(line, points=ZERO) if line.vetoed else line for line in spread(lines)]
    found = _shares(lines, groups, frame)
    indicator = _indicator(found, frame)
    weight = frame.satisfaction_share if frame.satisfaction is not None else ZERO
    blended = indicator * (1 - weight) + (frame.satisfaction or ZERO) * weight
    bonus, deduction = _extras(lines, groups, rules)
    late = min(rules.late_per_day * frame.late_days, rules.late_max)
    before = _ended(blended + bonus - deduction - late, lines, rules)
    # a veto voids the bonus (domain.md §7)
    final = min(_ended(blended - deduction - late, lines, rules), rules.veto_max) if frame.vetoed else before
    return Total(
        shares=tuple(found),
        weights={line.code: line.weight for line in lines},
        rest=_rest(found),
        indicator=indicator,
        blended=blended,
        bonus=bonus,
        deduction=deduction,
        late=late,
        before_veto=before,
        final=final,
        vetoed=frame.vetoed,
        unscored=tuple(line.code for line in lines if line.points is None and _counts(line, frame)),
    )


def _counts(line: Line, frame: Frame) -> bool:
    return line.kind in WEIGHTED or line.kind in {"BONUS", "DEDUCT"} or frame.mode == "BASE_ADJUST"


def _pooled(line: Line, groups: Sequence[Group]) -> bool:
    """Whether the line takes its points from a POOL group rather than from the letter."""
    return any(group.code == line.group and group.mode == "POOL" for group in groups)


def _shares(lines: Sequence[Line], groups: Sequence[Group], frame: Frame) -> list[Share]:
    if frame.mode == "BASE_ADJUST":
        return [Share(line.code, line.points or ZERO) for line in lines if line.kind in WEIGHTED]
    leaves = [
        Leaf(line.code, line.group, line.weight, line.points or ZERO, signed=line.kind not in WEIGHTED)
        for line in lines
        if line.kind in WEIGHTED or _pooled(line, groups)
    ]
    found = shares(leaves, groups)
    return found + _group_ceilings(found, lines, groups)


def _group_ceilings(found: Sequence[Share], lines: Sequence[Line], groups: Sequence[Group]) -> list[Share]:
    """What missed CONSTRAINT items take from their group: everything above its ceiling."""
    codes = {group.code for group in groups}
    taken = []
    for line in lines:
        if line.kind != "CONSTRAINT" or not line.missed or line.ceiling is None or line.group not in codes:
            continue
        members = {other.code for other in lines if other.group == line.group} | {line.group}
        have = sum((share.contribution for share in found if share.code in members), ZERO)
        if have > line.ceiling:
            taken.append(Share(line.code, line.ceiling - have))
    return taken


def _indicator(found: Sequence[Share], frame: Frame) -> Decimal:
    added = sum((share.contribution for share in found), ZERO)
    if frame.mode == "BASE_ADJUST":
        return (HUNDRED + added) * frame.difficulty
    return added * HUNDRED / frame.full_score * frame.difficulty


def _extras(lines: Sequence[Line], groups: Sequence[Group], rules: Rules) -> tuple[Decimal, Decimal]:
    """ΣBONUS and ΣDEDUCT within their limits, both as positive numbers."""
    loose = [line for line in lines if not _pooled(line, groups) and line.points is not None and not line.vetoed]
    bonus = sum((line.points or ZERO for line in loose if line.kind == "BONUS"), ZERO)
    deducted = sum((abs(line.points or ZERO) for line in loose if line.kind == "DEDUCT"), ZERO)
    return min(bonus, rules.bonus_max), min(deducted, rules.deduct_max)


def _ended(value: Decimal, lines: Sequence[Line], rules: Rules) -> Decimal:
    """Within 0 and the regulation's most, and under the ceilings of missed constraints on the whole letter."""
    ceilings = [
        line.ceiling
        for line in lines
        if line.kind == "CONSTRAINT" and line.missed and line.ceiling is not None and line.group is None
    ]
    return min([clamp(value, ZERO, rules.total_max), *ceilings])


def _rest(found: Sequence[Share]) -> Decimal:
    exact = sum((share.contribution for share in found), ZERO)
    return stored(exact) - sum((stored(share.contribution) for share in found), ZERO)


def spread(lines: Sequence[Line]) -> list[Line]:
    """The lines that stay, with the weight of those that are away: pro rata on the same category, else on all."""
    stay = [line for line in lines if not line.away]
    for gone in (line for line in lines if line.away and line.weight):
        heirs = {line.code for line in stay if line.weight and line.category == gone.category}
        heirs = heirs or {line.code for line in stay if line.weight}
        whole = sum((line.weight for line in stay if line.code in heirs), ZERO)
        stay = [
            replace(line, weight=line.weight + gone.weight * line.weight / whole) if line.code in heirs else line
            for line in stay
        ]
    return stay
