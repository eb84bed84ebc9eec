"""What playing a scenario file finds: mistakes of form, plays and tables that go otherwise than written."""

from collections.abc import Iterable
from pathlib import Path

from engine.kernel.errors import BadDefinition
from engine.kernel.findings import Finding
from engine.workflow.scenarios import playing, reading, sources
from engine.workflow.scenarios.reading import ScenarioFile
from engine.workflow.scenarios.sources import Source

_REMEDY = "Mend the diagram, or write what is meant now."


def check(path: Path) -> list[Finding]:
    """Reads a file and plays it with the diagram beside it; a diagram that cannot run is the linter's to tell."""
    try:
        written = reading.read(path)
    except BadDefinition as error:
        return [Finding(error.code, "error", "", error.message, "Correct the scenario.", error.fields)]
    try:
        source = sources.load(path.parent)
    except BadDefinition:
        return []
    return [
        Finding("scenario.differs", "error", element, f"'{element}': {problem}.", _REMEDY)
        for element, problem in _problems(written, source)
    ]


def _problems(written: ScenarioFile, source: Source) -> Iterable[tuple[str, str]]:
    for scenario in written.scenarios:
        yield from ((scenario.name, problem) for problem in playing.play(scenario, source).problems)
    for case in written.cases:
        yield from ((case.table, problem) for problem in playing.ask(case, source)[1])
