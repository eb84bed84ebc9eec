"""domain.md §14: own subtree, parties, shared items; OPS, president, committee, auditors see all; strangers nothing."""

import pytest
from sqlalchemy import insert, update

from engine.kernel.errors import NotAllowed, NotFound
from engine.kernel.work import Store, Work
from engine.letters import access, letters
from engine.letters.commitments import CommitmentRow
from engine.letters.drafting import copying
from engine.letters.kinds import Level
from engine.letters.letters import LetterRow
from engine.letters.states import LetterState
from engine.people import orgs, persons, posts, roles
from engine.people.orgs import NewOrg, OrgType
from engine.people.persons import NewPerson
from engine.people.posts import NewPost, Rank
from engine.people.roles import Grant, Role
from tests.builders import drafts
from tests.integration.people.company import Company


def somebody(work: Work, company: Company, number: str, org: int | None = None) -> int:
    """A new person, with a post in a unit of the group."""
    person = persons.add(work, NewPerson(number, number))
    home = org or orgs.add(work, NewOrg(f"O{number}", f"O{number}", OrgType.CENTER, company.group))
    posts.take(work, NewPost(person, home, "专员", Rank.R5))
    return person


def sees(work: Work, letter: int, person: int) -> bool:
    try:
        access.see(work, letter, person)
    except NotFound:
        return False
    return True


def test_the_line_above_and_the_unit_see_a_letter_and_strangers_do_not(store: Store, company: Company) -> None:
    with store.start_work() as work:
        letter = drafts.letter(work, company.project).id
        stranger = somebody(work, company, "S1")
        colleague = somebody(work, company, "S2", company.project)

        assert all(sees(work, letter, each) for each in (company.li, company.chen, company.zhou, colleague))
        assert all(sees(work, letter, each) for each in (company.president, company.zhao, company.wang))
        assert not sees(work, letter, stranger)
        roles.grant(work, Grant(stranger, Role.AUDITOR))
        assert sees(work, letter, stranger)


def test_whoever_owns_an_item_provides_its_figures_or_promised_help_sees_the_letter(
    store: Store, company: Company
) -> None:
    """Collaborators see shared items."""
    with store.start_work() as work:
        letter = drafts.letter(work, company.project).id
        unit = orgs.add(work, NewOrg("HZ", "合作中心", OrgType.CENTER, company.group))
        head = somebody(work, company, "H1", unit)
        orgs.change(work, unit, NewOrg("HZ", "合作中心", OrgType.CENTER, company.group, head=head))
        owner = somebody(work, company, "H2")
        assert not sees(work, letter, head) and not sees(work, letter, owner)

        item = copying.add_item(work, letter, drafts.kpi(company, owner=owner, data_provider=None), actor=None)
        assert sees(work, letter, owner) and not sees(work, letter, head)
        asked = {"letter_id": letter, "item_id": item, "provider_id": unit, "content": "x", "turns": []}
        work.session.execute(insert(CommitmentRow).values(**asked))
        assert sees(work, letter, head)


def test_letters_are_read_by_those_with_whom_they_are_filed(store: Store, company: Company) -> None:
    """Whoever is told that a letter is in force may follow the link."""
    with store.start_work() as work:
        head = drafts.letter(work, company.project)
        unit = orgs.add(work, NewOrg("DW", "档案中心", OrgType.CENTER, company.group))
        whole, apart = somebody(work, company, "F1", unit), somebody(work, company, "F2", unit)
        roles.grant(work, Grant(whole, Role.HR))
        roles.grant(work, Grant(apart, Role.HR, unit))

        assert sees(work, head.id, whole) and not sees(work, head.id, apart)
        assert not access.writes(work, head, whole)


def test_readers_do_not_write(store: Store, company: Company) -> None:
    with store.start_work() as work:
        letter = drafts.letter(work, company.project).id
        assert access.edit(work, letter, company.li).id == letter
        for reader in (company.zhou, company.chen, company.zhao, company.president):
            with pytest.raises(NotAllowed):
                access.edit(work, letter, reader)


def test_scores_are_hidden_until_they_are_published_except_from_the_chain_that_scores(
    store: Store, company: Company
) -> None:
    with store.start_work() as work:
        letter = drafts.letter(work, company.project, Level.MONTH)
        seen = {
            state: [
                access.sees_scores(work, _in(work, letter.id, state), person)
                for person in (company.li, company.chen, company.zhou, company.zhao)
            ]
            for state in (LetterState.SCORING, LetterState.PUBLISHED)
        }

    assert seen[LetterState.SCORING] == [False, False, True, True]
    assert seen[LetterState.PUBLISHED] == [True, True, True, True]


def _in(work: Work, letter: int, state: LetterState) -> letters.LetterView:
    work.session.execute(update(LetterRow).where(LetterRow.id == letter).values(status=state))
    return letters.view(work, letter)
