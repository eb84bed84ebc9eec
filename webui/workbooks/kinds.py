"""The kinds of workbooks that can be imported: who may, how the template is made, what an import says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.kernel.sheets import Problem
from engine.kernel.work import StartWork
from engine.letters.workbook import importing, writing
from engine.letters.workbook.importing import Placed
from engine.people import workbook as organisation
from webui.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Told:
    """What an import says: `counts` is what the file holds, by name; `kept` whether it was kept."""

    problems: Sequence[Problem]
    counts: Mapping[str, int]
    kept: bool
    findings: Sequence[Placed] = ()

    @property
    def refused(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


Load = Callable[[StartWork, bytes, int | None, bool], Told]


@dataclass(frozen=True)
class Kind:
    """A kind of workbook; `after` is the page that shows what came in."""

    label: Any  # a lazy text
    roles: frozenset[str]
    template: Callable[[], bytes]
    load: Load
    after: str


def _letters(start_work: StartWork, content: bytes, actor: int | None, dry_run: bool) -> Told:
    report = importing.load(start_work, content, actor=actor, dry_run=dry_run)
    counts = {"letters": report.letter_count, "items": report.items}
    return Told(report.problems, counts, report.kept, report.findings)


def _organisation(start_work: StartWork, content: bytes, actor: int | None, dry_run: bool) -> Told:
    report = organisation.load(start_work, content, actor=actor, dry_run=dry_run)
    return Told(report.problems, {"orgs": report.orgs, "persons": report.persons}, report.kept)


KINDS: Mapping[str, Kind] = {
    "letters": Kind(
        _l("Letters"), frozenset({"OPS", "OPS_HEAD", "ADMIN"}), writing.template, _letters, "letters.index"
    ),
    "orgs": Kind(
        _l("Organisation"), frozenset({"HR", "ADMIN"}), organisation.template, _organisation, "people.orgs_index"
    ),
}
