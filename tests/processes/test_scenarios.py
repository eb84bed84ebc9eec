"""Every shipped scenario plays as written, and together they reach everything that is drawn (`processes.md`)."""

import re

import pytest

from engine.workflow.scenarios import coverage, playing
from tests.processes.folders import KEYS, played, source, written

SCENARIOS = [
    pytest.param(key, number, id=f"{key}-{one.name}")
    for key in KEYS
    for number, one in enumerate(written(key).scenarios)
]


@pytest.mark.parametrize(("key", "number"), SCENARIOS)
def test_a_scenario_goes_as_its_file_says(key: str, number: int) -> None:
    assert played(key)[number].problems == []


@pytest.mark.parametrize("key", KEYS)
def test_the_scenarios_of_a_process_pass_every_node_and_every_flow(key: str) -> None:
    found = coverage.of(source(key), played(key))

    assert (found.missing_nodes, found.missing_flows) == ((), ())


@pytest.mark.parametrize("key", KEYS)
def test_every_row_of_every_table_fires_and_gives_what_is_written(key: str) -> None:
    fired = {row for one in played(key) for row, _ in one.rows}
    problems: list[str] = []
    for case in written(key).cases:
        rows, wrong = playing.ask(case, source(key))
        fired |= {row for row, _ in rows}
        problems += wrong
    own = [text.decode() for name, text in source(key).files.items() if name.endswith(".dmn")]
    rules = {rule for text in own for rule in re.findall(r'<rule id="([^"]+)"', text)}

    assert problems == []
    assert rules - fired == set()
