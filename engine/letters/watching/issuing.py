"""Orders inside a work: issued for warnings and signatures, recorded, extended, closed; shared with the diagrams."""

from datetime import date, datetime, time
from typing import Any

from engine.kernel.clock import LOCAL
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.letters import items, letters, regulations
from engine.letters.parameter_sections import Watching
from engine.letters.watching import chain, orders, warnings
from engine.letters.watching.orders import NewOrder, OrderKind, OrderView, Source
from engine.letters.watching.states import ExtensionState, OrderState
from engine.notices import notices
from engine.workflow.engine import Engine


def link(order: int) -> str:
    """Where the page of an order is."""
    return f"/orders/{order}"


def extend(work: Work, order: OrderView, *, approved: bool, until: date | None, actor: int | None) -> OrderView:
    """Record the leader's decision; `until` None takes the day that was asked for."""
    if order.extension in (ExtensionState.GRANTED, ExtensionState.REFUSED):
        return order
    if not approved:
        return orders.extended(work, order, ExtensionState.REFUSED, actor=actor)
    due = _end_of(until) if until else order.extension_until or order.due
    return orders.extended(work, order, ExtensionState.GRANTED, actor=actor, due=due, overdue=False)


def for_warning(engine: Engine, work: Work, warning_id: int) -> OrderView:
    """The supervision order of a warning, issued when there is none open (REQ-035)."""
    known = orders.open_of_warning(work, warning_id)
    if known is not None:
        return known
    warning = warnings.view(work, warning_id)
    receiver = chain.of_warning(work, warning).at(warning.rank)
    if receiver is None:
        raise InvalidInput("order.nobody", "nobody can receive this order: give the organisation a head")
    item = items.view(work, warning.item) if warning.item is not None else None
    letter = letters.view(work, warning.letter)
    order = orders.issue(
        work,
        NewOrder(
            kind=OrderKind.SUPERVISE,
            source=Source.WARNING,
            org=warning.org,
            receiver=receiver,
            content=item.name if item else letter.no,
            due=_due(engine, work, warning.letter, "order_reply"),
            warning=warning.id,
            letter=warning.letter,
            item=warning.item,
        ),
    )
    tell(work, order, receiver, "order.issued")
    return order


def chase_signing(engine: Engine, work: Work, letter_id: int, side: str) -> OrderView:
    """The order to sign a letter; one open order per side (domain.md §4)."""
    known = orders.open_of_letter(work, letter_id, side)
    if known:
        return known[0]
    letter = letters.view(work, letter_id)
    receiver = letter.party_a if side == "A" else letter.party_b
    if receiver is None:
        raise InvalidInput("order.nobody", f"letter {letter.no} has no party {side}: name one", no=letter.no)
    new = NewOrder(
        kind=OrderKind.SUPERVISE,
        source=Source.SIGNING,
        org=letter.org,
        receiver=receiver,
        content=letter.no,
        due=_due(engine, work, letter_id, "order_sign"),
        letter=letter_id,
        side=side,
    )
    order = orders.issue(work, new)
    tell(work, order, receiver, "order.issued")
    return order


def close_signing(work: Work, letter_id: int) -> int:
    """Both sides have signed: the orders to do so are done; how many there were."""
    found = orders.open_of_letter(work, letter_id)
    for order in found:
        closed(work, order, actor=None, note="")
    return len(found)


def closed(work: Work, order: OrderView, *, actor: int | None, note: str) -> OrderView:
    """The order is verified; a second time changes nothing."""
    if order.status is OrderState.CLOSED:
        return order
    notices.settle(work, link(order.id))
    done = {"closed_at": work.now, "closed_by_id": actor}
    return orders.move(work, order, OrderState.CLOSED, actor=actor, note=note, **done)


def record(work: Work, order: OrderView, status: str, note: str, actor: int | None) -> OrderView:
    """What a diagram says happened: SIGNED, REPORTED, REJECTED or OVERDUE; a second time changes nothing."""
    if status == "OVERDUE":
        return order if order.overdue else orders.turn(work, order, "OVERDUE", actor=None, overdue=True)
    to = OrderState(status)
    if order.status is to:
        return order
    return orders.move(work, order, to, actor=actor, note=note, **stamps(work, to))


def stamps(work: Work, to: OrderState) -> dict[str, Any]:
    """The columns that keep when an order entered a state."""
    names = {OrderState.SIGNED: "signed_at", OrderState.REPORTED: "reported_at"}
    return {names[to]: work.now} if to in names else {}


def _due(engine: Engine, work: Work, letter: int, limit: str) -> datetime:
    text = str(getattr(watching(work, letter), limit))
    return engine.calendar(work).due_in(text, work.now)


def watching(work: Work, letter: int | None) -> Watching:
    """The regulation's limits for an order: its letter's, else those in force."""
    if letter is None:
        return regulations.in_force(work).parameters.watching
    return regulations.view(work, letters.view(work, letter).regulation).parameters.watching


def tell(work: Work, order: OrderView, person: int | None, kind: str, suffix: str = "") -> None:
    """Notify a person about an order, once for each turn."""
    if person is None:
        return
    fields = {"no": order.no, "content": order.content, "due": order.due.isoformat()}
    key = f"order:{order.id}:{kind}:{len(order.turns)}{suffix}"
    notices.notify(work, [person], kind, fields, link=link(order.id), key=key, needs_action=True)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(18), LOCAL)


def leader(work: Work, order: OrderView) -> int | None:
    """Who decides on more time: the leader in charge, or whoever stands in for them above."""
    return chain.of(work, order.org, order.receiver).at(2)
