"""States of warnings and orders, and the one table of allowed moves for each (`docs/states.md`)."""

from collections.abc import Mapping
from enum import StrEnum


class WarningState(StrEnum):
    """The life of a warning (domain.md §2); UPGRADED is open too: the level rose and it has to be answered anew."""

    OPEN = "OPEN"
    ACKED = "ACKED"
    ACTION = "ACTION"
    UPGRADED = "UPGRADED"
    RESOLVED = "RESOLVED"
    CLOSED_BY_DONE = "CLOSED_BY_DONE"


class OrderState(StrEnum):
    """The life of an order (domain.md §2); CANCELLED when what it was about is gone."""

    ISSUED = "ISSUED"
    SIGNED = "SIGNED"
    IN_PROGRESS = "IN_PROGRESS"
    REPORTED = "REPORTED"
    REJECTED = "REJECTED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class ExtensionState(StrEnum):
    """Where the one extension of an order stands."""

    NONE = "NONE"
    REQUESTED = "REQUESTED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


_W = WarningState
WARNING_MOVES: Mapping[WarningState, frozenset[WarningState]] = {
    _W.OPEN: frozenset({_W.ACKED, _W.ACTION, _W.UPGRADED, _W.RESOLVED, _W.CLOSED_BY_DONE}),
    _W.ACKED: frozenset({_W.ACTION, _W.UPGRADED, _W.RESOLVED, _W.CLOSED_BY_DONE}),
    _W.ACTION: frozenset({_W.ACTION, _W.UPGRADED, _W.RESOLVED, _W.CLOSED_BY_DONE}),
    _W.UPGRADED: frozenset({_W.ACKED, _W.ACTION, _W.UPGRADED, _W.RESOLVED, _W.CLOSED_BY_DONE}),
    _W.RESOLVED: frozenset(),
    _W.CLOSED_BY_DONE: frozenset(),
}
WARNING_OPEN = frozenset({_W.OPEN, _W.ACKED, _W.ACTION, _W.UPGRADED})

_O = OrderState
ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    _O.ISSUED: frozenset({_O.SIGNED, _O.CLOSED, _O.CANCELLED}),
    _O.SIGNED: frozenset({_O.IN_PROGRESS, _O.REPORTED, _O.CLOSED, _O.CANCELLED}),
    _O.IN_PROGRESS: frozenset({_O.IN_PROGRESS, _O.REPORTED, _O.CLOSED, _O.CANCELLED}),
    _O.REPORTED: frozenset({_O.CLOSED, _O.REJECTED}),
    _O.REJECTED: frozenset({_O.IN_PROGRESS, _O.REPORTED, _O.CLOSED, _O.CANCELLED}),
    _O.CLOSED: frozenset(),
    _O.CANCELLED: frozenset(),
}
ORDER_OPEN = frozenset({_O.ISSUED, _O.SIGNED, _O.IN_PROGRESS, _O.REPORTED, _O.REJECTED})

_E = ExtensionState
EXTENSION_MOVES: Mapping[ExtensionState, frozenset[ExtensionState]] = {
    _E.NONE: frozenset({_E.REQUESTED}),
    _E.REQUESTED: frozenset({_E.GRANTED, _E.REFUSED}),
    _E.GRANTED: frozenset(),
    _E.REFUSED: frozenset(),
}
"""At most one extension: nothing leads back to REQUESTED."""
