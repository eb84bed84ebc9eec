"""What the scoring pages show: the sheet of one letter, and the list of letters in scoring (ux.md §4.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.kernel.errors import NotFound
from engine.kernel.work import Work
from engine.letters import access, content, letters, rows
from engine.letters.content import Content
from engine.letters.items import ItemView
from engine.letters.kinds import Kind
from engine.letters.letters import LetterRow, LetterView
from engine.letters.scorecards import answering, cards, rights, vetoes
from engine.letters.scorecards.cards import CardView, ItemScoreView
from engine.letters.scorecards.vetoes import VetoView
from engine.letters.states import LetterState
from engine.letters.tracking import submissions
from engine.letters.tracking.submissions import Verdict
from engine.people import orgs, persons
from engine.people.orgs import OrgView
from engine.workflow.engine import Engine

SHOWN = (
    LetterState.PERIOD_ENDED,
    LetterState.SCORING,
    LetterState.REVIEW,
    LetterState.PUBLISHED,
    LetterState.APPEAL,
    LetterState.CLOSED,
    LetterState.ARCHIVED,
)


@dataclass(frozen=True)
class Line:
    """One item on the sheet; `mine` says what this person may do with it: `data`, `rate`, `give`."""

    item: ItemView
    score: ItemScoreView
    provider: str = ""
    may: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sheet:
    """The scoring sheet for one reader. Where `hidden`, totals and points are not shown before publication.

    `groups`: (name, contribution) of POOL and PRODUCT groups and limits; `names` of persons by id.
    """

    letter: LetterView
    org: OrgView
    card: CardView
    lines: Sequence[Line]
    groups: Sequence[tuple[str, Decimal]]
    vetoes: Sequence[VetoView]
    names: Mapping[int, str]
    hidden: bool
    regulation: str
    may: frozenset[str]
    veto_items: Sequence[ItemView] = ()

    @property
    def unscored(self) -> Sequence[Line]:
        return [line for line in self.lines if line.score.points is None and line.score.missing]

    @property
    def widest(self) -> Decimal:
        return max((line.score.weight for line in self.lines), default=Decimal(1)) or Decimal(1)


@dataclass(frozen=True)
class Listed:
    """A letter in the list of scores; `final` and `grade` None while hidden or unknown."""

    letter: LetterView
    org: OrgView
    final: Decimal | None
    grade: str | None
    unscored: int | None


def sheet(engine: Engine, letter_id: int, actor: int) -> Sheet:
    """The sheet as this person may see it. Raises NotFound for strangers and before the period has ended."""
    with engine.start_work(reading=True) as work:
        letter = access.see(work, letter_id, actor)
        known = content.load(work, letter_id)
        card = cards.of(work, letter_id)
        hidden = not access.sees_scores(work, letter, actor)
        lines = _lines(work, known, card, actor, hidden)
        return Sheet(
            letter=letter,
            org=known.org,
            card=_veiled(card) if hidden else card,
            lines=lines,
            groups=() if hidden else _groups(known, card),
            vetoes=vetoes.of_letter(work, letter_id),
            names=_names(work, known, card, lines),
            hidden=hidden,
            regulation=known.parameters.scoring.regulation,
            may=_rights(work, letter, actor),
            veto_items=[item for item in known.items if item.kind is Kind.VETO],
        )


def listed(engine: Engine, actor: int, *, limit: int = 200) -> Sequence[Listed]:
    """The letters in or after scoring that this person sees, the newest period first."""
    with engine.start_work(reading=True) as work:
        wanted = access.letters_of(work, actor).where(LetterRow.status.in_(SHOWN))
        ordered = wanted.order_by(LetterRow.period.desc(), LetterRow.org_id).limit(limit)
        found = [rows.view(LetterView, row) for row in work.session.execute(ordered)]
        units = orgs.many(work, [letter.org for letter in found])
        return [_listed(work, letter, units[letter.org], actor) for letter in found]


def provider_items(engine: Engine, letter_id: int, actor: int) -> Sheet:
    """The sheet cut down to the items whose data this person confirms. Raises NotFound where there are none."""
    with engine.start_work(reading=True) as work:
        letter = letters.view(work, letter_id)
        known = content.load(work, letter_id)
        card = cards.of(work, letter_id)
        lines = [line for line in _lines(work, known, card, actor, True) if "data" in line.may]
        if not lines:
            raise NotFound("score.no_data", f"no data of letter {letter_id} are yours to confirm", letter=letter_id)
        names = _names(work, known, card, lines)
        regulation = known.parameters.scoring.regulation
        rights = _rights(work, letter, actor)
        return Sheet(letter, known.org, _veiled(card), lines, (), (), names, True, regulation, rights)


def to_judge(engine: Engine, letter_id: int, actor: int) -> int | None:
    """The first item of a letter with a version that waits for this person's verdict."""
    with engine.start_work(reading=True) as work:
        known = content.load(work, letter_id)
        specs = {spec.id: item for item in known.items for spec in known.specs.get(item.id, ())}
        for spec_id, versions in submissions.of_specs(work, specs).items():
            item = specs[spec_id]
            spec = next(each for each in known.specs[item.id] if each.id == spec_id)
            mine = spec.reviewer == actor or (spec.reviewer is None and access.Sight(work, actor).ops)
            if versions[0].result is Verdict.PENDING and mine and item.owner != actor:
                return item.id
    return None


def _listed(work: Work, letter: LetterView, org: OrgView, actor: int) -> Listed:
    card = cards.find(work, letter.id)
    if card is None or not access.sees_scores(work, letter, actor):
        return Listed(letter, org, None, None, None)
    return Listed(letter, org, card.final, card.grade, card.unscored)


def _lines(work: Work, known: Content, card: CardView, actor: int, hidden: bool) -> Sequence[Line]:
    scores = cards.lines(work, card.id)
    providers = orgs.many(work, [item.data_provider for item in known.items if item.data_provider])
    found = []
    for item in known.items:
        if item.id not in scores:
            continue
        score = _without_points(scores[item.id]) if hidden else scores[item.id]
        unit = providers.get(item.data_provider or 0)
        provider = unit.name if unit else ""
        found.append(Line(item, score, provider, rights.of_item(work, item, known.letter, actor)))
    return found


def _rights(work: Work, letter: LetterView, actor: int) -> frozenset[str]:
    """`self` report, `give` scores, `finish` the scoring, `veto` report."""
    found = set()
    if letter.status in rights.ENTERING and access.writes(work, letter, actor):
        found.add("self")
    if letter.status in rights.ENTERING and access.Sight(work, actor).ops:
        found.add("veto")
    if rights.may_score(work, letter, actor):
        found.add("give")
        if letter.status is LetterState.SCORING and answering.waiting(work, letter.id, "ops_score", actor):
            found.add("finish")
    return frozenset(found)


def _groups(known: Content, card: CardView) -> Sequence[tuple[str, Decimal]]:
    names = {str(group.id): group.name for group in known.groups}
    return [(names.get(str(each["group"]), ""), Decimal(str(each["contribution"]))) for each in card.shares]


def _names(work: Work, known: Content, card: CardView, lines: Sequence[Line]) -> Mapping[int, str]:
    wanted = {card.self_by, card.scored_by, known.letter.party_b}
    for line in lines:
        raters = (int(each["rater"]) for each in line.score.ratings if str(each.get("rater", "")).isdigit())
        wanted |= {line.item.owner, line.score.data_by, line.score.given_by, *raters}
    return persons.names(work, [person for person in wanted if person is not None])


def _veiled(card: CardView) -> CardView:
    return CardView(card.id, card.letter, card.opened_at, card.self_at, card.self_by, card.self_missed)


def _without_points(score: ItemScoreView) -> ItemScoreView:
    """What the scored side may see before publication: its own report and the data, no points."""
    return replace(
        score,
        given=None,
        reason="",
        given_by=None,
        computed=None,
        points=None,
        contribution=None,
        formula="",
        missing="",
        ratings=(),
        limits=(),
    )
