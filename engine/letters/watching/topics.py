"""What goes on the agenda of the next 运营会; the meetings themselves come later (domain.md §8, §12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key, Moment
from engine.kernel.work import Work
from engine.letters import rows


class TopicRow(Base):
    """One topic; OPEN until a meeting takes it."""

    __tablename__ = "meeting_topic"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    warning_id: Mapped[int | None] = mapped_column(Key, ForeignKey("warning.id"), unique=True)
    item_id: Mapped[int | None] = mapped_column(Key, ForeignKey("item.id"))
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    question: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(8), default="OPEN")
    raised_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"))
    raised_at: Mapped[datetime] = mapped_column(Moment)


@dataclass(frozen=True)
class TopicView:
    """A topic for the next meeting; `raised_by` None is the system."""

    id: int
    warning: int | None
    item: int | None
    org: int
    question: str
    status: str
    raised_by: int | None
    raised_at: datetime


def put(  # noqa: PLR0913  (what it is about and who asks)
    work: Work, *, warning: int, item: int | None, org: int, question: str, actor: int | None = None
) -> int:
    """The topic of a warning; a second call gives the first one's id."""
    known = work.session.execute(select(TopicRow.id).where(TopicRow.warning_id == warning)).scalar()
    if known is not None:
        return int(known)
    values = {"warning_id": warning, "item_id": item, "org_id": org, "question": question, "raised_by_id": actor}
    made = insert(TopicRow).values(raised_at=work.now, **values).returning(TopicRow.id)
    return int(work.session.execute(made).scalar_one())


def of_warnings(work: Work, found: Iterable[int]) -> frozenset[int]:
    """Those of the warnings that a meeting will talk about, or did."""
    wanted = select(TopicRow.warning_id).where(TopicRow.warning_id.in_(sorted(set(found))))
    return frozenset(warning for warning in work.session.execute(wanted).scalars() if warning is not None)


def waiting(work: Work) -> tuple[TopicView, ...]:
    """What the next meeting has to talk about, oldest first."""
    wanted = select(TopicRow.__table__).where(TopicRow.status == "OPEN").order_by(TopicRow.id)
    return tuple(rows.view(TopicView, row) for row in work.session.execute(wanted))
