"""Who sits where in a node: added persons, delegation and superiors (APR-07, APR-09 to APR-13, APR-25)."""

import pytest

from engine.approvals.modes import Mode, Outcome, State
from engine.approvals.seats import Assignment, Source, below, depth, rule

A, P, R, W, C = State.APPROVED, State.PENDING, State.REJECTED, State.WAITING, State.CANCELLED


def _row(key: int, state: State, source: Source = Source.NORMAL, parent: int | None = None) -> Assignment:
    return Assignment(key, 1, 100 + key, state, source, parent=parent)


def test_those_added_before_act_first_and_then_it_comes_back() -> None:
    """APR-09"""
    adder, added = _row(1, P), _row(2, W, Source.ADD_BEFORE, 1)

    assert rule([adder, added], Mode.ALL).turn == {2}
    assert rule([adder, _row(2, A, Source.ADD_BEFORE, 1)], Mode.ALL).turn == {1}


def test_a_no_of_those_added_before_comes_back_to_the_adder_too() -> None:
    """APR-09: they are asked first, the adder decides."""
    ruling = rule([_row(1, P), _row(2, R, Source.ADD_BEFORE, 1)], Mode.ALL)

    assert (ruling.outcome, ruling.turn) == (None, {1})


def test_the_adders_approval_is_provisional_until_those_after_decided() -> None:
    """APR-10"""
    added = _row(2, W, Source.ADD_AFTER, 1)

    assert rule([_row(1, P), added], Mode.ALL).turn == {1}
    assert rule([_row(1, A), added], Mode.ALL) == rule([_row(1, A), added], Mode.ANY)
    assert rule([_row(1, A), added], Mode.ALL).turn == {2}


@pytest.mark.parametrize(("said", "outcome"), [(A, Outcome.APPROVED), (R, Outcome.REJECTED)])
def test_those_added_after_have_the_last_word(said: State, outcome: Outcome) -> None:
    """APR-10"""
    assert rule([_row(1, A), _row(2, said, Source.ADD_AFTER, 1)], Mode.ANY).outcome is outcome


def test_a_no_of_the_adder_needs_nobody_after() -> None:
    """APR-10"""
    assert rule([_row(1, R), _row(2, W, Source.ADD_AFTER, 1)], Mode.ALL).outcome is Outcome.REJECTED


def test_those_added_beside_are_equals() -> None:
    """APR-11"""
    assert rule([_row(1, A), _row(2, P, Source.ADD_PARALLEL, 1)], Mode.ALL).turn == {2}


def test_while_somebody_is_asked_by_delegation_only_they_act() -> None:
    """APR-07"""
    assert rule([_row(1, W), _row(2, P, Source.DELEGATE, 1)], Mode.ANY).turn == {2}


def test_the_answer_of_the_delegate_comes_back_and_does_not_count() -> None:
    """APR-07: only A's decision counts."""
    ruling = rule([_row(1, W), _row(2, R, Source.DELEGATE, 1)], Mode.ANY)

    assert (ruling.outcome, ruling.turn) == (None, {1})


def test_a_superior_shares_the_seat_of_whoever_is_late() -> None:
    """APR-25: the superior is added as ANY beside the late person, not as one more voice."""
    late, other, superior = _row(1, P), _row(2, A), _row(3, P, Source.ESCALATE, 1)

    assert rule([late, other, superior], Mode.ALL).turn == {1, 3}
    assert rule([late, other, _row(3, A, Source.ESCALATE, 1)], Mode.ALL).outcome is Outcome.APPROVED


def test_an_added_person_may_add_one_more_and_no_further() -> None:
    """APR-12"""
    rows = [_row(1, P), _row(2, P, Source.ADD_PARALLEL, 1), _row(3, P, Source.ADD_AFTER, 2)]

    assert [depth(rows, row) for row in rows] == [0, 1, 2]


def test_removing_somebody_removes_those_they_added() -> None:
    """APR-13"""
    rows = [_row(1, P), _row(2, P, Source.ADD_PARALLEL, 1), _row(3, W, Source.ADD_BEFORE, 2)]

    assert [row.id for row in below(rows, rows[1])] == [2, 3]


def test_a_removed_person_is_not_waited_for() -> None:
    """APR-13"""
    assert rule([_row(1, A), _row(2, C, Source.ADD_PARALLEL, 1)], Mode.ALL).outcome is Outcome.APPROVED
