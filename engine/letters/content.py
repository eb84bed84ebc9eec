"""A whole letter in one piece: head, groups, items, deliverables, promises; what rules, hashes and pages read."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import orjson

from engine.kernel.work import Work
from engine.letters import commitments, deliverable_specs, groups, items, letters, regulations, weights
from engine.letters.commitments import CommitmentView
from engine.letters.deliverable_specs import DeliverableSpecView
from engine.letters.groups import GroupView
from engine.letters.items import ItemView
from engine.letters.letters import LetterView
from engine.letters.parameters import Parameters
from engine.letters.states import ItemState
from engine.people import orgs
from engine.people.orgs import OrgView


@dataclass(frozen=True)
class Content:
    """A letter with everything in it; `items` leaves deleted ones out, `rows` numbers the others from 1."""

    letter: LetterView
    org: OrgView
    parameters: Parameters
    groups: tuple[GroupView, ...] = ()
    items: tuple[ItemView, ...] = ()
    specs: Mapping[int, tuple[DeliverableSpecView, ...]] = field(default_factory=dict)
    commitments: tuple[CommitmentView, ...] = ()
    deleted: tuple[ItemView, ...] = ()

    @cached_property
    def weights(self) -> Mapping[int, Decimal]:
        """Effective points by item."""
        return weights.effective(self.items, self.groups, self.letter.full_score)

    @cached_property
    def rows(self) -> Mapping[int, int]:
        """The number of each item's row, from 1."""
        return {item.id: number for number, item in enumerate(self.items, 1)}

    @property
    def scored(self) -> tuple[ItemView, ...]:
        """The items that carry weight."""
        return tuple(item for item in self.items if item.scored)


def load(work: Work, letter: int) -> Content:
    """The letter with everything in it. Raises NotFound."""
    head = letters.view(work, letter)
    everything = items.of(work, letter)
    return Content(
        letter=head,
        org=orgs.view(work, head.org),
        parameters=regulations.view(work, head.regulation).parameters,
        groups=groups.of(work, letter),
        items=tuple(item for item in everything if item.status is not ItemState.DELETED),
        specs=deliverable_specs.of_letter(work, letter),
        commitments=commitments.of_letter(work, letter),
        deleted=tuple(item for item in everything if item.status is ItemState.DELETED),
    )


_HEAD = (
    "no",
    "org",
    "level",
    "period",
    "starts_on",
    "ends_on",
    "version",
    "party_a",
    "party_b",
    "weight_mode",
    "full_score",
    "difficulty",
    "sections",
    "distribution",
    "consequences",
    "regulation",
)
_LIVE = ("status", "revision", "changed_by", "raw", "position", "parent", "previous", "carried_from")
"""What of an item changes while it is worked on, or points at other versions: no part of what was agreed."""


def sha256(content: Content) -> str:
    """The fingerprint of what both sides agree to: head, groups, items, deliverables and promises, in their order."""
    head = asdict(content.letter)
    agreed = {
        "letter": {key: head[key] for key in _HEAD},
        "groups": [_without(asdict(group), ("raw", "revision")) for group in content.groups],
        "items": [_without(asdict(item), _LIVE) for item in content.items],
        "specs": [[asdict(spec) for spec in content.specs.get(item.id, ())] for item in content.items],
        "commitments": [[each.item, each.provider, each.content, each.due, each.duty] for each in content.commitments],
    }
    return hashlib.sha256(orjson.dumps(agreed, default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


def decisive_sha256(content: Content) -> str:
    """The fingerprint of weights, targets, dates, methods, key marks: once it changed, approval starts again (§4)."""
    decisive = [
        [
            item.id,
            content.weights.get(item.id),
            item.threshold,
            item.target,
            item.challenge,
            item.target_text,
            item.due,
            item.method,
            item.params,
            item.importance,
        ]
        for item in sorted(content.items, key=lambda item: item.id)
    ]
    return hashlib.sha256(orjson.dumps(decisive, default=str)).hexdigest()


def _without(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in names}
