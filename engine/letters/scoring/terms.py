"""What a score depends on: the terms that were agreed, the facts that happened, the score with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.letters.kinds import Direction, Method


@dataclass(frozen=True)
class Terms:
    """One item as agreed; `weight` is its effective weight in points of the letter.

    `target` may be a number, a text (`是`, `优`) or a date; `params` are the method's, see `docs/scoring.md`.
    `signed` items (BONUS, DEDUCT, BASE_ADJUST letters) yield points of the letter around 0 instead of points of 100.
    """

    method: Method
    kind: str = "KPI"
    direction: Direction | None = Direction.HIGHER
    target: Any = None
    threshold: Decimal | None = None
    challenge: Decimal | None = None
    base: Decimal | None = None
    weight: Decimal = Decimal(0)
    cap: Decimal | None = None
    floor: Decimal | None = None
    uncapped: bool = False
    max_plus: Decimal | None = None
    max_minus: Decimal | None = None
    zero_below: Decimal | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    constants: Mapping[str, Decimal] = field(default_factory=dict)
    signed: bool = False
    carried_over: bool = False
    factor: Decimal = Decimal(1)
    factor_cap: Decimal | None = None


@dataclass(frozen=True)
class Event:
    """Something a DEDUCT table counts; `before` occurrences happened in earlier months of the year.

    `points` is set where the table gives a range or nothing; `share` is the responsibility of the scored side (0–1).
    """

    event: str
    count: int = 1
    before: int = 0
    points: Decimal | None = None
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Rating:
    """What one rater gave: a number, or one number per criterion; a level where the panel uses levels."""

    rater: str
    points: Decimal | None = None
    group: str = ""
    level: str | None = None
    criteria: tuple[Decimal, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Delivery:
    """A deliverable at the cut-off: `submitted` is the local date of the accepted submission (None: never).

    `result` is PASS, CONDITIONAL or FAIL; `cured` says whether a CONDITIONAL one was fixed in time.
    """

    name: str
    due: date
    submitted: date | None = None
    result: str = "PASS"
    cured: bool = False
    weight: Decimal = Decimal(100)
    final: bool = True


@dataclass(frozen=True)
class Facts:
    """What happened in the period, as far as it is confirmed; `others` are the scores of other items by their code."""

    actual: Any = None
    events: tuple[Event, ...] | None = None
    ratings: tuple[Rating, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    manual: Decimal | None = None
    peers: tuple[Decimal, ...] = ()
    others: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """Points (of 100, or of the letter for `signed` terms) and how they came about; `points` None is not yet scored.

    `formula` has the numbers filled in and belongs to no language; `missing` names what is awaited;
    `branch` is the part of the method that applied (`below_threshold`); `carry_over` asks for the next letter;
    `limits` names what held the points back or up, in order: (`cap`, 120), (`sandbag`, 110), (`factor`, 0.9) ….
    """

    points: Decimal | None
    formula: str = ""
    branch: str = ""
    missing: str = ""
    carry_over: bool = False
    limits: tuple[tuple[str, Decimal], ...] = ()


def unscored(missing: str) -> Score:
    """A score that waits for `missing` (`actual`, `ratings`, …)."""
    return Score(None, missing=missing, branch="unscored")


__all__ = ["Delivery", "Direction", "Event", "Facts", "Method", "Rating", "Score", "Terms", "unscored"]
