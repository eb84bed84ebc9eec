"""Submitting a draft: blocking findings stop it, warnings need the consent of OPS, then the process goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import update

from engine.kernel import audit
from engine.kernel.errors import InvalidInput, NotFound
from engine.kernel.findings import Finding
from engine.kernel.work import StartWork, Work
from engine.letters import access, consents, content, letters
from engine.letters.content import Content
from engine.letters.draft_rules import checking
from engine.letters.drafting import editing, lateness, tasks
from engine.letters.letters import LetterRow, LetterView
from engine.notices import notices
from engine.people import roles
from engine.people.roles import Role
from engine.workflow.engine import Engine


@dataclass(frozen=True)
class Checked:
    """The findings of a draft; `agreed` are the warnings that OPS consented to."""

    content: Content
    errors: Sequence[Finding]
    warnings: Sequence[Finding]
    agreed: Sequence[Finding]

    @property
    def findings(self) -> list[Finding]:
        """All of them, the blocking ones first."""
        return [*self.errors, *self.warnings, *self.agreed]


def check(work: Work, letter: int) -> Checked:
    """What stands between a draft and its submission."""
    known = content.load(work, letter)
    found = checking.of(work, known)
    agreed = consents.given(work, letter)
    doubts = checking.warnings(found)
    return Checked(
        known,
        checking.errors(found),
        [each for each in doubts if consents.fingerprint(each) not in agreed],
        [each for each in doubts if consents.fingerprint(each) in agreed],
    )


def consent(start_work: StartWork, letter: int, *, actor: int) -> int:
    """OPS agrees to every warning that the draft has now; how many. Raises NotAllowed, NotFound."""
    with start_work() as work:
        access.see(work, letter, actor)
        access.require_ops(work, actor)
        doubts = list(check(work, letter).warnings)
        given = consents.give(work, letter, doubts, person=actor)
        detail = {"findings": [[each.code, each.element] for each in doubts]}
        audit.append(work, letters.stream(letter), "letter.consented", actor=actor, detail=detail, article="§3")
        work.commit()
    return given


def ask_consent(start_work: StartWork, letter: int, *, actor: int) -> int:
    """Party B asks OPS to agree to the warnings; how many there are."""
    with start_work() as work:
        head = editing.draft(work, letter, actor)
        doubts = check(work, letter).warnings
        link, key = f"/letters/{letter}", f"letter:{letter}:consent:{head.revision}"
        fields = {"no": head.no, "count": len(doubts)}
        asked = roles.holders(work, Role.OPS, head.org)
        notices.notify(work, asked, "letter.consent", fields, link=link, key=key, needs_action=True)
        audit.append(work, letters.stream(letter), "letter.consent_asked", actor=actor, detail={"count": len(doubts)})
        work.commit()
    return len(doubts)


def submit(engine: Engine, letter: int, *, actor: int) -> LetterView:
    """Hands the draft in: the person's drafting task is done and the process goes on, all in one transaction.

    Raises InvalidInput `letter.findings` with the blocking findings, `letter.consent` with warnings nobody agreed to;
    NotAllowed, NotFound, Conflict as editing does.
    """
    with engine.start_work() as work:
        tasks.hold(work, access.edit(work, letter, actor).instance)
        head = editing.draft(work, letter, actor)
        _refuse(check(work, letter))
        lateness.register(work, letter)
        handed_in = {"submitter_id": actor, "submitted_at": work.now, "revision": LetterRow.revision + 1}
        work.session.execute(update(LetterRow).where(LetterRow.id == letter).values(**handed_in))
        audit.append(work, letters.stream(letter), "letter.submitted", actor=actor)
        tasks.done(engine, work, _task(engine, work, head, actor), actor)
        work.commit()
        return letters.view(work, letter)


def _task(engine: Engine, work: Work, head: LetterView, actor: int) -> int:
    open_task = tasks.find(work, head.instance, "edit")
    if open_task is None:
        open_task = tasks.find(work, tasks.start(engine, work, head, actor=actor), "edit")
    if open_task is None:
        raise NotFound(
            "letter.no_task", f"the process of letter {head.no} opened no task: see its incidents", no=head.no
        )
    return open_task


def _refuse(checked: Checked) -> None:
    if checked.errors:
        raise InvalidInput(
            "letter.findings",
            f"{len(checked.errors)} findings block letter {checked.content.letter.no}: {checked.errors[0].message}",
            count=len(checked.errors),
            findings=list(checked.errors),
        )
    if checked.warnings:
        raise InvalidInput(
            "letter.consent",
            f"{len(checked.warnings)} warnings of letter {checked.content.letter.no} need the consent of OPS",
            count=len(checked.warnings),
            findings=list(checked.warnings),
        )
