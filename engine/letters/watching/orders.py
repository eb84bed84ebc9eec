"""Orders 协办/督办: the table, what others see of one, its numbers and moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, func, insert, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.clock import local
from engine.kernel.database import Base, Json, Key, Moment
from engine.kernel.errors import Conflict, NotFound
from engine.kernel.work import Work
from engine.letters import rows, states
from engine.letters.watching.states import EXTENSION_MOVES, ORDER_MOVES, ORDER_OPEN, ExtensionState, OrderState


class OrderKind(StrEnum):
    """ASSIST asks another organisation for help, SUPERVISE demands replies until OPS has verified the end."""

    ASSIST = "ASSIST"
    SUPERVISE = "SUPERVISE"


class Source(StrEnum):
    """What an order comes from."""

    WARNING = "WARNING"
    SIGNING = "SIGNING"
    OPS = "OPS"
    LEADER = "LEADER"
    PRESIDENT = "PRESIDENT"
    DECISION = "DECISION"


_OPEN = text("status IN (" + ", ".join(f"'{state}'" for state in sorted(ORDER_OPEN)) + ")")


class OrderRow(Base):
    """One order; `turns` is what was done about it, oldest first."""

    __tablename__ = "work_order"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    no: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(12))
    warning_id: Mapped[int | None] = mapped_column(Key, ForeignKey("warning.id"), index=True)
    letter_id: Mapped[int | None] = mapped_column(Key, ForeignKey("letter.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"), index=True)
    side: Mapped[str | None] = mapped_column(String(1))  # which side has to sign, for SIGNING
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    issuer_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    receiver_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    content: Mapped[str] = mapped_column(Text)
    due: Mapped[datetime] = mapped_column(Moment, index=True)
    status: Mapped[str] = mapped_column(String(12), default=OrderState.ISSUED)
    overdue: Mapped[bool] = mapped_column(Boolean, default=False)
    rank: Mapped[int] = mapped_column(Integer, default=0)
    extension: Mapped[str] = mapped_column(String(10), default=ExtensionState.NONE)
    extension_until: Mapped[datetime | None] = mapped_column(Moment)
    extension_reason: Mapped[str] = mapped_column(Text, default="")
    issued_at: Mapped[datetime] = mapped_column(Moment)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    reported_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    turns: Mapped[Any] = mapped_column(Json, default=list)

    __table_args__ = (
        Index("uq_work_order_signing", "letter_id", "side", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


@dataclass(frozen=True)
class OrderView:
    """An order; `receiver` has to act, `org` is theirs. A turn is {at, by, act, note}; `rank` 0 owner … 3 president."""

    id: int
    no: str
    kind: OrderKind
    source: Source
    warning: int | None
    letter: int | None
    item: int | None
    org: int
    issuer: int | None
    receiver: int
    content: str
    due: datetime
    status: OrderState
    issued_at: datetime
    side: str | None = None
    overdue: bool = False
    rank: int = 0
    extension: ExtensionState = ExtensionState.NONE
    extension_until: datetime | None = None
    extension_reason: str = ""
    signed_at: datetime | None = None
    reported_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: int | None = None
    turns: tuple[Mapping[str, Any], ...] = ()

    @property
    def open(self) -> bool:
        return self.status in ORDER_OPEN


@dataclass(frozen=True)
class NewOrder:
    """What an order is made of."""

    kind: OrderKind
    source: Source
    org: int
    receiver: int
    content: str
    due: datetime
    issuer: int | None = None
    warning: int | None = None
    letter: int | None = None
    item: int | None = None
    side: str | None = None


def view(work: Work, order: int) -> OrderView:
    """The order. Raises NotFound."""
    row = work.session.execute(select(OrderRow.__table__).where(OrderRow.id == order)).one_or_none()
    if row is None:
        raise NotFound("order.unknown", f"there is no order {order}", order=order)
    return rows.view(OrderView, row)


def open_of_warning(work: Work, warning: int) -> OrderView | None:
    """The open order of a warning."""
    row = work.session.execute(select(OrderRow.__table__).where(OrderRow.warning_id == warning, _OPEN)).first()
    return None if row is None else rows.view(OrderView, row)


def open_of_warnings(work: Work, found: Iterable[int]) -> Mapping[int, OrderView]:
    """The open order of each warning that has one."""
    wanted = select(OrderRow.__table__).where(OrderRow.warning_id.in_(sorted(set(found))), _OPEN)
    return {row.warning_id: rows.view(OrderView, row) for row in work.session.execute(wanted)}


def open_of_letter(work: Work, letter: int, side: str | None = None) -> tuple[OrderView, ...]:
    """The open signing orders of a letter, of one side or both."""
    wanted = select(OrderRow.__table__).where(OrderRow.letter_id == letter, OrderRow.source == Source.SIGNING, _OPEN)
    if side is not None:
        wanted = wanted.where(OrderRow.side == side)
    return tuple(rows.view(OrderView, row) for row in work.session.execute(wanted.order_by(OrderRow.id)))


def listed(
    work: Work, *, orgs: frozenset[int] | None = None, person: int | None = None, closed: bool = False, limit: int = 200
) -> tuple[OrderView, ...]:
    """Open orders (or closed ones) by due date: received by these organisations, or issued or received by a person."""
    wanted = select(OrderRow.__table__).where(~_OPEN if closed else _OPEN).order_by(OrderRow.due, OrderRow.id)
    if orgs is not None:
        mine = (OrderRow.receiver_id == person) | (OrderRow.issuer_id == person) if person else False
        wanted = wanted.where(OrderRow.org_id.in_(sorted(orgs)) | mine)
    return tuple(rows.view(OrderView, row) for row in work.session.execute(wanted.limit(limit)))


def open_counts(work: Work, orgs: Sequence[int]) -> Mapping[int, int]:
    """How many orders are open, by receiving organisation."""
    wanted = select(OrderRow.org_id, func.count()).where(OrderRow.org_id.in_(sorted(orgs)), _OPEN)
    return {org: int(count) for org, count in work.session.execute(wanted.group_by(OrderRow.org_id))}


def issue(work: Work, new: NewOrder) -> OrderView:
    """A new order with a number (`DB-2026-001` supervise, `XB-2026-001` assist) and its audit line."""
    values = {
        **{key: value for key, value in vars(new).items() if key in {"kind", "source", "content", "due", "side"}},
        **{f"{key}_id": getattr(new, key) for key in ("org", "receiver", "issuer", "warning", "letter", "item")},
        "no": _number(work, new.kind),
        "issued_at": work.now,
        "turns": [_turn(work, new.issuer, "ISSUED", new.content)],
    }
    made = insert(OrderRow).values(**values).returning(OrderRow.id)
    order = view(work, int(work.session.execute(made).scalar_one()))
    told = {"no": order.no, "source": new.source, "receiver": new.receiver, "due": new.due, "item": new.item}
    audit.append(work, stream(order.id), "order.issued", actor=new.issuer, detail=told, article="§12")
    return order


def move(
    work: Work, order: OrderView, to: OrderState, *, actor: int | None, note: str = "", **values: Any
) -> OrderView:  # columns that change with the state
    """The order in its new state with a turn and an audit line. Raises Conflict."""
    states.check(ORDER_MOVES, order.status, to, thing="order")
    return turn(work, order, str(to), actor=actor, note=note, status=to, **values)


def extended(work: Work, order: OrderView, to: ExtensionState, *, actor: int | None, **values: Any) -> OrderView:
    """The order with its extension in a new state. Raises Conflict: one extension is all there is."""
    states.check(EXTENSION_MOVES, order.extension, to, thing="extension")
    return turn(work, order, f"EXTENSION_{to}", actor=actor, extension=to, **values)


def turn(
    work: Work, order: OrderView, act: str, *, actor: int | None, note: str = "", **values: Any
) -> OrderView:  # columns that change
    """Add to what was done about an order. Raises Conflict where somebody was faster."""
    turns = [*order.turns, _turn(work, actor, act, note)]
    same = update(OrderRow).where(OrderRow.id == order.id, OrderRow.status == order.status)
    changed = work.session.execute(same.values(turns=turns, **values))
    if not changed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
        raise Conflict("order.moved", f"order {order.no} is no longer {order.status}: look at it again", no=order.no)
    told = {"before": order.status, "note": note, **{key: str(value) for key, value in values.items()}}
    audit.append(work, stream(order.id), f"order.{act.lower()}", actor=actor, detail=told, article="§12")
    return view(work, order.id)


def stream(order: int) -> str:
    """The name of the order's audit stream."""
    return f"order:{order}"


def _turn(work: Work, actor: int | None, act: str, note: str) -> dict[str, Any]:
    return {"at": work.now.isoformat(), "by": actor, "act": act, "note": note}


def _number(work: Work, kind: OrderKind) -> str:
    prefix = f"{'DB' if kind is OrderKind.SUPERVISE else 'XB'}-{local(work.now).year}-"
    # the unique number decides between two at once: the loser's transaction is rolled back and retried by its caller
    highest = work.session.execute(select(func.max(OrderRow.no)).where(OrderRow.no.startswith(prefix))).scalar()
    return f"{prefix}{int(highest.removeprefix(prefix)) + 1 if highest else 1:04d}"
