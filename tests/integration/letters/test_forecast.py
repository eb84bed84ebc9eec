"""流程预测 of a letter's own process: who approves and who signs, told while the draft is still being written."""

from engine.approvals import preview
from engine.approvals.preview import Ahead
from engine.workflow import instances
from engine.workflow.engine import Engine
from tests.integration.letters import acting
from tests.integration.people.company import Company


def _ahead(engine: Engine, company: Company, letter: int) -> dict[str, Ahead]:
    head = acting.head_of(engine, letter)
    said = {"org": head.org, "level": str(head.level), "period": head.period, "letter_id": letter}
    instance = instances.start_one(engine, "drafting", data=said, starter=company.li)
    return {each.node: each for each in preview.steps(engine, instance)}


def test_a_draft_names_the_two_who_will_sign(processes: Engine, company: Company) -> None:
    """APR-30, domain.md §1: the parties, not the substitute for nobody."""
    ahead = _ahead(processes, company, acting.draft(processes, company))

    signing = {node: [(each.person, each.why[0].code) for each in ahead[node].candidates] for node in ahead}
    assert signing["sign_b"] == [(company.li, "person")]
    assert signing["sign_a"] == [(company.zhou, "person")]


def test_a_draft_names_the_stages_of_its_approval(processes: Engine, company: Company) -> None:
    """APR-30: the route is looked up with the letter as it is."""
    ahead = _ahead(processes, company, acting.draft(processes, company))

    assert "ops_review" in ahead and "leader_approval" in ahead
    assert [each.person for each in ahead["leader_approval"].candidates] == [company.zhou]
    assert not ahead["leader_approval"].certain


def test_the_process_of_a_letter_is_told_before_it_starts(processes: Engine, company: Company) -> None:
    """APR-30: an imported letter, no instance yet."""
    letter = acting.draft(processes, company)
    head = acting.head_of(processes, letter)
    said = {"org": head.org, "level": str(head.level), "period": head.period, "letter_id": letter}

    ahead = preview.before_start(processes, "drafting", said, company.zhao)

    asked = {each.node: [one.person for one in each.candidates] for each in ahead}
    assert (asked["edit"], asked["sign_b"], asked["sign_a"]) == ([company.li], [company.li], [company.zhou])
