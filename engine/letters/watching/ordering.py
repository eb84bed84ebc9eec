"""Use-cases of orders: issue, sign for, report, extend once, verify (销号), and climbing when replies are missed."""

from datetime import datetime

from sqlalchemy import select

from engine.kernel.clock import local
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.kernel.work import Work
from engine.letters import access
from engine.letters.watching import chain, issuing, orders
from engine.letters.watching.orders import NewOrder, OrderKind, OrderRow, OrderView, Source
from engine.letters.watching.states import ORDER_OPEN, ExtensionState, OrderState
from engine.notices import notices
from engine.people import orgs, roles
from engine.people.roles import Role
from engine.workflow import messages
from engine.workflow.engine import Engine


def issue(engine: Engine, new: NewOrder, actor: int) -> OrderView:
    """An order by hand: OPS, a leader or the president. ASSIST may also be asked by a head of another organisation.

    Raises NotAllowed, InvalidInput (no content, due in the past, to oneself).
    """
    with engine.start_work() as work:
        _check_issuer(work, new, actor)
        if not new.content.strip() or new.due <= work.now:
            raise InvalidInput("order.incomplete", "an order needs content and a due date that lies ahead")
        if new.receiver == actor:
            raise InvalidInput("order.to_oneself", "nobody orders themselves: choose another receiver")
        order = orders.issue(work, new)
        issuing.tell(work, order, order.receiver, "order.issued")
        work.commit()
    return order


def sign(engine: Engine, order_id: int, actor: int, note: str = "") -> OrderView:
    """The receiver signs for it (签收). Raises NotAllowed, Conflict."""
    return _act(engine, order_id, actor, OrderState.SIGNED, note)


def counter(engine: Engine, order_id: int, actor: int, until: datetime, note: str) -> OrderView:
    """The receiver of an ASSIST order offers another day, which its issuer takes with `agree`. Raises NotAllowed."""
    with engine.start_work() as work:
        order = orders.view(work, order_id)
        if order.kind is not OrderKind.ASSIST or order.receiver != actor or order.status is not OrderState.ISSUED:
            raise NotAllowed("order.counter", "only the receiver of an open assist order may offer another day")
        order = orders.turn(work, order, "COUNTERED", actor=actor, note=note, extension_until=until)
        if order.issuer is not None:
            issuing.tell(work, order, order.issuer, "order.countered")
        work.commit()
    return order


def agree(engine: Engine, order_id: int, actor: int) -> OrderView:
    """The issuer (or OPS) takes the day that was offered; the order counts as signed. Raises NotAllowed, Conflict."""
    with engine.start_work() as work:
        order = orders.view(work, order_id)
        if order.extension_until is None or order.extension is not ExtensionState.NONE:
            raise Conflict("order.nothing_offered", f"nobody offered another day for {order.no}", no=order.no)
        if actor != order.issuer and not access.Sight(work, actor).ops:
            raise NotAllowed("order.not_yours", "the issuer or OPS agrees", no=order.no)
        order = orders.move(work, order, OrderState.SIGNED, actor=actor, due=order.extension_until, signed_at=work.now)
        work.commit()
    return order


def report(engine: Engine, order_id: int, actor: int, note: str, *, final: bool) -> OrderView:
    """A reply on the way, or the closing report after which OPS verifies. Raises NotAllowed, InvalidInput, Conflict."""
    if not note.strip():
        raise InvalidInput("order.note", "say what was done")
    return _act(engine, order_id, actor, OrderState.REPORTED if final else OrderState.IN_PROGRESS, note)


def close(engine: Engine, order_id: int, actor: int, note: str = "") -> OrderView:
    """销号: OPS has verified it. Raises NotAllowed for everybody else, Conflict."""
    with engine.start_work() as work:
        access.require_ops(work, actor)
        order = orders.view(work, order_id)
        if order.receiver == actor:
            raise NotAllowed("order.own", "nobody closes an order they received", no=order.no)
        order = issuing.closed(work, order, actor=actor, note=note)
        work.commit()
    return order


def reject(engine: Engine, order_id: int, actor: int, note: str) -> OrderView:
    """OPS sends the closing report back. Raises NotAllowed, InvalidInput, Conflict."""
    if not note.strip():
        raise InvalidInput("order.note", "say what is missing")
    with engine.start_work() as work:
        access.require_ops(work, actor)
        order = orders.move(work, orders.view(work, order_id), OrderState.REJECTED, actor=actor, note=note)
        issuing.tell(work, order, order.receiver, "order.rejected")
        work.commit()
    return order


def ask_extension(engine: Engine, order_id: int, actor: int, until: datetime, reason: str) -> OrderView:
    """The receiver asks for more time, before it is due and once; the leader decides (domain.md §12).

    Raises NotAllowed, InvalidInput, Conflict.
    """
    with engine.start_work() as work:
        order = orders.view(work, order_id)
        if order.receiver != actor:
            raise NotAllowed("order.not_yours", f"{order.no} was not given to you", no=order.no)
        if work.now >= order.due:
            raise Conflict("order.extension_late", f"{order.no} was due already: report instead", no=order.no)
        if until <= order.due or not reason.strip():
            raise InvalidInput("order.extension", "an extension needs a later day and a reason", no=order.no)
        order = orders.extended(
            work, order, ExtensionState.REQUESTED, actor=actor, extension_until=until, extension_reason=reason
        )
        day = local(until).date().isoformat()
        messages.send(engine, work, "order.extension", str(order.id), {"until": day, "reason": reason})
        issuing.tell(work, order, issuing.leader(work, order), "order.extension")
        work.commit()
    return order


def decide_extension(engine: Engine, order_id: int, actor: int, *, approved: bool) -> OrderView:
    """The leader in charge decides on more time for an order that no diagram runs. Raises NotAllowed, Conflict."""
    with engine.start_work() as work:
        order = orders.view(work, order_id)
        if actor != issuing.leader(work, order):
            raise NotAllowed("order.leader_only", "the leader in charge decides on more time", no=order.no)
        order = issuing.extend(work, order, approved=approved, until=None, actor=actor)
        work.commit()
    return order


def climb_due(engine: Engine) -> int:
    """The periodic step for orders that no diagram runs: every missed reply climbs one level; how many did."""
    with engine.start_work() as work:
        count = 0
        for order_id in work.session.execute(_LOOSE).scalars().all():
            count += _climb(engine, work, orders.view(work, order_id))
        work.commit()
    return count


_LOOSE = select(OrderRow.id).where(
    OrderRow.status.in_(sorted(ORDER_OPEN - {OrderState.REPORTED})),
    OrderRow.warning_id.is_(None),
)


def _climb(engine: Engine, work: Work, order: OrderView) -> bool:
    watching = issuing.watching(work, order.letter)
    text = watching.order_sign if order.status is OrderState.ISSUED else watching.order_reply
    last = datetime.fromisoformat(str(order.turns[-1]["at"]))
    if engine.calendar(work).due_in(text, last) > work.now:
        return False
    line = chain.of(work, order.org, order.receiver)
    rank = line.next_rank(order.rank)
    orders.turn(work, order, "CLIMBED", actor=None, rank=rank, overdue=work.now > order.due)
    person = line.at(rank)
    if person is not None:
        issuing.tell(work, order, person, "order.climbed", suffix=f":{rank}")
    return True


def _act(engine: Engine, order_id: int, actor: int, to: OrderState, note: str) -> OrderView:
    with engine.start_work() as work:
        order = orders.view(work, order_id)
        if actor != order.receiver:
            raise NotAllowed("order.not_yours", f"{order.no} was not given to you", no=order.no)
        order = orders.move(work, order, to, actor=actor, note=note, **issuing.stamps(work, to))
        notices.settle(work, issuing.link(order.id))
        if to is OrderState.REPORTED:
            for person in roles.holders(work, Role.OPS, order.org):
                issuing.tell(work, order, person, "order.reported")
        work.commit()
    return order


def _check_issuer(work: Work, new: NewOrder, actor: int) -> None:
    held = access.Sight(work, actor).roles
    above = {orgs.view(work, new.org).leader}
    allowed = {
        Source.OPS: bool(held & {Role.OPS, Role.OPS_HEAD}),
        Source.LEADER: actor in above,
        Source.PRESIDENT: Role.PRESIDENT in held,
    }
    helper = new.kind is OrderKind.ASSIST and bool(orgs.headed_by(work, actor))
    if not (allowed.get(new.source, False) or helper):
        raise NotAllowed("order.issuer", "OPS, the leader in charge and the president issue orders", source=new.source)
