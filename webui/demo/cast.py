"""Looking people, organisations, letters and items of the example group up by what everybody calls them."""

from dataclasses import dataclass

from sqlalchemy import select

from engine.kernel.errors import NotFound
from engine.kernel.work import StartWork
from engine.letters import content, items, letters
from engine.letters.content import Content
from engine.letters.items import ItemView
from engine.letters.kinds import Level
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import LetterState
from engine.letters.watching import warnings
from engine.letters.watching.warnings import WarningView
from engine.people import orgs, persons, roles
from engine.people.orgs import OrgView
from engine.people.roles import Role

GONE = (LetterState.VOID, LetterState.SUPERSEDED)


@dataclass(frozen=True)
class Cast:
    """The group as people talk of it; `period` is the month that is played."""

    start_work: StartWork
    period: str

    def org(self, code: str) -> OrgView:
        with self.start_work(reading=True) as work:
            found = orgs.find(work, code)
        if found is None:
            raise NotFound("demo.org", f"the example group has no organisation {code}", org=code)
        return found

    def head(self, code: str) -> int:
        """The head of an organisation."""
        return _there(self.org(code).head, code)

    def leader(self, code: str) -> int:
        """The leader in charge of an organisation."""
        return _there(self.org(code).leader, code)

    def ops(self) -> int:
        """Somebody of plan and operations who may force, consent and close."""
        with self.start_work(reading=True) as work:
            return roles.holders(work, Role.OPS)[0]

    def name(self, person: int | None) -> str:
        with self.start_work(reading=True) as work:
            return "" if person is None else persons.view(work, person).name

    def month(self, code: str) -> LetterView:
        """The organisation's letter of the played month, its newest version."""
        with self.start_work(reading=True) as work:
            found = letters.versions(work, self.org(code).id, Level.MONTH, self.period)
        return max((each for each in found if each.status not in GONE), key=lambda each: each.version)

    def months(self) -> list[LetterView]:
        """All letters of the played month, by number."""
        wanted = select(LetterRow.id).where(LetterRow.level == Level.MONTH, LetterRow.period == self.period)
        with self.start_work(reading=True) as work:
            ids = list(
                work.session.execute(wanted.where(LetterRow.status.not_in(GONE)).order_by(LetterRow.no)).scalars()
            )
            return [letters.view(work, each) for each in ids]

    def content(self, letter: int) -> Content:
        with self.start_work(reading=True) as work:
            return content.load(work, letter)

    def item(self, letter: int, name: str) -> ItemView:
        """The item of that name."""
        with self.start_work(reading=True) as work:
            return next(each for each in items.of(work, letter) if each.name == name)

    def warning(self, item: int) -> WarningView | None:
        """The open warning of an item."""
        with self.start_work(reading=True) as work:
            return warnings.open_of(work, [item]).get(item)


def _there(person: int | None, code: str) -> int:
    if person is None:
        raise NotFound("demo.person", f"organisation {code} of the example group lacks somebody", org=code)
    return person
