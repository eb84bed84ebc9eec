"""What holds for every item: better never scores less, scores stay in their limits, lines have no jumps at anchors."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.letters.scoring import interp, item
from engine.letters.scoring.letter import Frame, Line, total
from engine.letters.scoring.rules import Rules
from engine.letters.scoring.terms import Direction, Facts, Method, Terms

RULES = Rules()
numbers = st.decimals(min_value=-10_000, max_value=10_000, places=2)
positive = st.decimals(min_value="0.01", max_value=10_000, places=2)
directions = st.sampled_from([Direction.HIGHER, Direction.LOWER])


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    method = draw(st.sampled_from([Method.RATIO, Method.INTERP, Method.STEP]))
    direction = draw(directions)
    target = draw(positive)
    ahead = draw(positive)
    sign = 1 if direction is Direction.HIGHER else -1
    rounding = draw(st.sampled_from(["floor", "ceil", "half_up", "none"]))
    return Terms(
        method,
        direction=direction,
        target=target,
        threshold=target - sign * ahead,
        challenge=target + sign * ahead,
        base=draw(st.none() | positive),
        params={"round_minus": rounding, "round_plus": rounding},
    )


def points(agreed: Terms, actual: Decimal) -> Decimal:
    found = item.score(agreed, Facts(actual), RULES).points
    assert found is not None
    return found


@given(terms(), numbers, numbers)
def test_a_better_result_never_scores_less(agreed: Terms, one: Decimal, other: Decimal) -> None:
    worse, better = sorted([one, other], reverse=agreed.direction is Direction.LOWER)
    assert points(agreed, worse) <= points(agreed, better)


@given(terms(), numbers)
def test_a_score_stays_within_floor_and_cap(agreed: Terms, actual: Decimal) -> None:
    assert 0 <= points(agreed, actual) <= 120


@given(positive, positive, positive, directions)
def test_interp_is_exact_at_its_anchors(target: Decimal, below: Decimal, above: Decimal, direction: Direction) -> None:
    sign = 1 if direction is Direction.HIGHER else -1
    agreed = Terms(
        Method.INTERP,
        direction=direction,
        target=target,
        threshold=target - sign * below,
        challenge=target + sign * above,
    )
    for value, worth in interp.anchors(agreed, RULES):
        assert points(agreed, value) == worth


@given(positive, positive, directions)
def test_interp_has_no_jump_at_its_target(target: Decimal, spread: Decimal, direction: Direction) -> None:
    sign = 1 if direction is Direction.HIGHER else -1
    agreed = Terms(
        Method.INTERP,
        direction=direction,
        target=target,
        threshold=target - sign * spread,
        challenge=target + sign * spread,
    )
    near = spread / 1_000_000
    assert abs(points(agreed, target - near) - points(agreed, target + near)) < Decimal("0.001")


@given(st.lists(st.tuples(st.decimals(0, 120, places=2), st.decimals(1, 40, places=2)), min_size=1, max_size=15))
def test_rounded_shares_and_the_rest_make_the_rounded_sum(rows: list[tuple[Decimal, Decimal]]) -> None:
    """U32."""
    lines = [Line(str(nth), "KPI", score, weight) for nth, (score, weight) in enumerate(rows)]
    found = total(lines, (), Frame(full_score=sum(weight for _, weight in rows)), RULES)
    cents = sum(round(share.contribution * 100 + Decimal("0.0000001")) for share in found.shares)
    exact = sum((share.contribution for share in found.shares), Decimal(0))
    assert abs(Decimal(cents) / 100 + found.rest - exact) <= Decimal("0.01")
