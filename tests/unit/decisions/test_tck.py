"""The DMN TCK: every expected result is met, except those listed with a reason in `tck_refused.txt`."""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.unit.decisions import tck

REFUSED = Path(__file__).with_name("tck_refused.txt")
CASES = tck.cases()
BY_FOLDER: dict[str, list[tck.Case]] = defaultdict(list)
for _case in CASES:
    BY_FOLDER[f"{_case.level}/{_case.model.parent.name}"].append(_case)


def refused() -> dict[str, str]:
    lines = [line for line in REFUSED.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {case.strip(): reason.strip() for case, _, reason in (line.partition("|") for line in lines)}


def test_the_kit_is_there() -> None:
    assert len(CASES) >= 2900


def test_at_least_99_of_100_results_are_met_and_each_refusal_has_a_reason() -> None:
    listed = refused()

    assert all(listed.values())
    assert listed.keys() <= {case.id for case in CASES}
    assert len(listed) <= len(CASES) / 100


@pytest.mark.parametrize("folder", sorted(BY_FOLDER))
def test_the_results_of_a_folder_are_met_except_those_listed(folder: str) -> None:
    cases = BY_FOLDER[folder]

    missed = {case.id for case in cases if not tck.agrees(tck.answer(case), case.expected)}

    assert missed == refused().keys() & {case.id for case in cases}
