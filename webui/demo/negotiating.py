"""Chapter two: drafts, edits, a commitment, a forced item, a return, a late letter, signatures."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.approvals import decisions
from engine.approvals.decisions import Decision
from engine.letters import letters
from engine.letters.drafting import editing, forcing, negotiation
from engine.letters.drafting.negotiation import Answer
from engine.letters.items import ItemView
from engine.letters.states import LetterState
from engine.letters.tracking.progress import Update
from engine.letters.weights import total
from webui.demo import reporting
from webui.demo.stage import Stage, wall
from webui.demo.working import Duty

LATE, RETURNED, FORCED, ASKING, HELPING = "WY", "ZY", "JS", "SG", "YX"
TASKS = {"PROJECT": "样板间交付验收", "SUBSIDIARY": "年度内控体系评审通过"}
ADJUSTED, CLIMBING = "BJ", "CD"
FRAME = "主体结构封顶"
BEFORE = {FRAME: timedelta(days=3), TASKS["PROJECT"]: timedelta(days=5)}
"""So much before the milestone of the year the month promises it."""
VETO: dict[str, Any] = {
    "kind": "VETO",
    "name": "安全生产责任事故",
    "category": "安全",
    "definition": "发生死亡或重大安全生产责任事故",
    "method": "BOOL",
    "veto": {"event": "死亡或重大责任事故", "scope": "LETTER"},
}


def play(stage: Stage) -> None:
    """From the opened cycle to letters in force."""
    year = stage.clockwork.now.year
    codes = {stage.cast.org(code).id: code for code in (LATE, RETURNED, FORCED, ASKING)}
    lets_lie = stage.idle(lambda duty: duty.node == "edit")
    reporting.report_until(stage, date(year, 10, 19))
    stage.clockwork.until(wall(year, 10, 20, 9, 30))
    _drafted(stage)
    stage.clockwork.until(wall(year, 10, 21, 10), evaluated=False)
    for letter in stage.cast.months():
        edit(stage, letter)
    _ask_for_help(stage)
    stops = _waits(stage, codes)
    lets_lie()
    stage.clockwork.until(wall(year, 10, 22, 10), evaluated=False)
    _submitted(stage)
    _settle_help(stage, stops.pop("help"))
    _force(stage, stops.pop("forced"))
    _return(stage, stops.pop("returned"))
    reporting.report_until(stage, date(year, 10, 23))
    stage.clockwork.until(wall(year, 10, 23, 18, 30), evaluated=False)
    _late(stage, stops.pop("late"))
    slow = stage.cast.item(stage.cast.month(CLIMBING).id, TASKS["PROJECT"]).id
    reporting.report_until(stage, date(year, 10, 30), {slow: Update(percent=Decimal(50))})
    stage.clockwork.until(wall(year, 10, 30, 17))
    _in_force(stage)


def _drafted(stage: Stage) -> None:
    drafts = stage.cast.months()
    stage.account.tell("drafts", count=len(drafts))
    for letter in drafts[:4]:
        stage.account.add("draft", no=letter.no, items=len(stage.cast.content(letter.id).items))


def edit(stage: Stage, letter: letters.LetterView) -> None:
    """The head adds the month's work to what came from the year, with the weight that is left."""
    known = stage.cast.content(letter.id)
    head = letter.party_b or 0
    year = _annual_task(stage, letter, FRAME if known.org.code == ADJUSTED else TASKS[str(known.org.type)])
    values = _task(year, known.letter.full_score - total(known.weights), head)
    documents = [{"name": _document(year), "stage": "FINAL", "criteria": "签字齐全", "reviewer": stage.cast.ops()}]
    editing.add_item(stage.engine.start_work, letter.id, values, documents=documents, actor=head)
    after = stage.cast.content(letter.id)
    if known.org.code in (CLIMBING, ADJUSTED, RETURNED):
        who = stage.cast.name(head)
        stage.account.tell("edited", who=who, no=letter.no, added=1, total=total(after.weights))


def _annual_task(stage: Stage, letter: letters.LetterView, name: str) -> ItemView:
    return stage.cast.item(letter.parent or 0, name)


def _task(year: ItemView, weight: Decimal, head: int) -> dict[str, Any]:
    return {
        "kind": "TASK",
        "name": year.name,
        "category": year.category,
        "importance": "KEY" if weight >= 20 else "MAJOR",
        "completion_standard": year.completion_standard or year.name,
        "definition": year.definition or year.name,
        "weight": weight,
        "method": "MILESTONE",
        "params": dict(year.params),
        "due": year.due and year.due - BEFORE.get(year.name, timedelta()),
        "owner": year.owner or head,
        "parent": year.id,
    }


def _document(year: ItemView) -> str:
    return f"{year.name}报告"


def _ask_for_help(stage: Stage) -> None:
    letter = stage.cast.month(ASKING)
    item = stage.cast.content(letter.id).items[0]
    provider, content = stage.cast.org(HELPING), "双十一联合推广方案与会员导流"
    due = date(stage.clockwork.now.year, 11, 10)
    actor = letter.party_b or 0
    negotiation.request(stage.engine.start_work, item.id, provider.id, content, due=due, actor=actor)
    stage.account.tell("asked", no=letter.no, provider=provider.name, content=content)


def _waits(stage: Stage, codes: dict[int, str]) -> dict[str, Any]:
    def of(duty: Duty, code: str, *nodes: str) -> bool:
        return codes.get(duty.org or 0) == code and duty.node in nodes

    return {
        "help": stage.idle(lambda duty: duty.node in ("commit", "arbitrate")),
        "forced": stage.idle(lambda duty: of(duty, FORCED, "internal", "centre_review", "ops_review", "object")),
        "returned": stage.idle(lambda duty: of(duty, RETURNED, "leader_approval")),
        "late": stage.idle(lambda duty: of(duty, LATE, "edit", "reply")),
    }


def _submitted(stage: Stage) -> None:
    on_time = [each for each in stage.cast.months() if each.status is not LetterState.DRAFT]
    stage.account.tell("all_submitted", count=len(on_time))
    stage.expect(len(on_time) == len(stage.cast.months()) - 1, "one letter and only one is still a draft")


def _settle_help(stage: Stage, go_on: Any) -> None:
    letter = stage.cast.month(ASKING)
    asked = stage.cast.content(letter.id).commitments[0]
    offered = Answer("COUNTERED", due=date(stage.clockwork.now.year, 11, 16), reason="人手已排满")
    negotiation.answer(stage.engine, asked.id, offered, actor=stage.cast.head(HELPING))
    stage.account.tell(
        "promised", who=stage.cast.name(stage.cast.head(HELPING)), answer="改为 11-16 / not before 11-16"
    )
    ruling = Answer("ACCEPTED", due=date(stage.clockwork.now.year, 11, 12), reason="以双十一为先")
    negotiation.answer(stage.engine, asked.id, ruling, actor=stage.cast.leader(ASKING))
    stage.account.tell("ruled", who=stage.cast.name(stage.cast.leader(ASKING)), answer="11-12")
    go_on()


def _force(stage: Stage, go_on: Any) -> None:
    letter = stage.cast.month(FORCED)
    values = {**VETO, "veto": {**VETO["veto"], "confirmer": stage.cast.head("AQ")}}
    forcing.add(stage.engine, letter.id, values, reason="集团安全生产要求", article="第 9 条", actor=stage.cast.ops())
    stage.clockwork.settle()
    stage.account.tell("forced", no=letter.no, name=VETO["name"])
    [duty] = stage.people.waiting("object")
    values = {"objects": True, "objection": "年度责任书已有同项"}
    decisions.decide(stage.engine, duty.task, duty.person, Decision(decisions.DONE, values=values))
    stage.clockwork.settle()
    go_on()
    stage.clockwork.act()
    leader = stage.cast.name(stage.cast.leader(FORCED))
    stage.account.tell("objected", who=stage.cast.name(duty.person), leader=leader)
    names = [item.name for item in stage.cast.content(letter.id).items]
    stage.expect(VETO["name"] in names, "the forced item stands in the letter")


def _return(stage: Stage, go_on: Any) -> None:
    letter = send_back(stage, RETURNED, "新签合同额目标偏低,请按集团口径上调")
    item = stage.cast.item(letter.id, "新签合同额")
    raised = {"target": (item.target or Decimal(0)) * Decimal("1.02")}
    actor = letter.party_b or 0
    editing.change_item(stage.engine.start_work, item.id, raised, revision=item.revision, actor=actor)
    stage.account.tell("resubmitted", who=stage.cast.name(actor), no=letter.no)
    go_on()
    stage.clockwork.act()


def send_back(stage: Stage, code: str, opinion: str) -> letters.LetterView:
    """The leader in charge returns an organisation's letter to be done again from the start (APR-14, APR-15)."""
    org = stage.cast.org(code).id
    waiting = [duty for duty in stage.people.waiting("leader_approval") if duty.org == org]
    stage.expect(len(waiting) == 1, "the leader in charge has the letter that is to be returned")
    duty = waiting[0]
    said = Decision("RETURNED", opinion, target="START", after="RESTART")
    decisions.decide(stage.engine, duty.task, duty.person, said)
    stage.clockwork.settle()
    with stage.engine.start_work(reading=True) as work:
        letter = letters.view(work, duty.letter or 0)
    stage.account.tell("returned", who=stage.cast.name(duty.person), no=letter.no, opinion=opinion, way="RESTART")
    return letter


def _late(stage: Stage, go_on: Any) -> None:
    letter = stage.cast.month(LATE)
    reply = [duty for duty in stage.people.waiting("reply") if duty.letter == letter.id]
    stage.expect(len(reply) == 1, "the late draft has a warning that asks for an answer")
    stage.account.tell("late", no=letter.no, who=stage.cast.name(reply[0].person if reply else None))
    stage.clockwork.until(wall(stage.clockwork.now.year, 10, 26, 10))
    go_on()
    stage.clockwork.act()
    after = stage.cast.month(LATE)
    stage.account.tell("late_submitted", who=stage.cast.name(after.party_b), no=after.no, points=after.late_points)
    stage.expect(after.late_points > 0, "the late letter loses points")


def _in_force(stage: Stage) -> None:
    found = stage.cast.months()
    effective = [each for each in found if each.status is LetterState.EFFECTIVE]
    stage.account.tell("effective", count=len(effective))
    stage.expect(len(effective) == len(found), f"{len(found) - len(effective)} monthly letters are not in force")
