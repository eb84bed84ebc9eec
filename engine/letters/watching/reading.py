"""What the pages of warnings and orders show, for one reader (ux.md §4.13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.kernel import audit
from engine.kernel.audit import Entry
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import access, items, letters
from engine.letters.items import ItemView
from engine.letters.letters import LetterView
from engine.letters.tracking import progress
from engine.letters.tracking.progress import ProgressView
from engine.letters.watching import chain, orders, topics, warnings
from engine.letters.watching.chain import Chain
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.orders import OrderView
from engine.letters.watching.states import WarningState
from engine.letters.watching.warnings import WarningView
from engine.people import orgs, persons
from engine.people.orgs import OrgView
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class WarningLine:
    """A warning with what it is about; `order` is its open one, `on_agenda` whether a meeting talks about it.

    `may` names what this person may do now: `ack`, and for OPS `order`, `escalate`, `agenda`.
    """

    warning: WarningView
    org: OrgView
    name: str
    owner: int | None
    order: OrderView | None
    on_agenda: bool = False
    may: frozenset[str] = frozenset()


@dataclass(frozen=True)
class OrderLine:
    """An order with the unit that received it."""

    order: OrderView
    org: OrgView


@dataclass(frozen=True)
class Board:
    """Open warnings and orders that a person sees; `counts` by level, over all that are visible."""

    warnings: Sequence[WarningLine]
    orders: Sequence[OrderLine]
    counts: Mapping[WarningLevel, int]
    names: Mapping[int, str]


@dataclass(frozen=True)
class WarningPage:
    """One warning with its reports and what happened; `may`: acknowledge."""

    line: WarningLine
    letter: LetterView
    item: ItemView | None
    chain: Chain
    reports: Sequence[ProgressView]
    history: Sequence[Entry]
    names: Mapping[int, str]
    in_chain: bool


@dataclass(frozen=True)
class OrderPage:
    """One order; `may` names the acts that are possible for this person now."""

    line: OrderLine
    names: Mapping[int, str]
    may: frozenset[str]


def visible(work: Work, actor: int) -> frozenset[int] | None:
    """The organisations whose warnings and orders this person sees; None is all."""
    sight = access.Sight(work, actor)
    return None if sight.all_seeing else sight.own


@dataclass(frozen=True)
class Wanted:
    """What the board is narrowed to; None is all, `closed` shows the orders that are over."""

    level: WarningLevel | None = None
    org: int | None = None
    closed: bool = False


def board(engine: Engine, actor: int, wanted: Wanted | None = None, *, limit: int = 200) -> Board:
    """Open warnings, the gravest and oldest first (at most `limit`), and the open or closed orders."""
    asked = wanted or Wanted()
    with engine.start_work(reading=True) as work:
        seen = _narrowed(visible(work, actor), asked.org)
        shown = warnings.listed(work, orgs=seen, level=asked.level, limit=limit)
        found = orders.listed(work, orgs=seen, person=None if asked.org else actor, closed=asked.closed)
        units = orgs.many(work, [*(each.org for each in shown), *(each.org for each in found)])
        lines = _warning_lines(work, shown, units, actor)
        people = {line.owner for line in lines} | {order.receiver for order in found}
        counts = dict.fromkeys(WarningLevel, 0)
        for (_org, level), number in warnings.counts(work, seen).items():
            counts[level] += number
        return Board(
            warnings=lines,
            orders=[OrderLine(order, units[order.org]) for order in found],
            counts=counts,
            names=persons.names(work, [person for person in people if person is not None]),
        )


def count(engine: Engine, actor: int) -> int:
    """Red and orange warnings that this person sees."""
    with engine.start_work(reading=True) as work:
        found = warnings.counts(work, visible(work, actor)).items()
        return sum(number for (_org, level), number in found if level in (WarningLevel.RED, WarningLevel.ORANGE))


def _narrowed(seen: frozenset[int] | None, org: int | None) -> frozenset[int] | None:
    if org is None:
        return seen
    return frozenset({org}) if seen is None or org in seen else frozenset()


def warning_page(engine: Engine, warning_id: int, actor: int) -> WarningPage:
    """One warning. Raises NotFound for strangers."""
    with engine.start_work(reading=True) as work:
        warning = warnings.view(work, warning_id)
        letter = access.see(work, warning.letter, actor)
        line = _warning_lines(work, [warning], orgs.many(work, [warning.org]), actor)[0]
        above = chain.of_warning(work, warning)
        reports = progress.of(work, warning.item, limit=20) if warning.item is not None else ()
        told = [each for each in audit.of(work, letters.stream(letter.id)) if each.detail.get("warning") == warning_id]
        people = {above.owner, above.head, above.leader, above.president, *(each.author for each in reports)}
        people |= {each.actor for each in told}
        return WarningPage(
            line=line,
            letter=letter,
            item=items.view(work, warning.item) if warning.item is not None else None,
            chain=above,
            reports=reports,
            history=list(reversed(told)),
            names=persons.names(work, [person for person in people if person is not None]),
            in_chain=actor in (above.owner, above.head, above.leader, above.president),
        )


def order_page(engine: Engine, order_id: int, actor: int) -> OrderPage:
    """One order. Raises NotFound for whoever neither gave nor received it and does not see its unit."""
    with engine.start_work(reading=True) as work:
        order = orders.view(work, order_id)
        seen = visible(work, actor)
        if seen is not None and order.org not in seen and actor not in (order.receiver, order.issuer):
            raise NotFound("order.unknown", f"there is no order {order_id}", order=order_id)
        people = {order.receiver, order.issuer, order.closed_by, *(turn.get("by") for turn in order.turns)}
        return OrderPage(
            line=OrderLine(order, orgs.view(work, order.org)),
            names=persons.names(work, [person for person in people if person is not None]),
            may=_may(work, order, actor),
        )


def _warning_lines(
    work: Work, shown: Sequence[WarningView], units: Mapping[int, OrgView], actor: int
) -> Sequence[WarningLine]:
    about = items.many(work, [warning.item for warning in shown if warning.item is not None])
    heads = letters.many(work, [warning.letter for warning in shown])
    ordered = orders.open_of_warnings(work, [warning.id for warning in shown])
    topical = topics.of_warnings(work, [warning.id for warning in shown])
    ops = access.Sight(work, actor).ops
    found = []
    for warning in shown:
        item, unit = about.get(warning.item or 0), units[warning.org]
        owner = item.owner if item else unit.head
        may = _acts(warning, ops, actor in (owner, unit.head, unit.leader), warning.id in topical)
        name = item.name if item else heads[warning.letter].no
        found.append(WarningLine(warning, unit, name, owner, ordered.get(warning.id), warning.id in topical, may))
    return found


def _acts(warning: WarningView, ops: bool, in_line: bool, topical: bool) -> frozenset[str]:
    if not warning.open:
        return frozenset()
    unseen = warning.status in (WarningState.OPEN, WarningState.UPGRADED)
    found = {"ack"} if unseen and (ops or in_line) else set()
    if ops:
        found |= {"order", "escalate"} | (set() if topical else {"agenda"})
    return frozenset(found)


def _may(work: Work, order: OrderView, actor: int) -> frozenset[str]:
    """The acts of an order that no diagram runs; those of the others are tasks in the inbox."""
    if order.warning is not None or not order.open:
        return frozenset()
    found = set()
    ops = access.Sight(work, actor).ops
    if actor == order.receiver:
        found |= {"ISSUED": {"sign"}, "REPORTED": set[str]()}.get(str(order.status), {"reply", "report"})
        found |= {"extend"} if str(order.extension) == "NONE" and work.now < order.due else set()
        found |= {"counter"} if str(order.kind) == "ASSIST" and str(order.status) == "ISSUED" else set()
    elif ops:
        found |= {"close", "reject"} if str(order.status) == "REPORTED" else {"close"}
    if str(order.extension) == "REQUESTED" and actor == chain.of(work, order.org, order.receiver).at(2):
        found.add("decide_extension")
    if str(order.status) == "ISSUED" and order.extension_until and actor == order.issuer:
        found.add("agree")
    return frozenset(found)
