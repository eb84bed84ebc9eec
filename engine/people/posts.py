"""Positions, and who holds them from when to when: one primary post per person and day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Row,
    Select,
    String,
    Text,
    UniqueConstraint,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key
from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.people.dates import in_force, today


class Rank(StrEnum):
    """职级: R1 head of an organisation … R5 staff (`domain.md` §10)."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"


class PositionRow(Base):
    """A position 岗位 of a unit: its title, rank and duties."""

    __tablename__ = "position"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"))
    name: Mapped[str] = mapped_column(String(60))
    rank: Mapped[str] = mapped_column(String(2))
    duty: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (UniqueConstraint("org_id", "name"),)


class PostRow(Base):
    """任职: a person in a position for a time; `org_id` repeats the position's unit for the queries."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    position_id: Mapped[int] = mapped_column(Key, ForeignKey("position.id"), index=True)
    org_id: Mapped[int] = mapped_column(Key, ForeignKey("org.id"), index=True)
    is_primary: Mapped[bool] = mapped_column(Boolean, default=True)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


@dataclass(frozen=True)
class PostView:
    """Who was what, where, from when to when (both ends included; None is open)."""

    id: int
    person: int
    org: int
    title: str
    rank: Rank
    is_primary: bool
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class NewPost:
    """A person takes a position of a unit; the position is made where it is new."""

    person: int
    org: int
    title: str
    rank: Rank
    is_primary: bool = True
    valid_from: date | None = None
    valid_to: date | None = None


def of(work: Work, person: int) -> tuple[PostView, ...]:
    """All posts of a person, the newest first, past ones too."""
    wanted = _posts().where(PostRow.person_id == person).order_by(PostRow.valid_from.desc(), PostRow.id.desc())
    return tuple(_view(row) for row in work.session.execute(wanted))


def everyone(work: Work) -> tuple[PostView, ...]:
    """Every post ever held, by person and start."""
    wanted = _posts().order_by(PostRow.person_id, PostRow.valid_from, PostRow.id)
    return tuple(_view(row) for row in work.session.execute(wanted))


def primary_org(work: Work, person: int, on: date | None = None) -> int | None:
    """The unit of the person's primary post on that day (today when None)."""
    day = on or today(work)
    wanted = select(PostRow.org_id).where(
        PostRow.person_id == person, PostRow.is_primary, in_force(PostRow.valid_from, PostRow.valid_to, day)
    )
    return work.session.execute(wanted.limit(1)).scalar()


def holders(work: Work, title: str, org: int | None = None) -> tuple[int, ...]:
    """The persons who hold this position today, in this unit or, when None, anywhere; by person."""
    wanted = (
        select(PostRow.person_id)
        .join(PositionRow, PositionRow.id == PostRow.position_id)
        .where(PositionRow.name == title, in_force(PostRow.valid_from, PostRow.valid_to, today(work)))
        .order_by(PostRow.person_id)
    )
    if org is not None:
        wanted = wanted.where(PostRow.org_id == org)
    return tuple(dict.fromkeys(work.session.execute(wanted).scalars()))


def take(work: Work, new: NewPost) -> int:
    """Records the post and returns its id; the same post (person, unit, title, start) again only updates it.

    Raises InvalidInput when the person already has a primary post on one of these days.
    """
    position = _position(work, new)
    if new.is_primary:
        _refuse_second_primary(work, new, position)
    values = {"is_primary": new.is_primary, "valid_to": new.valid_to}
    same = select(PostRow.id).where(
        PostRow.person_id == new.person,
        PostRow.position_id == position,
        PostRow.valid_from.is_not_distinct_from(new.valid_from),
    )
    known = work.session.execute(same).scalar()
    if known is not None:
        work.session.execute(update(PostRow).where(PostRow.id == known).values(**values))
        return known
    made = insert(PostRow).values(
        person_id=new.person, position_id=position, org_id=new.org, valid_from=new.valid_from, **values
    )
    return int(work.session.execute(made.returning(PostRow.id)).scalar_one())


def _position(work: Work, new: NewPost) -> int:
    same = select(PositionRow.id).where(PositionRow.org_id == new.org, PositionRow.name == new.title)
    known = work.session.execute(same).scalar()
    if known is not None:
        work.session.execute(update(PositionRow).where(PositionRow.id == known).values(rank=new.rank))
        return known
    made = insert(PositionRow).values(org_id=new.org, name=new.title, rank=new.rank, duty="")
    return int(work.session.execute(made.returning(PositionRow.id)).scalar_one())


def _refuse_second_primary(work: Work, new: NewPost, position: int) -> None:
    starts, ends = new.valid_from or date.min, new.valid_to or date.max
    other = select(PostRow.id).where(
        PostRow.person_id == new.person,
        PostRow.is_primary,
        or_(PostRow.position_id != position, PostRow.valid_from.is_distinct_from(new.valid_from)),
        or_(PostRow.valid_from.is_(None), PostRow.valid_from <= ends),
        or_(PostRow.valid_to.is_(None), PostRow.valid_to >= starts),
    )
    if work.session.execute(other.limit(1)).scalar() is not None:
        raise InvalidInput(
            "post.second_primary",
            f"person {new.person} already has a primary post then: end that one first, or make this one secondary",
            person=new.person,
        )


def _posts() -> Select[Any]:
    columns = (PostRow.__table__, PositionRow.name.label("title"), PositionRow.rank)
    return select(*columns).join(PositionRow, PositionRow.id == PostRow.position_id)


def _view(row: Row[Any]) -> PostView:
    return PostView(
        row.id, row.person_id, row.org_id, row.title, Rank(row.rank), row.is_primary, row.valid_from, row.valid_to
    )
