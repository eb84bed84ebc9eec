"""Fills an empty database with the group in the middle of a month: letters in every state, people, things to do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from engine import upgrade
from engine.kernel import demo_clock, settings
from engine.kernel.clock import SystemClock
from engine.kernel.config import Config
from engine.letters import cycle as letters_cycle
from engine.letters import periods
from engine.letters.drafting import negotiation
from engine.letters.kinds import Level
from engine.people import credentials, orgs, persons, roles
from engine.people.roles import Role
from engine.workflow.engine import Engine
from webui import wiring
from webui.demo import cycle, habits, negotiating, running, year
from webui.demo.habits import PASSWORD
from webui.demo.stage import Stage, open_stage, wall
from webui.demo.working import Duty

SCORED = ("CD", "BJ")
"""Whose letters of October are scored while the story goes on."""
UNFINISHED = {
    "CW": ("leader_approval",),  # in approval
    "CB": ("sign_a",),  # signing
    "YX": ("commit", "arbitrate"),  # negotiating
    "SJ": ("leader_approval", "edit"),  # returned
}
"""Whose annual letters stop where, so that every state can be seen."""


@dataclass(frozen=True)
class Account:
    """Somebody with whom a newcomer may sign in: what they are called, and as what they act."""

    account: str
    name: str
    role: str


def seed(config: Config, write: Callable[[str], object], language: str) -> bool:
    """Seed the configured database; False when there is a group in it already."""
    if _filled(config):
        return False
    stage = open_stage(config, cycle.PERIOD, wall(2026, 10, 16), write, language)
    stage.account.chapter("title", period=cycle.PERIOD)
    _unfinished(stage)
    _october(stage)
    negotiating.play(stage)
    running.begin(stage)
    _hand_over(stage)
    stage.clockwork.installation.stop()
    return True


def accounts(engine: Engine) -> list[Account]:
    """One person for each of the roles that a newcomer will want to try."""
    wanted = (Role.OPS, Role.PRESIDENT, Role.COMMITTEE, Role.HR, Role.AUDITOR, Role.PROCESS_OWNER, Role.ADMIN)
    found: list[Account] = []
    with engine.start_work(reading=True) as work:
        project = orgs.find(work, negotiating.CLIMBING)
        people = [(project.head, Role.ORG_HEAD), (project.leader, Role.LEADER)] if project else []
        people += [(next(iter(roles.holders(work, role)), None), role) for role in wanted]
        for person, role in people:
            account = credentials.account_of(work, person) if person is not None else None
            if person is not None and account is not None:
                found.append(Account(account, persons.view(work, person).name, role.value))
    return found


def _filled(config: Config) -> bool:
    installation = wiring.install(config)
    try:
        upgrade.upgrade(installation.database)
        with installation.engine.start_work(reading=True) as work:
            return bool(work.session.execute(select(func.count(orgs.OrgRow.id))).scalar_one())
    finally:
        installation.database.dispose()


def _unfinished(stage: Stage) -> None:
    """Annual letters: most come into force, some stand where their people left them."""
    ids = {stage.cast.org(code).id: nodes for code, nodes in UNFINISHED.items()}
    stage.idle(lambda duty: duty.node in ids.get(duty.org or 0, ()))
    year.play(stage)
    for letter in stage.founded.letters.values():
        known = stage.cast.content(letter)
        if known.org.code in UNFINISHED:
            _hand_in(stage, letter, known.org.code)
    stage.clockwork.settle()
    stage.people.work_off()
    negotiating.send_back(stage, "SJ", "请补充量化成效指标")
    stage.people.work_off()


def _hand_in(stage: Stage, letter: int, code: str) -> None:
    known = stage.cast.content(letter).letter
    head = known.party_b or 0
    if code == "YX":
        item, provider = stage.cast.content(letter).items[0], stage.cast.org("SJ").id
        due = date(stage.clockwork.now.year, 11, 20)
        negotiation.request(stage.engine.start_work, item.id, provider, "新项目视觉设计", due=due, actor=head)
    habits.submit(stage.engine, Duty(0, 0, head, "edit", "", "", letter, known.org))


def _october(stage: Stage) -> None:
    """Two letters of October are agreed late and scored in November: one will be published, one waits for OPS."""
    october = periods.parse(Level.MONTH, "202610")
    waits = stage.cast.org(SCORED[1]).id
    stage.idle(lambda duty: duty.node == "ops_score" and duty.org == waits)
    for code in SCORED:
        letters_cycle.open_org(stage.engine, stage.cast.org(code).id, october)
    stage.clockwork.settle()
    stage.people.work_off()
    stage.clockwork.settle()


def _hand_over(stage: Stage) -> None:
    """The demo's clock goes on from the moment at which the story stopped; accounts get real hashes."""
    behind = stage.clockwork.clock.now() - SystemClock().now()
    hashed = credentials.hashed(PASSWORD)
    with stage.engine.start_work() as work:
        settings.write(work, demo_clock.OFFSET, behind.total_seconds())
        for person in persons.everyone(work):
            account = credentials.account_of(work, person.id)
            if account is not None:
                credentials.set_password(work, person.id, account, hashed)
        work.commit()
