"""An approved adjustment becomes version n+1: items changed, weights summing, effects stored, children told (§9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from engine.kernel.errors import Conflict
from engine.kernel.work import Work
from engine.letters import (
    adjustments,
    commitments,
    content,
    effects,
    item_values,
    items,
    letters,
    numbers,
    sealing,
)
from engine.letters.adjusting import following, outcomes, reweighting
from engine.letters.adjusting.case import Case
from engine.letters.adjusting.outcomes import Fate, Outcome
from engine.letters.adjustments import AdjustmentView
from engine.letters.commitments import CommitmentRow
from engine.letters.content import Content
from engine.letters.drafting import copying, editing, generation, signing
from engine.letters.effects import NewEffect
from engine.letters.kinds import AdjustmentType, EffectKind, Kind, Origin
from engine.letters.letters import LetterRow, LetterView
from engine.letters.states import AdjustmentState, CommitmentState, ItemState, LetterState
from engine.people import orgs

ARTICLE = "§9"


@dataclass(frozen=True)
class Child:
    """An item elsewhere that hangs on a changed one; its owner reads the difference."""

    org: int
    org_name: str
    item: int
    item_name: str
    head: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def apply(work: Work, case: Case) -> AdjustmentView:
    """APPROVING → APPROVED → APPLIED with the new version in force; a second call changes nothing.

    Raises Conflict when the letter was adjusted meanwhile: the request is about a version that is no more.
    """
    asked = case.adjustment
    if asked.status is AdjustmentState.APPLIED:
        return asked
    head = letters.lock(work, asked.letter)
    if head.status is not LetterState.EFFECTIVE:
        raise Conflict(
            "adjustment.superseded", f"letter {head.no} is {head.status}: ask again on the version in force", no=head.no
        )
    approved = adjustments.move(work, asked, AdjustmentState.APPROVED, actor=None, decided_at=work.now)
    outcome = outcomes.of(case)
    version, copied = _next_version(work, case.content)
    touched = _change(work, case, outcome, version, copied)
    _weigh(work, case, outcome, version, copied, touched)
    _store_effects(work, case, outcome, version, copied, touched)
    following.follow(work, head.id, version.id, copied)
    in_force = _seal(work, version)
    return adjustments.move(work, approved, AdjustmentState.APPLIED, actor=None, result_id=in_force.id)


def children(work: Work, adjustment: AdjustmentView) -> Sequence[Child]:
    """Items of letters that are not over, decomposed from what was changed; they follow the new version already."""
    if adjustment.result is None:
        return ()
    now = {item.previous: item.id for item in items.of(work, adjustment.result)}
    found = []
    for old in adjustment.items:
        mine = [change for change in adjustment.changes if change["item"] == old]
        before = {change["field"]: change["before"] for change in mine}
        after = {change["field"]: change["after"] for change in mine}
        for child in items.children(work, now.get(old, old)):
            letter = letters.view(work, child.letter)
            if letter.status in (LetterState.VOID, LetterState.SUPERSEDED) or letter.id == adjustment.result:
                continue
            org = orgs.view(work, letter.org)
            found.append(Child(org.id, org.name, child.id, child.name, org.head, before, after))
    return found


def _next_version(work: Work, whole: Content) -> tuple[LetterView, Mapping[int, int]]:
    head = whole.letter
    columns = select(LetterRow.__table__).where(LetterRow.id == head.id)
    values = dict(work.session.execute(columns).one()._mapping)
    version = head.version + 1
    values |= {
        "no": numbers.of(work, head.org, head.level, head.period, version),
        "version": version,
        "status": LetterState.APPROVED,
        "previous_id": head.id,
        "created_at": work.now,
        "approved_at": work.now,
        "effective_at": None,
        "content_sha256": None,
        "verify_code": None,
        "revision": 1,
    }
    del values["id"]
    made: int = work.session.execute(insert(LetterRow).values(**values).returning(LetterRow.id)).scalar_one()
    return letters.view(work, made), copying.copy(work, whole, made)


def _change(work: Work, case: Case, outcome: Outcome, version: LetterView, copied: Mapping[int, int]) -> Sequence[int]:
    """Writes what was asked for into the new version; the new ids of the items it touches."""
    asked = case.adjustment
    if asked.type is AdjustmentType.ADD:
        return [_add(work, case, outcome, version)]
    for change in asked.changes:
        fresh = _fresh(case, outcome, change)
        if fresh:
            editing.write(work, copied[change["item"]], fresh, actor=asked.applicant)
    return [copied[item] for item in asked.items]


def _fresh(case: Case, outcome: Outcome, change: Mapping[str, Any]) -> dict[str, Any]:
    if outcome.fate is Fate.DELETED:
        return {"status": ItemState.DELETED}
    if outcome.fate is Fate.STAYS_AT_ZERO:
        return {}
    if outcome.fate is Fate.SUSPENDED:
        item = next(each for each in case.items if each.id == change["item"])
        shifted = item.due + timedelta(days=int(change["after"])) if item.due else None
        return {"status": ItemState.SUSPENDED, "due": shifted}
    return item_values.load({change["field"]: change["after"]})


def _add(work: Work, case: Case, outcome: Outcome, version: LetterView) -> int:
    values = generation.with_library(
        work, {**item_values.load(case.adjustment.new_item), "origin": Origin.SELF, "status": ItemState.IN_PROGRESS}
    )
    if outcome.fate is Fate.ADDED_AS_BONUS:
        values |= {"kind": Kind.BONUS, "weight": Decimal(0), "max_plus": outcome.effects[0].value}
    return copying.add_item(work, version.id, values, actor=case.adjustment.applicant)


def _weigh(  # noqa: PLR0913, PLR0917  (what was, what is, what moved)
    work: Work,
    case: Case,
    outcome: Outcome,
    version: LetterView,
    copied: Mapping[int, int],
    touched: Sequence[int],
) -> None:
    before = {copied[item]: weight for item, weight in case.content.weights.items()}
    if outcome.frees_weight:
        after = reweighting.without(case, before, touched, copied)
    elif outcome.fate is Fate.ADDED:
        points = Decimal(str(case.adjustment.new_item.get("weight") or 0))
        after = reweighting.with_new(case, before, touched[0], points)
    elif case.adjustment.type is AdjustmentType.WEIGHT:
        wanted = {copied[each["item"]]: Decimal(str(each["after"])) for each in case.adjustment.changes}
        after = reweighting.changed(case, before, wanted)
    else:
        return
    reweighting.write(work, content.load(work, version.id), after)


def _store_effects(  # noqa: PLR0913, PLR0917  (what was, what is, what moved)
    work: Work,
    case: Case,
    outcome: Outcome,
    version: LetterView,
    copied: Mapping[int, int],
    touched: Sequence[int],
) -> None:
    asked = case.adjustment
    for old in effects.of(work, case.content.letter):
        if old.letter is not None and old.item is not None and old.item in copied:
            kept = NewEffect(old.kind, old.value, old.adjustment, old.article, version.id, copied[old.item])
            effects.add(work, kept)
    for effect in outcome.effects:
        for item in touched:
            effects.add(work, NewEffect(effect.kind, effect.value, asked.id, ARTICLE, version.id, item))
    if outcome.provider_points:
        _charge_providers(work, case, outcome.provider_points)


def _charge_providers(work: Work, case: Case, points: Decimal) -> None:
    """Each broken promise costs its provider points in the same period, up to a maximum over all requests."""
    head = case.content.letter
    for broken in case.adjustment.breached:
        known = commitments.view(work, broken)
        if known.status is CommitmentState.ACCEPTED:
            work.session.execute(
                update(CommitmentRow).where(CommitmentRow.id == broken).values(status=CommitmentState.BREACHED)
            )
        charged = _charged(work, known.provider, head)
        fine = min(points, case.rules.provider_deduction_max - charged)
        if fine > 0:
            kind = EffectKind.PROVIDER_DEDUCTION
            new = NewEffect(
                kind, fine, case.adjustment.id, ARTICLE, org=known.provider, level=head.level, period=head.period
            )
            effects.add(work, new)


def _charged(work: Work, provider: int, head: LetterView) -> Decimal:
    row = effects.ScoreEffectRow
    wanted = select(row.value).where(
        row.org_id == provider,
        row.level == head.level,
        row.period == head.period,
        row.kind == EffectKind.PROVIDER_DEDUCTION,
    )
    return sum(work.session.execute(wanted).scalars(), Decimal(0))


def _seal(work: Work, version: LetterView) -> LetterView:
    sealed = sealing.seal(content.load(work, version.id))
    work.session.execute(update(LetterRow).where(LetterRow.id == version.id).values(**vars(sealed)))
    return signing.put_in_force(work, letters.view(work, version.id), actor=None)
