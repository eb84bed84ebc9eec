"""The organisation as a workbook in the template's form: what is exported can be imported again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel import workbook
from engine.kernel.work import Work
from engine.people import authority, credentials, orgs, persons, posts, roles, workbook_sheets
from engine.people.workbook_sheets import AUTHORITY, GRANTS, ORGS, PERSONS, POSTS


def export(work: Work) -> bytes:
    """All units in force, all persons, posts and roles, and the authority matrix; never a password."""
    group = _Group.read(work)
    lines = {
        ORGS.name: list(group.units(work)),
        PERSONS.name: list(group.people(work)),
        POSTS.name: list(group.posts(work)),
        GRANTS.name: list(group.grants(work)),
        AUTHORITY.name: list(_matrix(work)),
    }
    return workbook.write(workbook_sheets.ALL, lines)


@dataclass(frozen=True)
class _Group:
    """How ids are written: units by code, persons by 工号."""

    codes: Mapping[int, str]
    numbers: Mapping[int, str]

    @classmethod
    def read(cls, work: Work) -> "_Group":
        codes = {org: code for code, org in orgs.codes(work).items()}
        return cls(codes, {each.id: each.number for each in persons.everyone(work)})

    def units(self, work: Work) -> Iterator[dict[str, Any]]:
        for org in orgs.tree(work):
            yield {
                "code": org.code,
                "name": org.name,
                "type": org.type,
                "parent": self.codes.get(org.parent or 0),
                "head": self.numbers.get(org.head or 0),
                "leader": self.numbers.get(org.own_leader or 0),
                "control_mode": org.own_control_mode,
                "categories": org.categories,
                "valid_from": org.valid_from,
                "valid_to": org.valid_to,
            }

    def people(self, work: Work) -> Iterator[dict[str, Any]]:
        accounts = credentials.accounts(work)
        for each in persons.everyone(work):
            said = {"number": each.number, "name": each.name, "email": each.email}
            yield {**said, "account": accounts.get(each.id), "active": each.active}

    def posts(self, work: Work) -> Iterator[dict[str, Any]]:
        for each in posts.everyone(work):
            place = {"person": self.numbers[each.person], "org": self.codes[each.org]}
            dates = {"valid_from": each.valid_from, "valid_to": each.valid_to}
            yield {**place, "title": each.title, "rank": each.rank, "is_primary": each.is_primary, **dates}

    def grants(self, work: Work) -> Iterator[dict[str, Any]]:
        for each in roles.everyone(work):
            org = None if each.org is None else self.codes[each.org]
            dates = {"valid_from": each.valid_from, "valid_to": each.valid_to}
            yield {"person": self.numbers[each.person], "role": each.role, "org": org, **dates}


def _matrix(work: Work) -> Iterator[dict[str, Any]]:
    kinds = {kind.code: kind for kind in authority.types(work)}
    for row in authority.everyone(work):
        kind = kinds[row.type]
        yield {**vars(row), "name": kind.name, "category": kind.category}
