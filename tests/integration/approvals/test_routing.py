"""Who is asked, and why: rules, absence, oneself, duplicates, nobody (APR-21 to APR-24, APR-29)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine.approvals import inbox
from engine.approvals.inbox import Tab
from engine.approvals.tables import assignment
from engine.kernel.errors import BadDefinition
from engine.people import orgs, persons
from engine.people.orgs import NewOrg
from engine.people.persons import NewPerson
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row


def _asked(stage: Stage) -> list[int]:
    return [who for who, state in stage.asked() if state == "PENDING"]


def _why(stage: Stage) -> list[str]:
    query = select(assignment.c.reason).order_by(assignment.c.id.desc()).limit(1)
    with stage.store.start_work(reading=True) as work:
        return [why["code"] for why in work.connection.execute(query).scalar_one()]


def _leave(stage: Stage, who: int) -> None:
    with stage.store.start_work() as work:
        known = persons.view(work, who)
        persons.change(work, who, NewPerson(known.number, known.name, active=False))
        work.commit()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('rule="starter"', ["chen"]),
        ('rule="person" value="=a"', ["wang"]),
        ('rule="person" value="T005"', ["sun"]),
        ('rule="role" value="OPS"', ["zhao"]),
        ('rule="role" value="LEADER" org="=project"', ["zhou"]),
        ('rule="role" value=\'=["OPS", "ADMIN"]\'', ["zhao", "admin"]),
        ('rule="position" value="成本总监"', ["wang"]),
        ('rule="head" org="=project"', ["li"]),
        ('rule="head" org="=[cost, finance]"', ["wang", "sun"]),
        ('rule="head"', ["li"]),
        ('rule="head" value="2" org="=project"', ["president"]),
        ('rule="leader" org="=project"', ["zhou"]),
        ('rule="superior"', ["li"]),
        ('rule="superior" value="=li"', ["zhou"]),
        ('rule="expression" value="=[a, b]"', ["wang", "sun"]),
        ('rule="expression" value="=[{id: a}]"', ["wang"]),
    ],
)
def test_each_rule_gives_its_persons(stage: Stage, rule: str, expected: list[str]) -> None:
    """APR-29"""
    who = stage.company
    data = {"a": who.wang, "b": who.sun, "li": who.li, "project": who.project, "cost": who.cost, "finance": who.finance}

    stage.start(gated(Step("check", (rule,), 'kind="act" mode="ALL"')), **data)

    assert _asked(stage) == [getattr(who, name) for name in expected]


def test_several_rules_are_a_union_without_duplicates(stage: Stage) -> None:
    who = stage.company
    stage.start(gated(Step("check", ('rule="head" org="=cost"', person("a")))), a=who.wang, cost=who.cost)

    assert (_asked(stage), _why(stage)) == ([who.wang], ["head", "person"])


def test_an_unknown_rule_names_the_node(stage: Stage) -> None:
    with pytest.raises(BadDefinition, match="节点 check"):
        stage.start(gated(Step("check", ('rule="somebody"',))))


def test_someone_inactive_is_not_asked(stage: Stage) -> None:
    """APR-24; resolution order: rule, then drop inactive."""
    who = stage.company
    _leave(stage, who.wang)

    stage.start(gated(Step("check", (person("a"), person("b")))), a=who.wang, b=who.sun)

    assert _asked(stage) == [who.sun]


def test_nobody_to_ask_falls_to_the_head_of_operations(stage: Stage) -> None:
    """APR-21"""
    who = stage.company
    stage.start(gated(Step("check", ('rule="role" value="HR"',))))

    assert (_asked(stage), _why(stage)) == ([who.zhao], ["empty_role"])


def test_without_a_head_of_operations_it_falls_to_the_admin(stage: Stage) -> None:
    """APR-21"""
    who = stage.company
    _leave(stage, who.zhao)
    stage.start(gated(Step("check", ('rule="role" value="HR"',))))

    assert _asked(stage) == [who.admin]


def test_a_node_may_name_whom_to_ask_when_nobody_is_there(stage: Stage) -> None:
    """APR-21"""
    who = stage.company
    stage.start(gated(Step("check", ('rule="role" value="HR"',), 'kind="decide" empty="person:T005"')))

    assert _asked(stage) == [who.sun]


def test_a_node_passes_when_nobody_is_there_only_if_it_says_so(stage: Stage) -> None:
    """APR-21"""
    instance = stage.start(gated(Step("check", ('rule="role" value="HR"',), 'kind="decide" empty="skip"')))

    assert (stage.status(instance), stage.acts(instance)) == ("completed", ["PASS_EMPTY"])


def test_a_letter_never_passes_for_want_of_an_approver(stage: Stage) -> None:
    """APR-21: never for letters."""
    who = stage.company
    files = gated(Step("check", ('rule="role" value="HR"',), 'kind="decide" empty="skip"'))
    stage.start(files, subject="letter:7")

    assert _asked(stage) == [who.zhao]


@pytest.mark.parametrize(("rule", "asked"), [("superior", "li"), ("", "li"), ("allow", "chen")])
def test_whoever_submitted_it_does_not_approve_it(stage: Stage, rule: str, asked: str) -> None:
    """APR-22"""
    who = stage.company
    stage.start(gated(Step("check", (person("a"),), f'kind="decide" self="{rule}"')), a=who.chen)

    assert _asked(stage) == [getattr(who, asked)]


def test_a_node_may_skip_whoever_submitted_it(stage: Stage) -> None:
    """APR-22"""
    who = stage.company
    instance = stage.start(gated(Step("check", (person("a"),), 'kind="decide" self="skip"')), a=who.chen)

    assert (stage.status(instance), stage.acts(instance)) == ("completed", ["SKIP"])


def test_the_president_has_no_superior_and_decides_themselves(stage: Stage) -> None:
    """APR-22"""
    who = stage.company
    stage.start(gated(Step("check", (person("a"),))), a=who.president, starter=who.president)

    assert (_asked(stage), _why(stage)) == ([who.president], ["person", "self_top"])


def test_the_same_person_in_consecutive_nodes_is_asked_once(stage: Stage) -> None:
    """APR-23; the trap: the same person asked three times in a row."""
    who = stage.company
    steps = (Step("one", (person("a"),)), Step("two", (person("a"),)), Step("three", (person("a"),)))
    instance = stage.start(row(*steps), a=who.wang)

    stage.approve(who.wang)

    assert (stage.status(instance), stage.acts(instance)) == ("completed", ["APPROVE", "SKIP", "SKIP"])


def test_somebody_between_makes_it_not_consecutive(stage: Stage) -> None:
    """APR-23"""
    who = stage.company
    steps = (Step("one", (person("a"),)), Step("two", (person("b"),)), Step("three", (person("a"),)))
    stage.start(row(*steps), a=who.wang, b=who.sun)

    stage.approve(who.wang)
    stage.approve(who.sun)

    assert _asked(stage) == [who.wang]


@pytest.mark.parametrize(("rule", "asked"), [("process", []), ("off", ["wang"])])
def test_duplicates_may_be_passed_in_the_whole_process_or_never(stage: Stage, rule: str, asked: list[str]) -> None:
    """APR-23"""
    who = stage.company
    last = Step("three", (person("a"),), f'kind="decide" dedup="{rule}"')
    steps = (Step("one", (person("a"),)), Step("two", (person("b"),)), last)
    stage.start(row(*steps), a=who.wang, b=who.sun)

    stage.approve(who.wang)
    stage.approve(who.sun)

    assert [who for who, state in (stage.asked() if stage.open() else []) if state == "PENDING"] == [
        getattr(who, name) for name in asked
    ]


def test_work_to_be_done_is_never_passed_for_being_the_same_person(stage: Stage) -> None:
    """APR-23, APR-31: only approvals are passed."""
    who = stage.company
    steps = (Step("one", (person("a"),)), Step("two", (person("a"),), 'kind="act"'))
    stage.start(row(*steps), a=who.wang)

    stage.approve(who.wang)

    assert _asked(stage) == [who.wang]


def test_a_unit_without_a_head_takes_the_next_one_up(stage: Stage) -> None:
    who = stage.company
    with stage.store.start_work() as work:
        project = orgs.view(work, who.project)
        new = NewOrg(project.code, project.name, project.type, project.parent)
        orgs.change(work, who.project, replace(new, head=None))
        work.commit()

    stage.start(gated(Step("check", ('rule="head" org="=project"',))), project=who.project)

    assert _asked(stage) == [who.president]


def test_a_claim_pool_shows_the_task_to_everybody_until_one_takes_it(stage: Stage) -> None:
    """APR-05"""
    who = stage.company
    stage.start(gated(Step("check", (person("a"), person("b")), 'kind="decide" mode="CLAIM"')), a=who.wang, b=who.sun)

    pools = [len(inbox.page(stage.engine, each, Tab.CLAIM).entries) for each in (who.wang, who.sun)]

    assert (pools, inbox.counts(stage.engine, who.wang)["todo"]) == ([1, 1], 0)
