"""A password that an administrator set is changed before anything else is done with it."""

import re
from typing import Any

import pytest

from tests.builders.site import PASSWORD, Site
from tests.integration.webui.conftest import Person

SHOWN = re.compile(r"<code[^>]*>([^<]{12})</code>")
OWN = "battery staple"


@pytest.fixture
def given(site: Site) -> str:
    """The password that the administrator's page shows after resetting 李建国's."""
    admin = Person(site.app.test_client())
    admin.post("/login", {"account": "admin", "password": PASSWORD})
    page = admin.post(f"/admin/users/{site.person('li')}/password", {"account": "li"}).text
    found = SHOWN.search(page)
    assert found, page
    return found[1]


@pytest.fixture
def held(site: Site, given: str) -> Person:
    """李建国, signed in with that password."""
    person = Person(site.app.test_client())
    answer = person.post("/login", {"account": "li", "password": given, "next": "/inbox"})
    assert answer.status_code in {302, 303}
    return person


def _changed(person: Person, old: str, new: str) -> Any:
    return person.post("/account/password", {"old_password": old, "new_password": new, "again": new})


def test_whoever_got_a_password_is_led_to_the_form_for_a_new_one(held: Person) -> None:
    answers = [held.get(path) for path in ("/", "/inbox", "/inbox?tab=done", "/there-is-no-such-page")]
    form = held.get("/account/").text

    assert [(each.status_code, each.location) for each in answers[:3]] == [(303, "/account/")] * 3
    assert answers[3].status_code == 404
    assert "当前密码由他人设置" in form and "/account/password" in form and "/account/look" not in form


def test_acts_are_led_there_too_and_change_nothing(held: Person) -> None:
    answer = held.post("/account/look", {"language": "en", "theme": "dark", "density": "compact", "size": "100"})

    assert (answer.status_code, answer.location) == (303, "/account/")


@pytest.mark.parametrize("asked", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_scripts_get_a_refusal_in_words(held: Person, asked: dict[str, str]) -> None:
    answer = held.get("/inbox", headers=asked)

    assert answer.status_code == 403
    assert "您的密码由他人设置" in (answer.json["detail"] if answer.is_json else answer.text)


def test_the_given_password_again_is_not_a_new_one(held: Person, given: str) -> None:
    answer = _changed(held, given, given)

    assert answer.status_code == 422 and "新密码与当前密码相同" in answer.text
    assert held.get("/inbox").status_code == 303


def test_with_a_password_of_ones_own_every_page_opens(held: Person, given: str) -> None:
    _changed(held, given, OWN)
    over = held.get("/inbox")
    signed_in = held.post("/login", {"account": "li", "password": OWN, "next": "/inbox"})

    assert over.location.startswith("/login")
    assert signed_in.location == "/inbox"
    assert held.get("/inbox").status_code == 200


def test_signing_out_stays_possible(held: Person) -> None:
    assert held.post("/logout").location == "/login"
