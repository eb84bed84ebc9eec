"""The import of a letter workbook: a dry run that lists everything, then all of the file or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from engine.kernel import audit
from engine.kernel.errors import InvalidInput
from engine.kernel.findings import Finding
from engine.kernel.sheets import Problem
from engine.kernel.work import StartWork, Work
from engine.letters import content, letters, numbers, parties, regulations
from engine.letters.draft_rules import checking
from engine.letters.kinds import Level
from engine.letters.letters import LetterRow
from engine.letters.states import LetterState
from engine.letters.workbook import known as names
from engine.letters.workbook import saving, sheets
from engine.letters.workbook.drafts import LetterDraft
from engine.letters.workbook.places import Place, Problems
from engine.letters.workbook.reading import read


@dataclass(frozen=True)
class Placed:
    """A draft rule that a letter breaks, at the row of the workbook where it shows."""

    letter: str
    row: int
    finding: Finding


@dataclass(frozen=True)
class Report:
    """What an import found and did; `letters` maps names in the workbook to ids, empty when nothing was kept.

    `problems` with severity error refuse the file; warnings and `findings` stay with the drafts.
    """

    problems: tuple[Problem, ...]
    findings: tuple[Placed, ...] = ()
    letters: Mapping[str, int] = field(default_factory=dict)
    letter_count: int = 0
    items: int = 0
    kept: bool = False

    @property
    def refused(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


def load(start_work: StartWork, content_: bytes, *, actor: int | None, dry_run: bool = False) -> Report:
    """Import a letter workbook; every letter becomes a draft with its findings (`domain.md` §3: rules never refuse).

    Raises InvalidInput where it is no workbook at all.
    """
    with start_work() as work:
        drafts, problems = read(content_, names.load(work))
        collected = Problems(list(problems))
        _refuse_known(work, drafts, collected)
        if collected.refused:
            return Report(tuple(collected.found))
        report = _keep(work, drafts, collected, actor)
        if not dry_run:
            work.commit()
    return replace(report, letters={} if dry_run else report.letters, kept=not dry_run)


def load_or_refuse(start_work: StartWork, content_: bytes, *, actor: int | None) -> Report:
    """Import, or raise InvalidInput `workbook.refused` with the first problems in its fields."""
    report = load(start_work, content_, actor=actor)
    if report.refused:
        listed = "; ".join(f"{p.sheet} {p.row} {p.column}: {p.message}" for p in report.problems[:5])
        raise InvalidInput("workbook.refused", f"nothing was imported: {listed}", problems=len(report.problems))
    return report


def _refuse_known(work: Work, drafts: Iterable[LetterDraft], problems: Problems) -> None:
    """A letter of the same organisation, level and period is not overwritten."""
    there = {
        (row.org_id, row.level, row.period): row.no
        for row in work.session.execute(select(LetterRow.org_id, LetterRow.level, LetterRow.period, LetterRow.no))
    }
    for draft in drafts:
        key = (draft.values["org_id"], draft.values["level"], draft.values["period"])
        if key in there:
            no = there[key]
            text = f"the letter {no} exists already"
            place = Place(sheets.LETTERS, draft.row, "letter")
            problems.error(place, "letter.exists", text, "change it there, or remove it from the workbook", no=no)
        there[key] = draft.ref


def _keep(work: Work, drafts: Sequence[LetterDraft], problems: Problems, actor: int | None) -> Report:
    regulation = regulations.in_force(work)
    for draft in drafts:
        _complete(work, draft)
    ids = saving.save(
        work,
        drafts,
        {
            "regulation_id": regulation.id,
            "status": LetterState.DRAFT,
            "version": 1,
            "created_at": work.now,
            "created_by_id": actor,
        },
    )
    for item in saving.link_parents(work, drafts, names.load(work).items):
        text = f"no item is called '{item.parent}'"
        place = Place(sheets.ITEMS, item.row, "parent")
        problems.warn(place, "letter.unknown_parent", text, "choose the item above in the draft", parent=item.parent)
    for draft in drafts:
        detail = {"no": draft.values["no"], "items": len(draft.items)}
        audit.append(work, letters.stream(ids[draft.ref]), "letter.imported", actor=actor, detail=detail)
    findings = tuple(placed for draft in drafts for placed in _findings(work, draft, ids[draft.ref]))
    return Report(tuple(problems.found), findings, ids, len(drafts), sum(len(draft.items) for draft in drafts))


def _complete(work: Work, draft: LetterDraft) -> None:
    """The number and the parties of a new letter, where the workbook leaves them to the rules."""
    values: dict[str, Any] = draft.values
    level = Level(values["level"])
    values["no"] = numbers.of(work, values["org_id"], level, values["period"], 1)
    default_a, default_b = parties.of(work, values["org_id"], level)
    values["party_a_id"] = values["party_a_id"] or default_a
    values["party_b_id"] = values["party_b_id"] or default_b


def _findings(work: Work, draft: LetterDraft, letter: int) -> Iterable[Placed]:
    rows = {item.values["id"]: item.row for item in draft.items}
    for finding in checking.of(work, content.load(work, letter)):
        yield Placed(draft.ref, rows.get(finding.fields.get("item"), draft.row), finding)
