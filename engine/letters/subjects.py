"""What a diagram knows of a letter: the `letter` context of `docs/operations.md`, for a new letter or an adjustment."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.kernel.work import Work
from engine.letters import content, letters
from engine.letters.content import Content
from engine.letters.kinds import Importance, Level, Origin
from engine.letters.states import CommitmentState
from engine.people import orgs, roles
from engine.people.orgs import ControlMode, OrgRow
from engine.people.roles import Role


@dataclass(frozen=True)
class Change:
    """What an adjustment adds to the context of its letter."""

    type: str
    key_change: bool
    affected_weight: Decimal
    items: tuple[int, ...] = ()


def of(work: Work, letter: int, change: Change | None = None) -> dict[str, Any]:
    """The context of a letter; with `change`, of an adjustment to it."""
    known = content.load(work, letter)
    head = letters.view(work, letter)
    categories = _categories(known, change)
    presidents = roles.holders(work, Role.PRESIDENT)
    return {
        "id": head.id,
        "no": head.no,
        "org": head.org,
        "org_name": known.org.name,
        "org_type": str(known.org.type),
        "control_mode": str(known.org.control_mode),
        "level": str(head.level),
        "period": head.period,
        "version": head.version,
        "head": known.org.head,
        "leader": known.org.leader,
        "president": presidents[0] if presidents else None,
        "submitter": head.submitter or known.org.head,
        "categories": categories,
        "kind": "ADJUSTMENT" if change else "LETTER",
        "change": change.type if change else None,
        "key_change": change.key_change if change else _key_change(known),
        "finance": _finance(known, categories),
        "collaborators": _collaborators(known),
        "centres": _centres(work, known, categories),
        "affected_weight": float(change.affected_weight) if change else 100,
    }


def _categories(known: Content, change: Change | None) -> list[str]:
    touched = [item for item in known.items if change is None or item.id in change.items]
    return list(dict.fromkeys(item.category for item in touched if item.category))


def _finance(known: Content, categories: list[str]) -> bool:
    return bool(set(categories) & set(known.parameters.drafting.finance_categories))


def _key_change(known: Content) -> bool:
    """Whether a key item stands in a shorter letter that the year, a plan or the last letter did not bring."""
    if known.letter.level is Level.ANNUAL:
        return any(item.importance is Importance.KEY for item in known.items)
    own = (Origin.SELF, Origin.FORCED)
    return any(item.importance is Importance.KEY and item.origin in own for item in known.items)


def _collaborators(known: Content) -> list[int]:
    providers = [each.provider for each in known.commitments if each.status is not CommitmentState.CANCELLED]
    return list(dict.fromkeys([*providers, *(org for item in known.items for org in item.collaborators)]))


def _centres(work: Work, known: Content, categories: list[str]) -> list[int]:
    wanted = set(categories)
    if known.org.control_mode is ControlMode.WEAK:
        wanted &= set(known.parameters.drafting.finance_categories)
    found = work.session.execute(
        select(OrgRow.id, OrgRow.categories).where(OrgRow.is_professional_center).order_by(OrgRow.code)
    )
    return [row.id for row in found if row.id != known.letter.org and wanted & set(row.categories or ())]


def party_ids(work: Work, letter: int) -> Mapping[str, int | None]:
    """Who signs for which side."""
    head = letters.view(work, letter)
    org = orgs.view(work, head.org)
    return {"A": head.party_a or org.leader, "B": head.party_b or org.head}
