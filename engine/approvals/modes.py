"""When a node is decided: the five modes as one pure function over seats (APR-01 to APR-05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from engine.kernel.errors import InvalidInput


class Mode(StrEnum):
    """How several persons decide one node (`docs/glossary.md`)."""

    ALL = "ALL"
    ANY = "ANY"
    SEQ = "SEQ"
    RATIO = "RATIO"
    CLAIM = "CLAIM"


class State(StrEnum):
    """How an assignment stands (`domain.md` §13). POOLED lies in a claim pool; SKIPPED counts as approved."""

    WAITING = "WAITING"
    POOLED = "POOLED"
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"


OPEN = frozenset({State.WAITING, State.POOLED, State.PENDING})
"""States in which nothing has been said yet."""


class Outcome(StrEnum):
    """How a node ends; the diagram sees it in the node's variable."""

    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"


@dataclass(frozen=True)
class Seat:
    """One voice in a node: whoever sits there. Seats are asked in the order of `position`, then `key`."""

    key: int
    state: State
    weight: Decimal = Decimal(1)
    position: int = 0


@dataclass(frozen=True)
class Verdict:
    """What follows from the seats: the node's outcome, or None and the seats whose turn it is."""

    outcome: Outcome | None
    turn: tuple[int, ...] = ()


def verdict(mode: Mode, seats: Sequence[Seat], ratio: Fraction | None = None) -> Verdict:
    """Whether the node is decided, and how; a node without seats is not."""
    ordered = sorted((seat for seat in seats if seat.state is not State.CANCELLED), key=lambda s: (s.position, s.key))
    if not ordered:
        return Verdict(None)
    outcome = _OUTCOMES[mode](ordered, ratio)
    if outcome is not None:
        return Verdict(outcome)
    asked = [seat.key for seat in ordered if seat.state in OPEN]
    return Verdict(None, tuple(asked[:1] if mode is Mode.SEQ else asked))


def parse_ratio(text: object) -> Fraction:
    """`2/3`, `60%`, `0.6` or a number as an exact part of the whole. Raises InvalidInput outside (0, 1]."""
    said = str(text).strip()
    try:
        part = Fraction(said[:-1]) / 100 if said.endswith("%") else Fraction(said)
    except (ValueError, ZeroDivisionError):
        part = Fraction(0)
    if not 0 < part <= 1:
        raise InvalidInput("node.ratio", f"ratio '{said}' is not above 0 and at most 1: write 2/3 or 60%", ratio=said)
    return part


def _all(seats: Sequence[Seat], _ratio: Fraction | None) -> Outcome | None:
    stopped = _first(seats, (State.REJECTED, State.RETURNED))
    if stopped is not None:
        return stopped
    return None if any(seat.state in OPEN for seat in seats) else Outcome.APPROVED


def _any(seats: Sequence[Seat], _ratio: Fraction | None) -> Outcome | None:
    return _first(seats, (State.APPROVED, State.SKIPPED, State.REJECTED, State.RETURNED))


def _ratio(seats: Sequence[Seat], ratio: Fraction | None) -> Outcome | None:
    needed = ratio or Fraction(1)
    total = sum((Fraction(seat.weight) for seat in seats), Fraction(0))
    approved = _sum(seats, (State.APPROVED, State.SKIPPED))
    rejected = _sum(seats, (State.REJECTED, State.RETURNED))
    if not total:
        return None
    if approved / total >= needed:
        return Outcome.APPROVED
    return Outcome.REJECTED if rejected / total > 1 - needed else None


def _sum(seats: Sequence[Seat], states: tuple[State, ...]) -> Fraction:
    return sum((Fraction(seat.weight) for seat in seats if seat.state in states), Fraction(0))


def _first(seats: Sequence[Seat], states: tuple[State, ...]) -> Outcome | None:
    said = next((seat.state for seat in seats if seat.state in states), None)
    if said is None:
        return None
    return Outcome.APPROVED if said is State.SKIPPED else Outcome(said.value)


_OUTCOMES = {Mode.ALL: _all, Mode.ANY: _any, Mode.SEQ: _all, Mode.RATIO: _ratio, Mode.CLAIM: _any}
