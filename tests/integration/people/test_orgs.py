"""Organisation units on both databases: subtree, inheritance, search."""

from dataclasses import replace

import pytest

from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.work import Store
from engine.people import orgs, persons, posts, roles, superiors
from engine.people.orgs import ControlMode, NewOrg, OrgType
from engine.people.posts import NewPost, Rank
from engine.people.roles import Grant, Role
from tests.integration.people.company import Company, found


@pytest.fixture
def company(store: Store) -> Company:
    with store.start_work() as work:
        founded = found(work)
        work.commit()
    return founded


def test_a_unit_without_a_control_mode_takes_its_parents(store: Store, company: Company) -> None:
    """REQ-010, REQ-014: the mode is set per unit and inherited."""
    with store.start_work(reading=True) as work:
        project = orgs.view(work, company.project)

    assert (project.control_mode, project.own_control_mode, project.leader) == (
        ControlMode.STRATEGIC,
        None,
        company.zhou,
    )


def test_a_subtree_holds_the_unit_and_everything_below(store: Store, company: Company) -> None:
    with store.start_work(reading=True) as work:
        assert orgs.subtree(work, company.east) == {company.east, company.project}


def test_the_tree_lists_parents_before_children(store: Store, company: Company) -> None:
    with store.start_work(reading=True) as work:
        codes = [(org.depth, org.code) for org in orgs.tree(work)]

    assert codes == [(0, "XH"), (1, "XH-CB"), (1, "XH-CW"), (1, "XH-E"), (2, "XH-E-CD")]


def test_moving_a_unit_moves_what_lies_below(store: Store, company: Company) -> None:
    with store.start_work() as work:
        orgs.change(work, company.east, NewOrg("XH-E", "东区公司", OrgType.SUBSIDIARY, company.cost))
        moved = orgs.view(work, company.project).path

    assert moved == (company.group, company.cost, company.east, company.project)


def test_a_unit_cannot_lie_below_itself(store: Store, company: Company) -> None:
    with store.start_work() as work, pytest.raises(InvalidInput, match="below itself"):
        orgs.change(work, company.east, NewOrg("XH-E", "东区公司", OrgType.SUBSIDIARY, company.project))


def test_an_unknown_unit_is_not_found(store: Store) -> None:
    with store.start_work(reading=True) as work, pytest.raises(NotFound):
        orgs.view(work, 404)


@pytest.mark.parametrize("text", ["城东", "cdxmb", "chengdong", "xh-e-cd"])
def test_a_unit_is_found_by_name_initials_pinyin_and_code(store: Store, company: Company, text: str) -> None:
    """U26: the palette finds 城东项目部 by `cdxmb`."""
    with store.start_work(reading=True) as work:
        assert [org.id for org in orgs.search(work, text)] == [company.project]


@pytest.mark.parametrize("text", ["李建", "lijian", "ljg", "T002"])
def test_a_person_is_found_by_name_pinyin_initials_and_number(store: Store, company: Company, text: str) -> None:
    with store.start_work(reading=True) as work:
        found_persons = persons.search(work, text)

    assert [(person.id, person.org_name, person.title) for person in found_persons] == [
        (company.li, "城东项目部", "项目总经理")
    ]


def test_someone_inactive_is_neither_found_nor_holds_a_role(store: Store, company: Company) -> None:
    with store.start_work() as work:
        gone = persons.view(work, company.zhao)
        persons.change(work, company.zhao, persons.NewPerson(gone.number, gone.name, active=False))

        assert (persons.search(work, "赵雪"), roles.holders(work, Role.OPS)) == ((), ())


def test_a_second_primary_post_on_the_same_day_is_refused(store: Store, company: Company) -> None:
    with store.start_work() as work, pytest.raises(InvalidInput, match="primary"):
        posts.take(work, NewPost(company.chen, company.cost, "造价师", Rank.R5))


def test_the_nearest_grant_of_a_role_counts(store: Store, company: Company) -> None:
    with store.start_work() as work:
        roles.grant(work, Grant(company.chen, Role.OPS, company.east))

        assert roles.holders(work, Role.OPS, company.project) == (company.chen,)
        assert roles.holders(work, Role.OPS, company.cost) == (company.zhao,)
        assert roles.holders(work, Role.OPS) == tuple(sorted((company.chen, company.zhao)))


def test_head_and_leader_are_roles_that_follow_from_the_unit(store: Store, company: Company) -> None:
    with store.start_work(reading=True) as work:
        assert roles.holders(work, Role.ORG_HEAD, company.project) == (company.li,)
        assert roles.holders(work, Role.LEADER, company.project) == (company.zhou,)


def test_superiors_climb_from_head_to_leader_to_president(store: Store, company: Company) -> None:
    with store.start_work(reading=True) as work:
        assert superiors.line(work, company.chen) == (company.li, company.zhou, company.president)
        assert superiors.of(work, company.li) == company.zhou
        assert superiors.of(work, company.president) is None


def test_an_inactive_superior_is_passed_over(store: Store, company: Company) -> None:
    with store.start_work() as work:
        head = persons.view(work, company.li)
        persons.change(work, company.li, replace(persons.NewPerson(head.number, head.name), active=False))

        assert superiors.of(work, company.chen) == company.zhou
