"""A site without a browser: Flask's own client, signed in as one of the cast."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.kernel.clock import ManualClock
from engine.kernel.database import open_database
from engine.kernel.work import Store
from tests.builders import site as sites
from tests.builders.site import PASSWORD, Site

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@dataclass
class Person:
    """A browser without scripts: it keeps cookies and sends the token of the last page."""

    client: FlaskClient

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def post(self, path: str, sent: dict[str, Any] | None = None, **options: Any) -> Any:
        found = TOKEN.search(self.client.get("/account/").text) or TOKEN.search(self.client.get("/login").text)
        assert found
        return self.client.post(path, data={"csrf_token": found[1], **(sent or {})}, **options)


@pytest.fixture
def site(sqlite_url: str, clock: ManualClock, tmp_path: Path) -> Iterator[Site]:
    """On SQLite alone: pages hold no statements, what differs between databases is tested on the floors below."""
    database = open_database(sqlite_url)
    yield sites.build(Store(database, clock), tmp_path)
    database.dispose()


@pytest.fixture
def anonymous(site: Site) -> Person:
    return Person(site.app.test_client())


@pytest.fixture
def signed_in(site: Site) -> Callable[[str], Person]:
    def sign_in(account: str) -> Person:
        person = Person(site.app.test_client())
        answer = person.post("/login", {"account": account, "password": PASSWORD})
        assert answer.status_code in {302, 303}
        return person

    return sign_in
