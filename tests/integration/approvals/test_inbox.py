"""The inbox: each tab holds what it says, in a stable order, page by page, at any size (APR-33)."""

import re
from datetime import UTC, datetime

import pytest

from engine.approvals import copies, drafts, inbox, substitutes
from engine.approvals.inbox import Filters, Tab
from engine.approvals.substitutes import NewSubstitute
from engine.kernel.errors import InvalidInput
from engine.workflow import instances
from tests.integration.approvals.conftest import Stage
from tests.integration.approvals.diagrams import Step, gated, person, row

CHECK = Step("check", (person("a"),))


def _titles(stage: Stage, who: int, tab: Tab, filters: Filters = Filters()) -> list[str]:  # noqa: B008  (frozen)
    return [entry.title for entry in inbox.page(stage.engine, who, tab, filters).entries]


def test_a_task_is_to_do_until_it_is_decided_and_then_done(stage: Stage) -> None:
    who = stage.company
    stage.start(gated(CHECK), a=who.wang, title="责任书")
    before = (_titles(stage, who.wang, Tab.TODO), _titles(stage, who.wang, Tab.DONE))

    stage.approve(who.wang)

    assert before == (["责任书"], [])
    assert (_titles(stage, who.wang, Tab.TODO), _titles(stage, who.wang, Tab.DONE)) == ([], ["责任书"])


def test_the_row_shows_what_the_list_needs(stage: Stage) -> None:
    who = stage.company
    limit = '<lf:limit for="2wd" />'
    instance = stage.start(
        gated(Step("check", (person("a"),), extra=limit)), a=who.wang, title="责任书", subject="letter:7"
    )

    (entry,) = inbox.page(stage.engine, who.wang, Tab.TODO).entries

    assert (entry.instance, entry.subject, entry.starter, entry.name) == (instance, "letter:7", who.chen, "节点 check")
    assert entry.due_at == datetime(2026, 11, 3, 10, tzinfo=UTC)  # the end of the second working day
    assert entry.reason[0]["code"] == "person"


def test_pages_follow_each_other_without_gap_or_double(stage: Stage) -> None:
    who = stage.company
    files = gated(CHECK)
    made = [stage.start(files, a=who.wang) for _ in range(7)]
    seen, after = [], None
    while True:
        page = inbox.page(stage.engine, who.wang, Tab.TODO, after=after, limit=3)
        seen += [entry.instance for entry in page.entries]
        after = page.after
        if after is None:
            break

    assert seen == made


def test_what_is_due_first_stands_first_and_what_has_no_limit_last(stage: Stage) -> None:
    who = stage.company
    for key, limit in (("later", "5wd"), ("never", ""), ("soon", "1wd")):
        extra = f'<lf:limit for="{limit}" />' if limit else ""
        stage.start(gated(Step("check", (person("a"),), extra=extra), key), a=who.wang, title=key)

    assert _titles(stage, who.wang, Tab.TODO) == ["soon", "later", "never"]


def test_what_i_started_and_my_copies_have_their_tabs(stage: Stage) -> None:
    who = stage.company
    instance = stage.start(gated(CHECK), a=who.wang, title="责任书")
    copies.send(stage.engine, instance, who.wang, [who.sun, who.zhou])

    assert _titles(stage, who.chen, Tab.STARTED) == ["责任书"]
    assert _titles(stage, who.sun, Tab.COPIES) == ["责任书"]
    assert inbox.counts(stage.engine, who.sun)["copies"] == 1


def test_a_copy_goes_to_nobody_twice_and_is_marked_when_read(stage: Stage) -> None:
    """APR-20"""
    who = stage.company
    instance = stage.start(gated(CHECK), a=who.wang)

    told = [copies.send(stage.engine, instance, who.wang, each) for each in ([who.sun], [who.sun, who.zhou])]
    copies.read(stage.engine, who.sun, instance=instance)

    assert told == [(who.sun,), (who.zhou,)]
    assert inbox.counts(stage.engine, who.sun)["copies"] == 0


def test_a_substitute_sees_open_tasks_in_a_tab_of_their_own(stage: Stage) -> None:
    """APR-08, APR-33"""
    who = stage.company
    stage.start(gated(CHECK), a=who.wang, title="责任书")
    day = stage.store.clock.now().date()
    substitutes.appoint(stage.engine, NewSubstitute(who.wang, who.sun, day, day), who.wang)

    (entry,) = inbox.page(stage.engine, who.sun, Tab.AGENT).entries

    assert (entry.title, entry.owner, _titles(stage, who.sun, Tab.TODO)) == ("责任书", who.wang, [])


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        (Filters(text="十一月"), ["十一月责任书"]),
        (Filters(text="100%"), []),
        (Filters(key="gated"), ["十一月责任书", "调整申请"]),
        (Filters(key="other"), []),
        (Filters(overdue=True), []),
    ],
)
def test_filters_narrow_the_list(stage: Stage, filters: Filters, titles: list[str]) -> None:
    who = stage.company
    files = gated(CHECK)
    for title in ("十一月责任书", "调整申请"):
        stage.start(files, a=who.wang, title=title)

    assert _titles(stage, who.wang, Tab.TODO, filters) == titles


def test_the_next_task_is_the_one_behind_in_the_list(stage: Stage) -> None:
    """U13: the next task is already there."""
    who = stage.company
    files = gated(CHECK)
    for _ in range(3):
        stage.start(files, a=who.wang)
    first, second, third = [entry.task for entry in inbox.page(stage.engine, who.wang, Tab.TODO).entries]
    assert first and second and third

    assert [inbox.next_after(stage.engine, who.wang, each) for each in (first, second, third)] == [second, third, first]


def test_an_ended_instance_leaves_nothing_in_anybodys_inbox(stage: Stage) -> None:
    """The trap: a withdrawn task that still shows in somebody's inbox."""
    who = stage.company
    instance = stage.start(row(Step("both", (person("a"), person("b")))), a=who.wang, b=who.sun)

    instances.cancel(stage.engine, instance, who.chen, "不再需要")

    assert (_titles(stage, who.wang, Tab.TODO), inbox.counts(stage.engine, who.sun)["todo"]) == ([], 0)


def test_a_page_is_one_query_on_the_index_that_is_made_for_it(stage: Stage) -> None:
    """issue 2: the inbox is one indexed query, flat at 100,000 open tasks."""
    who = stage.company
    stage.start(gated(CHECK), a=who.wang)
    seen = [each for each in stage.statements(lambda: _titles(stage, who.wang, Tab.TODO)) if each.startswith("SELECT")]

    with stage.store.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if not sqlite:  # a table of one row is read faster without any index
            connection.exec_driver_sql("SET enable_seqscan = off")
            connection.exec_driver_sql("SET enable_sort = off")
            connection.exec_driver_sql("SET enable_bitmapscan = off")
        explain = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        values = (who.wang, "PENDING", 51, 0) if sqlite else None
        query = seen[0] if sqlite else _filled(seen[0], who.wang)
        plan = str(connection.exec_driver_sql(explain + query, values).all())

    assert (len(seen), "ix_assignment_inbox" in plan, "TEMP B-TREE" in plan) == (1, True, False)


def _filled(query: str, person_id: int) -> str:
    """The query with its values, as PostgreSQL explains it."""
    values = {"person_id_1": str(person_id), "state_1": "'PENDING'", "param_1": "51"}
    for name, value in values.items():
        query = re.sub(rf"%\({name}\)s(::\w+)?", value, query)
    return query


def test_a_mangled_mark_is_refused(stage: Stage) -> None:
    with pytest.raises(InvalidInput):
        inbox.page(stage.engine, stage.company.wang, Tab.TODO, after="no such page")
    with pytest.raises(InvalidInput):
        inbox.page(stage.engine, stage.company.wang, "everything")


@pytest.mark.parametrize("text", ["采购", "cgsq", "caigou", "chensiyuan", "csy", "陈思", "节点 ch", "BK-7"])
def test_a_search_finds_title_node_number_and_starter_also_by_pinyin(stage: Stage, text: str) -> None:
    """`ux.md` §4.3, §3.3: title, number, person, text, and the first letters of the pinyin."""
    who = stage.company
    stage.start(gated(CHECK, "wanted"), a=who.wang, title="采购申请", business_key="BK-7")
    stage.start(gated(Step("seal", (person("a"),)), "other"), a=who.wang, title="用印", starter=who.li)

    found = _titles(stage, who.wang, Tab.TODO, Filters(text=text))

    assert found == ["采购申请"]


def test_tasks_of_one_process_stand_together_page_by_page(stage: Stage) -> None:
    who = stage.company
    for key in ("b", "a", "b", "a", "c"):
        stage.start(gated(CHECK, key), a=who.wang, title=key)
    seen, after = [], None
    while True:
        page = inbox.page(stage.engine, who.wang, Tab.TODO, Filters(by_process=True), after=after, limit=2)
        seen += [entry.title for entry in page.entries]
        after = page.after
        if after is None:
            break

    assert seen == ["a", "a", "b", "b", "c"]
    assert inbox.keys(stage.engine, who.wang, Tab.TODO) == {"a": 2, "b": 2, "c": 1}


def test_the_next_task_is_the_next_of_the_list_that_is_looked_at(stage: Stage) -> None:
    who = stage.company
    for key in ("b", "a", "b"):
        stage.start(gated(CHECK, key), a=who.wang, title=key)
    tasks = [task for task, _node in stage.open()]

    plain = inbox.next_after(stage.engine, who.wang, tasks[0])
    narrowed = inbox.next_after(stage.engine, who.wang, tasks[0], Tab.TODO, Filters(key="b"))

    assert (plain, narrowed) == (tasks[1], tasks[2])


def test_what_was_kept_and_not_said_lies_among_the_drafts(stage: Stage) -> None:
    """APR-32, APR-33"""
    who = stage.company
    stage.start(gated(CHECK), a=who.wang, title="写了一半")
    kept = stage.task()
    stage.start(gated(CHECK), a=who.wang, title="没有写")
    drafts.save(stage.engine, kept, who.wang, {"opinion": "基本同意"})
    before = (_titles(stage, who.wang, Tab.DRAFTS), inbox.counts(stage.engine, who.wang)["drafts"])

    stage.approve(who.wang, kept)

    assert before == (["写了一半"], 1)
    assert _titles(stage, who.wang, Tab.DRAFTS) == []
