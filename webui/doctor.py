"""What can be wrong with an installation, each looked at once and said with its remedy."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from engine import upgrade as steps
from engine.kernel import calendar_days
from engine.kernel import config as configuration
from engine.kernel.errors import LetterflowError
from engine.kernel.work import Work
from engine.workflow import definitions, incidents
from engine.workflow.tables import timer
from webui.wiring import Installation

LATE = timedelta(minutes=5)
LEAST_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Examined:
    """One thing that was looked at."""

    name: str
    ok: bool
    message: str


def examine(installation: Installation) -> list[Examined]:
    """Look at everything; a look that itself fails is bad news as well."""
    return [_look(name, look, installation) for name, look in _LOOKS.items()]


def _look(name: str, look: Callable[[Installation], tuple[bool, str]], installation: Installation) -> Examined:
    try:
        ok, message = look(installation)
    except (LetterflowError, DBAPIError, OSError) as error:
        return Examined(name, False, str(error).splitlines()[0])
    return Examined(name, ok, message)


def _tables(installation: Installation) -> tuple[bool, str]:
    with installation.database.connect() as connection:
        there, newest = steps.revision(connection), steps.newest()
    if there == newest:
        return True, f"at {there}"
    return False, f"at {there or 'nothing'}, this release needs {newest}: run `letterflow upgrade`"


def _secret(installation: Installation) -> tuple[bool, str]:
    configuration.require_secret(installation.config)
    return True, "long enough"


def _disk(installation: Installation) -> tuple[bool, str]:
    folder = installation.config.files.folder
    place = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(place).free
    return free > LEAST_FREE_BYTES, f"{free // 2**20} MB free at {place}"


def late_timers(work: Work) -> int:
    """How many timers should have fired some minutes ago."""
    query = select(func.count()).where(timer.c.state.in_(("waiting", "queued")), timer.c.due_at < work.now - LATE)
    return int(work.connection.execute(query).scalar_one())


def _late_timers(installation: Installation) -> tuple[bool, str]:
    with installation.engine.start_work(reading=True) as work:
        count = late_timers(work)
    return count == 0, f"{count} late" + ("" if count == 0 else ": is a `serve` or `worker` process running?")


def _open_incidents(installation: Installation) -> tuple[bool, str]:
    with installation.engine.start_work(reading=True) as work:
        count = len(incidents.open(work))
    return count == 0, f"{count} open" + ("" if count == 0 else ": mend and retry them under Processes, Incidents")


def _calendar(installation: Installation) -> tuple[bool, str]:
    with installation.engine.start_work(reading=True) as work:
        confirmed = calendar_days.read(work).is_confirmed(work.now.date())
        year = work.now.year
    return confirmed, f"{year} is {'confirmed' if confirmed else 'not confirmed: do it under Settings, Calendar'}"


def _processes(installation: Installation) -> tuple[bool, str]:
    with installation.engine.start_work(reading=True) as work:
        found = [view.key for view in definitions.active(work)]
    return bool(found), ", ".join(found) or "none: run `letterflow deploy processes`"


_LOOKS: dict[str, Callable[[Installation], tuple[bool, str]]] = {
    "database": _tables,
    "secret key": _secret,
    "disk": _disk,
    "timers": _late_timers,
    "incidents": _open_incidents,
    "calendar": _calendar,
    "processes": _processes,
}
