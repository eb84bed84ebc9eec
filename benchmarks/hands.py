"""Scripted users: acts by mouse and by keyboard in a real browser, counted and timed by the keystroke-level model.

K 0.28 s a key, P 1.1 s a pointing, B 0.2 s a click, M 1.35 s a decision (Card, Moran, Newell 1980); to this the time
that the browser really took until the result was to be seen.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.group import Group, seeded
from engine import upgrade
from engine.kernel.clock import SystemClock
from engine.kernel.database import open_database
from engine.kernel.work import Store
from tests.browser import browsers
from tests.builders import site as sites
from tests.builders.site import Site
from webui.demo.habits import PASSWORD

KEY, POINT, CLICK, THINK = 0.28, 1.1, 0.2, 1.35
DESK = {"width": 1440, "height": 900}


@dataclass
class Hands:
    """Somebody at a browser; counts what hands and head do, and how long the machine lets them wait."""

    page: Page
    address: str
    keys: int = 0
    points: int = 0
    clicks: int = 0
    thinks: int = 0
    waited: float = 0.0
    _since: float = field(default_factory=time.perf_counter)

    def click(self, target: str) -> None:
        self.points += 1
        self.clicks += 1
        self._begin()
        self.page.locator(target).first.click()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += key.count("+") + 1
            self._begin()
            self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Letters as typed; a Chinese one takes two keys and its share of choosing one."""
        self.keys += sum(3 if ord(letter) > 0x2E80 else 1 for letter in text)
        self.page.keyboard.type(text)

    def think(self, times: int = 1) -> None:
        self.thinks += times

    def see(self, target: str, text: str | None = None) -> None:
        """Until this is to be seen."""
        place = self.page.locator(target).first
        expect(place).to_be_visible()
        if text is not None:
            expect(place).to_contain_text(text)
        self.waited += time.perf_counter() - self._since

    def told(self) -> dict[str, Any]:
        model = self.keys * KEY + self.points * POINT + self.clicks * CLICK + self.thinks * THINK
        return {
            "clicks": self.clicks,
            "keys": self.keys,
            "points": self.points,
            "klm_s": round(model, 1),
            "waited_s": round(self.waited, 2),
            "total_s": round(model + self.waited, 1),
        }

    def _begin(self) -> None:
        self._since = time.perf_counter()


Script = Callable[[Hands, Group], None]


def decide_by_mouse(hands: Hands, _group: Group) -> None:
    title = hands.page.locator("#detail .detail-title").inner_text()
    hands.think()
    hands.click("button[value=APPROVED]")
    hands.click("[data-sends]")
    expect(hands.page.locator("#last-act")).to_contain_text(title[:8])
    hands.see("#last-act")


def decide_by_keyboard(hands: Hands, _group: Group) -> None:
    hands.think()
    hands.press("a", "Control+Enter")
    hands.see("#last-act", "已同意")


def take_back(hands: Hands, _group: Group) -> None:
    hands.press("a", "Control+Enter")
    hands.see("#last-act", "已同意")
    hands.keys, hands.waited = 0, 0.0
    hands.think()
    hands.press("z")
    hands.see("#detail .detail-title")


def reject_by_keyboard(hands: Hands, _group: Group) -> None:
    hands.think()
    hands.press("r")
    hands.write("成本依据不足")
    hands.press("Control+Enter")
    hands.see("#last-act", "已拒绝")


def batch_by_mouse(hands: Hands, _group: Group) -> None:
    hands.think()
    for number in range(8):
        hands.points += 1
        hands.clicks += 1
        hands.page.locator("[name=pick]").nth(number).check()
    hands.click("[data-batch] button")
    hands.think()
    hands.click("#batch-dialog button.btn-primary")
    hands.see("#batch-dialog li", "✓")


def first_task_by_mouse(hands: Hands, _group: Group) -> None:
    hands.think()
    hands.click(".page-head .btn-primary")
    hands.see("#detail .detail-title")


def first_task_by_keyboard(hands: Hands, _group: Group) -> None:
    hands.think()
    hands.press("Enter")
    hands.see("#detail .detail-title")


def unit_by_palette(hands: Hands, _group: Group) -> None:
    hands.think()
    hands.press("Control+k")
    hands.write("cdxmb")
    hands.see("#palette [role=option]", "城东项目部")
    hands.press("Enter")
    hands.see("h1")


def progress_on_track(hands: Hands, _group: Group) -> None:
    hands.think()
    hands.click(".report.here input[name=actual], .report.here input[name=percent]")
    hands.press("Control+a")
    hands.write("72")
    hands.press("Control+Enter")
    hands.see("h1")


DESK_SCRIPTS: dict[str, tuple[str, Script]] = {
    "decide, with mouse": ("/inbox", decide_by_mouse),
    "decide, with keys": ("/inbox", decide_by_keyboard),
    "take a decision back, with keys": ("/inbox", take_back),
    "reject with six characters, with keys": ("/inbox", reject_by_keyboard),
    "approve eight together, with mouse": ("/inbox", batch_by_mouse),
    "first task after sign-in, with mouse": ("/", first_task_by_mouse),
    "first task after sign-in, with keys": ("/", first_task_by_keyboard),
}
GROUP_SCRIPTS: dict[str, tuple[str, str, Script]] = {
    "find a unit by its initials": ("zhouwenbo", "/processes/", unit_by_palette),
    "progress of an item on track": ("chensiyuan", "/letters/progress", progress_on_track),
}


def measured() -> dict[str, dict[str, Any]]:
    """Each script: clicks, keys, pointings, seconds of the model, seconds waited, both together."""
    found = {}
    with _chrome() as chrome:
        with _desk() as site:
            for name, (path, script) in DESK_SCRIPTS.items():
                found[name] = _play(chrome, site.address, ("zhou", sites.PASSWORD), path, script, None)
        with seeded() as group, sites.served(Site(group.app, group.engine, None)) as site:  # type: ignore[arg-type]  # its company is the demo's
            for name, (account, path, script) in GROUP_SCRIPTS.items():
                found[name] = _play(chrome, site.address, (account, PASSWORD), path, script, group)
    return found


def table(found: dict[str, dict[str, Any]]) -> str:
    """The figures as a Markdown table."""
    head = "| act | clicks | keys | pointings | model s | waited s | together s |\n|---|---|---|---|---|---|---|\n"
    return head + "".join(f"| {name} | " + " | ".join(map(str, each.values())) + " |\n" for name, each in found.items())


def _play(  # noqa: PLR0913, PLR0917  (who, where, what)
    chrome: Browser, address: str, account: tuple[str, str], path: str, script: Script, group: Group | None
) -> dict[str, Any]:
    context = chrome.new_context(viewport=DESK)  # type: ignore[arg-type]  # playwright's own typed dict
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("#account", account[0])
    page.fill("#password", account[1])
    page.click("button.btn-primary")
    page.wait_for_url(f"{address}/")
    page.goto(address + path, wait_until="networkidle")
    hands = Hands(page, address)
    script(hands, group)  # type: ignore[arg-type]  # those of the desk do not look at it
    context.close()
    return hands.told()


@contextmanager
def _chrome() -> Iterator[Browser]:
    found = browsers.find()
    environment: dict[str, str | float | bool] = {**os.environ, **found.environment}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.executable, args=list(browsers.FLAGS), env=environment
        )
        yield browser
        browser.close()


@contextmanager
def _desk() -> Iterator[Site]:
    """A desk with 24 purchases to decide."""
    with tempfile.TemporaryDirectory(prefix="letterflow-hands-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'desk.db'}")
        upgrade.upgrade(database)
        made = sites.build(Store(database, SystemClock()), Path(folder) / "files")
        for number in range(24):
            made.start("purchase", f"采购申请 {number:02}")
        with sites.served(made):
            yield made
        database.dispose()


if __name__ == "__main__":
    sys.stdout.write(table(measured()))
