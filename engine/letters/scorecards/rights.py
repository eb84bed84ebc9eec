"""Who may do what on a scorecard, and when (domain.md §6, §14; REQ-031, REQ-117)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.kernel.errors import Conflict, NotAllowed
from engine.kernel.work import Work
from engine.letters import access
from engine.letters.items import ItemView
from engine.letters.kinds import Method
from engine.letters.letters import LetterView
from engine.letters.states import LetterState
from engine.people import orgs, roles
from engine.people.roles import Role

ENTERING = (LetterState.PERIOD_ENDED, LetterState.SCORING)


@dataclass(frozen=True)
class Seat:
    """One person before one letter's scores; what they are is asked once, however many items there are."""

    work: Work
    letter: LetterView
    person: int

    @cached_property
    def sight(self) -> access.Sight:
        return access.Sight(self.work, self.person)

    @cached_property
    def home(self) -> int | None:
        return access.home_org(self.work, self.person)

    @cached_property
    def scores(self) -> bool:
        """Whether this person may set scores of the letter now."""
        try:
            _require_scorer(self)
        except (NotAllowed, Conflict):
            return False
        return True

    @cached_property
    def provides(self) -> frozenset[int]:
        """The organisations whose data this person confirms: their own, those they head or hold the role for."""
        granted = {grant.org for grant in roles.of(self.work, self.person) if grant.role == Role.DATA_PROVIDER}
        headed = orgs.headed_by(self.work, self.person)
        return frozenset(org for org in (*granted, *headed, self.home) if org is not None)

    def may(self, about: ItemView) -> frozenset[str]:
        """What this person may do with one item now: confirm its `data`, `rate` it, `give` it a score."""
        found = set()
        if self.letter.status in ENTERING:
            found |= {"data"} if _allowed(_require_provider, self, about) else set()
            if about.method is Method.PANEL and _allowed(_require_rater, self, about):
                found.add("rate")
        if about.owner != self.person and self.scores:
            found.add("give")
        return frozenset(found)


def require_scorer(work: Work, letter: LetterView, actor: int) -> None:
    """OPS while scoring, the committee after REVIEW; nobody of the scored organisation. Raises NotAllowed, Conflict."""
    _require_scorer(Seat(work, letter, actor))


def require_provider(work: Work, about: ItemView, letter: LetterView, actor: int) -> None:
    """Raises NotAllowed for whoever is not of the item's provider; OPS where none is named or it is the scored side."""
    _require_provider(Seat(work, letter, actor), about)


def require_rater(work: Work, about: ItemView, letter: LetterView, actor: int) -> None:
    """Raises NotAllowed for owners, the scored side, and whoever is neither assessor nor OPS."""
    _require_rater(Seat(work, letter, actor), about)


def _require_scorer(seat: Seat) -> None:
    letter = seat.letter
    if letter.status is LetterState.REVIEW:
        if not seat.sight.roles & {Role.COMMITTEE, Role.COMMITTEE_CHAIR}:
            raise NotAllowed("score.committee_only", "after review only the committee changes a score, with a reason")
        return
    if letter.status not in ENTERING:
        raise closed(letter)
    if not seat.sight.ops or seat.home == letter.org:
        raise NotAllowed("score.ops_only", "OPS scores, and never its own organisation (REQ-031)", no=letter.no)


def _require_provider(seat: Seat, about: ItemView) -> None:
    provider = about.data_provider
    if provider is None or provider == seat.letter.org:
        if not seat.sight.ops:
            access.require_ops(seat.work, seat.person)
        return
    if provider not in seat.provides and seat.person not in _appointed(seat, provider):
        raise NotAllowed("score.provider", f"the data of {about.name} come from another organisation", item=about.id)
    if seat.person == about.owner:
        raise NotAllowed("score.own", f"nobody confirms data of their own item: {about.name}", item=about.id)


def _require_rater(seat: Seat, about: ItemView) -> None:
    if seat.person == about.owner or seat.home == seat.letter.org:
        raise NotAllowed("score.own", f"nobody rates their own: {about.name}", item=about.id)
    persons = {each.get("person") for each in about.assessors}
    units = {each.get("org") for each in about.assessors} - {None}
    if seat.person in persons or seat.home in units or seat.sight.ops:
        return
    raise NotAllowed("score.rater", f"{about.name} is rated by its assessors", item=about.id)


def _appointed(seat: Seat, provider: int) -> tuple[int, ...]:
    """Who holds the role for the provider or for a unit above it; asked only of those who hold the role at all."""
    if Role.DATA_PROVIDER not in seat.sight.roles:
        return ()
    return roles.holders(seat.work, Role.DATA_PROVIDER, provider)


def _allowed(rule: Callable[..., None], *asked: Any) -> bool:  # the arguments of the rule
    try:
        rule(*asked)
    except NotAllowed:
        return False
    return True


def closed(letter: LetterView) -> Conflict:
    """The refusal outside the time of scoring."""
    return Conflict("score.closed", f"letter {letter.no} is {letter.status}: scores are not entered now", no=letter.no)
