"""A monthly letter from its draft to the day it is in force, on the process as it is drawn."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.kernel import audit
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.letters import commitments, content, cycle, deadlines, items, letters, periods, signatures
from engine.letters.deadlines import Step
from engine.letters.drafting import editing, forcing, lateness, negotiation, signing, submitting, withdrawing
from engine.letters.drafting.negotiation import Answer
from engine.letters.drafting.signing import Pen
from engine.letters.kinds import Level
from engine.letters.states import CommitmentState, LetterState
from engine.workflow import instances, timers
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.integration.letters import acting
from tests.integration.letters.acting import PASSWORD
from tests.integration.people.company import Company


def test_a_draft_goes_through_approval_and_both_signatures_into_force(processes: Engine, company: Company) -> None:
    """REQ-073, REQ-074: submit, approve along the route, both sides sign the same content."""
    letter = acting.in_force(processes, company)

    acting.no_incident(processes)
    head = acting.head_of(processes, letter)
    assert head.status is LetterState.EFFECTIVE
    with processes.start_work(reading=True) as work:
        assert {each.content_sha256 for each in signatures.of(work, letter)} == {head.content_sha256}
        assert head.content_sha256 == content.sha256(content.load(work, letter))
        assert {item.status for item in items.of(work, letter)} == {"IN_PROGRESS"}


def test_the_instance_that_generates_a_draft_leads_to_it(processes: Engine, company: Company) -> None:
    """The inbox opens the editor of the letter that the process has just made."""
    started = cycle.open_org(processes, company.project, periods.parse(Level.MONTH, "202612"))

    assert started is not None
    with processes.start_work(reading=True) as work:
        (draft,) = letters.versions(work, company.project, Level.MONTH, "202612")
    assert instances.view(processes, started).subject == f"letter:{draft.id}"


def test_a_letter_in_force_cannot_be_written(processes: Engine, company: Company) -> None:
    """domain.md §2: EFFECTIVE letters are immutable; the error says to file an adjustment."""
    letter = acting.in_force(processes, company)

    with pytest.raises(Conflict, match="file an adjustment"):
        editing.add_item(processes.start_work, letter, drafts.kpi(company, name="又一个"), actor=company.li)


def test_a_blocking_finding_stops_the_submission_and_leaves_everything(processes: Engine, company: Company) -> None:
    """REQ-082: submit blocks; nothing is written."""
    letter = acting.draft(processes, company)
    with processes.start_work(reading=True) as work:
        first = items.of(work, letter)[0]
    editing.change_item(processes.start_work, first.id, {"weight": "30"}, revision=first.revision, actor=company.li)

    with pytest.raises(InvalidInput) as refused:
        submitting.submit(processes, letter, actor=company.li)

    assert refused.value.code == "letter.findings"
    assert [each.code for each in refused.value.fields["findings"]] == ["draft.1.sum"]
    assert acting.head_of(processes, letter).status is LetterState.DRAFT
    assert acting.head_of(processes, letter).instance is None


def test_warnings_need_the_consent_of_ops(processes: Engine, company: Company) -> None:
    """domain.md §3: a warning passes only with the consent of OPS, and only as it was."""
    letter = acting.draft(processes, company)
    with processes.start_work(reading=True) as work:
        first = items.of(work, letter)[0]
    editing.change_item(
        processes.start_work, first.id, {"data_provider": company.project}, revision=first.revision, actor=company.li
    )
    with pytest.raises(InvalidInput) as refused:
        submitting.submit(processes, letter, actor=company.li)
    assert refused.value.code == "letter.consent"
    with pytest.raises(NotAllowed):
        submitting.consent(processes.start_work, letter, actor=company.li)

    assert submitting.consent(processes.start_work, letter, actor=company.zhao) == 1
    assert submitting.submit(processes, letter, actor=company.li).status is LetterState.IN_APPROVAL


def test_a_returned_letter_comes_back_to_its_head_with_the_reason(processes: Engine, company: Company) -> None:
    """domain.md §4: a return never silently ends; the letter is a draft again and can be handed in again."""
    letter = acting.draft(processes, company)
    submitting.submit(processes, letter, actor=company.li)
    acting.decide_next(processes, "RETURNED", target="START", after="RESTART")
    acting.no_incident(processes)

    assert acting.head_of(processes, letter).status is LetterState.DRAFT
    with processes.start_work(reading=True) as work:
        assert [row.person_id for row in acting.pending(work)] == [company.li]
        returned = [entry for entry in audit.of(work, f"letter:{letter}") if entry.detail.get("after") == "RETURNED"]
    assert returned[0].detail["reason"] == "请补充"
    assert submitting.submit(processes, letter, actor=company.li).status is LetterState.IN_APPROVAL


def test_nobody_but_the_parties_signs_and_a_wrong_password_signs_nothing(processes: Engine, company: Company) -> None:
    """domain.md §4: password again; REQ-074."""
    letter = acting.draft(processes, company)
    submitting.submit(processes, letter, actor=company.li)
    acting.approve_all(processes, letter)
    sealed = acting.head_of(processes, letter).content_sha256 or ""

    with pytest.raises(NotAllowed):
        signing.sign(processes, letter, Pen("wrong-password-1", sealed), actor=company.li)
    with pytest.raises(Conflict, match="not what was read"):
        signing.sign(processes, letter, Pen(PASSWORD, "0" * 64), actor=company.li)

    assert acting.head_of(processes, letter).status is LetterState.SIGNING
    with processes.start_work(reading=True) as work:
        assert signatures.of(work, letter) == ()


def test_a_promise_is_countered_decided_by_the_leader_and_binds(processes: Engine, company: Company) -> None:
    """REQ-079: request → counter → the leader in charge decides → approval; rule 6."""
    letter = acting.draft(processes, company)
    with processes.start_work(reading=True) as work:
        first = items.of(work, letter)[1]
    asked = negotiation.request(
        processes.start_work, first.id, company.cost, "样板间清单", due=date(2026, 12, 10), actor=company.li
    )
    submitting.submit(processes, letter, actor=company.li)
    assert acting.head_of(processes, letter).status is LetterState.NEGOTIATING

    negotiation.answer(processes, asked.id, Answer("COUNTERED", due=date(2026, 12, 12)), actor=company.wang)
    assert acting.head_of(processes, letter).status is LetterState.NEGOTIATING
    ruling = Answer("ACCEPTED", due=date(2026, 12, 11), reason="折中一天")
    settled = negotiation.answer(processes, asked.id, ruling, actor=company.zhou)

    acting.no_incident(processes)
    assert (settled.status, settled.due) == (CommitmentState.ACCEPTED, date(2026, 12, 11))
    assert [turn["act"] for turn in settled.turns] == ["COUNTER", "DECIDE"]
    assert acting.head_of(processes, letter).status is LetterState.IN_APPROVAL


def test_an_accepted_promise_leads_straight_into_approval(processes: Engine, company: Company) -> None:
    """REQ-028: the receiver's acceptance, time-stamped; answered in the inbox, not on the page."""
    letter = acting.draft(processes, company)
    with processes.start_work(reading=True) as work:
        first = items.of(work, letter)[1]
    asked = negotiation.request(processes.start_work, first.id, company.cost, "清单", actor=company.li)
    submitting.submit(processes, letter, actor=company.li)

    with processes.start_work(reading=True) as work:
        row = acting.pending(work)[0]
    assert row.person_id == company.wang
    values = {"answer": "ACCEPTED"}
    decisions.decide(processes, row.task_id, company.wang, Decision("DONE", values=values))

    acting.no_incident(processes)
    with processes.start_work(reading=True) as work:
        assert commitments.view(work, asked.id).status is CommitmentState.ACCEPTED
    assert acting.head_of(processes, letter).status is LetterState.IN_APPROVAL


def test_a_promise_without_an_answer_is_decided_by_the_leader_after_two_working_days(
    processes: Engine, company: Company, clock: ManualClock
) -> None:
    """processes.md, drafting 4: 2 wd without an answer bring it before the leader in charge, who is pushed in turn."""
    letter = acting.draft(processes, company)
    with processes.start_work(reading=True) as work:
        first = items.of(work, letter)[1]
    asked = negotiation.request(processes.start_work, first.id, company.cost, "清单", actor=company.li)
    submitting.submit(processes, letter, actor=company.li)
    clock.move(timedelta(days=4))

    timers.fire_due(processes)

    acting.no_incident(processes)
    with processes.start_work(reading=True) as work:
        waiting = acting.pending(work)
        (late,) = instances.of_subject(work, f"letter:{letter}")
        kinds = {each.kind for each in timers.of_instance(work, late.id)}
    assert [(row.node, row.person_id) for row in waiting] == [("arbitrate", company.zhou)]
    assert kinds == {"remind", "deadline", "escalate"}
    settled = negotiation.answer(processes, asked.id, Answer("ACCEPTED", reason="应予配合"), actor=company.zhou)
    assert settled.status is CommitmentState.ACCEPTED
    assert acting.head_of(processes, letter).status is LetterState.IN_APPROVAL


def test_a_stranger_does_not_learn_of_a_promise_or_a_letter(processes: Engine, company: Company) -> None:
    """domain.md §14: strangers get NotFound."""
    letter = acting.draft(processes, company)
    with processes.start_work(reading=True) as work:
        first = items.of(work, letter)[1]
    asked = negotiation.request(processes.start_work, first.id, company.cost, "清单", actor=company.li)

    with pytest.raises(NotFound):
        editing.add_item(processes.start_work, letter, drafts.kpi(company), actor=company.wang + 1000)
    with pytest.raises(NotFound):
        negotiation.answer(processes, asked.id, Answer("ACCEPTED"), actor=company.admin + 1000)


def test_ops_forces_an_item_in_and_silence_accepts(processes: Engine, company: Company, clock: ManualClock) -> None:
    """Rule 11, REQ-080: reason and article, notice, one working day, weights sum to 100 again."""
    letter = acting.draft(processes, company)
    submitting.submit(processes, letter, actor=company.li)
    values = {"kind": "TASK", "name": "安全月检", "weight": "10", "completion_standard": "报告", "importance": "MAJOR"}
    change = forcing.add(processes, letter, values, reason="集团安全月", article="第 9 条", actor=company.zhao)
    acting.no_incident(processes)

    with processes.start_work() as work:
        forcing.settle(work, change.id, upheld=False)
        work.commit()

    with processes.start_work(reading=True) as work:
        whole = content.load(work, letter)
    assert [item.name for item in whole.items if item.origin == "FORCED"] == ["安全月检"]
    assert sum(whole.weights.values()) == 100
    assert whole.weights[whole.items[-1].id] == 10


def test_what_was_forced_in_meanwhile_is_approved_again_by_everybody(processes: Engine, company: Company) -> None:
    """domain.md §4: RESTART is forced when a weight changed; the approval of the old content does not hold."""
    letter = acting.draft(processes, company)
    submitting.submit(processes, letter, actor=company.li)
    values = {"kind": "TASK", "name": "安全月检", "weight": "10", "completion_standard": "报告"}
    change = forcing.add(processes, letter, values, reason="安全月", article="第 9 条", actor=company.zhao)
    with processes.start_work() as work:
        forcing.settle(work, change.id, upheld=False)
        work.commit()
    while acting.head_of(processes, letter).status is LetterState.IN_APPROVAL:
        acting.decide_stage(processes)

    acting.no_incident(processes)
    assert acting.head_of(processes, letter).status is LetterState.DRAFT
    with processes.start_work(reading=True) as work:
        assert company.li in {row.person_id for row in acting.pending(work)}


def test_ops_forces_nothing_into_a_draft_or_without_a_ground(processes: Engine, company: Company) -> None:
    """Rule 11: only while negotiated or approved; reason and article required; OPS only."""
    letter = acting.draft(processes, company)
    values = {"kind": "TASK", "name": "安全月检"}

    with pytest.raises(Conflict, match="DRAFT"):
        forcing.add(processes, letter, values, reason="r", article="9", actor=company.zhao)
    with pytest.raises(InvalidInput, match="reason and the article"):
        forcing.add(processes, letter, values, reason="", article="", actor=company.zhao)


def test_the_submitter_withdraws_and_the_letter_is_void(processes: Engine, company: Company) -> None:
    """processes.md, drafting 7: 撤销 before the last approval."""
    letter = acting.draft(processes, company)
    submitting.submit(processes, letter, actor=company.li)
    with pytest.raises(NotAllowed):
        withdrawing.withdraw(processes, letter, "重编", actor=company.chen)

    withdrawing.withdraw(processes, letter, "重编", actor=company.li)

    acting.no_incident(processes)
    assert acting.head_of(processes, letter).status is LetterState.VOID


def test_withdrawing_a_draft_without_a_process_leaves_no_message_behind(processes: Engine, company: Company) -> None:
    """A kept message would end the next draft of the same period."""
    letter = acting.draft(processes, company)
    withdrawing.withdraw(processes, letter, "作废", actor=company.li)
    cycle.open_month(processes, "202612")

    with processes.start_work(reading=True) as work:
        made = letters.versions(work, company.project, Level.MONTH, "202612")
    assert [(each.version, each.status) for each in made] == [(2, LetterState.DRAFT), (1, LetterState.VOID)]


def test_a_draft_that_was_never_handed_in_costs_two_points_a_day_up_to_ten(
    processes: Engine, company: Company, clock: ManualClock
) -> None:
    """domain.md §5: −2 per day, at most −10."""
    with processes.start_work() as work:
        letter = drafts.valid(work, company)
        due = clock.now()
        deadlines.change(work, Level.MONTH, "202612", Step.SUBMIT, due, actor=company.zhao)
        work.commit()
    found = []
    for days in (1, 3, 9):
        clock.set(due.replace(day=due.day + days))
        with processes.start_work() as work:
            known, first = lateness.register(work, letter.id)
            found.append((known.late_days, known.late_points, first))
            work.commit()

    assert found == [(1, Decimal(2), True), (3, Decimal(6), False), (9, Decimal(10), False)]


def test_opening_a_month_twice_starts_each_organisation_once(processes: Engine, company: Company) -> None:
    """REQ-075, REQ-083: one drafting instance per organisation that owes a letter; idempotent."""
    first = cycle.open_month(processes, "202612")
    second = cycle.open_month(processes, "202612")

    acting.no_incident(processes)
    assert (first, second) == (3, 0)
    with processes.start_work(reading=True) as work:
        made = letters.versions(work, company.project, Level.MONTH, "202612")
        assert [each.no for each in made] == ["ZRS-XH-E-CD-202612-v1"]
        assert made[0].party_b == company.li and made[0].party_a == company.zhou
        assert {row.person_id for row in acting.pending(work)} == {company.li, company.wang, company.sun}
