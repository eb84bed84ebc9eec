"""Persons: who they are, whether they are here, and how they are found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Row, Select, String, and_, bindparam, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from engine.kernel.database import Base, Key
from engine.kernel.errors import NotFound
from engine.kernel.statements import Statement
from engine.kernel.work import Work
from engine.people import spelling
from engine.people.dates import in_force, today
from engine.people.orgs import OrgRow
from engine.people.posts import PositionRow, PostRow


class PersonRow(Base):
    """One person; `number` is the 工号, unique in the group."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    pinyin: Mapped[str] = mapped_column(String(200), default="", index=True)
    initials: Mapped[str] = mapped_column(String(60), default="", index=True)


@dataclass(frozen=True)
class PersonView:
    """A person with their primary post of today; without one `org` is None and the texts are empty."""

    id: int
    number: str
    name: str
    email: str
    active: bool
    org: int | None = None
    org_name: str = ""
    title: str = ""
    rank: str = ""
    pinyin: str = ""


@dataclass(frozen=True)
class NewPerson:
    """What a person is made of."""

    number: str
    name: str
    email: str = ""
    active: bool = True


def view(work: Work, person: int) -> PersonView:
    """The person. Raises NotFound."""
    found = many(work, [person])
    if person not in found:
        raise NotFound("person.unknown", f"there is no person {person}", person=person)
    return found[person]


def many(work: Work, persons: Iterable[int]) -> Mapping[int, PersonView]:
    """The persons with these ids; unknown ones are missing from the answer."""
    wanted = set(persons)
    if not wanted:
        return {}
    rows = work.session.execute(_with_post(today(work)).where(PersonRow.id.in_(wanted))).all()
    return {row.id: _view(row) for row in rows}


def names(work: Work, persons: Iterable[int]) -> Mapping[int, str]:
    """Only the names, for one cheap question."""
    wanted = set(persons)
    if not wanted:
        return {}
    rows = work.session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(wanted))).all()
    return {row.id: row.name for row in rows}


def active(work: Work, persons: Iterable[int]) -> frozenset[int]:
    """Those of the persons who are here."""
    wanted = set(persons)
    if not wanted:
        return frozenset()
    if len(wanted) == 1:
        return frozenset(work.run(_ACTIVE, {"of": wanted.pop()}).scalars())
    several = select(PersonRow.id).where(PersonRow.id.in_(wanted), PersonRow.active)
    return frozenset(work.connection.execute(several).scalars())


def find(work: Work, number: str) -> PersonView | None:
    """The person with this 工号, None when there is none."""
    row = work.session.execute(_with_post(today(work)).where(PersonRow.number == number)).first()
    return None if row is None else _view(row)


def everyone(work: Work) -> tuple[PersonView, ...]:
    """All persons by 工号, the inactive ones too."""
    rows = work.session.execute(_with_post(today(work)).order_by(PersonRow.number)).all()
    return tuple(_view(row) for row in rows)


def following(work: Work, after: str, limit: int, *, only_active: bool = True) -> tuple[PersonView, ...]:
    """The next persons by 工号 behind `after`; empty begins with the first."""
    wanted = _with_post(today(work)).where(PersonRow.number > after).order_by(PersonRow.number).limit(limit)
    if only_active:
        wanted = wanted.where(PersonRow.active)
    return tuple(_view(row) for row in work.session.execute(wanted).all())


def of_org(work: Work, orgs: Iterable[int]) -> tuple[PersonView, ...]:
    """The active persons whose primary post lies in one of these units, by 工号."""
    wanted = _with_post(today(work)).where(PostRow.org_id.in_(set(orgs)), PersonRow.active).order_by(PersonRow.number)
    return tuple(_view(row) for row in work.session.execute(wanted).all())


def search(work: Work, text: str, limit: int = 20, *, only_active: bool = True) -> tuple[PersonView, ...]:
    """Persons found by name, pinyin, initials, 工号 or their unit's name."""
    sought = text.strip().lower()
    if not sought:
        return ()
    matches = or_(
        PersonRow.name.contains(sought, autoescape=True),
        PersonRow.pinyin.startswith(sought, autoescape=True),
        PersonRow.initials.startswith(sought, autoescape=True),
        PersonRow.number.startswith(text.strip(), autoescape=True),
        OrgRow.name.contains(sought, autoescape=True),
    )
    wanted = _with_post(today(work)).where(matches).order_by(PersonRow.pinyin, PersonRow.number).limit(limit)
    if only_active:
        wanted = wanted.where(PersonRow.active)
    return tuple(_view(row) for row in work.session.execute(wanted).all())


def add(work: Work, new: NewPerson) -> int:
    """A new person; the id."""
    return int(work.session.execute(insert(PersonRow).values(**_values(new)).returning(PersonRow.id)).scalar_one())


def change(work: Work, person: int, new: NewPerson) -> None:
    """Replaces everything the person is made of; open tasks of someone inactive stay until they are handed over."""
    work.session.execute(update(PersonRow).where(PersonRow.id == person).values(**_values(new)))


def _values(new: NewPerson) -> dict[str, Any]:
    return {
        "number": new.number,
        "name": new.name,
        "email": new.email,
        "active": new.active,
        "pinyin": spelling.pinyin(new.name),
        "initials": spelling.initials(new.name),
    }


def _with_post(day: date) -> Select[Any]:
    primary = and_(
        PostRow.person_id == PersonRow.id, PostRow.is_primary, in_force(PostRow.valid_from, PostRow.valid_to, day)
    )
    return (
        select(
            PersonRow.__table__,
            PostRow.org_id,
            OrgRow.name.label("org_name"),
            PositionRow.name.label("title"),
            PositionRow.rank,
        )
        .outerjoin(PostRow, primary)
        .outerjoin(PositionRow, PositionRow.id == PostRow.position_id)
        .outerjoin(OrgRow, OrgRow.id == PostRow.org_id)
    )


def _view(row: Row[Any]) -> PersonView:
    return PersonView(
        id=row.id,
        number=row.number,
        name=row.name,
        email=row.email,
        active=row.active,
        org=row.org_id,
        org_name=row.org_name or "",
        title=row.title or "",
        rank=row.rank or "",
        pinyin=row.pinyin,
    )


_ACTIVE = Statement(select(PersonRow.id).where(PersonRow.id == bindparam("of"), PersonRow.active))
