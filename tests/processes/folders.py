"""The shipped processes and what is in their folders, loaded once for all tests here."""

from functools import cache
from pathlib import Path

from engine.workflow.scenarios import playing, reading, sources
from engine.workflow.scenarios.played import Played
from engine.workflow.scenarios.reading import ScenarioFile
from engine.workflow.scenarios.sources import Source
from tests.paths import ROOT

PROCESSES = ROOT / "processes"
KEYS = ("adjustment", "approval", "drafting", "escalation", "scoring")


def folder(key: str) -> Path:
    return PROCESSES / key


@cache
def source(key: str) -> Source:
    return sources.load(folder(key))


@cache
def written(key: str) -> ScenarioFile:
    return reading.read_folder(folder(key))


@cache
def played(key: str) -> tuple[Played, ...]:
    return tuple(playing.play(scenario, source(key)) for scenario in written(key).scenarios)
