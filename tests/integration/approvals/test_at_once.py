"""Two people at once: one decides, the other is told who, and nothing is lost (APR-34, U18)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.kernel.errors import Conflict
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row


def _at_once(stage: Stage, task: int, persons: list[int]) -> list[str]:
    """Everybody approves in the same moment; what each was answered."""
    start = Barrier(len(persons))

    def say(who: int) -> str:
        start.wait(timeout=20)
        try:
            return str(decisions.decide(stage.engine, task, who, Decision("APPROVED")).outcome)
        except Conflict as refused:
            return str(refused.fields["name"])

    with ThreadPoolExecutor(len(persons)) as pool:
        return list(pool.map(say, persons))


def test_of_two_who_decide_at_once_one_wins_and_the_other_learns_who(stage: Stage) -> None:
    """APR-02, APR-34"""
    who = stage.company
    instance = stage.start(
        gated(Step("check", (person("a"), person("b")), 'kind="decide" mode="ANY"')), a=who.wang, b=who.sun
    )

    answers = _at_once(stage, stage.task(), [who.wang, who.sun])

    assert sorted(answers) in (["APPROVED", "王敏"], ["APPROVED", "孙立"])
    assert (stage.acts(instance), stage.status(instance)) == (["APPROVE"], "completed")


def test_of_many_who_all_have_to_approve_exactly_one_ends_the_node(stage: Stage) -> None:
    """APR-01, APR-34: no voice is lost and the node completes exactly once."""
    who = stage.company
    asked = [who.wang, who.sun, who.zhou, who.li]
    rules = tuple(person(name) for name in "abcd")
    files = row(Step("all", rules), Step("next", (person("e"),)))
    instance = stage.start(files, **dict(zip("abcd", asked, strict=True)), e=who.admin)

    answers = _at_once(stage, stage.task(), asked)

    assert sorted(answers) == ["APPROVED", "None", "None", "None"]
    assert (stage.acts(instance), [node for _, node in stage.open()]) == (["APPROVE"] * 4, ["next"])
