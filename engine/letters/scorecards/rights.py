"""Who may do what on a scorecard, and when (domain.md §6, §14; REQ-031, REQ-117)."""

from collections.abc import Callable
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


def of_item(work: Work, about: ItemView, letter: LetterView, actor: int) -> frozenset[str]:
    """What this person may do with one item now: confirm its `data`, `rate` it, `give` it a score."""
    found = set()
    if letter.status in ENTERING:
        found |= {"data"} if _allowed(require_provider, work, about, letter, actor) else set()
        if about.method is Method.PANEL and _allowed(require_rater, work, about, letter, actor):
            found.add("rate")
    if about.owner != actor and may_score(work, letter, actor):
        found.add("give")
    return frozenset(found)


def may_score(work: Work, letter: LetterView, actor: int) -> bool:
    """Whether this person may set scores of the letter now."""
    try:
        require_scorer(work, letter, actor)
    except (NotAllowed, Conflict):
        return False
    return True


def require_scorer(work: Work, letter: LetterView, actor: int) -> None:
    """OPS while scoring, the committee after REVIEW; nobody of the scored organisation. Raises NotAllowed, Conflict."""
    sight = access.Sight(work, actor)
    if letter.status is LetterState.REVIEW:
        if not sight.roles & {Role.COMMITTEE, Role.COMMITTEE_CHAIR}:
            raise NotAllowed("score.committee_only", "after review only the committee changes a score, with a reason")
        return
    if letter.status not in ENTERING:
        raise closed(letter)
    if not sight.ops or access.home_org(work, actor) == letter.org:
        raise NotAllowed("score.ops_only", "OPS scores, and never its own organisation (REQ-031)", no=letter.no)


def require_provider(work: Work, about: ItemView, letter: LetterView, actor: int) -> None:
    """Raises NotAllowed for whoever is not of the item's provider; OPS where none is named or it is the scored side."""
    provider = about.data_provider
    if provider is None or provider == letter.org:
        access.require_ops(work, actor)
        return
    heads = {orgs.view(work, provider).head, *roles.holders(work, Role.DATA_PROVIDER, provider)}
    if actor not in heads and access.home_org(work, actor) != provider:
        raise NotAllowed("score.provider", f"the data of {about.name} come from another organisation", item=about.id)
    if actor == about.owner:
        raise NotAllowed("score.own", f"nobody confirms data of their own item: {about.name}", item=about.id)


def require_rater(work: Work, about: ItemView, letter: LetterView, actor: int) -> None:
    """Raises NotAllowed for owners, the scored side, and whoever is neither assessor nor OPS."""
    if actor == about.owner or access.home_org(work, actor) == letter.org:
        raise NotAllowed("score.own", f"nobody rates their own: {about.name}", item=about.id)
    persons = {each.get("person") for each in about.assessors}
    units = {each.get("org") for each in about.assessors} - {None}
    if actor in persons or access.home_org(work, actor) in units or access.Sight(work, actor).ops:
        return
    raise NotAllowed("score.rater", f"{about.name} is rated by its assessors", item=about.id)


def _allowed(rule: Callable[..., None], *asked: Any) -> bool:  # the arguments of the rule
    try:
        rule(*asked)
    except NotAllowed:
        return False
    return True


def closed(letter: LetterView) -> Conflict:
    """The refusal outside the time of scoring."""
    return Conflict("score.closed", f"letter {letter.no} is {letter.status}: scores are not entered now", no=letter.no)
