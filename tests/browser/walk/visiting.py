"""One visit of each page: everything that is measured there, so that a page is drawn as seldom as possible."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.walk.group import Group
from tests.browser.walk.routes import Stop
from tests.paths import ROOT

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 320, "height": 640}  # 1280 pixels at 400 %
AXE = ROOT / "webui" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
MEASURES = Path(__file__).parent / "measures.js"
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SIZES_AND_NAMES = {"type": "rule", "values": ["target-size", "label-content-name-mismatch", "html-lang-valid"]}
USES = {
    "authority.js": "[role=grid]",
    "authority.css": "[role=grid]",
    "calendar.js": "[data-months]",
    "diagram.js": "[data-diagram]",
    "diagram.css": "[data-diagram]",
    "grid.js": "[data-grid], [role=grid], .grid-bar",
    "inbox.js": "[data-inbox], [data-decision], [data-person-picker], [data-acts]",
    "inbox.css": "[data-inbox], .detail",
    "letters.css": "main",
    "people.js": "[data-tree], [data-person-picker]",
    "signature.js": "[data-signature], [data-pad]",
    "signin.css": "#password",
    "uploads.js": "[data-uploads]",
}
"""By which element a page uses what it loads beside the shell; a new bundle gets its line here."""


@dataclass
class Report:
    """What was found, by the number of the assertion; `said` is what each page shows in each language."""

    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    said: dict[str, dict[Stop, list[str]]] = field(default_factory=lambda: {"zh": {}, "en": {}})
    langs: dict[str, set[str]] = field(default_factory=lambda: {"zh": set(), "en": set()})

    def note(self, row: str, stop: Stop, where: str, sentences: list[str]) -> None:
        self.wrong[row].extend(f"{stop.role} {stop.path} [{where}] {sentence}" for sentence in sentences)


def visit(chrome: Browser, group: Group, stops: list[Stop], report: Report) -> None:
    """Visit one role's stops in Chinese (desk, phone, zoomed, dark) and in English (desk, phone with longer texts)."""
    if not stops:
        return
    with _visitor(chrome, group, stops[0].role) as page:
        for stop in stops:
            _in_chinese(page, group, stop, report)
        _speak_english(page, group, stops[0].role)
        for stop in stops:
            _in_english(page, group, stop, report)


def _in_chinese(page: Page, group: Group, stop: Stop, report: Report) -> None:
    with _complaints(page, stop, report):
        _open(page, group, stop)
        report.note("U1", stop, "zh light", page.evaluate("lfWalk.axe()"))
        report.note("U4", stop, "desk", page.evaluate("lfWalk.frame()"))
        report.note("U5", stop, "desk", page.evaluate("lfWalk.primaries()"))
        report.note("U24", stop, "desk", page.evaluate("uses => lfWalk.unused(uses)", USES))
        report.note("U6", stop, "desk", page.evaluate("lfWalk.type(false)"))
        report.note("U7", stop, "desk", page.evaluate("lfWalk.targets(24)"))
        page.keyboard.press("Tab")
        report.note("U8", stop, "desk", page.evaluate("lfWalk.focus()"))
        _keep_words(page, stop, report, "zh")
        _in_dark(page, stop, report)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # playwright's own typed dict
        report.note("U3", stop, "phone", page.evaluate("lfWalk.sideways()"))
        report.note("U5", stop, "phone", page.evaluate("lfWalk.primaries()"))
        report.note("U6", stop, "phone", page.evaluate("lfWalk.type(true)"))
        report.note("U7", stop, "phone", page.evaluate("lfWalk.targets(44)"))
        report.note("U8", stop, "phone", page.evaluate("lfWalk.focus()"))
        page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]  # the same
        report.note("U3", stop, "400 %", page.evaluate("lfWalk.sideways()"))
        page.set_viewport_size(DESK)  # type: ignore[arg-type]  # the same


def _in_dark(page: Page, stop: Stop, report: Report) -> None:
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    report.note("U1", stop, "zh dark", page.evaluate("rules => lfWalk.axe(rules)", COLOURS))


def _in_english(page: Page, group: Group, stop: Stop, report: Report) -> None:
    with _complaints(page, stop, report):
        _open(page, group, stop)
        report.note("U1", stop, "en light", page.evaluate("rules => lfWalk.axe(rules)", SIZES_AND_NAMES))
        _keep_words(page, stop, report, "en")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # playwright's own typed dict
        report.note("U12", stop, "longer", page.evaluate("lfWalk.longer()"))
        page.set_viewport_size(DESK)  # type: ignore[arg-type]  # the same


def _keep_words(page: Page, stop: Stop, report: Report, language: str) -> None:
    report.said[language][stop] = page.evaluate("lfWalk.said()")
    report.langs[language].add(page.evaluate("document.documentElement.lang"))


@contextmanager
def _complaints(page: Page, stop: Stop, report: Report) -> Iterator[None]:
    """What the console says meanwhile, and requests that leave the host."""

    def told(message: Any) -> None:
        if message.type == "error":
            report.note("U2", stop, "console", [message.text])

    page.on("console", told)
    yield
    page.remove_listener("console", told)


def _open(page: Page, group: Group, stop: Stop) -> None:
    page.goto(group.address + stop.path, wait_until="load")
    if page.locator("[data-diagram]").count():
        page.wait_for_selector("[data-diagram]:not([data-state=loading])", state="attached")


@contextmanager
def _visitor(chrome: Browser, group: Group, role: str) -> Iterator[Page]:
    context = chrome.new_context(viewport=DESK, color_scheme="light")  # type: ignore[arg-type]  # playwright's own typed dict
    context.set_default_timeout(15_000)
    context.add_init_script(path=AXE)
    context.add_init_script(path=MEASURES)
    page = context.new_page()
    if role != "nobody":
        _speak(page, group, role, "zh")
    yield page
    context.close()


def _speak_english(page: Page, group: Group, role: str) -> None:
    if role == "nobody":
        page.request.get(f"{group.address}/login?lang=en")
    else:
        _speak(page, group, role, "en")


def _speak(page: Page, group: Group, role: str, language: str) -> None:
    """Sign in as somebody with this role, and ask for pages in this language; nothing of it is drawn."""
    _send(page, group, "/login", "/demo/become", {"person": str(group.person(role))})
    _send(page, group, "/account/", "/account/language", {"language": language})


def _send(page: Page, group: Group, seen: str, target: str, said: dict[str, str]) -> None:
    """Post a form with the token of the page on which it stands."""
    token = TOKEN.search(page.request.get(group.address + seen).text())
    assert token
    answer = page.request.post(group.address + target, form={"csrf_token": token[1], **said}, max_redirects=0)
    assert answer.status in (200, 302, 303), f"{target}: {answer.status}"
