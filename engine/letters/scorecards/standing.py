"""How the group stands: a tile per organisation, index G, on-time rate K, status (domain.md §6, ux.md §4.13)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from engine.kernel.clock import local
from engine.kernel.work import Work
from engine.letters import letters, periods, regulations
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.items import ItemRow
from engine.letters.kinds import Importance, Kind, Level
from engine.letters.letters import LetterRow
from engine.letters.scorecards import outcomes
from engine.letters.scorecards.outcomes import OrgResult
from engine.letters.scoring import results
from engine.letters.scoring.results import Standing
from engine.letters.states import ItemState
from engine.letters.tracking.submissions import SubmissionRow, Verdict
from engine.letters.watching import warnings
from engine.letters.watching.levels import WarningLevel
from engine.people import orgs
from engine.people.orgs import OrgType, OrgView

GRADED = (OrgType.SUBSIDIARY, OrgType.CENTER, OrgType.DEPT, OrgType.PROJECT)
TREND = 6
"""Months a tile looks back."""
MONTHS = 12
"""Months the wall offers."""

GONE = (ItemState.DELETED, ItemState.SUSPENDED)


@dataclass(frozen=True)
class Tile:
    """One organisation: its newest published value, on-time rate of KEY items in the month, open warnings by level."""

    org: OrgView
    value: Decimal | None
    grade: str | None
    on_time: Decimal | None
    levels: Mapping[WarningLevel, int]
    trend: Sequence[Decimal]

    @property
    def worst(self) -> WarningLevel | None:
        return max(self.levels, key=lambda level: level.rank, default=None)


@dataclass(frozen=True)
class Wall:
    """The group in a month: G from the newest published month, K of this one, tiles sorted worst first."""

    period: str
    scored_period: str | None
    index: Decimal | None
    on_time: Decimal | None
    status: str
    levels: Mapping[WarningLevel, int]
    tiles: Sequence[Tile]
    months: Sequence[str] = ()


def wall(work: Work, period: str | None = None, *, visible: frozenset[int] | None = None) -> Wall:
    """The wall of a month (`202611`; None: this one); `visible` limits the tiles, not the figures of the group."""
    month = periods.parse(Level.MONTH, period) if period else periods.month_of(local(work.now).date())
    units = [org for org in orgs.tree(work) if org.type in GRADED]
    scored = _scored_period(work, month.code)
    found = outcomes.of_period(work, Level.MONTH, scored) if scored else {}
    done, due = _punctual(work, month.code, local(work.now).date())
    open_ones = _levels(work)
    past = outcomes.of_level(work, Level.MONTH)
    tiles = [
        _tile(org, found.get(org.id), past.get(org.id, ()), (done, due), open_ones.get(org.id, {})) for org in units
    ]
    index = _index(work, units, found)
    rate = results.on_time(sum(done.values()), sum(due.values()))
    return Wall(
        period=month.code,
        scored_period=scored,
        index=index,
        on_time=rate,
        status=results.status(index, rate),
        levels=_together(open_ones.values()),
        tiles=sorted((tile for tile in tiles if visible is None or tile.org.id in visible), key=_badness),
        months=_months(past, month.code, periods.month_of(local(work.now).date()).code),
    )


@dataclass(frozen=True)
class Past:
    """G and K of one month, None where it cannot be said."""

    period: str
    index: Decimal | None
    on_time: Decimal | None


def trend(work: Work, months: int = 6) -> tuple[Past, ...]:
    """G and K of the last months up to this one, the oldest first; months of which nothing is known are left out."""
    units = [org for org in orgs.tree(work) if org.type in GRADED]
    today = local(work.now).date()
    month, found = periods.month_of(today), []
    for _month in range(months):
        done, due = _punctual(work, month.code, today)
        index = _index(work, units, outcomes.of_period(work, Level.MONTH, month.code))
        found.append(Past(month.code, index, results.on_time(sum(done.values()), sum(due.values()))))
        month = periods.previous_month(month)
    return tuple(each for each in reversed(found) if each.index is not None or each.on_time is not None)


def _months(past: Mapping[int, Sequence[OrgResult]], *shown: str) -> Sequence[str]:
    """The months that can be looked at, the newest first."""
    known = {each.period for mine in past.values() for each in mine} | set(shown)
    return sorted(known, reverse=True)[:MONTHS]


def _badness(tile: Tile) -> tuple[int, Decimal, str]:
    worst = tile.worst
    return (-(worst.rank if worst else -1), tile.value if tile.value is not None else Decimal(1000), tile.org.code)


def _scored_period(work: Work, month: str) -> str | None:
    newest = outcomes.newest_period(work, Level.MONTH)
    return min(month, newest) if newest else None


def _tile(
    org: OrgView,
    found: OrgResult | None,
    past: Sequence[OrgResult],
    punctual: tuple[Mapping[int, int], Mapping[int, int]],
    levels: Mapping[WarningLevel, int],
) -> Tile:
    done, due = punctual
    rate = results.on_time(done.get(org.id, 0), due.get(org.id, 0))
    trend = [each.final for each in past][-TREND:]
    return Tile(org, found.value if found else None, found.grade if found else None, rate, levels, trend)


def _index(work: Work, units: Sequence[OrgView], found: Mapping[int, OrgResult]) -> Decimal | None:
    standings = [Standing(org.id, str(org.type), found[org.id].value) for org in units if org.id in found]
    if not standings:
        return None
    letter = letters.view(work, next(iter(found.values())).letter)
    return results.index(standings, regulations.view(work, letter.regulation).parameters.scoring.type_shares)


def _levels(work: Work) -> Mapping[int, Mapping[WarningLevel, int]]:
    counted: dict[int, dict[WarningLevel, int]] = {}
    for (org, level), number in warnings.counts(work).items():
        counted.setdefault(org, {})[level] = number
    return counted


def _together(counted: Iterable[Mapping[WarningLevel, int]]) -> Mapping[WarningLevel, int]:
    whole = dict.fromkeys(WarningLevel, 0)
    for each in counted:
        for level, count in each.items():
            whole[level] += count
    return whole


def _punctual(work: Work, period: str, today: date) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """KEY tasks of the month that were due by now: how many were handed in by their day, and how many there are."""
    handed_in = (
        select(DeliverableSpecRow.item_id, func.min(SubmissionRow.submitted_at).label("first"))
        .join(SubmissionRow, SubmissionRow.spec_id == DeliverableSpecRow.id)
        .where(SubmissionRow.result.in_([Verdict.PASS, Verdict.PENDING, Verdict.CONDITIONAL]))
        .group_by(DeliverableSpecRow.item_id)
        .subquery()
    )
    wanted = (
        select(LetterRow.org_id, ItemRow.due, handed_in.c.first)
        .join(LetterRow, LetterRow.id == ItemRow.letter_id)
        .outerjoin(handed_in, handed_in.c.item_id == ItemRow.id)
        .where(LetterRow.level == Level.MONTH, LetterRow.period == period, LetterRow.effective_at.is_not(None))
        .where(ItemRow.kind == Kind.TASK, ItemRow.importance == Importance.KEY)
        .where(ItemRow.status.not_in(GONE), ItemRow.due <= today)
    )
    done: dict[int, int] = {}
    due: dict[int, int] = {}
    for org, day, first in work.session.execute(wanted):
        due[org] = due.get(org, 0) + 1
        done[org] = done.get(org, 0) + _in_time(first, day)
    return done, due


def _in_time(first: datetime | None, day: date) -> bool:
    return first is not None and local(first).date() <= day
