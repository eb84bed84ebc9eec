"""Making a regulation, on both databases (ux.md §4.28, REQ-048 to REQ-052, REQ-110)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from engine.kernel import settings
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.letters import regulating, regulations
from engine.letters.kinds import Level
from engine.letters.regulating import Draft
from engine.people import roles
from engine.people.roles import Grant, Role
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.integration.people.company import Company

DECEMBER = date(2026, 12, 1)
NEW_YEAR = date(2027, 1, 1)
LIMIT = "7"


def _draft(engine: Engine, company: Company, on: date = NEW_YEAR, **params: Any) -> int:
    made = regulating.copy_last(engine.start_work, "2027-1", on, company.zhao)
    wanted = Draft("2027-1", "管理办法 2027", on, params or {"drafting": {"weight_min": LIMIT}})
    regulating.change(engine.start_work, made, wanted, company.zhao)
    return made


def _least_weight(engine: Engine, day: date) -> str:
    with engine.start_work(reading=True) as work:
        return str(regulations.in_force(work, day).parameters.drafting.weight_min)


def test_a_version_is_in_force_from_its_day_on_and_older_letters_keep_theirs(
    engine: Engine, company: Company, clock: ManualClock
) -> None:
    """REQ-049: a letter is scored by the version it was created under."""
    with engine.start_work() as work:
        old = drafts.letter(work, company.project)
        work.commit()
    made = _draft(engine, company)
    regulating.hand_in(engine.start_work, made, company.zhao)
    regulating.approve(engine.start_work, made, company.admin)
    early = regulating.put_in_force_due(engine.start_work)
    clock.move(timedelta(days=60))
    late = regulating.put_in_force_due(engine.start_work)
    with engine.start_work() as work:
        new = drafts.letter(work, company.project, Level.MONTH, "202702")
        work.commit()

    assert (early, late) == (0, 1)
    assert (_least_weight(engine, date(2026, 12, 31)), _least_weight(engine, NEW_YEAR)) == ("5", LIMIT)
    assert (old.regulation, new.regulation) == (made - 1, made)
    with engine.start_work(reading=True) as work:
        assert regulating.reach(work, made - 1) == regulating.Reach(letters=1, running=1)


def test_who_hands_in_does_not_approve_unless_the_group_wants_it_so(engine: Engine, company: Company) -> None:
    with engine.start_work() as work:
        roles.grant(work, Grant(company.zhao, Role.PROCESS_OWNER))
        work.commit()
    made = _draft(engine, company)
    regulating.hand_in(engine.start_work, made, company.zhao)
    with pytest.raises(NotAllowed, match="second person"):
        regulating.approve(engine.start_work, made, company.zhao)
    with engine.start_work() as work:
        settings.write(work, regulating.TWO_PERSONS, False)
        work.commit()
    regulating.approve(engine.start_work, made, company.zhao)

    with engine.start_work(reading=True) as work:
        assert regulations.view(work, made).approved_by == company.zhao


def test_a_principle_is_locked_until_a_year_begins(engine: Engine, company: Company) -> None:
    """REQ-050, REQ-052: 朝令夕改 is refused with the day from which it may change."""
    made = regulating.copy_last(engine.start_work, "2026-2", DECEMBER, company.zhao)
    wanted = Draft("2026-2", "x", DECEMBER, {"drafting": {"weight_min": LIMIT}})
    with pytest.raises(InvalidInput) as refused:
        regulating.change(engine.start_work, made, wanted, company.zhao)
    regulating.change(engine.start_work, made, replace(wanted, params={"cycle": {"month_submit": 24}}), company.zhao)

    assert refused.value.fields["names"] == ["drafting.weight_min"]
    assert refused.value.fields["next"] == "2027-01-01"


def test_nothing_begins_inside_an_open_period(engine: Engine, company: Company) -> None:
    made = _draft(engine, company, date(2026, 11, 2), cycle={"month_submit": 24})
    with pytest.raises(InvalidInput) as refused:
        regulating.hand_in(engine.start_work, made, company.zhao)

    assert refused.value.fields["next"] == "2026-12-01"


def test_what_is_handed_in_stays_as_it_is_until_it_is_taken_back(engine: Engine, company: Company) -> None:
    made = _draft(engine, company)
    regulating.hand_in(engine.start_work, made, company.zhao)
    wanted = Draft("2027-1", "other", NEW_YEAR, {})
    with pytest.raises(Conflict):
        regulating.change(engine.start_work, made, wanted, company.zhao)
    regulating.take_back(engine.start_work, made, company.zhao)
    regulating.change(engine.start_work, made, wanted, company.zhao)

    with engine.start_work(reading=True) as work:
        assert regulations.view(work, made).title == "other"


def test_every_mistake_of_a_draft_is_told_by_its_name(engine: Engine, company: Company) -> None:
    made = regulating.copy_last(engine.start_work, "2027-1", NEW_YEAR, company.zhao)
    wrong = {"drafting": {"weight_min": "many"}, "cycle": {"month_submit": 99}}
    with pytest.raises(InvalidInput) as refused:
        regulating.change(engine.start_work, made, Draft("2027-1", "x", NEW_YEAR, wrong), company.zhao)

    assert set(refused.value.fields["mistakes"]) == {"drafting.weight_min", "cycle.month_submit"}


def test_a_head_of_a_unit_makes_no_regulation(engine: Engine, company: Company) -> None:
    with pytest.raises(NotAllowed):
        regulating.copy_last(engine.start_work, "2027-1", NEW_YEAR, company.li)
