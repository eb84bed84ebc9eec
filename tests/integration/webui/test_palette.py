"""The command palette finds what the viewer may see, by name, number and pinyin, with few statements."""

from collections.abc import Callable

import pytest

from engine.letters import joining
from engine.letters.kinds import Level
from tests.builders import counting, drafts
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from webui.pages import FAMILIES

SignIn = Callable[[str], Person]
MOST_STATEMENTS = 20


@pytest.fixture
def letter(site: Site) -> str:
    """The number of a letter of 城东项目部."""
    joining.join(site.engine)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        made = drafts.letter(work, site.company.project, Level.MONTH)
        work.commit()
    return made.no


def found(person: Person, text: str) -> str:
    return str(person.get("/palette", query_string={"q": text}).text)


@pytest.mark.parametrize("text", ["城东", "cdxmb", "chengdong"])
def test_u26_a_unit_and_its_letter_are_found_by_name_initials_and_pinyin(
    signed_in: SignIn, site: Site, letter: str, text: str
) -> None:
    page = found(signed_in("li"), text)

    assert "城东项目部" in page
    assert letter in page


def test_u26_a_letter_is_found_by_its_number(signed_in: SignIn, letter: str) -> None:
    page = found(signed_in("li"), f"#{letter}")

    assert letter in page
    assert "人员" not in page


def test_what_somebody_may_not_see_is_not_found(signed_in: SignIn, site: Site, letter: str) -> None:
    with site.engine.start_work() as work:
        other = drafts.letter(work, site.company.finance, Level.MONTH).no
        work.commit()

    assert letter in found(signed_in("li"), "ZRS")
    assert other not in found(signed_in("li"), "ZRS")
    assert other in found(signed_in("sun"), "ZRS")


def test_a_prefix_asks_for_one_group(signed_in: SignIn) -> None:
    person = signed_in("zhou")

    assert "王敏" in found(person, "@wm")
    assert "待办" in found(person, ">db")
    assert "王敏" not in found(person, ">wm")


def test_pages_that_are_not_for_the_viewer_are_no_commands(signed_in: SignIn) -> None:
    assert "/admin/users" in found(signed_in("admin"), ">")
    assert "/admin/users" not in found(signed_in("chen"), ">")


def test_an_instance_is_found_by_number_by_those_who_may_know_of_it(signed_in: SignIn, site: Site) -> None:
    site.start("purchase", "采购申请", starter="chen")

    assert "IN-1 采购申请" in found(signed_in("chen"), "#1")
    assert "IN-1" not in found(signed_in("li"), "#1")


def test_u25_a_search_takes_few_statements_however_much_it_finds(signed_in: SignIn, site: Site, letter: str) -> None:
    person = signed_in("zhou")
    for number in range(12):
        site.start("purchase", f"城东采购 {number}")
    found(person, "城东")

    with counting.statements() as counted:
        page = found(person, "城东")

    assert page.count("城东采购") == 5
    assert len(counted.texts) <= MOST_STATEMENTS, "\n".join(counted.texts)


def test_odd_texts_find_nothing_and_break_nothing(signed_in: SignIn) -> None:
    person = signed_in("zhou")

    for text in ("%", "_", "#99999999999999999999", "#²", "@", "'\"<script>", "x" * 500):
        assert person.get("/palette", query_string={"q": text}).status_code == 200
    assert "<script>" not in found(person, "<script>")


def test_u15_no_two_pages_share_a_key() -> None:
    taken = [entry.shortcut for family in FAMILIES for entry in family.entries if entry.shortcut]

    assert len(set(taken)) == len(taken)
