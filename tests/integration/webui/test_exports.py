"""Every list that can be downloaded: typed cells, frozen headings with filters, no formulas, both languages."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any

import pytest
import python_calamine
from flask import g

from engine.kernel import list_book
from engine.people import roles
from engine.people.roles import Grant, Role
from tests.builders.site import Site
from tests.integration.webui.conftest import Person
from webui import exports
from webui.exports import Column, Export

SignIn = Callable[[str], Person]
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+1", '=HYPERLINK("x")')
LIST = Export("责任书 [11/月]", (Column("名称", lambda row: row), Column("长度", len, shape="two")))


def rows_of(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def xml_of(content: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(name).decode()


@pytest.fixture
def asking(site: Site) -> Iterator[None]:
    """Inside a request of 赵雪's."""
    with site.app.test_request_context("/warnings?level=RED"):
        site.app.preprocess_request()
        g.viewer = type("Reader", (), {"name": "赵雪", "language": "zh"})()
        yield


@pytest.mark.usefixtures("asking")
def test_a_text_that_looks_like_a_formula_is_a_text_that_stays_one() -> None:
    """Issue 5: xlsx export, safe against formulas, also after F2 and Enter in Excel (quotePrefix)."""
    content = exports.answer(LIST, HOSTILE).data

    assert [row[0] for row in rows_of(content)[1:]] == list(HOSTILE)
    assert "<f>" not in xml_of(content)
    assert 'quotePrefix="1"' in xml_of(content, "xl/styles.xml")
    assert len(re.findall(r'<c r="A\d+" s="(\d+)"', xml_of(content))) == len(HOSTILE) + 1


@pytest.mark.usefixtures("asking")
def test_figures_days_and_moments_keep_their_type() -> None:
    shown = (Decimal("12.50"), date(2026, 11, 27), datetime(2026, 11, 22, 1, 30, tzinfo=UTC), True, None)
    columns = tuple(Column(str(n), itemgetter(n)) for n in range(len(shown)))

    row = rows_of(exports.answer(Export("型", columns), [shown]).data)[1]

    assert row == [12.5, date(2026, 11, 27), datetime.fromisoformat("2026-11-22T09:30"), "是", ""]


@pytest.mark.usefixtures("asking")
def test_headings_are_frozen_and_filtered_and_the_second_sheet_says_what_is_shown() -> None:
    content = exports.answer(LIST, HOSTILE).data

    assert 'state="frozen"' in xml_of(content)
    assert '<autoFilter ref="A1:B7"/>' in xml_of(content)
    assert ["筛选", "level=RED"] in rows_of(content, 1)


@pytest.mark.usefixtures("asking")
def test_a_list_that_is_too_long_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_book, "MOST", 3)

    last = rows_of(exports.answer(LIST, HOSTILE).data)[-1]

    assert last[0] == "此处只有前 3 行：缩小筛选范围可看其余。"


def test_every_list_that_declares_an_export_sends_a_workbook(site: Site, signed_in: SignIn) -> None:
    """Walks all export routes as somebody with every right; one hostile title per list must not become a formula."""
    with site.engine.start_work() as work:
        for role in Role:
            roles.grant(work, Grant(site.company.admin, role))
        work.commit()
    site.start("purchase", '=HYPERLINK("http://x","采购")')
    admin = signed_in("admin")
    with site.app.app_context():
        found = exports.declared()
    paths = {rule.endpoint: re.sub(r"<int:\w+>", "1", rule.rule) for rule in site.app.url_map.iter_rules()}

    answers = {name: admin.get(paths[name]) for name in found}

    sent = {name: answer.data for name, answer in answers.items() if answer.status_code != 404}
    assert {answer.status_code for answer in answers.values()} <= {200, 404}
    assert len(sent) >= 1
    for name, content in sent.items():
        assert "<f>" not in xml_of(content), name
        assert "autoFilter" in xml_of(content), name
        assert len(rows_of(content)[0]) == len(found[name].columns), name


def test_the_export_speaks_the_readers_language_and_keeps_the_filter(site: Site, signed_in: SignIn) -> None:
    reader = signed_in("zhao")
    chinese = rows_of(reader.get("/warnings.xlsx?level=RED").data)[0]
    reader.post("/account/language", {"language": "en"})

    english = rows_of(reader.get("/warnings.xlsx?level=RED").data)[0]

    assert (chinese[0], english[0]) == ("预警级别", "Warning level")
    assert 'href="/warnings.xlsx?level=RED"' in reader.get("/warnings?level=RED").text
