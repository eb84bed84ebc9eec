"""Chapter three: November: progress, one item that goes from blue to red, a typhoon, a veto, deliverables."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from engine.letters import items
from engine.letters.adjusting import requests
from engine.letters.adjusting.requests import Asked
from engine.letters.items import ItemView
from engine.letters.kinds import AdjustmentType, Cause
from engine.letters.scorecards import vetoes
from engine.letters.tracking import handing_in
from engine.letters.tracking.progress import Update
from engine.letters.tracking.submissions import Verdict
from engine.letters.watching import orders, warnings
from engine.letters.watching.levels import WarningLevel
from engine.letters.watching.states import OrderState
from engine.letters.weights import total
from webui.demo.negotiating import ADJUSTED, CLIMBING, FORCED, FRAME, TASKS, VETO
from webui.demo.reporting import LIVE, report_until
from webui.demo.stage import Stage, wall

SLOW = TASKS["PROJECT"]
LEFT = ("reply", "report", "closing_report")
PAPER = b"%PDF-1.4\n% demo\n"


def play(stage: Stage) -> None:
    """From the first day in force to the last day of the period."""
    _Month(stage).play()


def begin(stage: Stage) -> None:
    """Up to the day of the typhoon: one item is late, its order is open, one letter has its second version."""
    _Month(stage).begin()


class _Month:
    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.year = stage.clockwork.now.year
        self.levels: list[WarningLevel] = []
        self.orders: list[int] = []
        self.slow = stage.cast.item(stage.cast.month(CLIMBING).id, SLOW).id

    def begin(self) -> Callable[[], None]:
        lets_lie = self.stage.idle(lambda duty: duty.node in LEFT and self._about_slow(duty.subject))
        report_until(self.stage, date(self.year, 11, 6), {self.slow: Update(percent=Decimal(55))})
        self._look(11, 6, 17)
        self._look(11, 10, 12)
        self._look(11, 11, 12)
        self._typhoon()
        return lets_lie

    def play(self) -> None:
        lets_lie = self.begin()
        self._climb()
        report_until(self.stage, date(self.year, 11, 13), {self.slow: self._slow_report()})
        self._look(11, 17, 12)
        self._finish_slow(lets_lie)
        report_until(self.stage, date(self.year, 11, 20))
        self._veto()
        self._deliver({TASKS["SUBSIDIARY"], FRAME})
        report_until(self.stage, date(self.year, 11, 30))
        found = [each.value for each in self.levels]
        self.stage.expect(found == ["BLUE", "YELLOW", "ORANGE", "RED"], f"the slow item went {found}")

    def _slow_report(self) -> Update:
        finish = date(self.year, 11, 18)
        return Update(None, Decimal(60), finish, None, "样板间石材未到场", "改用同规格替代石材")

    def _about_slow(self, subject: str) -> bool:
        warning = self.stage.cast.warning(self.slow)
        return warning is not None and subject in (f"warning:{warning.id}", str(warning.id))

    def _look(self, month: int, day: int, hour: int) -> None:
        """Let time pass and tell of the slow item's level when it rose."""
        self.stage.clockwork.until(wall(self.year, month, day, hour))
        warning = self.stage.cast.warning(self.slow)
        if warning is not None and (not self.levels or self.levels[-1] is not warning.level):
            self.levels.append(warning.level)
            told = {"BLUE": "责任人", "YELLOW": "责任人、负责人、运营", "ORANGE": "+ 分管领导", "RED": "+ 总裁、委员会"}
            self.stage.account.tell("warned", item=SLOW, level=warning.level, told=told[warning.level])

    def _typhoon(self) -> None:
        """Force majeure: a due date moves, the letter gets its second version."""
        stage, letter = self.stage, self.stage.cast.month(ADJUSTED)
        item = stage.cast.item(letter.id, FRAME)
        actor = letter.party_b or 0
        with stage.engine.start_work() as work:
            proof = stage.engine.files.keep(work, "气象证明.pdf", PAPER, actor=actor).id
            work.commit()
        asked = Asked(
            AdjustmentType.DUE,
            Cause.FORCE_MAJEURE,
            reason="台风停工三天",
            changes=[(item.id, "due", date(self.year, 11, 27))],
            event_on=date(self.year, 11, 10),
            proof=(proof,),
        )
        made = requests.draft(stage.engine, letter.id, asked, actor=actor)
        requests.file(stage.engine, made.id, actor=actor)
        stage.account.tell("filed", who=stage.cast.name(actor), no=letter.no, reason=asked.reason)
        stage.clockwork.act()
        stage.account.tell("reviewed")
        self._second_version(item)

    def _second_version(self, before: ItemView) -> None:
        stage = self.stage
        after = stage.cast.month(ADJUSTED)
        item = stage.cast.item(after.id, FRAME)
        weights = total(stage.cast.content(after.id).weights)
        stage.account.tell(
            "adjusted", no=after.no, version=after.version, before=before.due, after=item.due, total=weights
        )
        stage.expect(after.version == 2 and item.due == date(self.year, 11, 27), "the adjusted letter is version 2")

    def _climb(self) -> None:
        """ORANGE has its order; nobody answers, so it climbs."""
        stage = self.stage
        warning = stage.cast.warning(self.slow)
        if warning is None:
            return stage.expect(False, "the slow item has a warning when it is overdue")
        with stage.engine.start_work(reading=True) as work:
            order = orders.open_of_warning(work, warning.id)
        stage.expect(order is not None, "ORANGE opens an order")
        if order is not None:
            self.orders.append(order.id)
            stage.account.tell("ordered", no=order.no, who=stage.cast.name(order.receiver), due=order.due.date())
        stage.clockwork.until(wall(self.year, 11, 13, 12, 30))
        for duty in stage.people.waiting("reply"):
            if self._about_slow(duty.subject):
                stage.account.tell("climbed", who=stage.cast.name(duty.person))
        return None

    def _veto(self) -> None:
        stage, letter = self.stage, self.stage.cast.month(FORCED)
        item = stage.cast.item(letter.id, str(VETO["name"]))
        who, event = stage.cast.head("AQ"), "塔吊安装坍塌,一人死亡"
        with stage.engine.start_work() as work:
            vetoes.report(work, item.id, event=event, evidence="安全事故快报 2026-11-20", actor=who)
            work.commit()
        stage.account.tell("veto", who=stage.cast.name(who), no=letter.no, event=event)

    def _finish_slow(self, go_on: Callable[[], None]) -> None:
        """Whoever it climbed to answers; the document comes in and passes; the warning ends, OPS closes the order."""
        stage = self.stage
        go_on()
        stage.clockwork.until(wall(self.year, 11, 18, 10))
        item = stage.cast.item(stage.cast.month(CLIMBING).id, SLOW)
        with stage.engine.start_work(reading=True) as work:
            warning = warnings.open_of(work, [self.slow]).get(self.slow)
        if warning is not None:
            stage.account.tell("answered", cause=warning.reason, measures=warning.measures)
        self._hand_in(item)
        stage.clockwork.until(wall(self.year, 11, 20, 12))
        stage.expect(stage.cast.warning(self.slow) is None, "the warning ends when the item is done")
        stage.account.tell("resolved", item=SLOW)
        with stage.engine.start_work(reading=True) as work:
            closed = [orders.view(work, each) for each in self.orders]
        for order in closed:
            stage.expect(order.status is OrderState.CLOSED, f"OPS closes order {order.no}")
            stage.account.tell("closed_order", no=order.no)

    def _deliver(self, names: set[str]) -> None:
        for letter in self.stage.cast.months():
            for item in self.stage.cast.content(letter.id).items:
                if item.name in names and item.status in LIVE:
                    self._hand_in(item)

    def _hand_in(self, item: ItemView) -> None:
        """The document of the month, and the same for the milestone of the year."""
        stage = self.stage
        if item.parent is not None:
            with stage.engine.start_work(reading=True) as work:
                above = items.view(work, item.parent)
            if above.status in LIVE and stage.cast.content(above.letter).specs.get(above.id):
                self._hand_in(above)
        [spec] = stage.cast.content(item.letter).specs[item.id]
        paper = [(f"{spec.name}.pdf", PAPER)]
        made = handing_in.hand_in(stage.engine, item.id, spec.id, item.owner or 0, files=paper)
        reviewer = spec.reviewer or stage.cast.ops()
        handing_in.judge(stage.engine, made.id, reviewer, Verdict.PASS)
        stage.clockwork.settle()
        who, judge = stage.cast.name(item.owner), stage.cast.name(reviewer)
        stage.account.tell("delivered", who=who, name=spec.name, reviewer=judge, result="合格 PASS")
