"""The page of the authority matrix: shown, worked out, saved as a version (ux.md §4.15)."""

import gzip
import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.letters.matrix import versions
from engine.workflow import definitions
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from tests.paths import ROOT

SignIn = Callable[[str], Person]
LARGEST_PAGE_BYTES = 30_000
NEW = ["MONTH_LETTER", "R", "组织:XH-CW", None, "STRATEGIC", 5, False, "第12条", ""]


@pytest.fixture
def admin(site: Site, signed_in: SignIn) -> Person:
    definitions.deploy(site.engine, ROOT / "processes" / "approval")
    return signed_in("admin")


def _held(page: str) -> dict[str, Any]:
    """What the page's form holds."""
    found = dict(re.findall(r'name="(matrix|kinds)" value="([^"]*)"', page))
    return {name: html.unescape(text) for name, text in found.items()}


def test_the_matrix_is_shown_by_mode_within_its_budget(admin: Person) -> None:
    answer = admin.get("/people/authority?mode=WEAK")

    assert answer.status_code == 200
    assert "<b>R1</b> <small>财务指标</small>" in answer.text
    assert len(gzip.compress(answer.data)) <= LARGEST_PAGE_BYTES


def test_an_edit_is_answered_with_the_routes_that_change(site: Site, admin: Person) -> None:
    held = _held(admin.get("/people/authority?mode=STRATEGIC").text)
    rows = [*json.loads(held["matrix"]), NEW]
    answer = admin.post("/people/authority/try", {**held, "matrix": json.dumps(rows), "org": site.company.project})

    assert answer.status_code == 200
    assert "1 条路线改变" in answer.text
    assert "孙立" in answer.text


def test_a_broken_rule_is_told_at_its_kind_of_work(site: Site, admin: Person) -> None:
    held = _held(admin.get("/people/authority?mode=STRATEGIC").text)
    rows = [*json.loads(held["matrix"]), [*NEW[:5], 2, *NEW[6:]]]
    sent = {**held, "matrix": json.dumps(rows), "org": site.company.project, "note": "试"}
    told = admin.post("/people/authority/try", sent)
    refused = admin.post("/people/authority", sent)

    assert 'data-faulty="MONTH_LETTER"' in told.text
    assert refused.status_code == 422
    assert _held(refused.text)["matrix"] == json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def test_a_saved_matrix_is_a_version_with_what_it_changed(site: Site, admin: Person) -> None:
    held = _held(admin.get("/people/authority").text)
    rows = [*json.loads(held["matrix"]), NEW]
    answer = admin.post("/people/authority", {**held, "matrix": json.dumps(rows), "note": "财务中心参与月度审核"})

    assert answer.status_code == 303
    with site.engine.start_work(reading=True) as work:
        saved = versions.in_force(work)
    assert saved is not None
    page = admin.get(f"/people/authority/versions/{saved.id}").text
    assert "财务中心参与月度审核" in page
    assert "组织:XH-CW" in page


def test_nonsense_is_refused_and_strangers_find_no_page(admin: Person, signed_in: SignIn) -> None:
    assert admin.post("/people/authority/try", {"matrix": "{", "kinds": "[]"}).status_code == 422
    assert signed_in("chen").get("/people/authority").status_code == 404


def test_a_leader_reads_the_matrix_and_cannot_save_it(admin: Person, signed_in: SignIn) -> None:
    zhou = signed_in("zhou")

    assert "保存为新版本" not in zhou.get("/people/authority").text
    assert zhou.post("/people/authority", {"matrix": "[]", "kinds": "[]"}).status_code == 404
