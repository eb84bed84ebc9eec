"""Chapter four: December: self-reports, data, the veto, scores, review, publication, closing."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from engine.approvals.tables import assignment
from engine.letters.letters import LetterView
from engine.letters.scorecards import cards
from engine.letters.scorecards.cards import CardView
from engine.letters.states import LetterState
from webui.demo.negotiating import ADJUSTED, CLIMBING, FORCED, LATE
from webui.demo.reporting import report_until
from webui.demo.stage import Stage, wall

SILENT = "SG"
SHOWN = 5


def play(stage: Stage) -> None:
    """From the end of the period to closed letters."""
    year = stage.clockwork.now.year
    silent = stage.cast.org(SILENT).id
    wait = stage.idle(lambda duty: duty.node == "self_report" and duty.org == silent)
    scores = stage.idle(lambda duty: duty.node == "ops_score")
    reviews = stage.idle(lambda duty: duty.node == "leader_review")
    stage.clockwork.until(wall(year, 12, 1, 10))
    ended = [each for each in stage.cast.months() if each.status is LetterState.SCORING]
    stage.account.tell("ended", count=len(ended))
    stage.expect(len(ended) == len(stage.cast.months()), "every letter of the month goes to scoring")
    report_until(stage, date(year, 12, 4))
    stage.clockwork.until(wall(year, 12, 4, 18, 30))
    wait()
    _gathered(stage)
    scores()
    stage.clockwork.until(wall(year, 12, 7, 12))
    stage.account.tell("scored", count=sum(card.scored_at is not None for _, card in _cards(stage)))
    reviews()
    stage.clockwork.until(wall(year, 12, 10, 18, 30))
    _published(stage)
    report_until(stage, date(year, 12, 11))
    stage.clockwork.until(wall(year, 12, 16, 10))
    closed = [each for each in stage.cast.months() if each.status is LetterState.CLOSED]
    stage.account.tell("closed", count=len(closed))
    stage.expect(len(closed) == len(ended), f"{len(ended) - len(closed)} letters are not closed")


def _gathered(stage: Stage) -> None:
    found = list(_cards(stage))
    stage.account.tell("self", count=sum(card.self_at is not None for _, card in found))
    stage.expect(any(card.self_missed for _, card in found), "one self-report was missed and noted")
    with stage.engine.start_work(reading=True) as work:
        lines = [line for _, card in found for line in cards.lines(work, card.id).values()]
    stage.account.tell("data", count=sum(line.data_at is not None for line in lines))
    leader = stage.cast.name(stage.cast.leader(FORCED))
    stage.account.tell("veto_fact", who=leader)
    stage.account.tell("veto_vote", yes=_votes(stage))


def _votes(stage: Stage) -> int:
    said = (assignment.c.node == "vote_veto", assignment.c.state == "APPROVED")
    with stage.engine.start_work(reading=True) as work:
        return int(work.connection.execute(select(func.count()).select_from(assignment).where(*said)).scalar_one())


def _published(stage: Stage) -> None:
    found = sorted(_cards(stage), key=lambda pair: pair[1].final or 0, reverse=True)
    public = [(letter, card) for letter, card in found if card.published_at is not None]
    stage.account.tell("review", count=len(public))
    stage.account.tell("published", count=len(public))
    stage.expect(len(public) == len(found), f"{len(found) - len(public)} letters are not published")
    for letter, card in public:
        stage.account.add("score", no=letter.no, total=str(card.final), grade=card.grade, note=_note(stage, card))
    _contributions(stage, stage.cast.month(CLIMBING))
    by_org = {letter.org: card for letter, card in found}
    vetoed = by_org[stage.cast.org(FORCED).id]
    stage.expect(vetoed.vetoed and vetoed.grade == "E", "the confirmed veto gives grade E")
    stage.expect((by_org[stage.cast.org(LATE).id].late or 0) > 0, "the late letter loses its points")
    stage.expect(stage.cast.month(ADJUSTED).version == 2, "the adjusted letter is scored as version 2")


def _note(stage: Stage, card: CardView) -> str:
    words = []
    if card.vetoed:
        words.append("note_veto")
    if card.late:
        words.append("note_late")
    return "".join(stage.account.word(each, points=card.late) for each in words)


def _contributions(stage: Stage, letter: LetterView) -> None:
    """Where the points of one letter come from (REQ-093)."""
    with stage.engine.start_work(reading=True) as work:
        lines = cards.lines(work, cards.of(work, letter.id).id)
    for item in stage.cast.content(letter.id).items:
        line = lines.get(item.id)
        if line is not None and line.points is not None and item.scored:
            stage.account.add(
                "contribution",
                name=item.name,
                weight=line.weight,
                points=round(line.points, 2),
                contribution=line.contribution,
                rule=line.formula,
            )


def _cards(stage: Stage) -> Iterable[tuple[LetterView, CardView]]:
    with stage.engine.start_work(reading=True) as work:
        found = [(letter, cards.find(work, letter.id)) for letter in stage.cast.months()]
    return [(letter, card) for letter, card in found if card is not None]
