"""When a node is decided (APR-01 to APR-05), as pure arithmetic over seats."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.approvals.modes import Mode, Outcome, Seat, State, parse_ratio, verdict
from engine.kernel.errors import InvalidInput

LETTERS = {
    "w": State.WAITING,
    "p": State.PENDING,
    "a": State.APPROVED,
    "r": State.REJECTED,
    "t": State.RETURNED,
    "c": State.CANCELLED,
    "s": State.SKIPPED,
}
OUTCOMES = {"A": Outcome.APPROVED, "R": Outcome.REJECTED, "T": Outcome.RETURNED, ".": None}
TWO_THIRDS = Fraction(2, 3)


def _seats(states: str) -> list[Seat]:
    return [Seat(number, LETTERS[letter]) for number, letter in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "outcome"),
    [("ppp", "."), ("aap", "."), ("aaa", "A"), ("apr", "R"), ("atp", "T"), ("aac", "A"), ("aas", "A"), ("", ".")],
)
def test_all_passes_when_all_approve_and_one_no_decides(states: str, outcome: str) -> None:
    """APR-01; the trap: "all must act", one rejected, and the instance hangs."""
    assert verdict(Mode.ALL, _seats(states)).outcome is OUTCOMES[outcome]


@pytest.mark.parametrize(("states", "outcome"), [("ppp", "."), ("pap", "A"), ("prp", "R"), ("tpp", "T"), ("psp", "A")])
def test_any_is_decided_by_the_first_decision(states: str, outcome: str) -> None:
    """APR-02"""
    assert verdict(Mode.ANY, _seats(states)).outcome is OUTCOMES[outcome]


@pytest.mark.parametrize(
    ("states", "outcome", "turn"),
    [("www", ".", (0,)), ("aww", ".", (1,)), ("srw", "R", ()), ("aaa", "A", ()), ("acw", ".", (2,))],
)
def test_seq_asks_one_at_a_time_and_a_reject_stops_it(states: str, outcome: str, turn: tuple[int, ...]) -> None:
    """APR-03"""
    found = verdict(Mode.SEQ, _seats(states))

    assert (found.outcome, found.turn) == (OUTCOMES[outcome], turn)


def test_seq_follows_positions_not_the_order_of_rows() -> None:
    """APR-03: the list's order."""
    seats = [Seat(1, State.WAITING, position=2), Seat(2, State.WAITING, position=1)]

    assert verdict(Mode.SEQ, seats).turn == (2,)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        ("ppp", "."),
        ("rpp", "."),
        ("app", "."),
        ("aap", "A"),
        ("arp", "."),
        ("rrp", "R"),
        ("ara", "A"),
        ("rpppp", "."),
        ("aaappp", "."),
        ("aaaapp", "A"),
        ("rrpppp", "."),
        ("rrrppp", "R"),
        ("aac", "A"),
    ],
)
def test_a_vote_of_two_thirds_stops_as_soon_as_it_is_certain(states: str, outcome: str) -> None:
    """APR-04; the trap: a ratio vote that one reject ends."""
    assert verdict(Mode.RATIO, _seats(states), TWO_THIRDS).outcome is OUTCOMES[outcome]


def test_weights_count_in_a_vote() -> None:
    """APR-04"""
    seats = [Seat(1, State.APPROVED, Decimal(3)), Seat(2, State.REJECTED), Seat(3, State.PENDING)]

    assert verdict(Mode.RATIO, seats, Fraction(3, 5)).outcome is Outcome.APPROVED


def test_adding_a_voter_enlarges_the_total_and_removing_one_shrinks_it() -> None:
    """APR-04, APR-11, APR-13"""
    two_of_three = _seats("aap")

    assert verdict(Mode.RATIO, two_of_three, TWO_THIRDS).outcome is Outcome.APPROVED
    assert verdict(Mode.RATIO, _seats("aapp"), TWO_THIRDS).outcome is None
    assert verdict(Mode.RATIO, _seats("aapc"), TWO_THIRDS).outcome is Outcome.APPROVED


@given(st.lists(st.sampled_from("ar"), min_size=1, max_size=9), st.fractions(Fraction(1, 9), 1))
def test_a_vote_in_which_everybody_voted_is_decided(votes: list[str], ratio: Fraction) -> None:
    """APR-04: never hangs, and says what counting says."""
    found = verdict(Mode.RATIO, _seats("".join(votes)), ratio).outcome

    assert found is (Outcome.APPROVED if Fraction(votes.count("a"), len(votes)) >= ratio else Outcome.REJECTED)


@given(st.lists(st.sampled_from("arp"), min_size=1, max_size=8), st.fractions(Fraction(1, 9), 1))
def test_a_vote_that_stopped_early_would_not_have_ended_otherwise(votes: list[str], ratio: Fraction) -> None:
    """APR-04: certain means whatever the others say."""
    found = verdict(Mode.RATIO, _seats("".join(votes)), ratio).outcome
    if found is not None:
        for rest in ("a", "r"):
            ended = "".join(votes).replace("p", rest)
            assert verdict(Mode.RATIO, _seats(ended), ratio).outcome is found


@pytest.mark.parametrize(
    ("text", "part"), [("2/3", Fraction(2, 3)), ("60%", Fraction(3, 5)), ("0.5", Fraction(1, 2)), (1, Fraction(1))]
)
def test_a_ratio_is_exact(text: object, part: Fraction) -> None:
    assert parse_ratio(text) == part


@pytest.mark.parametrize("text", ["0", "3/2", "1/0", "half", "-1/3", ""])
def test_a_ratio_outside_its_bounds_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="2/3"):
        parse_ratio(text)
