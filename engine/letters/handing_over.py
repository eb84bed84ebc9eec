"""交接: everything that somebody holds goes to somebody else in one act, counted beforehand (APR-24, REQ-147)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update

from engine.approvals import batches
from engine.approvals.tables import substitute
from engine.kernel import audit
from engine.kernel.work import Work
from engine.letters.deliverable_specs import DeliverableSpecRow
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.letters.meeting_decisions import MeetingDecisionRow
from engine.letters.plans import MilestoneRow
from engine.letters.states import LetterState
from engine.letters.watching.orders import OrderRow
from engine.letters.watching.states import ORDER_OPEN
from engine.people import org_changes, orgs, persons, rights, roles, staffing
from engine.people.dates import today
from engine.people.orgs import OrgRow
from engine.people.rights import ORGANISERS
from engine.workflow.engine import Engine

UNSEALED = (LetterState.DRAFT, LetterState.NEGOTIATING, LetterState.IN_APPROVAL, LetterState.RETURNED)
"""Letters whose words are still open; later ones are signed and change by an adjustment only (`domain.md` §2)."""
SEALED = (LetterState.APPROVED, LetterState.SIGNING, LetterState.EFFECTIVE)


@dataclass(frozen=True)
class Estate:
    """What somebody holds, by kind; `sealed` are items of letters in force, whose owner an adjustment changes (§9)."""

    tasks: int = 0
    letters: int = 0
    items: int = 0
    reviews: int = 0
    orders: int = 0
    milestones: int = 0
    decisions: int = 0
    heads: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    sealed: int = 0

    @property
    def moving(self) -> Mapping[str, int]:
        """The kinds that go over, with how many of each; without those of which there is nothing."""
        named = ("tasks", "letters", "items", "reviews", "orders", "milestones", "decisions")
        counted = {name: getattr(self, name) for name in named}
        counted |= {"heads": len(self.heads), "leads": len(self.leads)}
        return {name: count for name, count in counted.items() if count}


@dataclass(frozen=True)
class HandOver:
    """From whom to whom and why; `leaves` also ends the person's account, posts and roles (离职交接)."""

    leaver: int
    to: int
    reason: str
    leaves: bool = False
    with_roles: bool = field(default=False)  # the successor gets the granted roles too


def preview(work: Work, person: int, actor: int) -> Estate:
    """What would go over. Raises NotAllowed, NotFound."""
    rights.require(work, actor, *ORGANISERS)
    persons.view(work, person)
    owned = {name: _count(work, *_held(name, person)) for name in _KINDS}
    units = {org.id: org.name for org in orgs.tree(work)}
    sealed = _count(work, ItemRow, ItemRow.owner_id == person, ItemRow.letter_id.in_(_letters(SEALED)))
    return Estate(
        tasks=batches.held_by(work, person),
        letters=sum(owned[name] for name in ("party_a", "party_b")),
        heads=tuple(units[org] for org in orgs.headed_by(work, person) if org in units),
        leads=tuple(units[org] for org in orgs.led_by(work, person) if org in units),
        roles=tuple(str(each.role) for each in roles.everyone(work) if each.person == person),
        sealed=sealed,
        **{name: count for name, count in owned.items() if name not in {"party_a", "party_b"}},
    )


def hand_over(engine: Engine, wanted: HandOver, actor: int) -> Estate:
    """Moves it all in one transaction; what went over.

    Raises NotAllowed, NotFound, InvalidInput for somebody who is not here, no reason, or the last administrator.
    """
    with engine.start_work() as work:
        estate = preview(work, wanted.leaver, actor)
        batches.hand_over_in(engine, work, wanted.leaver, wanted.to, actor=actor, reason=wanted.reason)
        for name in _KINDS:
            table, *conditions = _held(name, wanted.leaver)
            work.session.execute(update(table).where(*conditions).values({_KINDS[name][1]: wanted.to}))
        _units(work, wanted, actor)
        if wanted.with_roles:
            _grants(work, wanted)
        if wanted.leaves:
            _leave(work, wanted, actor)
        detail = {"to": wanted.to, "reason": wanted.reason, "leaves": wanted.leaves, **estate.moving}
        audit.append(work, f"person:{wanted.leaver}", "person.handed_over", actor=actor, detail=detail)
        work.commit()
    return estate


def _letters(states: tuple[LetterState, ...]) -> Any:  # a subquery
    return select(LetterRow.id).where(LetterRow.status.in_(states)).scalar_subquery()


_KINDS: Mapping[str, tuple[Any, str]] = {
    "party_a": (LetterRow, "party_a_id"),
    "party_b": (LetterRow, "party_b_id"),
    "items": (ItemRow, "owner_id"),
    "reviews": (DeliverableSpecRow, "reviewer_id"),
    "orders": (OrderRow, "receiver_id"),
    "milestones": (MilestoneRow, "owner_id"),
    "decisions": (MeetingDecisionRow, "owner_id"),
}
"""Where somebody is named: table and column."""


def _held(name: str, person: int) -> tuple[Any, ...]:
    """The table of a kind, and the conditions for what of it goes over."""
    table, column = _KINDS[name]
    mine = getattr(table, column) == person
    if table is LetterRow:
        return table, mine, LetterRow.status.in_(UNSEALED)
    if table is ItemRow:
        return table, mine, ItemRow.letter_id.in_(_letters(UNSEALED))
    if table is DeliverableSpecRow:
        open_items = select(ItemRow.id).where(ItemRow.letter_id.in_(_letters(UNSEALED))).scalar_subquery()
        return table, mine, DeliverableSpecRow.item_id.in_(open_items)
    if table is OrderRow:
        return table, mine, OrderRow.status.in_(sorted(ORDER_OPEN))
    if table is MeetingDecisionRow:
        return table, mine, MeetingDecisionRow.status == "OPEN"
    return table, mine


def _count(work: Work, table: Any, *conditions: Any) -> int:
    return int(work.session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def _units(work: Work, wanted: HandOver, actor: int) -> None:
    for column, named in (("head_id", orgs.headed_by), ("leader_id", orgs.led_by)):
        for org in named(work, wanted.leaver):
            work.session.execute(update(OrgRow).where(OrgRow.id == org).values({column: wanted.to}))
            before, after = {column: wanted.leaver}, {column: wanted.to}
            org_changes.keep(work, org, today(work), after, before=before, actor=actor)


def _grants(work: Work, wanted: HandOver) -> None:
    for grant in roles.of(work, wanted.leaver):
        if grant.role in staffing.BY_HAND:
            roles.grant(work, roles.Grant(wanted.to, grant.role, grant.org, today(work), grant.valid_to))


def _leave(work: Work, wanted: HandOver, actor: int) -> None:
    staffing.leave_in(work, wanted.leaver, today(work), actor)
    rules = update(substitute).where(
        (substitute.c.person_id == wanted.leaver) | (substitute.c.substitute_id == wanted.leaver),
        substitute.c.revoked_at.is_(None),
    )
    work.connection.execute(rules.values(revoked_at=work.now))
