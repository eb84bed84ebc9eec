"""States of letters, items and what hangs on them, and the one table of allowed moves for each (`docs/states.md`)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from engine.kernel.errors import Conflict


class LetterState(StrEnum):
    """The life of a letter (`domain.md` §2)."""

    DRAFT = "DRAFT"
    NEGOTIATING = "NEGOTIATING"
    IN_APPROVAL = "IN_APPROVAL"
    RETURNED = "RETURNED"
    APPROVED = "APPROVED"
    SIGNING = "SIGNING"
    EFFECTIVE = "EFFECTIVE"
    PERIOD_ENDED = "PERIOD_ENDED"
    SCORING = "SCORING"
    REVIEW = "REVIEW"
    PUBLISHED = "PUBLISHED"
    APPEAL = "APPEAL"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"
    VOID = "VOID"
    SUPERSEDED = "SUPERSEDED"


class ItemState(StrEnum):
    """The life of an item (`domain.md` §2)."""

    PLANNED = "PLANNED"
    IN_PROGRESS = "IN_PROGRESS"
    REPORTED_DONE = "REPORTED_DONE"
    ACCEPTED = "ACCEPTED"
    RECTIFY = "RECTIFY"
    OVERDUE = "OVERDUE"
    SUSPENDED = "SUSPENDED"
    DELETED = "DELETED"
    CARRIED_OVER = "CARRIED_OVER"
    SCORED = "SCORED"


class AdjustmentState(StrEnum):
    """The life of an adjustment (`domain.md` §2); EXPIRED when its item fell due before it was decided."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    OPS_REVIEW = "OPS_REVIEW"
    APPROVING = "APPROVING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    APPLIED = "APPLIED"
    EXPIRED = "EXPIRED"


class CommitmentState(StrEnum):
    """The life of a promise between organisations (`domain.md` §1)."""

    REQUESTED = "REQUESTED"
    COUNTERED = "COUNTERED"
    ACCEPTED = "ACCEPTED"
    FULFILLED = "FULFILLED"
    BREACHED = "BREACHED"
    CANCELLED = "CANCELLED"


class ForcedState(StrEnum):
    """A forced add or delete: the head was told, objected, and how it ended (`domain.md` §3 rule 11)."""

    NOTICED = "NOTICED"
    OBJECTED = "OBJECTED"
    ACCEPTED = "ACCEPTED"
    UPHELD = "UPHELD"
    WITHDRAWN = "WITHDRAWN"


class RegulationState(StrEnum):
    """The life of a regulation version (`domain.md` §1)."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    EFFECTIVE = "EFFECTIVE"
    RETIRED = "RETIRED"


_L = LetterState
LETTER_MOVES: Mapping[LetterState, frozenset[LetterState]] = {
    _L.DRAFT: frozenset({_L.NEGOTIATING, _L.VOID}),
    _L.NEGOTIATING: frozenset({_L.DRAFT, _L.IN_APPROVAL, _L.VOID}),
    _L.IN_APPROVAL: frozenset({_L.RETURNED, _L.APPROVED, _L.VOID}),
    _L.RETURNED: frozenset({_L.DRAFT, _L.VOID}),
    _L.APPROVED: frozenset({_L.SIGNING, _L.EFFECTIVE, _L.VOID}),
    _L.SIGNING: frozenset({_L.EFFECTIVE, _L.VOID}),
    _L.EFFECTIVE: frozenset({_L.PERIOD_ENDED, _L.SUPERSEDED, _L.VOID}),
    _L.PERIOD_ENDED: frozenset({_L.SCORING, _L.VOID}),
    _L.SCORING: frozenset({_L.REVIEW}),
    _L.REVIEW: frozenset({_L.SCORING, _L.PUBLISHED}),
    _L.PUBLISHED: frozenset({_L.APPEAL, _L.CLOSED}),
    _L.APPEAL: frozenset({_L.PUBLISHED, _L.SCORING, _L.CLOSED}),
    _L.CLOSED: frozenset({_L.ARCHIVED}),
    _L.ARCHIVED: frozenset(),
    _L.VOID: frozenset(),
    _L.SUPERSEDED: frozenset(),
}
"""APPROVED → EFFECTIVE is the new version of an adjustment: it was approved, nobody signs twice."""

EDITABLE = frozenset({_L.DRAFT, _L.RETURNED})
"""Where party B may still write."""

ACTIVE = frozenset(
    {_L.EFFECTIVE, _L.PERIOD_ENDED, _L.SCORING, _L.REVIEW, _L.PUBLISHED, _L.APPEAL, _L.CLOSED, _L.ARCHIVED}
)
"""The version that counts; at most one per organisation, level and period."""

PUBLIC_SCORE = frozenset({_L.PUBLISHED, _L.APPEAL, _L.CLOSED, _L.ARCHIVED})
"""Where everybody who sees the letter also sees its scores (`domain.md` §14)."""

WITH_CARD = PUBLIC_SCORE | {_L.SCORING, _L.REVIEW}
"""Where the letter has its scorecard: there is a sheet to read."""

_I = ItemState
_WORKED = {_I.REPORTED_DONE, _I.ACCEPTED, _I.OVERDUE, _I.SUSPENDED, _I.DELETED, _I.CARRIED_OVER, _I.SCORED}
ITEM_MOVES: Mapping[ItemState, frozenset[ItemState]] = {
    _I.PLANNED: frozenset({_I.IN_PROGRESS, *_WORKED}),
    _I.IN_PROGRESS: frozenset(_WORKED),
    _I.REPORTED_DONE: frozenset({_I.ACCEPTED, _I.RECTIFY, _I.IN_PROGRESS, _I.OVERDUE, _I.CARRIED_OVER, _I.SCORED}),
    _I.ACCEPTED: frozenset({_I.SCORED, _I.RECTIFY}),
    _I.RECTIFY: frozenset({_I.REPORTED_DONE, _I.OVERDUE, _I.CARRIED_OVER, _I.SCORED}),
    _I.OVERDUE: frozenset(
        {_I.IN_PROGRESS, _I.REPORTED_DONE, _I.ACCEPTED, _I.SUSPENDED, _I.DELETED, _I.CARRIED_OVER, _I.SCORED}
    ),
    _I.SUSPENDED: frozenset({_I.IN_PROGRESS, _I.CARRIED_OVER, _I.DELETED}),
    _I.DELETED: frozenset(),
    _I.CARRIED_OVER: frozenset({_I.SCORED}),
    _I.SCORED: frozenset({_I.CARRIED_OVER}),
}

_A = AdjustmentState
ADJUSTMENT_MOVES: Mapping[AdjustmentState, frozenset[AdjustmentState]] = {
    _A.DRAFT: frozenset({_A.SUBMITTED, _A.WITHDRAWN}),
    _A.SUBMITTED: frozenset({_A.OPS_REVIEW, _A.REJECTED, _A.WITHDRAWN, _A.EXPIRED}),
    _A.OPS_REVIEW: frozenset({_A.SUBMITTED, _A.APPROVING, _A.REJECTED, _A.WITHDRAWN, _A.EXPIRED}),
    _A.APPROVING: frozenset({_A.OPS_REVIEW, _A.APPROVED, _A.REJECTED, _A.WITHDRAWN, _A.EXPIRED}),
    _A.APPROVED: frozenset({_A.APPLIED, _A.EXPIRED}),
    _A.REJECTED: frozenset(),
    _A.WITHDRAWN: frozenset(),
    _A.APPLIED: frozenset(),
    _A.EXPIRED: frozenset(),
}

_C = CommitmentState
COMMITMENT_MOVES: Mapping[CommitmentState, frozenset[CommitmentState]] = {
    _C.REQUESTED: frozenset({_C.ACCEPTED, _C.COUNTERED, _C.CANCELLED}),
    _C.COUNTERED: frozenset({_C.REQUESTED, _C.ACCEPTED, _C.CANCELLED}),
    _C.ACCEPTED: frozenset({_C.FULFILLED, _C.BREACHED, _C.CANCELLED}),
    _C.FULFILLED: frozenset(),
    _C.BREACHED: frozenset({_C.FULFILLED}),
    _C.CANCELLED: frozenset(),
}

_F = ForcedState
FORCED_MOVES: Mapping[ForcedState, frozenset[ForcedState]] = {
    _F.NOTICED: frozenset({_F.OBJECTED, _F.ACCEPTED}),
    _F.OBJECTED: frozenset({_F.UPHELD, _F.WITHDRAWN}),
    _F.ACCEPTED: frozenset(),
    _F.UPHELD: frozenset(),
    _F.WITHDRAWN: frozenset(),
}

_R = RegulationState
REGULATION_MOVES: Mapping[RegulationState, frozenset[RegulationState]] = {
    _R.DRAFT: frozenset({_R.APPROVED}),
    _R.APPROVED: frozenset({_R.EFFECTIVE, _R.DRAFT}),
    _R.EFFECTIVE: frozenset({_R.RETIRED}),
    _R.RETIRED: frozenset(),
}

S = TypeVar("S", bound=StrEnum)


def check(moves: Mapping[S, frozenset[S]], now: S, to: S, *, thing: str) -> None:
    """Raises Conflict `<thing>.state` unless the table allows the move."""
    if to not in moves[now]:
        allowed = sorted(moves[now])
        raise Conflict(
            f"{thing}.state",
            f"this {thing} is {now} and cannot become {to}; from here it may become {', '.join(allowed) or 'nothing'}",
            now=str(now),
            to=str(to),
            allowed=[str(each) for each in allowed],
        )
