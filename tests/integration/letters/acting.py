"""Short words for what persons do with letters in tests."""

from sqlalchemy import select

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.approvals.tables import assignment
from engine.kernel.work import Work
from engine.letters import content, letters
from engine.letters.drafting import signing, submitting
from engine.letters.drafting.signing import Pen
from engine.letters.letters import LetterView
from engine.letters.states import LetterState
from engine.people import credentials
from engine.workflow import incidents
from engine.workflow.engine import Engine
from tests.builders import drafts
from tests.integration.people.company import Company

PASSWORD = "Mond-und-Sterne-7"


def head_of(engine: Engine, letter: int) -> LetterView:
    """The letter as it is now."""
    with engine.start_work(reading=True) as work:
        return letters.view(work, letter)


def draft(engine: Engine, company: Company) -> int:
    """A draft without findings, with parties who can sign."""
    hashed = credentials.hashed(PASSWORD)
    with engine.start_work() as work:
        made = drafts.valid(work, company)
        for person, account in ((company.li, "li"), (company.zhou, "zhou")):
            credentials.set_password(work, person, account, hashed)
        work.commit()
    return made.id


def pending(work: Work) -> list:  # type: ignore[type-arg]  # rows of assignments
    """The open assignments, oldest first."""
    wanted = select(assignment).where(assignment.c.state == "PENDING").order_by(assignment.c.id)
    return list(work.connection.execute(wanted))


def decide_next(engine: Engine, outcome: str = "APPROVED", **said: object) -> str:
    """The first who is asked says this; the node that was decided."""
    with engine.start_work(reading=True) as work:
        row = pending(work)[0]
    opinion = "同意" if outcome in ("APPROVED", "DONE") else "请补充"
    decisions.decide(engine, row.task_id, row.person_id, Decision(outcome, opinion, **said))  # type: ignore[arg-type]
    return str(row.node)


def decide_stage(engine: Engine) -> str:
    """The first who is asked to approve says yes; tasks that are only done (an objection) are left alone."""
    with engine.start_work(reading=True) as work:
        row = next(each for each in pending(work) if each.kind == "decide")
    decisions.decide(engine, row.task_id, row.person_id, Decision("APPROVED", "同意"))
    return str(row.node)


def approve_all(engine: Engine, letter: int) -> list[str]:
    """Everybody who is asked approves, until the letter is approved; the nodes in their order."""
    nodes = []
    while head_of(engine, letter).status is LetterState.IN_APPROVAL:
        nodes.append(decide_next(engine))
    return nodes


def in_force(engine: Engine, company: Company) -> int:
    """A letter in force, as the process brings it there."""
    letter = draft(engine, company)
    submitting.submit(engine, letter, actor=company.li)
    approve_all(engine, letter)
    with engine.start_work(reading=True) as work:
        sealed = content.sha256(content.load(work, letter))
    for person in (company.li, company.zhou):
        signing.sign(engine, letter, Pen(PASSWORD, sealed), actor=person)
    return letter


def no_incident(engine: Engine) -> None:
    """Nothing of any process failed."""
    with engine.start_work(reading=True) as work:
        assert [each.message for each in incidents.open(work)] == []
