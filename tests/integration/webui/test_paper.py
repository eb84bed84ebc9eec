"""A letter on paper: what the PDF says in Chinese, its seal, and the page to which its code leads."""

import io
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
import segno
from pypdf import PdfReader
from sqlalchemy import text

from engine.kernel import audit_proof
from engine.letters import content, joining, letters
from engine.letters.drafting import copying, signing, submitting
from engine.letters.drafting.signing import Pen
from engine.workflow import definitions
from tests.builders import drafts
from tests.builders.site import PASSWORD, Site
from tests.integration.letters import acting
from tests.paths import ROOT
from webui.frontend import build
from webui.paper import typesetting

SignIn = Callable[[str], Any]
SECONDS = 2.0


@pytest.fixture(scope="module", autouse=True)
def face() -> None:
    build.build()


@pytest.fixture
def letter(site: Site) -> int:
    """A draft of 城东项目部 that keeps every rule."""
    joining.join(site.engine)
    for key in ("approval", "escalation", "drafting", "adjustment"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        made = drafts.valid(work, site.company)
        work.commit()
    return made.id


@pytest.fixture
def signed(site: Site, letter: int) -> int:
    """The same letter in force; party B's handwriting is a picture."""
    submitting.submit(site.engine, letter, actor=site.company.li)
    acting.approve_all(site.engine, letter)
    with site.engine.start_work(reading=True) as work:
        sealed = content.sha256(content.load(work, letter))
    signing.sign(site.engine, letter, Pen(PASSWORD, sealed, png()), actor=site.company.li)
    signing.sign(site.engine, letter, Pen(PASSWORD, sealed), actor=site.company.zhou)
    return letter


def png() -> bytes:
    drawn = io.BytesIO()
    segno.make("李建国").save(drawn, kind="png")
    return drawn.getvalue()


def said(answer: Any) -> str:
    """The text of a PDF without its line breaks."""
    pages = PdfReader(io.BytesIO(answer.data)).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def code_of(site: Site, letter: int) -> str:
    return str(acting.head_of(site.engine, letter).verify_code)


def test_the_paper_of_a_signed_letter_says_who_what_and_under_which_seal(
    site: Site, signed: int, signed_in: SignIn
) -> None:
    """Issue 5 item 5: both parties, items, weights, clauses, 大写, signatures with moments, hash, code."""
    head = acting.head_of(site.engine, signed)

    answer = signed_in("li").get(f"/letters/{signed}/letter.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    found = said(answer)
    for wanted in ("李建国", "周文博", "陈思远", "销售回款额", "人民币壹亿元整", "35.00", "评分", head.no):
        assert wanted in found
    assert head.content_sha256 in found and head.verify_code in found
    assert found.count("2026年11月2日09:00") == 2
    assert "草稿" not in found


def test_a_draft_on_paper_is_marked_and_carries_no_code(letter: int, signed_in: SignIn) -> None:
    found = said(signed_in("li").get(f"/letters/{letter}/letter.pdf"))
    assert "草稿" in found and "验证码" in found and "/verify/" not in found


def test_the_same_content_makes_the_same_bytes(signed: int, signed_in: SignIn) -> None:
    head = signed_in("li")
    first = head.get(f"/letters/{signed}/letter.pdf").data
    typesetting._kept.clear()
    assert head.get(f"/letters/{signed}/letter.pdf").data == first


def test_fifteen_items_are_set_within_two_seconds(site: Site, letter: int, signed_in: SignIn) -> None:
    with site.engine.start_work() as work:
        for number in range(12):
            values = drafts.kpi(site.company, name=f"指标 {number}")
            copying.add_item(work, letter, values, actor=site.company.li)
        work.commit()
    head = signed_in("li")
    began = time.perf_counter()
    assert "指标11" in said(head.get(f"/letters/{letter}/letter.pdf"))
    assert time.perf_counter() - began < SECONDS


def test_nobody_prints_a_letter_that_they_may_not_see(site: Site, signed_in: SignIn) -> None:
    with site.engine.start_work() as work:
        drafts.regulation(work)
        other = drafts.letter(work, site.company.cost)
        work.commit()
    assert signed_in("chen").get(f"/letters/{other.id}/letter.pdf").status_code == 404


def test_a_stranger_with_the_code_reads_who_signed_when_and_that_it_holds(
    site: Site, signed: int, anonymous: Any
) -> None:
    page = anonymous.get(f"/verify/{code_of(site, signed)}").text
    assert "真实有效" in page and "李建国" in page and "周文博" in page
    assert acting.head_of(site.engine, signed).content_sha256 in page
    assert "销售回款额" not in page


def test_an_unknown_code_and_a_draft_have_no_page(site: Site, letter: int, anonymous: Any) -> None:
    unknown = anonymous.get("/verify/abcdefghijklmnopqrstuv")
    assert unknown.status_code == 404 and "没有责任书使用此验证码" in unknown.text
    assert acting.head_of(site.engine, letter).verify_code is None


def test_content_that_was_changed_behind_the_back_is_told(site: Site, signed: int, anonymous: Any) -> None:
    with site.engine.start_work() as work:
        work.connection.execute(text("UPDATE item SET name = '改过' WHERE letter_id = :of"), {"of": signed})
        work.commit()
    page = anonymous.get(f"/verify/{code_of(site, signed)}").text
    assert "内容与签署时不一致" in page and "真实有效" not in page


def test_a_history_that_was_changed_is_told_with_its_entry(site: Site, signed: int, anonymous: Any) -> None:
    with site.engine.start_work() as work:
        work.connection.execute(text("DROP TRIGGER history_no_update"))
        changed = text("UPDATE history SET actor = 1 WHERE stream = :of AND seq = 2")
        work.connection.execute(changed, {"of": letters.stream(signed)})
        work.commit()
    assert "第 2 条" in anonymous.get(f"/verify/{code_of(site, signed)}").text
    with site.engine.start_work(reading=True) as work:
        assert [each.seq for each in audit_proof.verify(work)] == [2]
