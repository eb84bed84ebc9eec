"""The authority matrix as approvals follow it, on both databases (ux.md §4.15, REQ-016, REQ-029)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.approvals import preview
from engine.kernel.clock import ManualClock
from engine.kernel.errors import InvalidInput, NotAllowed, NotFound
from engine.letters.matrix import comparing, trying, versions, vocabulary
from engine.letters.matrix.trying import Route, Scene
from engine.letters.matrix.versions import Saving, VersionState
from engine.people import authority, roles
from engine.people.authority import Authority, Duty
from engine.people.roles import Grant, Role
from engine.workflow import definitions, instances
from engine.workflow.engine import Engine
from tests.integration.people.company import Company

MONTH = "MONTH_LETTER"
FINANCE_REVIEWS = Authority(MONTH, Duty.REVIEW, "组织:XH-CW", control_mode="STRATEGIC", order=5, article="第12条")
ROWS = vocabulary.whole_template()


def _save(engine: Engine, company: Company, *more: Authority, **given: object) -> versions.MatrixVersion:
    wanted = Saving(vocabulary.KINDS, (*ROWS, *more), "试点:月度责任书由财务中心审核")
    return versions.save(engine, replace(wanted, **given), company.admin)  # type: ignore[arg-type]  # fields of Saving


def _of_month(engine: Engine, company: Company, rows: tuple[Authority, ...] | None = None) -> Route:
    with engine.start_work(reading=True) as work:
        found = trying.routes(engine, work, Scene(company.project), rows)
    return next(route for route in found if route.kind == MONTH)


def test_another_matrix_tells_before_it_is_saved_who_would_be_asked(processes: Engine, company: Company) -> None:
    """试算 names the routes that change, and only these."""
    with processes.start_work(reading=True) as work:
        found = trying.routes(processes, work, Scene(company.project), (*ROWS, FINANCE_REVIEWS))

    assert [route.kind for route in found if route.changed] == [MONTH]
    month = next(route for route in found if route.kind == MONTH)
    assert [stage.node for stage in month.now] == ["ops_review", "leader_approval"]
    assert next((stage.node, stage.people) for stage in month.then) == ("centre_review", (company.sun,))


def test_the_template_changes_no_route(processes: Engine, company: Company) -> None:
    with processes.start_work(reading=True) as work:
        found = trying.routes(processes, work, Scene(company.project, key=True, heavy=True), ROWS)

    assert not any(route.changed for route in found)


def test_approvals_follow_a_saved_matrix_and_running_ones_keep_theirs(processes: Engine, company: Company) -> None:
    """REQ-029: the matrix makes the route; an instance stays bound to the table it started with."""
    running = _start(processes, company)
    saved = _save(processes, company, FINANCE_REVIEWS)
    later = _start(processes, company)

    assert saved.status is VersionState.EFFECTIVE
    assert [each.node for each in preview.steps(processes, running)] == ["ops_review", "leader_approval"]
    assert next(each.node for each in preview.steps(processes, later)) == "centre_review"


def test_a_matrix_for_later_is_followed_from_its_moment_on(
    processes: Engine, company: Company, clock: ManualClock
) -> None:
    planned = _save(processes, company, FINANCE_REVIEWS, effective_at=clock.now() + timedelta(days=3))
    early = versions.put_in_force_due(processes)
    before = _of_month(processes, company).now
    clock.move(timedelta(days=3))
    late = versions.put_in_force_due(processes)

    assert (planned.status, early, late) == (VersionState.PLANNED, 0, 1)
    assert [stage.node for stage in before] == ["ops_review", "leader_approval"]
    assert _of_month(processes, company).now[0].node == "centre_review"
    with processes.start_work(reading=True) as work:
        assert FINANCE_REVIEWS in authority.everyone(work)


def test_a_diagram_deployed_meanwhile_keeps_its_drawing_when_a_planned_matrix_comes(
    processes: Engine, company: Company, clock: ManualClock
) -> None:
    _save(processes, company, FINANCE_REVIEWS, effective_at=clock.now() + timedelta(days=1))
    with processes.start_work(reading=True) as work:
        files = definitions.files(work, definitions.current(work, "approval").id)
    renamed = files["approval.bpmn"].replace('name="计划运营审核"'.encode(), 'name="运营复核"'.encode())
    definitions.deploy(processes, {**files, "approval.bpmn": renamed})
    clock.move(timedelta(days=1))
    versions.put_in_force_due(processes)

    assert "运营复核" in [stage.name for stage in _of_month(processes, company).now]


def test_a_planned_matrix_can_be_called_off(processes: Engine, company: Company, clock: ManualClock) -> None:
    planned = _save(processes, company, FINANCE_REVIEWS, effective_at=clock.now() + timedelta(days=1))
    versions.call_off(processes, planned.id, company.admin)
    clock.move(timedelta(days=2))

    assert versions.put_in_force_due(processes) == 0
    with pytest.raises(NotFound):
        versions.call_off(processes, planned.id, company.admin)


def test_a_matrix_that_breaks_a_rule_or_leaves_a_kind_without_approval_is_not_saved(
    processes: Engine, company: Company
) -> None:
    """有且仅有一个主责E, ≥1 A, R ordinals unique; a kind of work without rows would go without approval."""
    with pytest.raises(InvalidInput) as twice:
        _save(processes, company, replace(FINANCE_REVIEWS, order=2))
    without = tuple(row for row in ROWS if row.type != MONTH)
    with pytest.raises(InvalidInput) as missing:
        _save(processes, company, rows=without)

    assert {finding.code for finding in twice.value.fields["findings"]} == {"authority.order"}
    assert [finding.element for finding in missing.value.fields["findings"]] == [MONTH]


def test_a_note_and_a_moment_to_come_are_asked_for(processes: Engine, company: Company, clock: ManualClock) -> None:
    with pytest.raises(InvalidInput, match="say what changes"):
        _save(processes, company, note=" ")
    with pytest.raises(InvalidInput, match="has passed"):
        _save(processes, company, effective_at=clock.now() - timedelta(hours=1))


def test_only_process_owners_heads_of_operations_and_administrators_save(processes: Engine, company: Company) -> None:
    saving = Saving(vocabulary.KINDS, ROWS, "x")
    with pytest.raises(NotAllowed):
        versions.save(processes, saving, company.li)
    with processes.start_work() as work:
        roles.grant(work, Grant(company.li, Role.PROCESS_OWNER))
        work.commit()

    assert versions.save(processes, saving, company.li).no == 1


def test_history_tells_the_versions_and_what_differs(processes: Engine, company: Company) -> None:
    first = _save(processes, company)
    second = _save(processes, company, FINANCE_REVIEWS)

    with processes.start_work(reading=True) as work:
        told = [(each.no, each.status) for each in versions.everyone(work)]
    assert told == [(2, VersionState.EFFECTIVE), (1, VersionState.RETIRED)]
    assert comparing.compare(first.rows, second.rows) == (comparing.Change("added", None, FINANCE_REVIEWS),)


def _start(engine: Engine, company: Company) -> int:
    subject = {
        "id": 1, "no": "ZRS-1", "kind": "LETTER", "level": "MONTH", "control_mode": "STRATEGIC", "org_type": "PROJECT",
        "org": company.project, "key_change": False, "finance": False, "affected_weight": 100, "collaborators": [],
        "centres": [], "submitter": company.li,
    }  # fmt: skip
    data = {"subject": subject, "from_stage": 1}
    return instances.start_one(engine, "approval", data=data, starter=company.li, title="审批")
