"""Signing in and out: cookies, the same answer for unknown and wrong, where one is led, the demo's tiles."""

from collections.abc import Callable

import pytest

from tests.builders.site import PASSWORD, Site
from tests.integration.webui.conftest import Person

SignIn = Callable[[str], Person]


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_from_elsewhere(anonymous: Person) -> None:
    answer = anonymous.post("/login", {"account": "zhou", "password": PASSWORD})

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_unknown_and_wrong_get_the_same_answer(anonymous: Person) -> None:
    unknown = anonymous.post("/login", {"account": "nobody", "password": PASSWORD})
    wrong = anonymous.post("/login", {"account": "zhou", "password": "not this one"})

    assert (unknown.status_code, wrong.status_code) == (422, 422)
    assert "账号或密码不正确" in unknown.text and "账号或密码不正确" in wrong.text


def test_signing_out_ends_the_session_on_the_server(signed_in: SignIn) -> None:
    person = signed_in("zhou")
    kept = person.client.get_cookie("letterflow")
    person.post("/logout")

    assert kept
    person.client.set_cookie("letterflow", kept.value)
    assert person.get("/").status_code == 302


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_after_signing_in_nobody_is_led_elsewhere(anonymous: Person, target: str) -> None:
    answer = anonymous.post("/login", {"account": "zhou", "password": PASSWORD, "next": target})

    assert answer.location == "/"


def test_after_signing_in_the_wanted_page_opens(anonymous: Person) -> None:
    asked = anonymous.get("/inbox?tab=done")
    answer = anonymous.post("/login", {"account": "zhou", "password": PASSWORD, "next": "/inbox?tab=done"})

    assert "next=/inbox?tab%3Ddone" in asked.location
    assert answer.location == "/inbox?tab=done"


def test_an_unknown_field_is_refused(anonymous: Person) -> None:
    answer = anonymous.post("/login", {"account": "zhou", "password": PASSWORD, "role": "ADMIN"})

    assert answer.status_code == 422
    assert "此处没有这个字段" in answer.text


def test_nobody_changes_who_they_are_outside_the_demo(site: Site, signed_in: SignIn) -> None:
    person = signed_in("zhou")

    assert person.post("/demo/become", {"person": str(site.person("admin"))}).status_code == 404
    assert person.post("/demo/clock/", {"to": "day"}).status_code == 404


def test_in_the_demo_one_click_signs_in(site: Site) -> None:
    site.app.config["DEMO"] = True
    person = Person(site.app.test_client())

    shown = person.get("/login").text
    person.post("/demo/become", {"person": str(site.person("li"))})

    assert "演示" in shown and "李建国" in shown
    assert "李建国" in person.get("/").text


def test_the_language_of_the_sign_in_page_stays_until_another_is_chosen(anonymous: Person) -> None:
    """U12: who signs in on the English page reads English pages."""
    anonymous.get("/login?lang=en")

    anonymous.post("/login", {"account": "zhou", "password": PASSWORD})

    assert '<html lang="en"' in anonymous.get("/").text
