"""Which addresses there are: links are followed as each role; the application's own map says what was missed."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule
from werkzeug.test import TestResponse

from tests.browser.walk.group import Group

PARAMETERS = {"name": "letters", "kind": "letters"}
"""What stands for a part of an address that no link names."""
NOT_FOLLOWED = ("static", "assets.", "api.")
"""Files of the shell, and what programs read."""
MOST_OF_ONE = 3
"""Addresses of one page that are asked for, as one role."""
CLIENT = {"Accept": "text/html"}


@dataclass(frozen=True)
class Stop:
    """A page of the walk; `role` is a key of the group's people or duties."""

    role: str
    endpoint: str
    path: str


@dataclass
class Found:
    """What following the links gave: pages worth a visit, and every endpoint that answered."""

    stops: list[Stop] = field(default_factory=list)
    endpoints: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=lambda: {"static", "assets.send"})
    broken: list[str] = field(default_factory=list)
    _parts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, stop: Stop, page: html.HtmlElement) -> None:
        """Worth a visit when some part of the page was on no visited page of this endpoint."""
        parts = set(_parts(page))
        if not parts <= self._parts[stop.endpoint]:
            self._parts[stop.endpoint] |= parts
            self.stops.append(stop)


def legs(group: Group, found: Found) -> Iterator[Callable[[], list[Stop]]]:
    """Follow every link as nobody, as every role, and as everybody who has work of a kind that nobody had before.

    Each leg goes as one of them, after those before it, and answers what is worth their visit.
    """
    yield partial(_follow, group, "nobody", None, found, ["/login"])
    for role, person in group.people.items():
        yield partial(_follow, group, role, person, found, ["/", *_without_links(group.app)])
    for name, (person, path) in group.duties.items():
        yield partial(_follow, group, name, person, found, [path], only_new=True)


def _as(group: Group, person: int | None) -> FlaskClient:
    client = group.app.test_client()
    if person is None:
        return client
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/login").text)
    assert token
    client.post("/demo/become", data={"csrf_token": token[1], "person": person})
    return client


def missed(app: Flask, found: Found) -> list[str]:
    """Readable addresses of the application that nobody came to."""
    readable = {rule.endpoint for rule in app.url_map.iter_rules() if _readable(rule)}
    return sorted(each for each in readable - found.endpoints if not each.startswith(NOT_FOLLOWED))


def _readable(rule: Rule) -> bool:
    return "GET" in (rule.methods or ())


def _follow(
    group: Group, role: str, person: int | None, found: Found, waiting: list[str], *, only_new: bool = False
) -> list[Stop]:
    client, before = _as(group, person), len(found.stops)
    known = group.app.url_map.bind("localhost")
    asked: dict[str, set[str]] = defaultdict(set)
    origin: dict[str, str] = {}
    done = set(found.endpoints) - {known.match(path)[0] for path in waiting} if only_new else set()
    given = set(waiting)
    while waiting:
        path = waiting.pop(0)
        endpoint = _endpoint(known, path)
        mine = asked[endpoint or ""]
        if not endpoint or endpoint in found.files | done or path in mine or len(mine) >= MOST_OF_ONE:
            continue
        mine.add(path)
        answer = client.get(path, headers=CLIENT)
        if answer.status_code >= HTTPStatus.BAD_REQUEST and path not in given:
            found.broken.append(f"{role} {path}: {answer.status_code}, from {origin.get(path)}")
        if answer.status_code == HTTPStatus.OK:
            found.endpoints.add(endpoint)
            links = _read(Stop(role, endpoint, path), answer, found)
            origin |= {link: path for link in links if link not in origin}
            waiting.extend(links)
        elif answer.location:
            waiting.append(answer.location)
    return found.stops[before:]


def _read(stop: Stop, answer: TestResponse, found: Found) -> list[str]:
    """The links of a page; a file is asked for once, a workbook says the same to everybody."""
    if answer.mimetype != "text/html":
        found.files.add(stop.endpoint)
        return []
    page = html.fromstring(answer.text)
    if "<!doctype" in answer.text[:200].lower():
        found.take(stop, page)
    return list(_links(page, stop.path))


def _without_links(app: Flask) -> list[str]:
    """Addresses without parts, and those whose parts the table names."""
    found = []
    for rule in app.url_map.iter_rules():
        if _readable(rule) and rule.arguments <= set(PARAMETERS) and not rule.endpoint.startswith(NOT_FOLLOWED):
            found.append(rule.build({name: PARAMETERS[name] for name in rule.arguments}, append_unknown=False)[1])  # type: ignore[index]  # always builds
    return sorted(found)


def _endpoint(known: MapAdapter, path: str) -> str | None:
    try:
        endpoint, _arguments = known.match(path.partition("?")[0], method="GET")
    except HTTPException:  # not an address of this application, or one that only takes forms
        return None
    return str(endpoint)


def _links(page: html.HtmlElement, here: str) -> Iterator[str]:
    for link in page.xpath("//*[@href or @hx-get]"):
        for name in ("href", "hx-get"):
            address = (link.get(name) or "").partition("#")[0]
            if address.startswith("?"):
                address = here.partition("?")[0] + address
            if address.startswith("/") and not address.startswith("//"):
                yield address


def _parts(page: html.HtmlElement) -> Iterator[str]:
    """What a page is built of: elements with their classes and the attributes that behaviours look for."""
    for each in page.iter():
        if isinstance(each.tag, str):
            yield f"{each.tag}.{'.'.join(sorted((each.get('class') or '').split()))}"
            yield from (name for name in each.attrib if name.startswith(("data-", "aria-", "hx-")))
