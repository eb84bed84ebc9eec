"""Personal tokens: what opens, what does not, and that nothing but a hash is kept."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from engine.kernel import audit
from engine.kernel import config as configuration
from engine.kernel.clock import ManualClock
from engine.kernel.errors import InvalidInput, NotFound
from engine.people import persons, tokens
from engine.people.persons import NewPerson
from engine.people.tokens import NewToken, Scope, TokenRow
from engine.upgrade import upgrade
from tests.builders.site import PASSWORD, Site
from tests.integration.api.conftest import API, MakeProgram
from tests.integration.webui.conftest import Person
from webui import wiring
from webui.cli import letterflow

READ = frozenset({Scope.READ})


def made(site: Site, account: str = "zhou", name: str = "export", days: int = 30) -> tokens.Created:
    return tokens.create(site.engine.start_work, site.person(account), NewToken(name, READ, days), actor=None)


def rows(site: Site) -> list[Any]:
    with site.engine.start_work(reading=True) as work:
        return list(work.connection.execute(select(TokenRow.__table__)))


def asked(site: Site, header: str) -> Any:
    return site.app.test_client(use_cookies=False).get(f"{API}/me", headers={"Authorization": header})


def test_a_token_acts_for_its_person_and_only_its_hash_is_kept(site: Site, clock: ManualClock) -> None:
    token = made(site)

    answer = asked(site, f"Bearer {token.text}")

    assert (answer.status_code, answer.json["name"]) == (200, "周文博")
    (row,) = rows(site)
    assert token.text not in str(row) and row.hint == token.text[:8] and len(row.token_hash) == 64
    assert row.used_at == clock.now()


@pytest.mark.parametrize("header", ["Bearer lf_wrong", "Bearer ", "Basic emhvdTpsZXR0ZXJmbG93", "lf_x", ""])
def test_what_is_no_token_opens_nothing(site: Site, header: str) -> None:
    answer = asked(site, header)

    assert (answer.status_code, answer.json["code"]) == (401, "token.needed")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.mimetype == "application/problem+json"


def test_a_token_ends_by_itself(site: Site, clock: ManualClock) -> None:
    token = made(site, days=7)

    clock.move(timedelta(days=7, seconds=-1))
    before = asked(site, f"Bearer {token.text}").status_code
    clock.move(timedelta(seconds=1))
    after = asked(site, f"Bearer {token.text}").status_code

    assert (before, after) == (200, 401)


def test_a_revoked_token_opens_nothing_and_both_are_told_in_the_history(site: Site) -> None:
    token, zhou = made(site), site.person("zhou")

    tokens.revoke(site.engine.start_work, zhou, token.token.id, actor=zhou)

    assert asked(site, f"Bearer {token.text}").status_code == 401
    with site.engine.start_work(reading=True) as work:
        told = [(each.act, each.detail["name"]) for each in audit.of(work, f"person:{zhou}")]
        assert tokens.of(work, zhou) == ()
    assert told[-2:] == [("token.created", "export"), ("token.revoked", "export")]


def test_the_token_of_somebody_who_left_does_nothing(site: Site) -> None:
    token = made(site)
    with site.engine.start_work() as work:
        persons.change(work, site.person("zhou"), NewPerson("T001", "周文博", active=False))
        work.commit()

    assert asked(site, f"Bearer {token.text}").status_code == 401


def test_a_token_does_what_its_scopes_say_and_no_more(site: Site, program: MakeProgram) -> None:
    task, reader = site.start("purchase", "采购"), program("zhou", Scope.READ)
    actor = program("zhou", Scope.TASKS)

    refused = reader.post(f"/tasks/{task}/decision", {"outcome": "APPROVED"})

    assert reader.get(f"/tasks/{task}").status_code == 200
    assert (refused.status_code, refused.json["code"]) == (403, "token.scope_missing")
    assert refused.json["fields"]["scopes"] == ["tasks"]
    assert actor.get("/letters").status_code == 403
    assert actor.post(f"/tasks/{task}/decision", {"outcome": "APPROVED"}).status_code == 200


def test_scopes_give_no_rights_that_the_person_lacks(site: Site, program: MakeProgram) -> None:
    everything = program("zhou")

    fetched = everything.post("/work/fetch", {"worker": "w", "topics": ["print"]})
    started = everything.post("/definitions/purchase/instances", {})

    assert (fetched.status_code, started.status_code) == (403, 403)
    assert fetched.json["code"] == "api.role"


def test_a_token_opens_no_page(site: Site) -> None:
    token = made(site)

    page = site.app.test_client(use_cookies=False).get("/letters", headers={"Authorization": f"Bearer {token.text}"})

    assert page.status_code == 302


def test_a_session_may_ask_too_but_must_bring_the_pages_token(site: Site) -> None:
    """CSRF: a cookie comes along with whatever page sends the request; a personal token does not."""
    task, zhou = site.start("purchase", "采购"), Person(site.app.test_client())
    zhou.post("/login", {"account": "zhou", "password": PASSWORD})
    sent = {"outcome": "APPROVED"}

    forged = zhou.client.post(f"{API}/tasks/{task}/decision", json=sent)
    page = zhou.get("/account/").text
    csrf = page.split('name="csrf-token" content="')[1].split('"')[0]
    meant = zhou.client.post(f"{API}/tasks/{task}/decision", json=sent, headers={"X-CSRFToken": csrf})

    assert (forged.status_code, forged.json["code"]) == (400, "request.forged")
    assert meant.status_code == 200


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (NewToken("", READ, 1), "token.name"),
        (NewToken("x" * 81, READ, 1), "token.name"),
        (NewToken("x", frozenset(), 1), "token.scope"),
        (NewToken("x", READ, 0), "token.days"),
        (NewToken("x", READ, 367), "token.days"),
    ],
)
def test_a_token_that_cannot_be_is_refused(site: Site, new: NewToken, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        tokens.create(site.engine.start_work, site.person("zhou"), new, actor=None)

    assert refused.value.code == code


def test_nobody_has_more_than_twenty_and_nobody_revokes_anothers(site: Site) -> None:
    mine = [made(site, name=f"t{number}") for number in range(20)]

    with pytest.raises(InvalidInput, match="revoke one first"):
        made(site)
    with pytest.raises(NotFound):
        tokens.revoke(site.engine.start_work, site.person("sun"), mine[0].token.id, actor=None)


def test_the_settings_show_a_new_token_once_and_revoke_it(site: Site) -> None:
    zhou = Person(site.app.test_client())
    zhou.post("/login", {"account": "zhou", "password": PASSWORD})

    shown = zhou.post("/account/tokens", {"name": "夜间导出", "scopes": ["read", "tasks"], "days": "90"})
    text = shown.text.split('id="new-token" class="secret">')[1].split("<")[0]
    later = zhou.get("/account/").text

    assert asked(site, f"Bearer {text}").json["token"]["scopes"] == ["read", "tasks"]
    assert "夜间导出" in later and text not in later and text[:8] in later
    assert zhou.post("/account/tokens/1/revoke").status_code == 303
    assert asked(site, f"Bearer {text}").status_code == 401


def test_the_form_of_a_token_says_what_is_missing_and_keeps_the_rest(site: Site) -> None:
    zhou = Person(site.app.test_client())
    zhou.post("/login", {"account": "zhou", "password": PASSWORD})

    nameless = zhou.post("/account/tokens", {"name": "", "scopes": ["tasks"], "days": "90"})
    scopeless = zhou.post("/account/tokens", {"name": "导出", "days": "90"})
    too_long = zhou.post("/account/tokens", {"name": "导出", "scopes": ["read"], "days": "9999"})

    assert [each.status_code for each in (nameless, scopeless, too_long)] == [422, 422, 422]
    assert 'value="tasks" checked' in nameless.text
    assert "请至少选择一项" in scopeless.text and 'value="导出"' in scopeless.text
    assert "366" in too_long.text


def test_the_command_line_makes_lists_and_revokes_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LETTERFLOW_DATABASE__URL", f"sqlite:///{tmp_path / 'cli.sqlite3'}")
    monkeypatch.setenv("LETTERFLOW_SERVER__SECRET_KEY", "k" * 48)
    config = tmp_path / "c.toml"
    config.write_text("")
    run = CliRunner()

    def command(*words: str) -> str:
        done = run.invoke(letterflow, ["--config", str(config), *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return str(done.output)

    database = wiring.open_configured(configuration.load(config))
    upgrade(database)
    database.dispose()
    command("user", "add", "T001", "周文博", "--password", "letterflow")

    text = command("token", "create", "T001", "export", "--scope", "read", "--days", "30").strip()
    listed = command("token", "list", "T001")
    revoked = command("token", "revoke", "T001", "1")

    assert text.startswith("lf_")
    assert "export\tread" in listed and text not in listed
    assert revoked == "token 1: revoked\n"
    assert command("token", "list") == ""
