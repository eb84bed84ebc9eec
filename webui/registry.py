"""The families of the running application, for pages that show what others bring (home, inbox, task)."""

from collections.abc import Iterable, Mapping, Sequence

from flask import current_app

from engine.kernel.work import Work
from webui.current import engine, viewer
from webui.family import Family, Rendered


def families() -> Sequence[Family]:
    """All families, in the order of `webui.pages`."""
    found: Sequence[Family] = current_app.extensions["letterflow.families"]
    return found


def task_page(page: str | None, subject: str | None) -> str | None:
    """The address of the page that knows the subject, for `lf:page`; None where no family has it."""
    for family in families():
        if page and page in family.task_pages:
            return family.task_pages[page](subject or "")
    return None


def summary(subject: str | None) -> Rendered | None:
    """What a task is about, as the family of its subject shows it (`letter:12` → the letters' summary)."""
    kind = (subject or "").partition(":")[0]
    for family in families():
        if kind in family.summaries:
            return family.summaries[kind](engine(), viewer(), str(subject))
    return None


def levels(work: Work, subjects: Iterable[str]) -> Mapping[str, str]:
    """The warning level of each subject that has one; one question for each family that knows levels."""
    wanted = sorted(set(subjects))
    found: dict[str, str] = {}
    for family in families() if wanted else ():
        if family.levels is not None:
            found |= family.levels(work, wanted)
    return found


def subject_page(subject: str | None) -> str | None:
    """The address of the page that shows a subject, None where no family knows its kind."""
    kind = (subject or "").partition(":")[0]
    for family in families():
        if kind in family.subject_pages:
            return family.subject_pages[kind](str(subject))
    return None
