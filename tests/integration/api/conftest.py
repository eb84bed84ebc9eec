"""A site on both databases, and programs with tokens of the cast."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.kernel.work import Store
from engine.people import tokens
from engine.people.tokens import NewToken, Scope
from tests.builders import site as sites
from tests.builders.site import Site

API = "/api/v1"


@dataclass
class Program:
    """A program with a token; it knows nothing of cookies."""

    client: FlaskClient
    token: str

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(API + path, headers=self._headers(options.pop("headers", {})), **options)

    def post(self, path: str, sent: Any = None, *, key: str | None = None, headers: Any = None) -> Any:
        with_key = {"Idempotency-Key": key} if key else {}
        return self.client.post(API + path, json=sent, headers=self._headers({**with_key, **(headers or {})}))

    def _headers(self, more: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **more}


MakeProgram = Callable[..., Program]


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Iterator[Site]:
    yield sites.build(store, tmp_path)


@pytest.fixture
def program(site: Site) -> MakeProgram:
    def make(account: str, *scopes: Scope, days: int = 30) -> Program:
        new = NewToken(f"of {account}", frozenset(scopes or Scope), days)
        made = tokens.create(site.engine.start_work, site.person(account), new, actor=None)
        return Program(site.app.test_client(use_cookies=False), made.text)

    return make
