"""A real browser on a served site; each test has its own site, its own people, its own clock."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from engine.kernel.clock import ManualClock
from engine.kernel.database import open_database
from engine.kernel.work import Store
from tests.browser import browsers
from tests.builders import site as sites
from tests.builders.site import PASSWORD, Site
from webui.frontend.build import build as build_frontend
from webui.translations.build import build as build_catalogues

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PURCHASES = 23
SEALINGS = 2


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    build_frontend()
    build_catalogues()
    found = browsers.find()
    environment: dict[str, str | float | bool] = {**os.environ, **found.environment}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.executable, args=list(browsers.FLAGS), env=environment, timeout=60_000
        )
        yield browser
        browser.close()


@pytest.fixture
def site(sqlite_url: str, clock: ManualClock, tmp_path: Path) -> Iterator[Site]:
    """The served site: 25 tasks wait for 周文博 (23 purchases that 王敏 may decide too, 2 that need an opinion)."""
    database = open_database(sqlite_url)
    made = sites.build(Store(database, clock), tmp_path / "files")
    for number in range(PURCHASES):
        made.start("purchase", f"采购申请 {number:02}")
    for number in range(SEALINGS):
        made.start("sealing", f"用印申请 {number}")
    made.start("report", "十一月进展")
    with sites.served(made):
        yield made
    database.dispose()


@dataclass
class Visitor:
    """Somebody at a browser; `requests` are those the page made, `problems` what the console complained of."""

    page: Page
    site: Site
    requests: list[Request] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.site.address + path)
        return self.page

    def sign_in(self, account: str) -> Page:
        self.open("/login")
        self.page.fill("#account", account)
        self.page.fill("#password", PASSWORD)
        self.page.click("button.btn-primary")
        self.page.wait_for_url(self.site.address + "/")
        return self.page

    def speak(self, language: str) -> None:
        self.open("/account/")
        self.page.check(f"input[name=language][value={language}]")
        with self.page.expect_navigation():
            self.page.click("form[action$=look] button[type=submit]")


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chrome: Browser, site: Site) -> Iterator[Visit]:
    """`visit("zhou")` is 周文博 at a desk; `phone=True`, `dark=True`, `scripts=False` change the browser."""
    opened: list[BrowserContext] = []

    def begin(account: str | None = None, *, phone: bool = False, dark: bool = False, scripts: bool = True) -> Visitor:
        context = chrome.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]  # playwright's own typed dict
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            has_touch=phone,
        )
        opened.append(context)
        context.set_default_timeout(10_000)
        visitor = Visitor(context.new_page(), site)
        visitor.page.on("request", lambda request: visitor.requests.append(request))  # noqa: PLW0108  (playwright marks functions)
        visitor.page.on("console", lambda said: visitor.problems.append(said.text) if said.type == "error" else None)
        visitor.page.on("pageerror", lambda error: visitor.problems.append(str(error)))
        if account:
            visitor.sign_in(account)
        return visitor

    yield begin
    for context in opened:
        context.close()
