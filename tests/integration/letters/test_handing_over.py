"""交接 on both databases: everything somebody holds goes over in one act, or nothing does (APR-24, REQ-147)."""

import pytest
from sqlalchemy import select, update

from engine.kernel import audit
from engine.kernel.errors import InvalidInput, NotAllowed
from engine.letters import handing_over, headless, items, letters
from engine.letters.drafting import editing
from engine.letters.handing_over import HandOver
from engine.people import orgs, persons, roles, sessions
from engine.people.orgs import OrgRow
from engine.people.roles import Role
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.integration.people.company import Company


def _letter(engine: Engine, company: Company) -> int:
    """A draft of 城东项目部 with one item of 李建国."""
    with engine.start_work() as work:
        made = drafts.letter(work, company.project)
        work.commit()
    editing.add_item(engine.start_work, made.id, drafts.kpi(company, owner=company.li), actor=company.li)
    return made.id


def _leaves(company: Company, **given: object) -> HandOver:
    return HandOver(company.li, company.chen, "离职", **given)  # type: ignore[arg-type]  # its two switches


def test_letters_items_units_and_access_go_over_in_one_act(engine: Engine, company: Company) -> None:
    letter = _letter(engine, company)
    with engine.start_work() as work:
        sessions.open(work, company.li)
        work.commit()
    estate = handing_over.hand_over(engine, _leaves(company, leaves=True), company.admin)

    assert dict(estate.moving) == {"letters": 1, "items": 1, "heads": 1}
    with engine.start_work(reading=True) as work:
        assert letters.view(work, letter).party_b == company.chen
        assert [item.owner for item in items.of(work, letter)] == [company.chen]
        assert orgs.view(work, company.project).head == company.chen
        assert not persons.view(work, company.li).active
        assert sessions.of(work, company.li) == ()
        assert audit.of(work, f"person:{company.li}")[-1].act == "person.handed_over"


def test_what_cannot_be_finished_changes_nothing(engine: Engine, company: Company) -> None:
    """The last administrator stays, and so does everything they hold."""
    wanted = HandOver(company.admin, company.chen, "离职", leaves=True)
    with engine.start_work() as work:
        work.session.get_one(OrgRow, company.cost).head_id = company.admin
        work.commit()
    with pytest.raises(InvalidInput, match="last administrator"):
        handing_over.hand_over(engine, wanted, company.admin)

    with engine.start_work(reading=True) as work:
        assert orgs.view(work, company.cost).head == company.admin
        assert persons.view(work, company.admin).active


def test_roles_go_over_where_that_is_asked_for(engine: Engine, company: Company) -> None:
    handing_over.hand_over(
        engine, HandOver(company.zhao, company.chen, "调岗", leaves=True, with_roles=True), company.admin
    )

    with engine.start_work(reading=True) as work:
        assert roles.has(work, company.chen, Role.OPS_HEAD)
        assert not roles.has(work, company.zhao, Role.OPS_HEAD)


def test_a_head_of_a_unit_hands_nobody_over(engine: Engine, company: Company) -> None:
    with pytest.raises(NotAllowed):
        handing_over.hand_over(engine, _leaves(company), company.li)


def test_a_unit_without_a_head_tells_what_waits_and_who_answers(engine: Engine, company: Company) -> None:
    """ux.md §4.14: a unit without head shows what it breaks."""
    _letter(engine, company)
    with engine.start_work() as work:
        work.session.execute(update(OrgRow).where(OrgRow.id == company.project).values(head_id=None))
        letter = work.session.execute(select(letters.LetterRow)).scalars().one()
        letter.party_b_id = None
        work.commit()

    with engine.start_work(reading=True) as work:
        assert headless.of(work, company.project) == headless.Headless(1, 0, 0, "钱卫东")
        assert headless.of(work, company.cost) is None
