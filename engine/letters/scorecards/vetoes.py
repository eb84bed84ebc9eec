"""一票否决: events reported against a VETO item, and what leader and committee decided (domain.md §7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel import audit
from engine.kernel.database import Base, Key, Moment
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.kernel.work import Work
from engine.letters import access, items, letters, rows
from engine.letters.items import ItemView
from engine.letters.kinds import Kind
from engine.people import roles
from engine.people.roles import Role
from engine.workflow.engine import Engine


class Scope(StrEnum):
    """What a confirmed event costs: the letter its grade, or one item its points."""

    LETTER = "LETTER"
    ITEM = "ITEM"


class VetoRow(Base):
    """One reported event; `confirmed` is None until it was decided."""

    __tablename__ = "veto_report"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    letter_id: Mapped[int] = mapped_column(Key, ForeignKey("letter.id"))
    item_id: Mapped[int] = mapped_column(Key, ForeignKey("item.id"))
    scope: Mapped[str] = mapped_column(String(8), default=Scope.LETTER)
    voided_item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"))
    event: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    reported_by_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment)
    confirmed: Mapped[bool | None] = mapped_column(Boolean)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_veto_report_letter", "letter_id"), Index("ix_veto_report_item", "item_id"))


@dataclass(frozen=True)
class VetoView:
    """An event; `item` is the VETO item, `voided_item` the one that scope ITEM sets to 0."""

    id: int
    letter: int
    item: int
    scope: Scope
    event: str
    evidence: str
    reported_by: int
    reported_at: datetime
    voided_item: int | None = None
    confirmed: bool | None = None
    decided_at: datetime | None = None


def of_letter(work: Work, letter: int) -> Sequence[VetoView]:
    """What was reported against a letter, oldest first."""
    wanted = select(VetoRow.__table__).where(VetoRow.letter_id == letter).order_by(VetoRow.id)
    return [rows.view(VetoView, row) for row in work.session.execute(wanted)]


def reported(work: Work, item: int) -> bool:
    """Whether an event against this VETO item waits for its decision."""
    wanted = select(VetoRow.id).where(VetoRow.item_id == item, VetoRow.confirmed.is_(None))
    return work.session.execute(wanted.limit(1)).first() is not None


def report(work: Work, item: int, *, event: str, evidence: str, actor: int) -> VetoView:
    """Report an event against a VETO item; its confirmer (or OPS) does that.

    Raises InvalidInput for an item of another kind or without words, NotAllowed for others.
    """
    known = items.view(work, item)
    if known.kind is not Kind.VETO:
        raise InvalidInput("veto.kind", f"{known.name} is {known.kind}, not a VETO item", item=item)
    if not event.strip() or not evidence.strip():
        raise InvalidInput("veto.evidence", "say what happened and what proves it", item=item)
    if not may_report(work, known, actor):
        raise NotAllowed("veto.not_allowed", "the item's confirmer or OPS reports a veto", item=item)
    values = {
        "letter_id": known.letter,
        "item_id": item,
        "scope": known.veto.get("scope") or Scope.LETTER,
        "voided_item_id": known.veto.get("item"),
        "event": event,
        "evidence": evidence,
        "reported_by_id": actor,
        "reported_at": work.now,
    }
    made = insert(VetoRow).values(**values).returning(VetoRow.id)
    veto = _view(work, int(work.session.execute(made).scalar_one()))
    told = {"item": item, "event": event, "scope": veto.scope}
    audit.append(work, letters.stream(known.letter), "veto.reported", actor=actor, detail=told, article="§7")
    return veto


def report_one(engine: Engine, item: int, *, event: str, evidence: str, actor: int) -> VetoView:
    """`report` as a use-case of its own. Raises NotFound for strangers."""
    with engine.start_work() as work:
        access.see(work, items.view(work, item).letter, actor)
        made = report(work, item, event=event, evidence=evidence, actor=actor)
        work.commit()
    return made


def may_report(work: Work, item: ItemView, actor: int) -> bool:
    """Whether this person reports events against a VETO item: its confirmer, or OPS."""
    if roles.has(work, actor, Role.OPS, Role.OPS_HEAD):
        return True
    confirmer = item.veto.get("confirmer")
    if isinstance(confirmer, int):
        return confirmer == actor
    return bool(confirmer) and actor in roles.holders(work, str(confirmer))


def decide(work: Work, letter: int, *, confirmed: bool, actor: int | None) -> int:
    """Leader and committee have decided all events that are open; how many there were."""
    waiting = [veto for veto in of_letter(work, letter) if veto.confirmed is None]
    for veto in waiting:
        undecided = update(VetoRow).where(VetoRow.id == veto.id, VetoRow.confirmed.is_(None))
        changed = work.session.execute(undecided.values(confirmed=confirmed, decided_at=work.now))
        if not changed.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has one
            raise Conflict("veto.decided", "this veto was decided meanwhile", veto=veto.id)
        told = {"item": veto.item, "event": veto.event, "confirmed": confirmed}
        audit.append(work, letters.stream(letter), "veto.decided", actor=actor, detail=told, article="§7")
    return len(waiting)


def _view(work: Work, veto: int) -> VetoView:
    row = work.session.execute(select(VetoRow.__table__).where(VetoRow.id == veto)).one_or_none()
    if row is None:
        raise NotFound("veto.unknown", f"there is no veto report {veto}", veto=veto)
    return rows.view(VetoView, row)
