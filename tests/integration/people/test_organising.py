"""Changing the organisation by day, on both databases (ux.md §4.14, REQ-007)."""

from datetime import date, timedelta

import pytest

from engine.kernel import audit
from engine.kernel.clock import ManualClock
from engine.kernel.errors import InvalidInput, NotAllowed, NotFound
from engine.kernel.work import Store
from engine.people import org_changes, org_days, organising, orgs, posts, roles, staffing
from engine.people.organising import Reshaping
from engine.people.orgs import ControlMode, NewOrg, OrgType
from engine.people.posts import NewPost, Rank
from engine.people.roles import Grant, Role
from tests.integration.people.company import Company, found

TODAY = date(2026, 11, 2)
NEXT_MONTH = date(2026, 12, 1)


@pytest.fixture
def company(store: Store) -> Company:
    with store.start_work() as work:
        founded = found(work)
        work.commit()
    return founded


def _head(store: Store, org: int) -> int | None:
    with store.start_work(reading=True) as work:
        return orgs.view(work, org).head


def test_a_new_head_from_today_on_is_head_at_once(store: Store, company: Company) -> None:
    changed = organising.reshape(
        store.start_work, Reshaping(company.project, TODAY, {"head_id": company.chen}), company.admin
    )

    assert changed
    assert _head(store, company.project) == company.chen


def test_a_head_named_for_a_later_day_becomes_head_on_that_day(
    store: Store, company: Company, clock: ManualClock
) -> None:
    wanted = Reshaping(company.project, NEXT_MONTH, {"head_id": company.chen})
    organising.reshape(store.start_work, wanted, company.admin)
    early = org_days.apply_due(store.start_work)
    before = _head(store, company.project)
    clock.move(timedelta(days=30))
    late = org_days.apply_due(store.start_work)

    assert (early, before) == (0, company.li)
    assert (late, _head(store, company.project)) == (1, company.chen)


def test_the_tree_of_another_day_shows_the_heads_of_that_day(
    store: Store, company: Company, clock: ManualClock
) -> None:
    """生效日: earlier days as they were, later ones as they will be."""
    organising.reshape(store.start_work, Reshaping(company.project, TODAY, {"head_id": company.chen}), company.admin)
    later = Reshaping(company.project, NEXT_MONTH, {"head_id": company.wang, "parent_id": company.cost})
    organising.reshape(store.start_work, later, company.admin)

    with store.start_work(reading=True) as work:
        days = (TODAY - timedelta(days=1), TODAY, NEXT_MONTH)
        found_units = [next(org for org in org_days.tree(work, day) if org.id == company.project) for day in days]

    assert [org.head for org in found_units] == [company.li, company.chen, company.wang]
    assert found_units[-1].path == (company.group, company.cost, company.project)
    assert found_units[-1].control_mode is ControlMode.STRONG


def test_a_planned_change_can_be_called_off_before_its_day(store: Store, company: Company) -> None:
    wanted = Reshaping(company.project, NEXT_MONTH, {"head_id": company.chen})
    organising.reshape(store.start_work, wanted, company.admin)
    with store.start_work(reading=True) as work:
        waiting = org_changes.coming(work, org=company.project)
    organising.call_off(store.start_work, waiting[0].id, company.admin)

    with store.start_work(reading=True) as work:
        assert org_changes.coming(work, org=company.project) == ()
    with pytest.raises(NotFound, match="called off already"):
        organising.call_off(store.start_work, waiting[0].id, company.admin)


def test_a_unit_with_people_in_it_is_not_closed(store: Store, company: Company) -> None:
    with pytest.raises(InvalidInput, match="2 people stay") as refused:
        organising.close(store.start_work, company.project, NEXT_MONTH, company.admin)

    assert refused.value.fields["people"] == 2


def test_an_empty_unit_is_closed_by_day_and_missing_afterwards(store: Store, company: Company) -> None:
    new = NewOrg("XH-N", "新设部", OrgType.DEPT, parent=company.group)
    org = organising.found(store.start_work, new, company.admin)
    organising.close(store.start_work, org, TODAY, company.admin)

    with store.start_work(reading=True) as work:
        today, tomorrow = ({unit.id for unit in org_days.tree(work, TODAY + timedelta(days=days))} for days in (0, 1))
    assert org in today
    assert org not in tomorrow


def test_days_gone_by_and_people_gone_are_refused(store: Store, company: Company) -> None:
    with pytest.raises(InvalidInput, match="has passed"):
        organising.reshape(
            store.start_work, Reshaping(company.project, date(2026, 10, 1), {"head_id": company.chen}), company.admin
        )
    with store.start_work() as work:
        staffing.leave_in(work, company.chen, TODAY, company.admin)
        work.commit()
    with pytest.raises(InvalidInput, match="not here any more"):
        organising.reshape(
            store.start_work, Reshaping(company.project, TODAY, {"head_id": company.chen}), company.admin
        )


def test_only_human_resources_and_administrators_change_units(store: Store, company: Company) -> None:
    """REQ-007: HR owns units, posts and duties."""
    with pytest.raises(NotAllowed, match="HR, ADMIN"):
        organising.reshape(store.start_work, Reshaping(company.project, TODAY, {"head_id": company.chen}), company.li)


def test_a_planned_move_into_a_circle_is_refused_on_its_day_and_told(
    store: Store, company: Company, clock: ManualClock
) -> None:
    organising.reshape(
        store.start_work, Reshaping(company.cost, NEXT_MONTH, {"parent_id": company.finance}), company.admin
    )
    organising.reshape(store.start_work, Reshaping(company.finance, TODAY, {"parent_id": company.cost}), company.admin)
    clock.move(timedelta(days=30))
    applied = org_days.apply_due(store.start_work)

    with store.start_work(reading=True) as work:
        acts = [entry.act for entry in audit.of(work, org_days.STREAM)]
    assert applied == 0
    assert acts[-1] == "organisation.refused"


def test_the_last_administrator_stays(store: Store, company: Company) -> None:
    """ux.md §4.26: the rule is told."""
    with pytest.raises(InvalidInput, match="last administrator"):
        staffing.withdraw(store.start_work, Grant(company.admin, Role.ADMIN), company.admin)


def test_a_new_primary_post_ends_the_one_before(store: Store, company: Company) -> None:
    staffing.take_post(
        store.start_work, NewPost(company.chen, company.cost, "成本经理", Rank.R3, valid_from=NEXT_MONTH), company.admin
    )

    with store.start_work(reading=True) as work:
        orgs_by_day = [posts.primary_org(work, company.chen, day) for day in (date(2026, 11, 30), NEXT_MONTH)]
    assert orgs_by_day == [company.project, company.cost]


def test_only_an_administrator_makes_administrators(store: Store, company: Company) -> None:
    with store.start_work() as work:
        roles.grant(work, Grant(company.sun, Role.HR))
        work.commit()

    staffing.grant(store.start_work, Grant(company.chen, Role.OPS), company.sun)
    with pytest.raises(NotAllowed):
        staffing.grant(store.start_work, Grant(company.chen, Role.ADMIN), company.sun)
