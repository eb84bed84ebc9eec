"""A site with something of everything, and a program that may do everything: what random requests are thrown at."""

from pathlib import Path

from engine.kernel.work import Store
from engine.letters import joining as letters
from engine.people import roles, tokens
from engine.people.roles import Grant, Role
from engine.people.tokens import NewToken, Scope
from engine.workflow import definitions, instances
from tests.builders import drafts, running
from tests.builders import site as sites
from tests.builders.diagrams import process, sequence
from tests.builders.site import Site
from tests.paths import ROOT

PRINTING = process(
    "printing",
    '<startEvent id="begin"/><serviceTask id="print" name="打印"><extensionElements><lf:operation topic="print"/>'
    '</extensionElements></serviceTask><endEvent id="done"/>' + sequence("begin", "print", "done"),
)
WAITING = process(
    "waiting",
    '<startEvent id="begin"/><receiveTask id="wait" name="等待" messageRef="paid"/><endEvent id="done"/>'
    + sequence("begin", "wait", "done"),
    '<message id="paid" name="paid"/>',
)


def build(store: Store, folder: Path) -> Site:
    """Three tasks of each process, work for programs, an incident, a draft and a letter in force."""
    site = sites.build(store, folder)
    for number in range(3):
        for key in ("purchase", "sealing", "report"):
            site.start(key, f"{key} {number}", starter="admin")
    letters.join(site.engine)
    for files in (PRINTING, WAITING, ROOT / "processes" / "escalation"):
        definitions.deploy(site.engine, files)
    for _ in range(3):
        instances.start_one(site.engine, "printing", data={"pages": 3}, starter=site.company.admin)
        instances.start_one(site.engine, "waiting", starter=site.company.admin)
    with store.start_work() as work:
        drafts.regulation(work)
        running.letter(work, site.company)
        drafts.letter(work, site.company.project, period="202701")
        for role in Role:
            roles.grant(work, Grant(site.company.admin, role))
        work.commit()
    return site


def token(site: Site, account: str = "admin", *scopes: Scope) -> str:
    """The text of a new token."""
    new = NewToken("tests", frozenset(scopes or Scope), 30)
    return tokens.create(site.engine.start_work, site.person(account), new, actor=None).text
