"""Importing workbooks in the browser: what is wrong is listed first; the whole file comes in, or nothing."""

import io
import re
from datetime import date
from typing import Any

import pytest

from engine.kernel import workbook
from engine.letters import regulations
from engine.letters.workbook import sheets
from engine.people import orgs
from tests.builders.site import Site

HEAD = {"letter": "L", "level": "MONTH", "period": "202611"}
ITEM = {"letter": "L", "kind": "KPI", "name": "销售回款额"}


@pytest.fixture(autouse=True)
def regulation(site: Site) -> None:
    """Letters are made under the regulation in force."""
    with site.engine.start_work() as work:
        made = regulations.add(work, no="2026-1", title="考核办法", params={}, effective_from=date(2026, 1, 1))
        regulations.approve(work, made, actor=None)
        regulations.put_in_force(work, made, actor=None)
        work.commit()


def _book(site: Site, **head: Any) -> bytes:
    with site.engine.start_work(reading=True) as work:
        code = orgs.tree(work)[0].code
    return workbook.write(sheets.ALL, {"责任书": [{**HEAD, "org": code, **head}], "指标": [ITEM]})


def _send(person: Any, content: bytes, name: str = "letters.xlsx") -> Any:
    sent = {"workbook": (io.BytesIO(content), name)}
    return person.post("/workbooks/letters", sent, content_type="multipart/form-data")


def test_a_workbook_is_checked_first_and_comes_in_when_confirmed(site: Site, signed_in: Any) -> None:
    operations = signed_in("zhao")

    checked = _send(operations, _book(site))
    file = re.search(r'name="file" value="([^"]+)"', checked.text)
    imported = operations.post("/workbooks/letters/import", {"file": file and file[1]})

    assert (checked.status_code, imported.status_code) == (200, 303)
    assert "ZRS-" in operations.get("/letters?period=202611&level=MONTH").text


def test_what_refuses_a_workbook_is_told_by_sheet_row_and_column(site: Site, signed_in: Any) -> None:
    answer = _send(signed_in("zhao"), _book(site, org="XX"))

    assert answer.status_code == 422
    assert "没有编码为“XX”的组织" in answer.text.replace("&#34;", '"')
    assert 'name="file"' not in answer.text


def test_a_file_that_is_no_workbook_is_refused_at_its_field(signed_in: Any) -> None:
    answer = _send(signed_in("zhao"), b"%PDF-1.7", "letters.xlsx")

    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)


def test_sending_nothing_says_what_to_do(signed_in: Any) -> None:
    answer = signed_in("zhao").post("/workbooks/letters", {}, content_type="multipart/form-data")

    assert (answer.status_code, "请先选择工作簿" in answer.text) == (422, True)


@pytest.mark.parametrize("path", ["/workbooks/letters", "/workbooks/orgs", "/workbooks/letters/template.xlsx"])
def test_to_an_employee_there_is_no_import(signed_in: Any, path: str) -> None:
    assert signed_in("chen").get(path).status_code == 404


def test_the_template_is_a_workbook_with_every_sheet(signed_in: Any) -> None:
    answer = signed_in("zhao").get("/workbooks/letters/template.xlsx")

    assert workbook.sheet_names(answer.data) == tuple(sheet.name for sheet in sheets.ALL)
