"""What the inbox shows of a letter or an adjustment that a task is about."""

from engine.kernel.errors import NotFound
from engine.letters.adjusting import requests, windows
from engine.workflow.engine import Engine
from webui.family import Rendered
from webui.letters import sheets
from webui.viewer import Viewer


def letter(engine: Engine, viewer: Viewer, subject: str) -> Rendered | None:
    """The letter's items and findings; nothing for whoever may not see it."""
    try:
        with engine.start_work(reading=True) as work:
            sheet = sheets.load(work, int(subject.partition(":")[2]), viewer.id)
    except NotFound:
        return None
    return Rendered("letters/summary.html", {"sheet": sheet})


def adjustment(engine: Engine, viewer: Viewer, subject: str) -> Rendered | None:
    """What the adjustment changes; nothing for whoever may not see it."""
    try:
        with engine.start_work(reading=True) as work:
            known = requests.seen(work, int(subject.partition(":")[2]), viewer.id)
            case = requests.preview(engine, work, known)
            latest = windows.latest_day(case)
            sheet = sheets.load(work, known.letter, viewer.id)
    except NotFound:
        return None
    names = {item.id: item.name for item in sheet.content.items}
    context = {"known": known, "case": case, "latest": latest, "sheet": sheet, "names": names}
    return Rendered("letters/adjustment_summary.html", context)
