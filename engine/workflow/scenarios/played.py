"""What became of a scenario: its trace, the calls it made, and how it stands."""

from dataclasses import dataclass, field
from datetime import datetime

from engine.workflow.scenarios.reading import Scenario
from engine.workflow.step import Moved, OperationCall
from engine.workflow.step import Step as Run


@dataclass
class Played:
    """What became of a scenario; `problems` are sentences, none when it went as expected."""

    scenario: Scenario
    trace: list[Moved] = field(default_factory=list)
    calls: list[OperationCall] = field(default_factory=list)
    rows: set[tuple[str, int]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


@dataclass
class Standing:
    """What expectations look at."""

    run: Run
    played: Played
    now: datetime
