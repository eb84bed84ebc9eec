"""The note on BPMN names a test for each thing it says; each of them exists."""

import re

from tests.paths import ROOT

NAMED = re.compile(r"`((?:integration/\w+/)?test_\w+)::(test_\w+)`")


def test_each_test_that_the_note_on_bpmn_names_exists() -> None:
    note = (ROOT / "docs/bpmn.md").read_text("utf-8")
    named = NAMED.findall(note)

    missing = [f"{file}::{test}" for file, test in named if f"def {test}(" not in _source(file)]

    assert len(named) > 60
    assert missing == []


def _source(file: str) -> str:
    path = ROOT / "tests" / f"{file}.py" if "/" in file else ROOT / "tests/unit/workflow" / f"{file}.py"
    return path.read_text("utf-8") if path.exists() else ""
