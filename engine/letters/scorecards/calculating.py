"""Calculating a scorecard: every item by its method, then the letter; written down with the reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from engine.kernel.errors import InvalidInput
from engine.kernel.work import Work
from engine.letters import content as contents
from engine.letters import effects
from engine.letters.content import Content
from engine.letters.effects import ScoreEffect
from engine.letters.groups import GroupView
from engine.letters.items import ItemView
from engine.letters.kinds import EffectKind, GroupMode, Kind, Level, WeightMode
from engine.letters.scorecards import agreed, cards, known, vetoes
from engine.letters.scorecards.cards import CardView, ItemScoreView
from engine.letters.scorecards.vetoes import Scope, VetoView
from engine.letters.scoring import expr, item, letter
from engine.letters.scoring.exact import HUNDRED, ZERO, number, optional, stored
from engine.letters.scoring.groups import Group
from engine.letters.scoring.letter import Frame, Line, Total
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Delivery, Method, Score, unscored
from engine.letters.states import ItemState
from engine.people.orgs import OrgType

SCORED_KINDS = (Kind.KPI, Kind.TASK, Kind.BONUS, Kind.DEDUCT, Kind.CONSTRAINT)
PROVIDER = "provider_deduction"
"""The line for commitments that the scored side itself broke (domain.md §9)."""


def calculate(work: Work, letter_id: int) -> Total:
    """Score every item and the letter, and keep both; nothing is lost where an item cannot be scored yet."""
    content = contents.load(work, letter_id)
    card = cards.of(work, letter_id)
    cards.add_lines(work, card.id, [each.id for each in content.items if each.kind in SCORED_KINDS])
    lines = cards.lines(work, card.id)
    found_effects = effects.of(work, content.letter)
    reports = [veto for veto in vetoes.of_letter(work, letter_id) if veto.confirmed]
    scores = _scores(work, content, lines, found_effects)
    total = letter.total(
        _lines(content, lines, scores, found_effects, reports),
        _groups(content),
        _frame(content, card, reports),
        content.parameters.scoring,
    )
    _keep(work, content, card, scores, total)
    return total


def _scores(
    work: Work, content: Content, lines: Mapping[int, ItemScoreView], found: Sequence[ScoreEffect]
) -> dict[int, Score]:
    handed_in = known.deliveries(work, content)
    scores: dict[int, Score] = {}
    points: dict[str, Decimal] = {}
    for each in _in_order([each for each in content.items if each.id in lines]):
        line = lines[each.id]
        peers = known.peers(work, content.letter, each)
        computed = _score(content, each, line, handed_in[each.id], found, peers, points)
        scores[each.id] = computed
        counted = line.given if line.given is not None else computed.points
        if each.code and counted is not None:
            points[each.code] = counted
    return scores


def _in_order(items: Sequence[ItemView]) -> list[ItemView]:
    """Items whose formula uses others come after those."""
    formulas = {
        each.code: str(each.params.get("expr", "")) for each in items if each.method is Method.EXPR and each.code
    }
    later = {code: place for place, code in enumerate(expr.order(formulas), 1)}
    return sorted(items, key=lambda each: later.get(each.code, 0) if each.method is Method.EXPR else 0)


def _score(  # noqa: PLR0913, PLR0917  (terms and facts of one item come from all of these)
    content: Content,
    each: ItemView,
    line: ItemScoreView,
    handed_in: tuple[Delivery, ...],
    found: Sequence[ScoreEffect],
    peers: tuple[Decimal, ...],
    others: Mapping[str, Decimal],
) -> Score:
    rules = content.parameters.scoring
    if any(effect.item == each.id and effect.kind is EffectKind.ZERO for effect in found):
        return Score(ZERO, "0.00", "withdrawn")
    terms = agreed.terms(each, content.weights.get(each.id, ZERO), content.letter.weight_mode, found)
    facts = known.facts(line, handed_in, peers=peers, others=others)
    try:
        if parts := agreed.scored_parts(each):
            return _by_parts(each, line, parts, rules, content)
        return item.score(terms, facts, rules)
    except InvalidInput as refused:
        return replace(unscored(refused.code), formula=refused.message)


def _by_parts(
    each: ItemView, line: ItemScoreView, parts: Sequence[Mapping[str, object]], rules: Rules, content: Content
) -> Score:
    """The weighted sum of the sub-items; the actual value is `{name: value}`."""
    whole = agreed.terms(each, content.weights.get(each.id, ZERO), content.letter.weight_mode)
    actuals = line.actual if isinstance(line.actual, Mapping) else {}
    points, told = ZERO, []
    for sub in parts:
        name = str(sub.get("name", ""))
        facts = replace(known.facts(line), actual=actuals.get(name))
        found = item.score(agreed.part(each, whole, sub, len(parts)), facts, rules)
        if found.points is None:
            return unscored(f"part:{name}")
        share = agreed.part_weight(sub, len(parts))
        points += share * found.points / HUNDRED
        told.append(f"{share:f}% × {stored(found.points):f} [{name}]")
    return Score(points, f"{' + '.join(told)} = {stored(points):f}", "parts")


def _lines(
    content: Content,
    lines: Mapping[int, ItemScoreView],
    scores: Mapping[int, Score],
    found: Sequence[ScoreEffect],
    reports: Sequence[VetoView],
) -> list[Line]:
    voided = {veto.voided_item for veto in reports if veto.scope is Scope.ITEM}
    made = [_line(content, each, lines[each.id], scores[each.id], voided) for each in content.items if each.id in lines]
    made += [
        Line(f"bonus:{effect.adjustment}", "BONUS", effect.value)
        for effect in found
        if effect.kind is EffectKind.BONUS and _accepted(content, effect.item)
    ]
    broken = sum((effect.value for effect in found if effect.kind is EffectKind.PROVIDER_DEDUCTION), ZERO)
    if broken:
        made.append(Line(PROVIDER, "DEDUCT", min(broken, content.parameters.adjusting.provider_deduction_max)))
    return made


def _line(content: Content, each: ItemView, line: ItemScoreView, found: Score, voided: set[int | None]) -> Line:
    points = line.given if line.given is not None else found.points
    fixed = optional(each.na_rule.get("points"), "points") if each.na_rule.get("rule") == "FIXED" else None
    away = line.not_applicable and fixed is None
    return Line(
        code=str(each.id),
        kind=str(each.kind),
        points=fixed if line.not_applicable and fixed is not None else points,
        weight=content.weights.get(each.id, ZERO),
        group=None if each.group is None else str(each.group),
        category=each.category,
        away=away or each.status is ItemState.SUSPENDED,
        ceiling=optional(each.params.get("ceiling"), "ceiling"),
        missed=each.kind is Kind.CONSTRAINT and points is not None and points < HUNDRED,
        vetoed=each.id in voided,
    )


def _accepted(content: Content, item_id: int | None) -> bool:
    done = (ItemState.ACCEPTED, ItemState.SCORED)
    return any(each.id == item_id and each.status in done for each in content.items)


def _groups(content: Content) -> list[Group]:
    return [
        Group(
            str(group.id),
            None if group.parent is None else str(group.parent),
            str(group.mode),
            _own_points(group, content) if group.mode is not GroupMode.SUM else None,
            group.max_points,
        )
        for group in content.groups
    ]


def _own_points(group: GroupView, content: Content) -> Decimal | None:
    """A pool's or product's points: what its items weigh, else its own weight in points of the letter."""
    weighed = sum((content.weights.get(each.id, ZERO) for each in content.items if each.group == group.id), ZERO)
    if weighed or group.weight is None:
        return weighed or None
    parent = next((each for each in content.groups if each.id == group.parent), None)
    if parent is None or not parent.relative:
        return group.weight
    return (_own_points(parent, content) or ZERO) * group.weight / HUNDRED


def _frame(content: Content, card: CardView, reports: Sequence[VetoView]) -> Frame:
    rules = content.parameters.scoring
    head = content.letter
    small = content.org.type in (OrgType.CENTER, OrgType.DEPT)
    share = rules.satisfaction_share_dept if small else rules.satisfaction_share_other
    return Frame(
        mode="BASE_ADJUST" if head.weight_mode is WeightMode.BASE_ADJUST else "WEIGHTED",
        full_score=head.full_score,
        difficulty=head.difficulty,
        satisfaction=card.satisfaction,
        satisfaction_share=ZERO if head.level is Level.MONTH else share,
        late_days=head.late_days,
        vetoed=any(veto.scope is Scope.LETTER for veto in reports),
    )


def _keep(work: Work, content: Content, card: CardView, scores: Mapping[int, Score], total: Total) -> None:
    contributions = {share.code: share.contribution for share in total.shares if not share.is_group}
    fresh = cards.lines(work, card.id)
    for each in content.items:
        if each.id in scores:
            line, score = fresh[each.id], scores[each.id]
            article = content.parameters.scoring.article(str(each.method))
            weight = total.weights.get(str(each.id), ZERO)
            kept = _kept(line, score) | {"weight": weight, "contribution": contributions.get(str(each.id))}
            cards.set_line(work, line, article=article, **kept)
    _keep_total(work, card, total)


def _kept(line: ItemScoreView, score: Score) -> dict[str, Any]:
    """The columns of one row that follow from its score."""
    points = line.given if line.given is not None else score.points
    return {
        "computed": None if score.points is None else stored(score.points),
        "points": None if points is None else stored(points),
        "formula": score.formula,
        "branch": score.branch,
        "missing": "" if points is not None else score.missing,
        "limits": [[name, str(value)] for name, value in score.limits],
        "carry_over": score.carry_over and line.given is None,
    }


def _keep_total(work: Work, card: CardView, total: Total) -> None:
    names = ("indicator", "blended", "bonus", "deduction", "late", "before_veto", "final")
    groups = [
        {"group": share.code, "contribution": str(share.contribution)} for share in total.shares if share.is_group
    ]
    cards.set_card(
        work,
        card.id,
        **{name: stored(getattr(total, name)) for name in names},
        rest=number(total.rest),
        vetoed=total.vetoed,
        unscored=len(total.unscored),
        shares=groups,
        calculated_at=work.now,
    )
