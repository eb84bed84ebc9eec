"""Adjustments 调整: the table and what others see of one (`domain.md` §9; the rules live in `adjusting/`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.database import Base, Exact, Json, Key, Moment
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.letters import letters, rows, states
from engine.letters.kinds import AdjustmentType, Cause
from engine.letters.states import AdjustmentState


class AdjustmentRow(Base):
    """One request to change an effective letter."""

    __tablename__ = "adjustment"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    no: Mapped[str] = mapped_column(String(100), unique=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    type: Mapped[str] = mapped_column(String(8))
    cause: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(12), default=AdjustmentState.DRAFT)
    changes: Mapped[Any] = mapped_column(Json, default=list)
    new_item: Mapped[Any] = mapped_column(Json, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    event_on: Mapped[date | None] = mapped_column(Date)
    proof: Mapped[Any] = mapped_column(Json, default=list)
    breached: Mapped[Any] = mapped_column(Json, default=list)
    counted: Mapped[bool] = mapped_column(Boolean, default=False)
    affected_weight: Mapped[Decimal] = mapped_column(Exact, default=Decimal(0))
    key_change: Mapped[bool] = mapped_column(Boolean, default=False)
    applicant_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decision: Mapped[str] = mapped_column(Text, default="")
    result_id: Mapped[int | None] = mapped_column(Key, ForeignKey("letter.id"))
    instance_id: Mapped[int | None] = mapped_column(Key)
    created_at: Mapped[datetime] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(Integer, default=1)


@dataclass(frozen=True)
class AdjustmentView:
    """A request to change an effective letter.

    `changes`: [{item, field, before, after}], values as JSON; SUSPEND: field `days` with the days of suspension.
    `new_item`: the values of an ADD. `breached`: ids of promises (UPSTREAM). `result`: the version it made.
    `affected_weight`: percent of the full score. `counted`: uses up the organisation's own requests.
    """

    id: int
    no: str
    letter: int
    type: AdjustmentType
    cause: Cause
    applicant: int
    status: AdjustmentState = AdjustmentState.DRAFT
    changes: tuple[Mapping[str, Any], ...] = ()
    new_item: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    event_on: date | None = None
    proof: tuple[str, ...] = ()
    breached: tuple[int, ...] = ()
    counted: bool = False
    affected_weight: Decimal = Decimal(0)
    key_change: bool = False
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    decision: str = ""
    result: int | None = None
    instance: int | None = None
    created_at: datetime | None = None
    revision: int = 1

    @property
    def items(self) -> tuple[int, ...]:
        """The items it touches."""
        return tuple(dict.fromkeys(int(change["item"]) for change in self.changes if change.get("item") is not None))


def view(work: Work, adjustment: int) -> AdjustmentView:
    """The adjustment. Raises NotFound."""
    row = work.session.execute(select(AdjustmentRow.__table__).where(AdjustmentRow.id == adjustment)).one_or_none()
    if row is None:
        raise NotFound("adjustment.unknown", f"there is no adjustment {adjustment}", adjustment=adjustment)
    return rows.view(AdjustmentView, row)


def of_letters(work: Work, wanted: tuple[int, ...]) -> tuple[AdjustmentView, ...]:
    """The adjustments of these versions of a letter, oldest first."""
    found = select(AdjustmentRow.__table__).where(AdjustmentRow.letter_id.in_(wanted)).order_by(AdjustmentRow.id)
    return tuple(rows.view(AdjustmentView, row) for row in work.session.execute(found))


def move(
    work: Work,
    adjustment: AdjustmentView,
    to: AdjustmentState,
    *,
    actor: int | None,
    detail: Mapping[str, Any] | None = None,
    **values: Any,  # columns that change with the state
) -> AdjustmentView:
    """The adjustment in its new state, with one audit line in its letter's stream.

    Raises Conflict when the move is not allowed or somebody was faster.
    """
    states.check(states.ADJUSTMENT_MOVES, adjustment.status, to, thing="adjustment")
    changed = update(AdjustmentRow).where(AdjustmentRow.id == adjustment.id, AdjustmentRow.status == adjustment.status)
    result = work.session.execute(changed.values(status=to, revision=AdjustmentRow.revision + 1, **values))
    if not result.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Conflict("adjustment.moved", f"adjustment {adjustment.no} is no longer {adjustment.status}")
    told = {"adjustment": adjustment.id, "no": adjustment.no, "before": adjustment.status, "after": to}
    audit.append(
        work, letters.stream(adjustment.letter), "adjustment.moved", actor=actor, detail={**told, **(detail or {})}
    )
    return view(work, adjustment.id)
