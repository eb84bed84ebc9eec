"""Users: found, invited, given posts and roles, reset, replaced (ux.md §4.26)."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.people import persons, posts, roles, sessions
from engine.people.persons import NewPerson
from engine.people.roles import Role
from tests.builders.counting import statements
from tests.builders.site import Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]
NEW = {"number": "T900", "name": "林小雨", "account": "linxiaoyu", "title": "专员", "rank": "R5"}


@pytest.fixture
def admin(signed_in: SignIn) -> Person:
    return signed_in("admin")


def _password(page: str) -> str:
    found = re.search(r"<code>[^<]+</code> <code>([^<]+)</code>", page)
    assert found
    return found[1]


def _person(site: Site, number: str) -> persons.PersonView:
    with site.engine.start_work(reading=True) as work:
        found = persons.find(work, number)
    assert found
    return found


def test_an_invited_person_signs_in_with_the_password_shown_once_and_chooses_their_own(
    site: Site, admin: Person, anonymous: Person
) -> None:
    page = admin.post("/admin/users", {**NEW, "org": site.company.cost})
    entered = anonymous.post("/login", {"account": "linxiaoyu", "password": _password(page.text)})
    first = anonymous.get("/inbox")

    assert entered.status_code in {302, 303}
    assert first.headers["Location"].endswith("/account/")
    assert _person(site, "T900").org == site.company.cost


@pytest.mark.parametrize(("change", "told"), [({"number": "T001"}, "工号 T001 已被占用"), ({"account": "li"}, "li")])
def test_what_is_taken_is_told_and_what_was_typed_stays(admin: Person, change: dict[str, str], told: str) -> None:
    answer = admin.post("/admin/users", {**NEW, **change})

    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="林小雨"' in answer.text


@pytest.mark.parametrize("text", ["林小雨", "linxiao", "lxy", "T900"])
def test_somebody_is_found_by_name_pinyin_initials_and_number(admin: Person, text: str) -> None:
    admin.post("/admin/users", NEW)

    assert "林小雨" in admin.get("/admin/users", query_string={"q": text}).text


def test_posts_are_taken_and_ended_by_day(site: Site, admin: Person) -> None:
    path = f"/admin/users/{site.company.chen}/posts"
    taken = admin.post(path, {"org": site.company.cost, "title": "成本经理", "rank": "R3", "starts": "2026-12-01"})
    refused = admin.post(path, {"org": site.company.cost, "title": "", "rank": "R3", "starts": "2026-12-01"})

    assert (taken.status_code, refused.status_code) == (303, 422)
    with site.engine.start_work(reading=True) as work:
        held = posts.of(work, site.company.chen)
    assert [(post.title, str(post.valid_from), str(post.valid_to)) for post in held] == [
        ("成本经理", "2026-12-01", "None"),
        ("工程师", "None", "2026-11-30"),
    ]


def test_roles_are_granted_and_withdrawn_and_the_last_administrator_stays(site: Site, admin: Person) -> None:
    mine = f"/admin/users/{site.company.chen}/roles"
    admin.post(mine, {"role": "OPS", "org": site.company.east})
    admin.post(f"{mine}/withdraw", {"role": "OPS", "org": site.company.east})
    own = f"/admin/users/{site.company.admin}/roles/withdraw"
    refused = admin.post(own, {"role": "ADMIN"})

    with site.engine.start_work(reading=True) as work:
        assert not roles.has(work, site.company.chen, Role.OPS)
        assert roles.has(work, site.company.admin, Role.ADMIN)
    assert refused.status_code == 422
    assert "最后一位管理员" in refused.text


def test_a_circle_of_substitutes_is_refused_with_its_names(site: Site, admin: Person) -> None:
    days = {"starts": "2026-11-02", "ends": "2026-11-06"}
    admin.post(f"/admin/users/{site.company.chen}/substitutes", {"to": "李建国", **days})
    refused = admin.post(f"/admin/users/{site.company.li}/substitutes", {"to": "陈思远", **days})

    assert refused.status_code == 422
    assert "李建国 → 陈思远 → 李建国" in refused.text or "李建国" in refused.text


def test_ended_sessions_are_over_at_once(site: Site, admin: Person, signed_in: SignIn) -> None:
    chen = signed_in("chen")
    admin.post(f"/admin/users/{site.company.chen}/sessions")

    assert chen.get("/inbox").status_code in {302, 303}
    with site.engine.start_work(reading=True) as work:
        assert sessions.of(work, site.company.chen) == ()


def test_human_resources_keep_people_and_administrators_keep_passwords(site: Site, signed_in: SignIn) -> None:
    with site.engine.start_work() as work:
        roles.grant(work, roles.Grant(site.company.sun, Role.HR))
        work.commit()
    sun = signed_in("sun")

    assert sun.get(f"/admin/users/{site.company.chen}").status_code == 200
    assert sun.post(f"/admin/users/{site.company.chen}/password", {"account": "chen"}).status_code == 404
    assert signed_in("li").get("/admin/users").status_code == 404


def test_ten_times_the_people_cost_no_more_statements(site: Site, admin: Person) -> None:
    def count() -> int:
        with statements() as counted:
            assert admin.get("/admin/users").status_code == 200
        return counted.count

    few = count()
    with site.engine.start_work() as work:
        for number in range(80):
            persons.add(work, NewPerson(f"B{number:03}", f"员工{number}"))
        work.commit()

    assert count() == few


def test_the_list_goes_on_behind_its_fiftieth_line(site: Site, admin: Person) -> None:
    with site.engine.start_work() as work:
        for number in range(80):
            persons.add(work, NewPerson(f"B{number:03}", f"员工{number}"))
        work.commit()
    first = admin.get("/admin/users").text
    more = re.search(r'href="(/admin/users\?after=[^"]+)"', first)

    assert more
    assert "员工79" in admin.get(more[1]).text
    assert "员工79" not in first


def test_the_list_is_downloaded_as_a_workbook(admin: Person) -> None:
    answer: Any = admin.get("/admin/users.xlsx")

    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
