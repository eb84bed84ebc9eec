"""Scores as people see them: self-report, data, the sheet with its reasons, the list."""

import gzip
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from engine.kernel.clock import ManualClock
from engine.letters import cycle
from engine.letters import joining as letters
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.letters.scorecards import calculating, cards
from engine.letters.scoring.exact import stored
from engine.letters.states import LetterState
from engine.workflow import definitions, incidents
from tests.builders import counting, drafts, running
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from tests.paths import ROOT

SignIn = Callable[[str], Person]


@pytest.fixture
def letter(site: Site, clock: ManualClock) -> int:
    """The December letter of 城东项目部 whose scoring has begun."""
    letters.join(site.engine)
    for key in ("approval", "escalation", "scoring"):
        definitions.deploy(site.engine, ROOT / "processes" / key)
    clock.set(running.FIRST)
    with site.engine.start_work() as work:
        drafts.regulation(work)
        made = running.letter(work, site.company, with_veto=True)
        work.commit()
    clock.set(datetime(2027, 1, 2, 1, 0, tzinfo=UTC))
    cycle.end_due(site.engine)
    return made


def enter_data(signed_in: SignIn, letter: int) -> None:
    sent = {"actual-1": "9000", "evidence-1": "到账流水", "actual-3": "2.9", "evidence-3": "台账"}
    assert signed_in("sun").post(f"/letters/{letter}/data", sent).status_code == 303


def test_party_b_reports_and_its_task_is_done(site: Site, letter: int, signed_in: SignIn) -> None:
    li = signed_in("li")
    assert "销售回款额" in li.get(f"/letters/{letter}/self-report").text

    answer = li.post(f"/letters/{letter}/self-report", {"points-1": "95", "note-1": "超预期"})

    assert answer.status_code == 303
    with site.engine.start_work(reading=True) as work:
        assert incidents.open(work) == []


def test_a_self_report_that_is_no_number_is_kept_and_named(site: Site, letter: int, signed_in: SignIn) -> None:
    answer = signed_in("li").post(f"/letters/{letter}/self-report", {"points-1": "viel"})

    assert answer.status_code == 422
    assert 'value="viel"' in answer.text


def test_the_provider_confirms_figures_and_ops_sees_the_basis(site: Site, letter: int, signed_in: SignIn) -> None:
    """U32: each row's basis names article and formula."""
    enter_data(signed_in, letter)

    shown = signed_in("zhao").get(f"/letters/{letter}/score").text

    assert "60 + (100 − 60) × (9000 − 8000) ÷ (10000 − 8000) = 80.00" in shown
    assert "第 14 条" in shown
    assert 'class="contribution"' in shown


def rows_of(page: str, item: int) -> str:
    """The part of the sheet about one item."""
    return page[page.index(f'<tbody id="item-{item}"') :].partition("</tbody>")[0]


def test_u32_the_contributions_add_up_to_the_indicator_and_the_rest_has_its_line(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """U32: Σ of the unrounded contributions = I; what rounding leaves is its own line."""
    with site.engine.start_work() as work:
        thirds = update(ItemRow).where(ItemRow.letter_id == letter).values(weight=Decimal("33.333"))
        work.session.execute(thirds)
        work.commit()
    sent = {"actual-1": "9000", "evidence-1": "到账流水", "actual-3": "2.9", "evidence-3": "台账"}
    signed_in("sun").post(f"/letters/{letter}/data", sent)
    for item in (1, 2, 3):
        signed_in("zhao").post(f"/letters/{letter}/score/items/{item}", {"points": "80.01", "reason": "核定"})

    page = signed_in("zhao").get(f"/letters/{letter}/score").text
    with site.engine.start_work(reading=True) as work:
        card = cards.of(work, letter)
        lines = cards.lines(work, card.id).values()

    exact = sum((line.contribution or Decimal(0) for line in lines), Decimal(0))
    shown = sum(round(line.contribution, 2) for line in lines if line.contribution is not None)
    assert stored(exact) == card.indicator
    assert card.rest == card.indicator - shown != 0
    assert f"舍入</th><td><b>{card.rest:.2f}</b>" in page
    assert [item for item in (1, 2, 3) if "舍入" in rows_of(page, item)] == []


def test_u39_the_way_to_the_total_has_a_title_a_sentence_and_its_numbers_as_a_table(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    enter_data(signed_in, letter)

    page = signed_in("zhao").get(f"/letters/{letter}/score").text
    way = page[page.index('class="way"') :].partition("</table>")[0]

    assert "<caption" in way
    assert "至 F" in page
    assert [name for name in ("I 指标得分", "加分", "扣分", "迟交", "F 总分") if name not in way] == []


def test_the_stage_and_whom_it_waits_for_stand_above_and_ops_urges_them(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """ux.md §4.10: waiting for providers, 催办."""
    zhao, sun = signed_in("zhao"), signed_in("sun")

    page = zhao.get(f"/letters/{letter}/score").text
    told = zhao.post(f"/letters/{letter}/score/urge", follow_redirects=True).text
    refused = sun.post(f"/letters/{letter}/score/urge")

    waits = page[page.index("等待事项") :].partition("</section>")[0]
    assert [text for text in ("自评", "李建国") if text not in waits] == []
    assert "李建国" in told[told.index("last-act") :].partition("</div>")[0]
    assert refused.status_code == 403


def test_nobody_scores_their_own_item_and_is_told_so(site: Site, letter: int, signed_in: SignIn) -> None:
    """REQ-031."""
    with site.engine.start_work() as work:
        work.session.execute(update(ItemRow).where(ItemRow.id == 1).values(owner_id=site.company.zhao))
        work.commit()

    page = signed_in("zhao").get(f"/letters/{letter}/score").text
    answer = signed_in("zhao").post(f"/letters/{letter}/score/items/1", {"points": "90", "reason": "x"})

    assert "自己" in rows_of(page, 1)
    assert 'name="points"' not in rows_of(page, 1)
    assert 'name="points"' in rows_of(page, 3)
    assert answer.status_code == 403


def test_data_that_came_since_the_last_look_are_marked_new(
    site: Site, letter: int, clock: ManualClock, signed_in: SignIn
) -> None:
    """ux.md §4.10: provider values arrive marked 新."""
    zhao = signed_in("zhao")
    first = zhao.get(f"/letters/{letter}/score").text
    clock.move(timedelta(minutes=5))
    enter_data(signed_in, letter)

    second = zhao.get(f"/letters/{letter}/score").text
    clock.move(timedelta(minutes=5))
    third = zhao.get(f"/letters/{letter}/score").text

    fresh = '<b class="st st-good">新'
    assert [page.count(fresh) for page in (first, second, third)] == [0, 2, 0]


def test_evidence_self_report_and_what_was_done_stand_in_the_row(site: Site, letter: int, signed_in: SignIn) -> None:
    """REQ-049: 有据可查."""
    signed_in("li").post(f"/letters/{letter}/self-report", {"points-1": "95", "note-1": "超预期"})
    file = (io.BytesIO(b"%PDF-1.7 x"), "流水.pdf")
    sent = {"actual-1": "9000", "evidence-1": "到账流水", "files-1": file, "actual-3": "2.9", "evidence-3": "台账"}
    signed_in("sun").post(f"/letters/{letter}/data", sent, content_type="multipart/form-data")
    zhao = signed_in("zhao")
    zhao.post(f"/letters/{letter}/score/items/1", {"points": "85", "reason": "扣除重复"})

    row = rows_of(zhao.get(f"/letters/{letter}/score").text, 1)
    found = re.search(r'href="(/letters/\d+/score/files/[^"]+)"', row)

    assert [text for text in ("超预期", "到账流水", "流水.pdf", "扣除重复", "95.00") if text not in row] == []
    assert found
    assert zhao.get(found[1]).data.startswith(b"%PDF")
    assert zhao.get(found[1] + "x").status_code == 404


def test_an_event_with_a_range_of_points_asks_what_each_cost(site: Site, letter: int, signed_in: SignIn) -> None:
    """domain.md §6 DEDUCT: a range lets the scorer choose."""
    table = {"events": [{"event": "迟报", "points": 5, "allowance": 1}, {"event": "差错", "points": [2, 8]}]}
    with site.engine.start_work() as work:
        work.session.execute(update(ItemRow).where(ItemRow.id == 3).values(method="DEDUCT", params=table))
        work.commit()
    sun, address = signed_in("sun"), f"/letters/{letter}/data"
    asked = sun.get(address).text
    sent = {"actual-1": "9000", "evidence-1": "流水", "event-3-0": "2", "event-3-1": "1", "evidence-3": "台账"}

    refused = sun.post(address, sent)
    outside = sun.post(address, {**sent, "cost-3-1": "9"})
    done = sun.post(address, {**sent, "cost-3-1": "3"})
    row = rows_of(signed_in("zhao").get(f"/letters/{letter}/score").text, 3)

    assert 'name="cost-3-1"' in asked and 'name="cost-3-0"' not in asked
    assert refused.status_code == 422 and 'value="2"' in refused.text
    assert outside.status_code == 422 and "2" in outside.text and "8" in outside.text
    assert done.status_code == 303
    assert "差错" in row


def test_the_sheet_stays_within_its_budget_and_its_statements_do_not_grow(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """ux.md §4.10: ≤ 20 kB."""
    zhao = signed_in("zhao")
    enter_data(signed_in, letter)
    with counting.statements() as few:
        zhao.get(f"/letters/{letter}/score")
    with site.engine.start_work() as work:
        for number in range(8):
            running.add(work, letter, drafts.kpi(site.company, name=f"指标 {number}"), actor=site.company.li)
        work.session.execute(update(LetterRow).where(LetterRow.id == letter).values(status="SCORING"))
        calculating.calculate(work, letter)
        work.commit()

    with counting.statements() as many:
        answer = zhao.get(f"/letters/{letter}/score")

    assert len(gzip.compress(answer.data)) <= 20_000
    assert answer.text.count('<tbody id="item-') == 11
    assert many.count <= few.count + 2, (few.count, many.count)


def test_before_publication_the_scored_side_sees_no_points(site: Site, letter: int, signed_in: SignIn) -> None:
    """domain.md §14."""
    enter_data(signed_in, letter)

    shown = signed_in("li").get(f"/letters/{letter}/score").text

    assert "80.00" not in shown
    assert "9,000" in shown


@pytest.mark.parametrize("account", ["li", "zhao"])
def test_scoring_is_a_tab_of_the_letter_only_where_its_sheet_can_be_read(
    site: Site, letter: int, signed_in: SignIn, account: str
) -> None:
    reader = signed_in(account)
    tab = f'href="/letters/{letter}/score"'
    opened = [reader.get(f"/letters/{letter}{page}").text for page in ("", "/timeline", "/tree", "/route", "/score")]
    with site.engine.start_work() as work:
        work.session.execute(update(LetterRow).where(LetterRow.id == letter).values(status=LetterState.PERIOD_ENDED))
        work.commit()
    ended = [reader.get(f"/letters/{letter}").text, reader.get("/letters/scoring").text]

    assert [tab in page for page in opened] == [True] * 5
    assert [tab in page for page in ended] == [False] * 2


def test_a_score_by_hand_needs_a_reason(site: Site, letter: int, signed_in: SignIn) -> None:
    enter_data(signed_in, letter)
    zhao = signed_in("zhao")

    refused = zhao.post(f"/letters/{letter}/score/items/1", {"points": "100"})
    done = zhao.post(f"/letters/{letter}/score/items/1", {"points": "100", "reason": "更正"}, follow_redirects=True)

    assert refused.status_code == 422
    assert "更正" in done.text


def test_a_weight_of_points_above_the_cap_is_refused(site: Site, letter: int, signed_in: SignIn) -> None:
    answer = signed_in("zhao").post(f"/letters/{letter}/score/items/1", {"points": "121", "reason": "x"})

    assert answer.status_code == 422


def test_handing_in_with_something_unscored_names_it(site: Site, letter: int, signed_in: SignIn) -> None:
    """REQ-091."""
    answer = signed_in("zhao").post(f"/letters/{letter}/score/finish")

    assert answer.status_code == 409
    assert "销售回款额" in answer.text


def test_only_providers_find_the_page_for_data(site: Site, letter: int, signed_in: SignIn) -> None:
    assert signed_in("chen").get(f"/letters/{letter}/data").status_code == 404


def test_the_list_shows_letters_in_scoring_to_those_who_see_them(site: Site, letter: int, signed_in: SignIn) -> None:
    assert "ZRS-" in signed_in("zhao").get("/letters/scoring").text
    assert signed_in("li").get("/letters/scoring").status_code == 200


def test_an_event_against_a_veto_item_is_reported_with_its_proof(site: Site, letter: int, signed_in: SignIn) -> None:
    """REQ-065."""
    said = {"event": "死亡事故", "evidence": "事故报告"}

    answer = signed_in("zhao").post(f"/letters/{letter}/score/items/4/veto", said, follow_redirects=True)

    assert "死亡事故" in answer.text


def test_both_languages_word_everything(site: Site, letter: int, signed_in: SignIn) -> None:
    """U12: no code shows through."""
    enter_data(signed_in, letter)
    zhao = signed_in("zhao")
    for path in (f"/letters/{letter}/score", "/letters/scoring", "/letters/progress", "/warnings", "/status"):
        page = zhao.get(path).text
        assert "missing." not in page
        assert "state.warning" not in page
        assert "method.INTERP" not in page
