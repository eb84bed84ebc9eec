"""The import of an organisation workbook: a dry run that lists everything, then all of the file or nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.kernel import audit, workbook
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.sheets import Line, Problem, Sheet
from engine.kernel.work import StartWork, Work
from engine.people import authority, credentials, orgs, persons, posts, roles, workbook_checks, workbook_sheets
from engine.people.authority import Authority, Condition, Duty, WorkItemType
from engine.people.orgs import ControlMode, NewOrg, OrgType
from engine.people.persons import NewPerson
from engine.people.posts import NewPost, Rank
from engine.people.roles import Grant, Role
from engine.people.workbook_sheets import AUTHORITY, GRANTS, ORGS, PERSONS, POSTS


@dataclass(frozen=True)
class Report:
    """What an import found and did; problems with severity error refuse the whole file."""

    problems: tuple[Problem, ...]
    orgs: int = 0
    persons: int = 0
    kept: bool = False

    @property
    def refused(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


def template() -> bytes:
    """An empty workbook with all sheets and headings."""
    return workbook.write(workbook_sheets.ALL)


def load(
    start_work: StartWork, content: bytes, *, actor: int | None, dry_run: bool = False, password: str | None = None
) -> Report:
    """Import an organisation workbook; units are known by code, persons by 工号, so that it can be imported again.

    Accounts are kept; `password` gives everybody with an account and no password yet this first one (demonstrations
    only). Every problem is listed, not only the first kind. Raises InvalidInput where it is no workbook at all.
    """
    hashed = credentials.hashed(password) if password else None
    checked = workbook_checks.check(workbook.read(content, workbook_sheets.ALL))
    if checked.broken:
        return Report(checked.problems)
    with start_work() as work:
        loading = _Loading(work, checked.lines, hashed, checked.promised)
        loading.run()
        report = Report((*checked.problems, *loading.problems), len(loading.orgs), len(loading.persons))
        if report.refused or dry_run:
            return report
        detail = {"orgs": report.orgs, "persons": report.persons}
        audit.append(work, "organisation", "organisation.imported", actor=actor, detail=detail)
        work.commit()
    return Report(report.problems, report.orgs, report.persons, kept=True)


class _Promised(Exception):
    """A line rests on another that cannot be read; it says nothing of its own."""


@dataclass
class _Loading:
    """One import under way: what codes and numbers mean by now, and what was wrong."""

    work: Work
    lines: Mapping[str, tuple[Line, ...]]
    hashed: str | None
    promised: frozenset[str] = frozenset()  # codes and numbers of lines left out: naming them is not wrong
    orgs: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def run(self) -> None:
        self.orgs = dict(orgs.codes(self.work))
        self.persons = {person.number: person.id for person in persons.everyone(self.work)}
        self._each(PERSONS, self._person)
        self._units()
        self._each(POSTS, self._post)
        self._each(GRANTS, self._grant)
        self._matrix()

    def _each(self, sheet: Sheet, take: Callable[[Mapping[str, Any]], None]) -> None:
        for line in self.lines[sheet.name]:
            try:
                take(line.values)
            except _Promised:
                continue
            except (InvalidInput, NotFound) as wrong:
                self._problem(sheet, line.row, wrong)

    def _problem(self, sheet: Sheet, row: int, wrong: InvalidInput | NotFound) -> None:
        message, _, remedy = wrong.message.partition(": ")
        key = wrong.fields.get("column", "")
        heading = next((column.heading for column in sheet.columns if column.key == key), "")
        self.problems.append(Problem(sheet.name, row, heading, wrong.code, message, remedy, fields=wrong.fields))

    def _person(self, said: Mapping[str, Any]) -> None:
        number = said["number"]
        new = NewPerson(number, said["name"], said["email"] or "", said["active"] is not False)
        if number in self.persons:
            persons.change(self.work, self.persons[number], new)
        else:
            self.persons[number] = persons.add(self.work, new)
        person = self.persons[number]
        if said["account"]:
            credentials.keep_account(self.work, person, said["account"], self.hashed)

    def _units(self) -> None:
        """Parents before children, whatever their order in the sheet; who lies in a circle stays behind and is told."""
        waiting = list(self.lines[ORGS.name])
        coming = {line.values["code"] for line in waiting}
        while waiting:
            ready = [line for line in waiting if line.values["parent"] not in coming]
            if not ready:
                self._circle(waiting)
                return
            for line in ready:
                self._unit_line(line)
            coming -= {line.values["code"] for line in ready}
            waiting = [line for line in waiting if line not in ready]

    def _unit_line(self, line: Line) -> None:
        try:
            self._unit(line.values)
        except (InvalidInput, NotFound) as wrong:
            self._problem(ORGS, line.row, wrong)

    def _circle(self, lines: Iterable[Line]) -> None:
        for line in lines:
            code = line.values["code"]
            wrong = InvalidInput("org.cycle", f"'{code}' lies below itself: correct 上级编码", column="parent")
            self._problem(ORGS, line.row, wrong)

    def _unit(self, said: Mapping[str, Any]) -> None:
        mode = said["control_mode"]
        new = NewOrg(
            said["code"],
            said["name"],
            OrgType(said["type"]),
            parent=self._known("parent", said, self.orgs, "org.unknown"),
            head=self._known("head", said, self.persons, "person.unknown"),
            leader=self._known("leader", said, self.persons, "person.unknown"),
            control_mode=ControlMode(mode) if mode else None,
            is_professional_center=bool(said["categories"]),
            categories=said["categories"],
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
        )
        if new.code in self.orgs:
            orgs.change(self.work, self.orgs[new.code], new)
        else:
            self.orgs[new.code] = orgs.add(self.work, new)

    def _known(self, key: str, said: Mapping[str, Any], known: Mapping[str, int], code: str) -> int | None:
        name = said[key]
        if name in self.promised:
            return None
        if name and name not in known:
            raise InvalidInput(
                code, f"'{name}' is not known: add it to the workbook, or correct it", column=key, name=name
            )
        return known.get(name)

    def _must(self, key: str, said: Mapping[str, Any], known: Mapping[str, int], code: str) -> int:
        found = self._known(key, said, known, code)
        if found is None:
            raise _Promised
        return found

    def _post(self, said: Mapping[str, Any]) -> None:
        posts.take(
            self.work,
            NewPost(
                self._must("person", said, self.persons, "person.unknown"),
                self._must("org", said, self.orgs, "org.unknown"),
                said["title"],
                Rank(said["rank"]),
                said["is_primary"] is not False,
                said["valid_from"],
                said["valid_to"],
            ),
        )

    def _grant(self, said: Mapping[str, Any]) -> None:
        person = self._must("person", said, self.persons, "person.unknown")
        org = self._known("org", said, self.orgs, "org.unknown")
        roles.grant(self.work, Grant(person, Role(said["role"]), org, said["valid_from"], said["valid_to"]))

    def _matrix(self) -> None:
        lines = self.lines[AUTHORITY.name]
        if not lines:
            return
        kinds = {line.values["type"]: _kind(line.values) for line in lines}
        try:
            authority.replace(self.work, kinds.values(), [_authority(line.values) for line in lines])
        except InvalidInput as wrong:
            self._problem(AUTHORITY, lines[0].row, wrong)


def _kind(said: Mapping[str, Any]) -> WorkItemType:
    return WorkItemType(said["type"], said["name"], said["category"] or "")


def _authority(said: Mapping[str, Any]) -> Authority:
    order = None if said["order"] is None else int(said["order"])
    scope = (said["org_type"], said["control_mode"])
    actor, primary = said["actor"], bool(said["primary"])
    condition = Condition(said["condition"] or "")
    return Authority(said["type"], Duty(said["duty"]), actor, *scope, order, primary, said["article"] or "", condition)
