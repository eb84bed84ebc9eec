"""Chapter one: letters of the year are signed, so that the month has a source; those of centres stay drafts."""

from engine.letters import letters
from engine.letters.letters import LetterView
from engine.letters.states import LetterState
from engine.people import orgs
from engine.people.orgs import OrgType
from webui.demo import habits
from webui.demo.reporting import report
from webui.demo.stage import Stage
from webui.demo.working import Duty


def play(stage: Stage) -> None:
    """The annual letters of the group, the subsidiaries and projects are submitted, approved and signed."""
    drafts = _drafts(stage)
    for letter in drafts:
        habits.submit(stage.engine, Duty(0, 0, letter.party_b or 0, "edit", "", "", letter.id, letter.org))
    stage.people.work_off()
    stage.clockwork.settle()
    with stage.engine.start_work(reading=True) as work:
        signed = [letters.view(work, each.id).status for each in drafts]
    count = signed.count(LetterState.EFFECTIVE)
    stage.expect(count == len(signed), f"{len(signed) - count} annual letters did not come into force")
    report(stage, {})
    stage.account.tell("company", orgs=stage.founded.orgs, people=stage.founded.people, annual=count)


def _drafts(stage: Stage) -> list[LetterView]:
    with stage.engine.start_work(reading=True) as work:
        found = [letters.view(work, each) for each in stage.founded.letters.values()]
        return [each for each in found if orgs.view(work, each.org).type is not OrgType.CENTER]
