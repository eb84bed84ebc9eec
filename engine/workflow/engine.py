"""Everything that use-cases of the workflow and of the floors above need, in one frozen object."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.jobs.runner import Jobs
from engine.kernel.alarm import Alarm
from engine.kernel.calendar import WorkCalendar
from engine.kernel.clock import Clock
from engine.kernel.files import Files
from engine.kernel.work import StartWork, Work
from engine.workflow.hooks import Hooks
from engine.workflow.operations import Operations
from engine.workflow.programs import Programs


@dataclass(frozen=True)
class Engine:
    """`webui.wiring.build` makes it; tests make their own with `tests.builders`."""

    start_work: StartWork
    clock: Clock
    jobs: Jobs
    files: Files
    calendar: Callable[[Work], WorkCalendar]
    operations: Operations = field(default_factory=Operations)
    hooks: Hooks = field(default_factory=Hooks)
    programs: Programs = field(default_factory=Programs)
    alarm: Alarm = field(default_factory=Alarm)
