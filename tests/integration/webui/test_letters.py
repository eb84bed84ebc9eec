"""Pages of the letters without scripts: every act of drafting is a form; strangers find nothing."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert, select

from engine.letters import commitments, content, items, joining, letters
from engine.letters.adjustments import AdjustmentRow
from engine.letters.deadlines import DeadlineRow
from engine.letters.drafting import copying, negotiation, signing, submitting
from engine.letters.drafting.signing import Pen
from engine.letters.kinds import Level
from engine.letters.states import LetterState
from engine.notices import notices
from engine.workflow import definitions
from tests.builders import drafts
from tests.builders.site import PASSWORD, Site
from tests.integration.letters import acting
from tests.paths import ROOT
from webui.assets import DIST, manifest

SignIn = Callable[[str], Any]


@pytest.fixture
def letter(site: Site) -> int:
    """A draft of 城东项目部 that keeps every rule, on a site with the drawn processes."""
    joining.join(site.engine)
    for key in ("approval", "escalation", "drafting", "adjustment"):
        definitions.deploy(site.engine, Path(ROOT / "processes" / key))
    with site.engine.start_work() as work:
        drafts.regulation(work)
        made = drafts.valid(work, site.company)
        work.commit()
    return made.id


def state(site: Site, letter: int) -> LetterState:
    return acting.head_of(site.engine, letter).status


def rows(site: Site, letter: int) -> list[Any]:
    with site.engine.start_work(reading=True) as work:
        return list(items.of(work, letter))


def in_signing(site: Site, letter: int) -> str:
    submitting.submit(site.engine, letter, actor=site.company.li)
    acting.approve_all(site.engine, letter)
    with site.engine.start_work(reading=True) as work:
        return content.sha256(content.load(work, letter))


def test_the_ledger_shows_a_letter_with_its_state_to_its_head(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.5."""
    page = signed_in("li").get("/letters").text
    assert "ZRS-XH-E-CD-202612-v1" in page and "草稿" in page and "100.00" in page


def test_a_stranger_finds_neither_the_letter_nor_its_parts(site: Site, letter: int, signed_in: SignIn) -> None:
    """domain.md §14: 404, not 403."""
    stranger = signed_in("chen")
    with site.engine.start_work() as work:
        other = drafts.letter(work, site.company.cost, Level.MONTH)
        work.commit()
    assert stranger.get(f"/letters/{other.id}").status_code == 404
    assert stranger.get(f"/letters/{other.id}/letter.xlsx").status_code == 404


def test_a_letter_is_handed_in_approved_and_signed_on_its_pages(site: Site, letter: int, signed_in: SignIn) -> None:
    """U23: every step without scripts."""
    head = signed_in("li")
    assert head.post(f"/letters/{letter}/submit").status_code == 303
    assert state(site, letter) is LetterState.IN_APPROVAL
    acting.approve_all(site.engine, letter)
    with site.engine.start_work(reading=True) as work:
        sealed = content.sha256(content.load(work, letter))

    for account in ("li", "zhou"):
        person = signed_in(account)
        assert sealed[:16] in person.get(f"/letters/{letter}/sign").text
        sent = {"password": PASSWORD, "sha256": sealed}
        assert person.post(f"/letters/{letter}/sign", sent).status_code == 303

    assert state(site, letter) is LetterState.EFFECTIVE
    assert "已生效" in head.get(f"/letters/{letter}").text


def test_a_wrong_password_signs_nothing_and_says_so_at_the_field(site: Site, letter: int, signed_in: SignIn) -> None:
    sealed = in_signing(site, letter)
    answer = signed_in("li").post(f"/letters/{letter}/sign", {"password": "no", "sha256": sealed})
    assert answer.status_code == 422 and "password-wrong" in answer.text
    assert state(site, letter) is LetterState.SIGNING


def test_a_draft_with_findings_comes_back_with_each_one_and_its_repair(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """U30: the rule's number, the sentence, the row; the mechanical repair is a button."""
    first = rows(site, letter)[0]
    head = signed_in("li")
    sent = {"field": "weight", "value": "30", "before": "35", "revision": first.revision}
    assert head.post(f"/letters/items/{first.id}/cell", sent).status_code == 200

    answer = head.post(f"/letters/{letter}/submit")

    assert answer.status_code == 422
    assert "权重合计 95，应为 100。" in answer.text and "按比例补足" in answer.text
    assert head.post(f"/letters/{letter}/fix", {"fix": "normalise"}).status_code == 303
    assert sum(row.weight for row in rows(site, letter)) == 100


def test_a_cell_answers_with_what_changed_on_the_page(site: Site, letter: int, signed_in: SignIn) -> None:
    """U28: the server confirms the sum; the parts of the page come with the answer."""
    first = rows(site, letter)[0]
    sent = {"field": "target", "value": "10,500", "before": "10000", "revision": first.revision}

    told = signed_in("li").post(f"/letters/items/{first.id}/cell", sent).get_json()

    assert told["revision"] == first.revision + 1
    assert told["cells"]["target"] == "10,500" and told["values"]["target"] == "10500"
    assert "100.00" in told["bar"] and str(first.id) in told["badges"]


def test_two_people_on_one_cell_see_both_values_and_who(site: Site, letter: int, signed_in: SignIn) -> None:
    """U33: 409 shows both values and the other person; a different cell of the row is no conflict."""
    first = rows(site, letter)[0]
    head = signed_in("li")
    sent = {"field": "weight", "value": "36", "before": "35", "revision": first.revision}
    assert head.post(f"/letters/items/{first.id}/cell", sent).status_code == 200

    lost = head.post(f"/letters/items/{first.id}/cell", {**sent, "value": "34"})
    other = head.post(
        f"/letters/items/{first.id}/cell",
        {"field": "unit", "value": "元", "before": "万元", "revision": first.revision},
    )

    assert lost.status_code == 409
    assert (lost.get_json()["theirs"], lost.get_json()["mine"], lost.get_json()["by"]) == ("36", "34", "李建国")
    assert other.status_code == 200


def test_a_weight_of_101_is_refused_with_the_sentence_and_nothing_changes(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    first = rows(site, letter)[0]
    sent = {"field": "weight", "value": "101", "before": "35", "revision": first.revision}
    answer = signed_in("li").post(f"/letters/items/{first.id}/cell", sent, headers={"Accept": "application/json"})
    assert answer.status_code == 422 and "101" in answer.text
    assert rows(site, letter)[0].weight == 35


def test_pasted_rows_are_shown_first_and_the_unreadable_cell_is_named(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """U29: by row and column; then applied in one piece."""
    text = "指标\t目标\t权重\n销售回款额\t10,800\t三十\n新客户数\t20\t10"
    head = signed_in("li")

    seen = head.post(f"/letters/{letter}/paste", {"text": text}).text
    assert "第 1 行“权重”：无法读取“三十”。" in seen
    assert len(rows(site, letter)) == 3
    head.post(f"/letters/{letter}/paste", {"text": text, "sure": "on"})

    names = {row.name: row for row in rows(site, letter)}
    assert (names["销售回款额"].target, names["销售回款额"].weight) == (10800, 35)
    assert names["新客户数"].target == 20


def test_the_whole_item_is_a_form(site: Site, letter: int, signed_in: SignIn) -> None:
    """§4.6 at 390 px: add and edit one item as a form."""
    head = signed_in("li")
    assert head.post(f"/letters/{letter}/items", {"kind": "TASK"}).status_code == 303
    fresh = rows(site, letter)[-1]
    assert head.get(f"/letters/items/{fresh.id}/edit").status_code == 200
    sent = {
        "revision": fresh.revision,
        "kind": "TASK",
        "importance": "MAJOR",
        "method": "MILESTONE",
        "due_form": "FIXED",
        "name": "样板间交付",
        "due": "2026-12-20",
        "weight": "10",
        "s.has": "params",
        "s.params.per_day": "2",
        "s.params.free_days": "1.5",
    }
    assert head.post(f"/letters/items/{fresh.id}/edit", sent).status_code == 303
    saved = rows(site, letter)[-1]
    assert (saved.name, saved.due, saved.params) == (
        "样板间交付",
        date(2026, 12, 20),
        {"per_day": 2, "free_days": "1.5"},
    )
    broken = {**sent, "revision": saved.revision, "s.params.per_day": "zwei"}
    answer = head.post(f"/letters/items/{fresh.id}/edit", broken)
    assert answer.status_code == 422 and "“zwei”不是数字" in answer.text and 'value="zwei"' in answer.text


def test_a_promise_is_asked_for_and_answered_on_its_page(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.8; the answer completes the task of the process."""
    task = rows(site, letter)[1]
    head = signed_in("li")
    sent = {"provider": site.company.cost, "content": "样板间清单", "due": "2026-12-10", "duty": "SECONDARY"}
    assert head.post(f"/letters/items/{task.id}/requests", sent).status_code == 303
    head.post(f"/letters/{letter}/submit")
    with site.engine.start_work(reading=True) as work:
        asked = commitments.of_letter(work, letter)[0]
    provider = signed_in("wang")
    assert "样板间清单" in provider.get("/letters/commitments").text
    assert "城东项目部 请 成本中心 承诺" in provider.get(f"/letters/commitments/{asked.id}").text

    assert provider.post(f"/letters/commitments/{asked.id}", {"answer": "REFUSED"}).status_code == 422
    assert provider.post(f"/letters/commitments/{asked.id}", {"answer": "ACCEPTED"}).status_code == 303

    acting.no_incident(site.engine)
    assert state(site, letter) is LetterState.IN_APPROVAL
    assert signed_in("sun").get(f"/letters/commitments/{asked.id}").status_code in (200, 404)


def test_an_adjustment_shows_what_it_does_before_it_is_filed(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.11: before, after, factor, affected weight, route, and the rule that would refuse it."""
    sealed = in_signing(site, letter)
    for account in ("li", "zhou"):
        signing.sign(site.engine, letter, Pen(PASSWORD, sealed), actor=site.person(account))
    task = rows(site, letter)[1]
    head = signed_in("li")
    sent = {"type": "DUE", "cause": "SELF", "item": task.id, "due": "2026-12-30", "reason": "人手不足"}

    drafted = head.post(f"/letters/{letter}/adjust", sent)
    page = head.get(drafted.headers["Location"]).text

    assert "0.9" in page and "90" in page and "30.00" in page
    assert "本部门调整影响权重 30%，超过 20%。" in page
    with site.engine.start_work(reading=True) as work:
        adjustment = work.session.execute(select(AdjustmentRow.id)).scalar_one()
    assert head.post(f"/letters/adjustments/{adjustment}/file").status_code == 422
    assert head.post(f"/letters/adjustments/{adjustment}/withdraw").status_code == 303


def test_ops_agrees_opens_months_and_forces_on_pages_that_others_do_not_have(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """REQ-038, REQ-080."""
    ops, head = signed_in("zhao"), signed_in("li")
    assert head.post("/letters/open", {"period": "202701"}).status_code == 404
    assert ops.post("/letters/open", {"period": "202701"}).status_code == 303
    with site.engine.start_work(reading=True) as work:
        assert letters.versions(work, site.company.project, Level.MONTH, "202701")
    head.post(f"/letters/{letter}/submit")
    sent = {"act": "ADD", "kind": "TASK", "name": "安全月检", "weight": "10", "reason": "安全月", "article": "第 9 条"}
    assert ops.get(f"/letters/{letter}/force").status_code == 200
    assert ops.post(f"/letters/{letter}/force", sent).status_code == 303
    assert "安全月检" in head.get(f"/letters/{letter}").text


def test_every_page_of_a_letter_answers_in_both_languages(site: Site, letter: int, signed_in: SignIn) -> None:
    """U12: no key and no placeholder on any page."""
    task = rows(site, letter)[1]
    with site.engine.start_work() as work:
        copying.add_item(work, letter, drafts.kpi(site.company, name="多余", owner=None), actor=site.company.li)
        work.commit()
    negotiation.request(site.engine.start_work, task.id, site.company.cost, "清单", actor=site.company.li)
    head = signed_in("li")
    paths = [
        "/letters",
        "/letters/new",
        "/letters/commitments",
        f"/letters/{letter}",
        f"/letters/{letter}/edit",
        f"/letters/{letter}/head",
        f"/letters/{letter}/paste",
        f"/letters/{letter}/timeline",
        f"/letters/{letter}/sign",
        f"/letters/items/{task.id}/edit",
        "/letters/commitments/1",
        f"/letters/{letter}/adjust",
    ]
    for path in paths:
        answer = head.get(path)
        assert answer.status_code == 200, path
        for broken in ("%(", "state.letter.", "kind.", "draft.1.", "remedy."):
            assert broken not in answer.text, (path, broken)


def test_a_letter_leaves_as_a_workbook(site: Site, letter: int, signed_in: SignIn) -> None:
    answer = signed_in("li").get(f"/letters/{letter}/letter.xlsx")
    assert answer.status_code == 200 and answer.data[:2] == b"PK"
    assert "ZRS-XH-E-CD-202612-v1.xlsx" in answer.headers["Content-Disposition"]


def test_an_empty_draft_begins_with_the_letter_before(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.6 empty: 从上月复制."""
    with site.engine.start_work() as work:
        made = drafts.letter(work, site.company.project, period="202701")
        work.commit()
    head = signed_in("li")
    assert "从 202612 复制" in head.get(f"/letters/{made.id}/edit").text

    assert head.post(f"/letters/{made.id}/copy-before").status_code == 303

    assert [row.name for row in rows(site, made.id)] == [row.name for row in rows(site, letter)]
    assert head.post(f"/letters/{made.id}/fill").status_code == 422


def test_who_will_approve_is_told_with_the_reason_before_anything_is_handed_in(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """ux.md §4.6 预览流程, APR-30."""
    page = signed_in("li").get(f"/letters/{letter}/route").text
    assert "周文博" in page and "步骤" not in page.split("<h1>")[0]
    assert "why" in page


def test_bands_are_rows_of_inputs_and_a_gap_is_told_before_the_period(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """ux.md §4.6: inputs instead of JSON, checked by the engine; domain.md §6 gaps with an example."""
    first = rows(site, letter)[0]
    head = signed_in("li")
    shown = head.get(f"/letters/items/{first.id}/structure?method=BAND").text
    assert 'name="s.params.bands.0.lo"' in shown
    sent = {"revision": first.revision, "kind": "KPI", "importance": "KEY", "method": "BAND", "due_form": "FIXED"}
    sent |= {"name": first.name, "target": "10000", "direction": "HIGHER", "weight": "35", "s.has": "params"}
    bands = {"s.params.bands.0.hi": "8000", "s.params.bands.0.value": "60"}
    bands |= {"s.params.bands.1.lo": "9000", "s.params.bands.1.lo_closed": "off", "s.params.bands.1.value": "100"}

    tried = head.post(f"/letters/items/{first.id}/try", {**sent, **bands, "s.actual": "9500"}).text
    saved = head.post(f"/letters/items/{first.id}/edit", {**sent, **bands}, headers={"HX-Request": "true"})

    assert "空档" in tried and "100.00" in tried
    assert saved.status_code == 200 and "lf:item-saved" in saved.headers["HX-Trigger"]
    row = rows(site, letter)[0]
    assert row.params == {"bands": [{"hi": 8000, "value": 60}, {"lo": 9000, "lo_closed": False, "value": 100}]}


def test_slices_of_the_year_are_a_table(site: Site, letter: int, signed_in: SignIn) -> None:
    first = rows(site, letter)[0]
    sent = {"revision": first.revision, "kind": "KPI", "importance": "KEY", "method": "INTERP", "due_form": "FIXED"}
    sent |= {"name": first.name, "s.has": "slices", "s.slices.0.period": "202612", "s.slices.0.target": "1000.5"}
    assert signed_in("li").post(f"/letters/items/{first.id}/edit", sent).status_code == 303
    assert rows(site, letter)[0].slices == ({"period": "202612", "target": "1000.5"},)


def test_the_editor_of_fifteen_items_keeps_its_budget(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.6: HTML ≤ 30 kB at 15 items, the grid's script ≤ 10 kB."""
    with site.engine.start_work() as work:
        for number in range(12):
            copying.add_item(work, letter, drafts.kpi(site.company, name=f"指标 {number}"), actor=site.company.li)
        work.commit()
    page = signed_in("li").get(f"/letters/{letter}/edit")
    findings = page.text.index('<section class="card checks">'), page.text.index('<div class="grid-bar')
    assert len(page.data) - len(page.text[slice(*findings)].encode()) <= 30_000
    assert (DIST / f"{manifest()['grid.js']}.gz").stat().st_size <= 10_000


def test_the_list_counts_what_is_late_over_all_pages_and_urges_all_of_it(
    site: Site, letter: int, signed_in: SignIn
) -> None:
    """ux.md §4.5: counters, 逾期未交 with 催办 for all of them."""
    with site.engine.start_work() as work:
        due = site.engine.clock.now() - timedelta(days=1)
        row = {"level": Level.MONTH, "period": "202612", "step": "SUBMIT", "org_id": None, "due": due}
        work.session.execute(insert(DeadlineRow).values(**row))
        work.commit()
    ops = signed_in("zhao")
    page = ops.get("/letters?period=202612").text
    assert "逾期未交 1" in page and "催办 1" in page and "草稿 1" in page
    assert "ZRS-XH-E-CD-202612-v1" in ops.get("/letters?late=1").text
    assert ops.post("/letters/urge?period=202612").status_code == 303
    with site.engine.start_work(reading=True) as work:
        told = notices.page(work, site.company.li, needs_action=True)
    assert [each.kind for each in told if each.kind == "letter.urged"] == ["letter.urged"]


def test_the_counters_answer_204_while_nothing_changed(site: Site, letter: int, signed_in: SignIn) -> None:
    """U21 for the list of letters."""
    head = signed_in("li")
    found = re.search(r'hx-get="(/letters/counters\?rev=\w+)"', head.get("/letters").text)
    assert found and head.get(found[1]).status_code == 204
    submitting.submit(site.engine, letter, actor=site.company.li)
    assert "审批中 1" in head.get(found[1]).text


def test_the_list_leaves_as_a_workbook_as_it_is_filtered(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.5 导出; REQ of §14: exports XLSX."""
    head = signed_in("li")
    assert "letters.xlsx?period=202612" in head.get("/letters?period=202612").text
    answer = head.get("/letters/letters.xlsx?period=202612")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert any("ZRS-XH-E-CD-202612-v1" in line for line in lines)
    empty = head.get("/letters/letters.xlsx?period=202611").data
    assert b"ZRS" not in empty


def test_an_empty_list_says_what_to_do(site: Site, letter: int, signed_in: SignIn) -> None:
    ops = signed_in("zhao")
    assert "没有符合筛选条件的责任书" in ops.get("/letters?period=202612&warning=RED").text
    assert "立即生成 202703 草稿" in ops.get("/letters?period=202703").text
    assert "立即生成" not in signed_in("li").get("/letters?period=202703").text


def test_the_timeline_tells_what_changed_by_whom_with_rule_and_seal(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.12: newest first by day, filters, before and after, hash, export."""
    first = rows(site, letter)[0]
    head = signed_in("li")
    sent = {"field": "target", "value": "10500", "before": "10000", "revision": first.revision}
    head.post(f"/letters/items/{first.id}/cell", sent)
    head.post(f"/letters/{letter}/submit")
    decider = acting.decide_next(site.engine)

    page = head.get(f"/letters/{letter}/timeline").text
    assert page.index("提交") < page.index("10,500") and "10,000" in page
    assert "销售回款额" in page and "李建国" in page and "2026年11月2日" in page and decider
    approvals = head.get(f"/letters/{letter}/timeline?tab=approval").text
    assert "已同意" in approvals or "同意" in approvals
    assert "10,500" not in approvals
    book = head.get(f"/letters/{letter}/timeline.xlsx")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert any("10,000 → 10,500" in str(line) for line in lines)


def test_a_timeline_that_is_open_says_how_many_lines_came(site: Site, letter: int, signed_in: SignIn) -> None:
    """U21, ux.md §4.12: 204 while nothing came, then `2 条新记录`."""
    head = signed_in("li")
    found = re.search(r'hx-get="(/letters/\d+/timeline/new[^"]+)"', head.get(f"/letters/{letter}/timeline").text)
    assert found
    address = found[1].replace("&amp;", "&")
    assert head.get(address).status_code == 204
    head.post(f"/letters/{letter}/items", {"kind": "TASK"})
    assert "条新记录" in head.get(address).text


def test_an_adjustment_tells_what_it_would_do_while_it_is_typed(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.11: effect, affected weight and route recomputed on blur; nothing is written by looking."""
    sealed = in_signing(site, letter)
    for account in ("li", "zhou"):
        signing.sign(site.engine, letter, Pen(PASSWORD, sealed), actor=site.person(account))
    task = rows(site, letter)[1]
    head = signed_in("li")
    assert "adjust/preview" in head.get(f"/letters/{letter}/adjust").text
    sent = {"type": "DUE", "cause": "UPSTREAM", "item": task.id, "due": "2026-12-30"}

    seen = head.post(f"/letters/{letter}/adjust/preview", sent).text

    assert "2026-12-25" in seen and "2026-12-30" in seen and "30.00" in seen and "100.00 → 100.00" in seen
    assert "若由本部门原因" in seen and "0.9" in seen and "超过 20%" in seen
    assert "请填写新值" in head.post(f"/letters/{letter}/adjust/preview", {**sent, "due": ""}).text
    with site.engine.start_work(reading=True) as work:
        assert work.session.execute(select(AdjustmentRow.id)).scalars().all() == []


def test_the_tree_shows_the_letters_above_and_below(site: Site, letter: int, signed_in: SignIn) -> None:
    """ux.md §4.6 来源 for whole letters: the year above the month, the months below the year."""
    with site.engine.start_work() as work:
        year = drafts.letter(work, site.company.project, Level.ANNUAL, "2026")
        month = drafts.letter(work, site.company.project, period="202611")
        work.commit()
    head = signed_in("li")
    assert year.no in head.get(f"/letters/{month.id}/tree").text
    assert month.no in head.get(f"/letters/{year.id}/tree").text
    assert "上下级" in head.get(f"/letters/{month.id}").text
