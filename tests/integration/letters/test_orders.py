"""Orders: by hand and from warnings; one extension, climbing, closing by OPS alone (domain.md §12)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.kernel import audit
from engine.kernel.clock import ManualClock
from engine.kernel.errors import Conflict, InvalidInput, NotAllowed
from engine.letters import letters
from engine.letters.tracking import updating
from engine.letters.tracking.progress import Update
from engine.letters.watching import issuing, ordering, orders
from engine.letters.watching.orders import NewOrder, OrderKind, OrderView, Source
from engine.letters.watching.states import ExtensionState, OrderState
from engine.notices import notices
from engine.workflow import incidents
from engine.workflow.engine import Engine
from engine.workflow.tables import task as tasks
from tests.builders import drafts, running
from tests.builders.engines import jobs_of
from tests.integration.people.company import Company


@pytest.fixture
def december(processes: Engine, clock: ManualClock, company: Company) -> Engine:
    clock.set(running.FIRST)
    return processes


def new(company: Company, **values: object) -> NewOrder:
    known = {
        "kind": OrderKind.SUPERVISE,
        "source": Source.OPS,
        "org": company.project,
        "receiver": company.chen,
        "content": "补齐资料",
        "due": datetime(2026, 12, 11, 10, tzinfo=UTC),
        "issuer": company.zhao,
    }
    return NewOrder(**{**known, **values})


def issue(engine: Engine, company: Company, **values: object) -> OrderView:
    return ordering.issue(engine, new(company, **values), company.zhao)


def seen(engine: Engine, order: int) -> OrderView:
    with engine.start_work(reading=True) as work:
        return orders.view(work, order)


def test_orders_are_numbered_by_kind_and_year(december: Engine, company: Company) -> None:
    made = [
        issue(december, company).no,
        issue(december, company).no,
        issue(december, company, kind=OrderKind.ASSIST).no,
    ]

    assert made == ["DB-2026-0001", "DB-2026-0002", "XB-2026-0001"]


def test_an_order_without_content_or_with_a_past_due_is_refused(december: Engine, company: Company) -> None:
    for wrong in ({"content": " "}, {"due": datetime(2026, 11, 1, tzinfo=UTC)}, {"receiver": company.zhao}):
        with pytest.raises(InvalidInput):
            issue(december, company, **wrong)


def test_employees_issue_no_orders(december: Engine, company: Company) -> None:
    with pytest.raises(NotAllowed):
        ordering.issue(december, new(company, source=Source.LEADER), company.chen)


def test_only_ops_closes_an_order_and_never_its_receiver(december: Engine, company: Company) -> None:
    order = issue(december, company)
    ordering.sign(december, order.id, company.chen)
    ordering.report(december, order.id, company.chen, "已补齐", final=True)
    with pytest.raises(NotAllowed):
        ordering.close(december, order.id, company.chen)

    assert ordering.close(december, order.id, company.zhao, "核实").status is OrderState.CLOSED


def test_a_closing_report_can_be_sent_back_with_words(december: Engine, company: Company) -> None:
    order = issue(december, company)
    ordering.sign(december, order.id, company.chen)
    ordering.report(december, order.id, company.chen, "已补齐", final=True)
    with pytest.raises(InvalidInput):
        ordering.reject(december, order.id, company.zhao, " ")

    back = ordering.reject(december, order.id, company.zhao, "缺盖章")

    assert (back.status, back.turns[-1]["note"]) == (OrderState.REJECTED, "缺盖章")


def test_more_time_is_asked_for_once_before_the_due_day_and_the_leader_decides(
    december: Engine, company: Company
) -> None:
    order = issue(december, company)
    later = datetime(2026, 12, 18, 10, tzinfo=UTC)
    ordering.sign(december, order.id, company.chen)
    ordering.ask_extension(december, order.id, company.chen, later, "等盖章")
    with pytest.raises(NotAllowed):
        ordering.decide_extension(december, order.id, company.zhao, approved=True)

    ordering.decide_extension(december, order.id, company.zhou, approved=True)

    assert (seen(december, order.id).extension, seen(december, order.id).due) == (ExtensionState.GRANTED, later)
    with pytest.raises(Conflict):
        ordering.ask_extension(december, order.id, company.chen, later + timedelta(days=7), "再等")


def test_after_the_due_day_no_extension_is_asked_for(december: Engine, company: Company, clock: ManualClock) -> None:
    order = issue(december, company)
    clock.move(timedelta(days=20))

    with pytest.raises(Conflict) as caught:
        ordering.ask_extension(december, order.id, company.chen, datetime(2027, 1, 30, tzinfo=UTC), "晚")

    assert caught.value.code == "order.extension_late"


def test_missed_replies_climb_one_level_each(december: Engine, company: Company, clock: ManualClock) -> None:
    """L1 owner → L2 head → L3 leader → L4 president."""
    order = issue(december, company)
    ranks = []
    for _ in range(4):
        clock.move(timedelta(days=3))
        ordering.climb_due(december)
        ranks.append(seen(december, order.id).rank)

    assert ranks == [1, 2, 3, 3]
    assert ordering.climb_due(december) == 0
    with december.start_work(reading=True) as work:
        assert notices.page(work, company.president)[0].kind == "order.climbed"


def test_an_assist_order_can_be_countered_and_its_issuer_agrees(december: Engine, company: Company) -> None:
    """REQ-034."""
    order = issue(december, company, kind=OrderKind.ASSIST)
    other = datetime(2026, 12, 15, 10, tzinfo=UTC)

    ordering.counter(december, order.id, company.chen, other, "人手不足")
    agreed = ordering.agree(december, order.id, company.zhao)

    assert (agreed.status, agreed.due) == (OrderState.SIGNED, other)


def test_the_second_person_to_act_on_an_order_learns_its_state(december: Engine, company: Company) -> None:
    order = issue(december, company)
    ordering.sign(december, order.id, company.chen)

    with pytest.raises(Conflict) as caught:
        ordering.sign(december, order.id, company.chen)

    assert caught.value.fields["now"] == "SIGNED"


def test_a_side_that_has_not_signed_gets_one_order_until_the_letter_is_in_force(
    december: Engine, company: Company
) -> None:
    with december.start_work() as work:
        letter = drafts.valid(work, company)
        first = issuing.chase_signing(december, work, letter.id, "B")
        second = issuing.chase_signing(december, work, letter.id, "B")
        assert (first.id, first.receiver) == (second.id, letters.view(work, letter.id).party_b)
        assert issuing.close_signing(work, letter.id) == 1
        work.commit()

    assert seen(december, first.id).status is OrderState.CLOSED


def test_every_act_on_an_order_is_told_in_its_history(december: Engine, company: Company) -> None:
    order = issue(december, company)
    ordering.sign(december, order.id, company.chen, "收到")

    with december.start_work() as work:
        told = [(each.act, each.actor) for each in audit.of(work, orders.stream(order.id))]

    assert told == [("order.issued", company.zhao), ("order.signed", company.chen)]


def test_the_extension_of_a_warning_order_is_decided_in_the_diagram(
    december: Engine, company: Company, clock: ManualClock
) -> None:
    with december.start_work() as work:
        item = running.alone(work, company, running.task(company), running.REPORT)
        work.commit()
    clock.set(running.FIRST + timedelta(days=13))
    said = Update(percent=Decimal(30), reason="供货", measures="换供应商")
    updating.save(december, item, said, company.chen)
    jobs_of(december).run()
    answer(december, "sign_in", company.chen, "DONE")
    with december.start_work(reading=True) as work:
        order = orders.listed(work)[0]

    ordering.ask_extension(december, order.id, company.chen, order.due + timedelta(days=3), "等货")
    jobs_of(december).run()
    answer(december, "grant_extension", company.zhou, "APPROVED")

    with december.start_work(reading=True) as work:
        assert [each.message for each in incidents.open(work)] == []
    granted = seen(december, order.id)
    assert (granted.extension, granted.due.date()) == (ExtensionState.GRANTED, date(2026, 12, 18))


def answer(engine: Engine, node: str, actor: int, outcome: str) -> None:
    with engine.start_work(reading=True) as work:
        wanted = select(tasks.c.id).where(tasks.c.node == node, tasks.c.status == "open")
        found = int(work.connection.execute(wanted).scalar_one())
    decisions.decide(engine, found, actor, Decision(outcome, "同意"))
