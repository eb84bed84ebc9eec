"""Scores as people see them: self-report, data, the sheet with its reasons, the list."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from engine.kernel.clock import ManualClock
from engine.letters import cycle
from engine.letters import joining as letters
from engine.workflow import definitions, incidents
from tests.builders import drafts, running
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


def test_before_publication_the_scored_side_sees_no_points(site: Site, letter: int, signed_in: SignIn) -> None:
    """domain.md §14."""
    enter_data(signed_in, letter)

    shown = signed_in("li").get(f"/letters/{letter}/score").text

    assert "80.00" not in shown
    assert "9000" in shown


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
