"""A monthly letter from its draft to the day it is in force, on the process as it is drawn."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.approvals.tables import assignment
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.letters import content, letters, signatures
from engine.letters.drafting import editing, negotiation, signing, submitting
from engine.letters.drafting.negotiation import Answer
from engine.letters.drafting.signing import Pen
from engine.letters.states import CommitmentState, LetterState
from engine.people import credentials
from engine.workflow import incidents
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.integration.people.company import Company

PASSWORD = "Mond-und-Sterne-7"


@pytest.fixture
def draft(processes: Engine, company: Company) -> int:
    hashed = credentials.hashed(PASSWORD)
    with processes.start_work() as work:
        made = drafts.valid(work, company)
        for person, account in ((company.li, "li"), (company.zhou, "zhou")):
            credentials.set_password(work, person, account, hashed)
        work.commit()
    return made.id


def status(engine: Engine, letter: int) -> LetterState:
    with engine.start_work(reading=True) as work:
        return letters.view(work, letter).status


def approve_all(engine: Engine, letter: int) -> list[str]:
    """Everybody who is asked approves, until the letter is approved; the nodes in their order."""
    nodes = []
    while status(engine, letter) is LetterState.IN_APPROVAL:
        with engine.start_work(reading=True) as work:
            wanted = select(assignment).where(assignment.c.state == "PENDING").order_by(assignment.c.id).limit(1)
            row = work.connection.execute(wanted).one()
        nodes.append(row.node)
        decisions.decide(engine, row.task_id, row.person_id, Decision("APPROVED", "同意"))
    return nodes


def no_incident(engine: Engine) -> None:
    with engine.start_work(reading=True) as work:
        assert [each.message for each in incidents.open(work)] == []


def test_a_draft_goes_through_approval_and_both_signatures_into_force(processes: Engine, draft: int, company: Company):
    """REQ-074, U-: submit → approval → SIGNING → EFFECTIVE."""
    submitting.submit(processes, draft, actor=company.li)
    no_incident(processes)
    assert status(processes, draft) is LetterState.IN_APPROVAL

    nodes = approve_all(processes, draft)
    assert status(processes, draft) is LetterState.SIGNING
    assert nodes
    with processes.start_work(reading=True) as work:
        sealed = content.sha256(content.load(work, draft))
    signing.sign(processes, draft, Pen(PASSWORD, sealed), actor=company.li)
    signing.sign(processes, draft, Pen(PASSWORD, sealed), actor=company.zhou)

    no_incident(processes)
    assert status(processes, draft) is LetterState.EFFECTIVE
    with processes.start_work(reading=True) as work:
        assert {each.content_sha256 for each in signatures.of(work, draft)} == {sealed}
        assert letters.view(work, draft).content_sha256 == sealed
