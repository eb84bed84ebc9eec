"""What holds for every address: sign-in first, a token on every unsafe request, roles, strangers' things, headers."""

import re
from collections.abc import Callable, Iterator

from werkzeug.routing import Rule

from engine.people import roles
from engine.people.roles import Grant, Role
from tests.builders.site import ACCOUNTS, Site
from tests.integration.webui.conftest import Person
from webui import access, viewers
from webui.words import WORDS

PART = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<options>[^)]*)\))?:)?\w+>")
SAFE = {"GET", "HEAD", "OPTIONS"}
SignIn = Callable[[str], Person]


def test_nothing_but_the_door_opens_without_signing_in(site: Site, anonymous: Person) -> None:
    opened = [
        rule.endpoint
        for rule, path in _addresses(site)
        if "GET" in (rule.methods or ()) and anonymous.get(path).status_code == 200
    ]

    assert {name for name in opened if not name.startswith("api.")} <= {"signin.show", "assets.send", "static"}


def test_every_unsafe_address_refuses_a_request_without_a_token(site: Site, signed_in: SignIn) -> None:
    """A request without a CSRF token answers 400 with a sentence, and changes nothing."""
    _give_every_role(site, "admin")
    admin = signed_in("admin")
    unsafe = [(rule, path) for rule, path in _addresses(site) if set(rule.methods or ()) - SAFE]

    answers = {
        (path, method): admin.client.open(path, method=method)
        for rule, path in unsafe
        for method in set(rule.methods or ()) - SAFE
    }

    assert len(answers) > 20
    assert {key: answer.status_code for key, answer in answers.items() if answer.status_code != 400} == {}
    assert all("页面打开时间过长" in answer.text for answer in answers.values())


def test_a_page_for_roles_is_not_there_for_others(site: Site, signed_in: SignIn) -> None:
    """Each route × role: whoever lacks every role that a page names gets 404, never a hint that it exists."""
    told = {}
    for account in ACCOUNTS:
        person, held = signed_in(account), viewers.of(site.engine, site.person(account)).roles
        for rule, path in _addresses(site):
            needed = _needed(site, rule)
            if needed and held.isdisjoint(needed) and "GET" in (rule.methods or ()):
                told[account, path] = person.get(path).status_code

    assert len(told) > 30
    assert {key: code for key, code in told.items() if code != 404} == {}


def test_a_strangers_task_and_instance_are_not_there(site: Site, signed_in: SignIn) -> None:
    """Object level: 李建国 has nothing to do with the purchase; every address about it answers 404."""
    task = site.start("purchase", "采购申请")
    stranger = signed_in("li")
    about = [
        (rule, path)
        for rule, path in _addresses(site, task)
        if "task_id" in rule.arguments or rule.endpoint == "processes.instance"
    ]

    answers = {
        path: stranger.get(path).status_code
        if "GET" in (rule.methods or ())
        else stranger.post(path, _act(rule)).status_code
        for rule, path in about
    }

    assert len(answers) > 12
    assert set(answers.values()) == {404}, answers


def test_every_answer_carries_the_headers_that_keep_a_browser_safe(site: Site, signed_in: SignIn) -> None:
    person = signed_in("admin")

    answers = [person.get(path) for rule, path in _addresses(site) if "GET" in (rule.methods or ())]

    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy and "script-src 'unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"] or "immutable" in answer.headers["Cache-Control"]


def test_no_page_of_the_administrator_fails(site: Site, signed_in: SignIn) -> None:
    """Every page without arguments opens for somebody with every right, in both languages."""
    admin = signed_in("admin")
    paths = [path for rule, path in _addresses(site) if "GET" in (rule.methods or ()) and not rule.arguments]

    answers = {path: admin.get(path).status_code for path in paths}

    assert {path: code for path, code in answers.items() if code >= 500} == {}


def test_words_that_the_pages_use_for_roles_exist(site: Site) -> None:
    named = {role for rule, _path in _addresses(site) for role in _needed(site, rule)}

    assert {role for role in named if f"role.{role}" not in WORDS} == set()


def _addresses(site: Site, number: int = 1) -> Iterator[tuple[Rule, str]]:
    """Every rule with an address that fits it; ids are `number`, one of several names is the first."""

    def filled(part: re.Match[str]) -> str:
        kind, options = part["kind"], part["options"]
        return str(number) if kind == "int" else options.split(",")[0].strip("\"'") if options else "purchase"

    for rule in site.app.url_map.iter_rules():
        if not rule.endpoint.startswith(("api.", "static")):
            yield rule, PART.sub(filled, rule.rule)


def _give_every_role(site: Site, account: str) -> None:
    with site.engine.start_work() as work:
        for role in Role:
            roles.grant(work, Grant(site.person(account), role))
        work.commit()


def _needed(site: Site, rule: Rule) -> frozenset[str]:
    with site.app.app_context():
        needed = access.required(rule.endpoint)
    return frozenset() if needed == access.PUBLIC else frozenset(needed)


def _act(rule: Rule) -> dict[str, str]:
    """What a well-formed request of this kind holds, so that only the stranger is wrong with it."""
    known = {
        "decide": {"outcome": "APPROVED"},
        "transfer": {"to": "T001", "reason": "x"},
        "delegate": {"to": "T001"},
        "add": {"to": "T001", "place": "ADD_BEFORE"},
        "remove": {"person": "2"},
        "send_copy": {"to": "T001"},
    }
    return known.get(rule.endpoint.rpartition(".")[2], {})
