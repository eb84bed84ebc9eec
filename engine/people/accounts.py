"""Persons as an administrator lists them: account, roles and when they were last here, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.kernel.work import Work
from engine.people import persons
from engine.people.credentials import CredentialRow
from engine.people.dates import in_force, today
from engine.people.persons import PersonRow, PersonView
from engine.people.roles import Role, RoleRow
from engine.people.sessions import SessionRow

PAGE = 50


@dataclass(frozen=True)
class Account:
    """A person with how they sign in (None: not at all), today's granted roles, and when a session was last used."""

    person: PersonView
    account: str | None
    roles: tuple[Role, ...]
    seen_at: datetime | None


def page(work: Work, text: str = "", *, after: str = "", limit: int = PAGE) -> tuple[Account, ...]:
    """Persons by 工号 behind `after`; with a text those found by it (name, pinyin, number, unit), by pinyin."""
    if text.strip():
        return of(work, persons.search(work, text, limit, only_active=False))
    wanted = select(PersonRow.id).where(PersonRow.number > after).order_by(PersonRow.number).limit(limit)
    ids = list(work.session.execute(wanted).scalars())
    known = persons.many(work, ids)
    return of(work, [known[person] for person in ids])


def of(work: Work, wanted: Iterable[PersonView]) -> tuple[Account, ...]:
    """The accounts of these persons, in their order; three statements, however many they are."""
    people = list(wanted)
    ids = [person.id for person in people]
    names = dict(_pairs(work, select(CredentialRow.person_id, CredentialRow.account), CredentialRow.person_id, ids))
    latest = select(SessionRow.person_id, func.max(SessionRow.seen_at)).group_by(SessionRow.person_id)
    seen = dict(_pairs(work, latest, SessionRow.person_id, ids))
    valid = in_force(RoleRow.valid_from, RoleRow.valid_to, today(work))
    granted = select(RoleRow.person_id, RoleRow.role).where(valid).order_by(RoleRow.role)
    held: dict[int, list[Role]] = {}
    for person, role in _pairs(work, granted, RoleRow.person_id, ids):
        held.setdefault(person, []).append(Role(role))
    return tuple(Account(each, names.get(each.id), tuple(held.get(each.id, ())), seen.get(each.id)) for each in people)


def one(work: Work, person: int) -> Account:
    """The account of one person. Raises NotFound."""
    return of(work, [persons.view(work, person)])[0]


def _pairs(work: Work, query: Any, column: Any, ids: list[int]) -> list[Any]:  # a select and rows of two columns
    return [tuple(row) for row in work.session.execute(query.where(column.in_(ids)))]
