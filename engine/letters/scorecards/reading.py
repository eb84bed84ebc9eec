"""What the scoring pages show: the sheet of one letter, and the list of letters in scoring (ux.md §4.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from engine.kernel import audit
from engine.kernel.audit import Entry
from engine.kernel.errors import NotFound
from engine.kernel.files import FileView
from engine.kernel.work import Work
from engine.letters import access, content, letters, rows, states
from engine.letters.content import Content
from engine.letters.items import ItemView
from engine.letters.kinds import Kind
from engine.letters.letters import LetterRow, LetterView
from engine.letters.scorecards import answering, asking, awaiting, cards, rights, vetoes, waterfall
from engine.letters.scorecards.asking import Asked
from engine.letters.scorecards.awaiting import Awaited
from engine.letters.scorecards.cards import CardView, ItemScoreView
from engine.letters.scorecards.vetoes import VetoView
from engine.letters.scorecards.waterfall import Step
from engine.letters.states import LetterState
from engine.letters.tracking import submissions
from engine.letters.tracking.submissions import Verdict
from engine.people import orgs, persons
from engine.people.orgs import OrgView
from engine.workflow.engine import Engine

SHOWN = states.WITH_CARD | {LetterState.PERIOD_ENDED}

TOLD = ("score.data", "score.given", "score.rated")
"""Acts about one item that the sheet shows beside it."""


@dataclass(frozen=True)
class Line:
    """One item on the sheet; `mine` says what this person may do with it: `data`, `rate`, `give`."""

    item: ItemView
    score: ItemScoreView
    provider: str = ""
    may: frozenset[str] = frozenset()
    asked: Asked = field(default_factory=Asked)
    history: Sequence[Entry] = ()


@dataclass(frozen=True)
class Sheet:
    """The scoring sheet for one reader. Where `hidden`, totals and points are not shown before publication.

    `groups`: (name, contribution) of POOL and PRODUCT groups and limits; `names` of persons by id; `awaited`: the open
    steps; `may_report`: the VETO items against which this person may report an event; `files` by id.
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
    may_report: frozenset[int] = frozenset()
    awaited: Sequence[Awaited] = ()
    steps: Sequence[Step] = ()
    files: Mapping[str, FileView] = field(default_factory=dict)

    @property
    def confirmed(self) -> tuple[int, int]:
        """How many of the items with a provider have their data, and how many there are."""
        given = [line for line in self.lines if line.provider]
        return sum(line.score.data_at is not None for line in given), len(given)

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

    @property
    def opened(self) -> bool:
        """Whether there is a sheet to read."""
        return self.letter.status in states.WITH_CARD


def sheet(engine: Engine, letter_id: int, actor: int) -> Sheet:
    """The sheet as this person may see it. Raises NotFound for strangers and before the period has ended."""
    with engine.start_work(reading=True) as work:
        letter = access.see(work, letter_id, actor)
        known = content.load(work, letter_id)
        card = cards.of(work, letter_id)
        hidden = not access.sees_scores(work, letter, actor)
        lines = _lines(work, known, card, actor, hidden)
        veto_items = [item for item in known.items if item.kind is Kind.VETO]
        awaited = awaiting.of_letter(work, letter_id)
        groups = () if hidden else _groups(known, card)
        return Sheet(
            letter=letter,
            org=known.org,
            card=_veiled(card) if hidden else card,
            lines=lines,
            groups=groups,
            vetoes=vetoes.of_letter(work, letter_id),
            names=_names(work, known, card, lines, awaited),
            hidden=hidden,
            regulation=known.parameters.scoring.regulation,
            may=_rights(work, letter, actor),
            veto_items=veto_items,
            may_report=_reportable(work, letter, veto_items, actor),
            awaited=awaited,
            steps=() if hidden else waterfall.of(card, _added(lines, groups)),
            files=_files(engine, work, lines),
        )


def file(engine: Engine, letter_id: int, file_id: str, actor: int) -> tuple[FileView, bytes]:
    """A file that proves data of a letter. Raises NotFound for strangers and for files of other letters."""
    with engine.start_work(reading=True) as work:
        access.see(work, letter_id, actor)
        kept = cards.lines(work, cards.of(work, letter_id).id).values()
        if file_id not in {name for line in kept for name in line.files}:
            raise NotFound("file.unknown", f"letter {letter_id} has no file {file_id}", file=file_id)
        return engine.files.view(work, file_id), engine.files.read(work, file_id)


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
        names = _names(work, known, card, lines, ())
        regulation = known.parameters.scoring.regulation
        rights = _rights(work, letter, actor)
        files = _files(engine, work, lines)
        return Sheet(letter, known.org, _veiled(card), lines, (), (), names, True, regulation, rights, files=files)


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
    told = {} if hidden else _told(work, known.letter.id)
    seat = rights.Seat(work, known.letter, actor)
    found = []
    for item in known.items:
        if item.id not in scores:
            continue
        score = _without_points(scores[item.id]) if hidden else scores[item.id]
        unit = providers.get(item.data_provider or 0)
        provider = unit.name if unit else ""
        found.append(Line(item, score, provider, seat.may(item), asking.of(item), told.get(item.id, ())))
    return found


def _told(work: Work, letter: int) -> Mapping[int, Sequence[Entry]]:
    """What was entered and set about each item, the newest first."""
    found: dict[int, list[Entry]] = {}
    for entry in reversed(audit.of(work, letters.stream(letter))):
        if entry.act in TOLD and isinstance(entry.detail.get("item"), int):
            found.setdefault(entry.detail["item"], []).append(entry)
    return found


def _rights(work: Work, letter: LetterView, actor: int) -> frozenset[str]:
    """`self` report, `give` scores, `finish` the scoring, `urge` whoever is asked."""
    found = set()
    if letter.status in rights.ENTERING and access.writes(work, letter, actor):
        found.add("self")
    if letter.status in rights.ENTERING and access.Sight(work, actor).ops:
        found.add("urge")
    if rights.Seat(work, letter, actor).scores:
        found.add("give")
        if letter.status is LetterState.SCORING and answering.waiting(work, letter.id, "ops_score", actor):
            found.add("finish")
    return frozenset(found)


def _reportable(work: Work, letter: LetterView, found: Sequence[ItemView], actor: int) -> frozenset[int]:
    if letter.status not in rights.ENTERING:
        return frozenset()
    return frozenset(item.id for item in found if vetoes.may_report(work, item, actor))


def _added(lines: Sequence[Line], groups: Sequence[tuple[str, Decimal]]) -> Decimal:
    shares = [line.score.contribution or Decimal(0) for line in lines]
    return sum([*shares, *(value for _, value in groups)], Decimal(0))


def _files(engine: Engine, work: Work, lines: Sequence[Line]) -> Mapping[str, FileView]:
    return {name: engine.files.view(work, name) for line in lines for name in line.score.files}


def _groups(known: Content, card: CardView) -> Sequence[tuple[str, Decimal]]:
    names = {str(group.id): group.name for group in known.groups}
    return [(names.get(str(each["group"]), ""), Decimal(str(each["contribution"]))) for each in card.shares]


def _names(
    work: Work, known: Content, card: CardView, lines: Sequence[Line], awaited: Sequence[Awaited]
) -> Mapping[int, str]:
    wanted = {card.self_by, card.scored_by, known.letter.party_b, *(one for each in awaited for one in each.people)}
    for line in lines:
        wanted |= {entry.actor for entry in line.history}
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
