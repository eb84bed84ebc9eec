"""What one does with each task of the five processes, through the use-cases that the pages call."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.approvals import decisions
from engine.approvals.decisions import DONE, Decision
from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import content, items, letters
from engine.letters.drafting import fixing, signing, submitting, tasks
from engine.letters.drafting.signing import Pen
from engine.letters.items import ItemView
from engine.letters.kinds import Direction, Kind
from engine.letters.scorecards import cards, entering
from engine.letters.scorecards.entering import Data, Given, SelfScore
from engine.letters.scoring.terms import Method
from engine.letters.tracking import handing_in, submissions
from engine.letters.tracking.submissions import Verdict
from engine.people import orgs, roles
from engine.people.roles import Role
from engine.workflow.engine import Engine
from webui.demo.working import Duty, Habit

PASSWORD = "Xinghe-2026"  # noqa: S105  (every account of the demo; the demo says so)
SHARES = (Decimal("1.04"), Decimal("0.98"), Decimal("1.01"), Decimal("0.93"), Decimal("1.08"))
"""How well organisations do against their targets, in turn."""


def approve(engine: Engine, duty: Duty) -> None:
    """Say yes."""
    decisions.decide(engine, duty.task, duty.person, Decision("APPROVED", "同意"))


def answer(values: Mapping[str, Any]) -> Habit:
    """Fill a form with these values."""

    def fill(engine: Engine, duty: Duty) -> None:
        decisions.decide(engine, duty.task, duty.person, Decision(DONE, values=values))

    return fill


def submit(engine: Engine, duty: Duty) -> None:
    """Hand the draft in: weights are filled to the full score where they are short, OPS consents to warnings."""
    letter = _letter(duty)
    with engine.start_work(reading=True) as work:
        short = any(error.fields.get("fix") == "normalise" for error in submitting.check(work, letter).errors)
    if short:
        fixing.apply(engine.start_work, letter, "normalise", actor=duty.person)
    with engine.start_work(reading=True) as work:
        doubts = submitting.check(work, letter).warnings
        ops = roles.holders(work, Role.OPS, duty.org)[0]
    if doubts:
        submitting.consent(engine.start_work, letter, actor=ops)
    submitting.submit(engine, letter, actor=duty.person)


def sign(engine: Engine, duty: Duty) -> None:
    """Sign what was read: its hash, and the password again."""
    with engine.start_work(reading=True) as work:
        sealed = content.sha256(content.load(work, _letter(duty)))
    signing.sign(engine, _letter(duty), Pen(PASSWORD, sealed), actor=duty.person)


def report_self(engine: Engine, duty: Duty) -> None:
    """Party B's own view of every item that is scored."""
    with engine.start_work() as work:
        lines = cards.lines(work, cards.of(work, _letter(duty)).id)
        said = [SelfScore(item, Decimal(98), "按期完成") for item in lines]
        entering.self_report_in(work, _letter(duty), said, duty.person)
        tasks.done(engine, work, duty.task, duty.person)
        work.commit()


def confirm_data(engine: Engine, duty: Duty) -> None:
    """The provider's figures of the letter."""
    with engine.start_work() as work:
        letter = letters.view(work, _letter(duty))
        lines = cards.lines(work, cards.of(work, letter.id).id)
        mine = [item for item in items.of(work, letter.id) if item.id in lines and _provides(work, item, duty)]
        confirmed = [Data(item.id, **figure(item, letter.org), evidence="系统台账") for item in mine]
        entering.confirm_data_in(engine, work, letter.id, confirmed, duty.person)
        tasks.done(engine, work, duty.task, duty.person)
        work.commit()


def figure(item: ItemView, org: int) -> dict[str, Any]:
    """What the books say about an item: near its target, better or worse by organisation."""
    if item.method is Method.DEDUCT:
        return {"events": []}
    if item.method is Method.BOOL:
        return {"actual": True}
    share = SHARES[(org + item.position) % len(SHARES)]
    goal = item.target if item.target is not None else Decimal(100)
    better = goal / share if item.direction is Direction.LOWER else goal * share
    return {"actual": round(better, 2)}


def accept(engine: Engine, duty: Duty) -> None:
    """Every version that waits for this reviewer passes; then the task is done."""
    with engine.start_work() as work:
        for version in _waiting(work, _letter(duty), duty.person):
            handing_in.judge_in(engine, work, version, duty.person, Verdict.PASS, comment="")
        tasks.done(engine, work, duty.task, duty.person)
        work.commit()


def score(engine: Engine, duty: Duty) -> None:
    """OPS gives points where no method could, each with its reason, and finishes."""
    letter = _letter(duty)
    with engine.start_work() as work:
        lines = cards.lines(work, cards.of(work, letter).id)
        open_ones = [item for item, line in lines.items() if line.points is None and not line.not_applicable]
        entering.give_in(work, letter, [Given(item, Decimal(90), "依据材料评定") for item in open_ones], duty.person)
        entering.finish_in(work, letter, duty.person)
        tasks.done(engine, work, duty.task, duty.person)
        work.commit()


def verify(engine: Engine, duty: Duty) -> None:
    """OPS has looked at the evidence."""
    values = {"evidence": "凭证与现场核对一致"}
    decisions.decide(engine, duty.task, duty.person, Decision("APPROVED", "核对无误", values=values))


HABITS: dict[str, Habit] = {
    "edit": submit,
    "commit": answer({"answer": "ACCEPTED"}),
    "arbitrate": answer({"answer": "ACCEPTED", "reason": "以集团计划为先"}),
    "object": answer({"objects": False}),
    "rule_objection": answer({"upheld": False, "reason": "制度要求"}),
    "sign_a": sign,
    "sign_b": sign,
    **dict.fromkeys(
        (
            "internal",
            "countersign",
            "centre_review",
            "ops_review",
            "leader_approval",
            "president_approval",
            "committee_vote",
            "confirm_veto",
            "vote_veto",
            "leader_review",
            "grant_extension",
        ),
        approve,
    ),
    "verify": verify,
    "review": answer({"finding": "CONFIRMED", "counted": False, "reason": "成因属实"}),
    "confirm_difference": answer({"answer": "READ"}),
    "reply": answer({"cause": "客户决策延后", "measures": "派专人跟进,每日对账", "forecast_finish": "2026-11-27"}),
    "report": answer({"cause": "仍在推进", "measures": "按措施执行", "forecast_finish": "2026-11-27"}),
    "sign_in": answer({"note": "收到,立即办理"}),
    "closing_report": answer({"note": "事项已办结,材料齐全"}),
    "self_report": report_self,
    "confirm_data": confirm_data,
    "accept_deliverable": accept,
    "ops_score": score,
}


def _letter(duty: Duty) -> int:
    if duty.letter is None:
        raise NotFound("demo.letter", f"'{duty.name}' ({duty.subject}) belongs to no letter", task=duty.task)
    return duty.letter


def _provides(work: Work, item: ItemView, duty: Duty) -> bool:
    if item.data_provider is None or item.kind in (Kind.TASK, Kind.VETO):
        return False
    return orgs.view(work, item.data_provider).head == duty.person


def _waiting(work: Work, letter: int, person: int) -> list[int]:
    specs = [spec for item in items.of(work, letter) for spec in content.load(work, letter).specs.get(item.id, ())]
    found = submissions.of_specs(work, [spec.id for spec in specs])
    return [
        versions[0].id for versions in found.values() if versions and versions[0].result is Verdict.PENDING and person
    ]
