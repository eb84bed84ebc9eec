"""From the assignments of a node to its seats: who shares one, who was added before, after or beside whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from engine.approvals import modes
from engine.approvals.modes import OPEN, Mode, Outcome, Seat, State, Verdict


class Source(StrEnum):
    """Why somebody has an assignment (`domain.md` §13)."""

    NORMAL = "NORMAL"
    ADD_BEFORE = "ADD_BEFORE"
    ADD_AFTER = "ADD_AFTER"
    ADD_PARALLEL = "ADD_PARALLEL"
    TRANSFER = "TRANSFER"
    DELEGATE = "DELEGATE"
    AGENT = "AGENT"
    ESCALATE = "ESCALATE"


ADDED = frozenset({Source.ADD_BEFORE, Source.ADD_AFTER, Source.ADD_PARALLEL})
_SEATED = frozenset({Source.NORMAL, Source.ADD_PARALLEL, Source.TRANSFER})
_HELPING = frozenset({Source.ADD_BEFORE, Source.DELEGATE, Source.ESCALATE})
_SAID = frozenset({State.APPROVED, State.REJECTED, State.RETURNED, State.SKIPPED})


@dataclass(frozen=True)
class Assignment:
    """What one person has to do for a task. `owner` is who had it first; `within` is the mode among added persons."""

    id: int
    task: int
    person: int
    state: State
    source: Source = Source.NORMAL
    owner: int | None = None
    parent: int | None = None
    position: int = 0
    weight: Decimal = Decimal(1)
    within: Mode | None = None
    due_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: int | None = None


@dataclass(frozen=True)
class Ruling:
    """What follows from all assignments: the outcome, or None and those that are to be open (PENDING) now."""

    outcome: Outcome | None
    turn: frozenset[int] = frozenset()


def rule(assignments: Iterable[Assignment], mode: Mode, ratio: Fraction | None = None) -> Ruling:
    """Whether the node is decided and who is to act. Pure: the same assignments always give the same ruling."""
    return _Table(tuple(assignments)).rule(mode, ratio)


def depth(assignments: Iterable[Assignment], assignment: Assignment) -> int:
    """How many times somebody was added to reach this person; 0 for those whom the diagram names (APR-12)."""
    known = {each.id: each for each in assignments}
    level, at = 0, assignment
    while at.parent is not None:
        level += at.source in ADDED
        at = known[at.parent]
    return level


def below(assignments: Sequence[Assignment], assignment: Assignment) -> tuple[Assignment, ...]:
    """The assignment and all that were added through it, directly or not (APR-13)."""
    children = [each for each in assignments if each.parent == assignment.id]
    return (assignment, *(found for child in children for found in below(assignments, child)))


def mates(assignments: Sequence[Assignment], said: Assignment) -> tuple[Assignment, ...]:
    """Open assignments that need no answer any more once `said` has spoken for their common seat."""
    seat = next((each for each in assignments if each.id == said.parent), said) if _stands_in(said) else said
    helpers = [each for each in assignments if each.parent == seat.id and each.source is not Source.ADD_AFTER]
    idle = [seat, *(found for each in helpers if each.source in _HELPING for found in below(assignments, each))]
    return tuple(each for each in idle if each.id != said.id and each.state in OPEN)


def _stands_in(assignment: Assignment) -> bool:
    return assignment.source is Source.ESCALATE


@dataclass(frozen=True)
class _Table:
    """The assignments of one node round their table."""

    everyone: tuple[Assignment, ...]

    def rule(self, mode: Mode, ratio: Fraction | None) -> Ruling:
        seated = [each for each in self.everyone if each.source in _SEATED]
        found = self._verdict(seated, mode, ratio)
        turn = frozenset(each for key in found.turn for each in self._turn(self._find(key)))
        return Ruling(found.outcome, turn)

    def _verdict(self, group: Sequence[Assignment], mode: Mode, ratio: Fraction | None) -> Verdict:
        seats = [Seat(each.id, self._state(each), each.weight, each.position) for each in group]
        return modes.verdict(mode, seats, ratio)

    def _state(self, seat: Assignment) -> State:
        """What the seat says: its person or, where one was added for lateness, the superior, whoever spoke."""
        said = next(
            (each.state for each in (seat, *self._children(seat, Source.ESCALATE)) if each.state in _SAID), None
        )
        if said is None:
            return seat.state
        after = self._children(seat, Source.ADD_AFTER)
        if said is not State.APPROVED or not after:
            return said
        outcome = self._verdict(after, after[0].within or Mode.ALL, None).outcome
        return State.PENDING if outcome is None else State(outcome.value)

    def _turn(self, seat: Assignment) -> Iterable[int]:
        """Who acts for a seat: those added before, else those asked by delegation, else its person and superior."""
        superiors = [each.id for each in self._children(seat, Source.ESCALATE) if each.state in OPEN]
        if seat.state not in OPEN:
            return self._group_turn(self._children(seat, Source.ADD_AFTER))
        before = self._children(seat, Source.ADD_BEFORE)
        if before and self._verdict(before, before[0].within or Mode.ALL, None).outcome is None:
            return (*self._group_turn(before), *superiors)
        asked = [each.id for each in self._children(seat, Source.DELEGATE) if each.state in OPEN]
        return (*(asked or [seat.id]), *superiors)

    def _group_turn(self, group: Sequence[Assignment]) -> tuple[int, ...]:
        if not group:
            return ()
        found = self._verdict(group, group[0].within or Mode.ALL, None)
        return tuple(each for key in found.turn for each in self._turn(self._find(key)))

    def _children(self, seat: Assignment, source: Source) -> list[Assignment]:
        return [
            each
            for each in self.everyone
            if each.parent == seat.id and each.source is source and each.state is not State.CANCELLED
        ]

    def _find(self, key: int) -> Assignment:
        return next(each for each in self.everyone if each.id == key)
