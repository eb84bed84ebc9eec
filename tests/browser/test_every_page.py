"""What holds on every page, for every role: the links of the demo are followed, each page is visited once."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser.walk import group, routes, visiting
from tests.browser.walk.routes import Found
from tests.browser.walk.visiting import Report
from webui.translations import build

pytestmark = [pytest.mark.xdist_group("walk"), pytest.mark.timeout(900)]

NOT_REACHED = {
    "inbox.saved": "leads to the inbox",
    "letters.adjustment_of": "leads to the adjustment",
    "notices.follow": "leads to what the notice speaks of",
    "letters.parts": "a part of the editor, asked for by its script",
    "letters.counters": "the numbers above the list, asked for by their poll",
    "letters.item_structure": "a part of the row's drawer, asked for when the method changes",
    "processes.diagram": "XML, asked for by the drawing",
    "processes.migration": "needs a second version: tests/integration/webui/test_migration.py",
    "processes.migration_progress": "the same",
    "processes.migration_refused": "the same",
    "people.authority_version": "needs a second version: tests/browser/test_admin.py",
    "account.signature": "a picture",
    "letters.timeline_new": "a part of the timeline, asked for by its poll",
    "signin.alive": "says nothing but that the session lasts",
    "letters.force": "nothing in the demo may be forced now: tests/integration/webui/test_letters.py",
    "scores.deliverable": "nobody judges now: tests/browser/test_deliverables.py",
    "scores.self_report": "nobody reports on themselves now: tests/integration/webui/test_scores.py",
    "inbox.file": "a file of somebody's task",
    "inbox.open_copy": "needs a copy: tests/browser/test_tasks.py",
    "scores.score_file": "a file of a score",
    "tracking.deliverables_file": "a file of a deliverable",
}
"""Addresses that no link of the demo leads to, and why."""
SENTENCE = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")
KEY = re.compile(
    r"%\(\w+\)|\b(?:state|word|why|said|node|act|level|notice|role|org|mode|page|timer|mark)\.[A-Za-z]+[._A-Za-z]*\b"
)


@dataclass
class Walked:
    """The links that were followed, and what the visits found."""

    found: Found
    report: Report
    missed: list[str]


@pytest.fixture(scope="module")
def walked(chrome: Browser) -> Iterator[Walked]:
    found, report = Found(), Report()
    with group.opened() as made, ThreadPoolExecutor(1) as ahead:  # the next leg is explored while a browser draws
        for leg in [ahead.submit(leg) for leg in routes.legs(made, found)]:
            visiting.visit(chrome, made, leg.result(), report)
        yield Walked(found, report, routes.missed(made.app, found))


def test_every_page_of_the_application_is_walked(walked: Walked) -> None:
    assert [each for each in walked.missed if each not in NOT_REACHED] == []
    assert walked.found.broken == []


def test_u1_axe_finds_nothing_on_any_page_for_any_role(walked: Walked) -> None:
    assert walked.report.wrong["U1"] == []


def test_u2_no_page_breaks_the_content_policy_or_complains(walked: Walked) -> None:
    assert walked.report.wrong["U2"] == []


def test_u3_no_page_scrolls_sideways_on_a_phone_or_at_400_percent(walked: Walked) -> None:
    assert walked.report.wrong["U3"] == []


def test_u4_each_page_has_one_heading_one_main_a_skip_link_and_its_name_in_the_title(walked: Walked) -> None:
    assert walked.report.wrong["U4"] == []


def test_u5_at_most_one_primary_button_is_in_sight(walked: Walked) -> None:
    assert walked.report.wrong["U5"] == []


def test_u6_no_text_is_too_small_to_read(walked: Walked) -> None:
    assert walked.report.wrong["U6"] == []


def test_u7_what_is_pressed_is_large_enough(walked: Walked) -> None:
    assert walked.report.wrong["U7"] == []


def test_u8_the_focus_is_seen_wherever_it_goes(walked: Walked) -> None:
    assert walked.report.wrong["U8"] == []


def test_u24_no_page_loads_a_bundle_that_it_does_not_use(walked: Walked) -> None:
    assert walked.report.wrong["U24"] == []


def test_u12_texts_that_are_two_fifths_longer_are_not_cut(walked: Walked) -> None:
    assert walked.report.wrong["U12"] == []


def test_u12_no_page_shows_a_key_or_a_placeholder(walked: Walked) -> None:
    said = ((stop, texts) for pages in walked.report.said.values() for stop, texts in pages.items())
    shown = {f"{stop.path} {text}" for stop, texts in said for text in texts if KEY.search(text)}

    assert shown == set()
    assert walked.report.langs == {"zh": {"zh-CN"}, "en": {"en"}}


def test_u12_no_english_sentence_stands_on_a_chinese_page(walked: Walked) -> None:
    pages = ((stop, texts) for stop, texts in walked.report.said["zh"].items() if stop.endpoint != "api.docs")
    shown = {f"{stop.path} {text}" for stop, texts in pages for text in texts if SENTENCE.search(text)}

    assert shown == set()


def test_u12_no_chinese_text_of_the_catalogue_stands_on_an_english_page(walked: Walked) -> None:
    ours = _catalogue()
    pages = walked.report.said["en"].items()
    shown = {f"{stop.path} {text}" for stop, texts in pages for text in texts if text in ours}

    assert shown == set()


def _catalogue() -> set[str]:
    """Chinese texts that only pages write: whole sentences, which nobody is called."""
    return {str(each.string) for each in build.read("zh") if str(each.string).endswith("。")}
