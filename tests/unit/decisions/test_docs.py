"""Every example of `docs/feel.md` is run."""

import json
import re
from datetime import UTC, datetime

import pytest

from engine.decisions import feel
from engine.decisions.feel.builtins import FORMS
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "feel.md").read_text(encoding="utf-8")
NOW = datetime(2026, 3, 31, 9, 30, tzinfo=UTC)
DATA = {
    name: feel.from_json(value) for name, value in json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.S)[0]).items()
}
EXAMPLES = [
    tuple(part.strip() for part in line.split("// →"))
    for block in re.findall(r"```feel\n(.*?)```", PAGE, re.S)
    for line in block.splitlines()
]
CELLS = re.findall(r"^\| `(.+)` \| `(.+)` \| (是|否) \|$", PAGE, re.M)
MISTAKES = re.findall(r"^\| `(.+)` \| `(feel\.[\w-]+)` \|", PAGE, re.M)


def test_the_page_has_examples_of_each_kind() -> None:
    assert (len(EXAMPLES) > 50, len(CELLS) > 5, len(MISTAKES) > 5) == (True, True, True)


@pytest.mark.parametrize(("text", "result"), EXAMPLES)
def test_an_example_has_the_result_that_the_page_tells(text: str, result: str) -> None:
    assert feel.evaluate(text, DATA, now=NOW) == feel.evaluate(result, {})


@pytest.mark.parametrize("text", [text for text, _ in EXAMPLES])
def test_an_example_is_not_remarked_unless_the_page_warns_of_it(text: str) -> None:
    assert {finding.code for finding in feel.check(text, names=DATA)} <= {"feel.mixes-types"}


@pytest.mark.parametrize(("cell", "value", "passes"), CELLS)
def test_a_cell_of_a_table_judges_as_the_page_tells(cell: str, value: str, passes: str) -> None:
    verdict = feel.compile(cell, unary=True)({"?": feel.evaluate(value, {})})

    assert (verdict is True) is (passes == "是")


@pytest.mark.parametrize(("text", "code"), MISTAKES)
def test_a_mistake_has_the_code_that_the_page_tells(text: str, code: str) -> None:
    found = feel.check(text, names=DATA, types={"等级": "string"})

    assert [finding.code for finding in found] == [code]


def test_the_page_lists_every_built_in_function() -> None:
    listed = re.findall(r"^\* .+?：(.+)$", PAGE.split("## 11.")[1], re.M)

    assert {name.strip() for line in listed for name in line.split(",")} == FORMS.keys()
