"""Signing in: the right password opens a session, anything else says the same and costs time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from engine.kernel.clock import ManualClock
from engine.kernel.errors import InvalidInput, NotAllowed
from engine.kernel.work import Store
from engine.people import attempts, credentials, persons, sessions
from engine.people.persons import NewPerson

PASSWORD = "correct horse"
HASHED = credentials.hashed(PASSWORD)


@pytest.fixture
def person(store: Store) -> int:
    with store.start_work() as work:
        made = persons.add(work, NewPerson("001", "李建国"))
        credentials.set_password(work, made, "LiJianguo", HASHED)
        work.commit()
    return made


def test_the_right_password_opens_a_session_that_names_the_person(store: Store, person: int) -> None:
    signed = credentials.sign_in(store.start_work, "lijianguo", PASSWORD, "10.0.0.7")

    assert (signed.person, sessions.find(store.start_work, signed.token)) == (person, person)


@pytest.mark.parametrize(("account", "password"), [("lijianguo", "wrong one"), ("nobody", PASSWORD)])
def test_an_unknown_account_and_a_wrong_password_get_the_same_answer(
    store: Store, person: int, account: str, password: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        credentials.sign_in(store.start_work, account, password)

    assert (refused.value.code, refused.value.fields) == ("account.wrong", {})


def test_someone_inactive_cannot_sign_in_and_loses_their_session(store: Store, person: int) -> None:
    """APR-24: who left holds nothing."""
    token = credentials.sign_in(store.start_work, "lijianguo", PASSWORD).token
    with store.start_work() as work:
        persons.change(work, person, NewPerson("001", "李建国", active=False))
        work.commit()

    assert sessions.find(store.start_work, token) is None
    with pytest.raises(NotAllowed, match="wrong"):
        credentials.sign_in(store.start_work, "lijianguo", PASSWORD)


def test_failures_in_a_row_make_the_next_attempt_wait(store: Store, person: int, clock: ManualClock) -> None:
    for _ in range(attempts.FREE["account"]):
        with pytest.raises(NotAllowed):
            credentials.sign_in(store.start_work, "lijianguo", "wrong one")

    with pytest.raises(NotAllowed) as refused:
        credentials.sign_in(store.start_work, "lijianguo", PASSWORD)
    clock.move(attempts.FIRST_WAIT + timedelta(seconds=1))

    assert refused.value.code == "account.wait"
    assert credentials.sign_in(store.start_work, "lijianguo", PASSWORD).person == person


def test_failures_of_yesterday_are_forgotten(store: Store, person: int, clock: ManualClock) -> None:
    for _ in range(attempts.FREE["account"] - 1):
        with pytest.raises(NotAllowed):
            credentials.sign_in(store.start_work, "lijianguo", "wrong one")
    clock.move(attempts.FORGOTTEN_AFTER + timedelta(minutes=1))

    with pytest.raises(NotAllowed):
        credentials.sign_in(store.start_work, "lijianguo", "wrong one")

    assert credentials.sign_in(store.start_work, "lijianguo", PASSWORD).person == person


def test_failures_at_the_same_moment_all_count(store: Store, person: int) -> None:
    def guess(_: int) -> str:
        with pytest.raises(NotAllowed) as refused:
            credentials.sign_in(store.start_work, "lijianguo", "wrong one", "10.0.0.9")
        return refused.value.code

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(guess, range(attempts.FREE["account"])))

    assert answers <= {"account.wrong", "account.wait"}
    with pytest.raises(NotAllowed) as refused:
        credentials.sign_in(store.start_work, "lijianguo", PASSWORD)
    assert refused.value.code == "account.wait"


def test_an_address_that_tries_many_accounts_has_to_wait(store: Store, person: int) -> None:
    with store.start_work() as work:
        for number in range(attempts.FREE["address"]):
            attempts.failed(work, f"guess{number}", "10.0.0.7")
        work.commit()

    with pytest.raises(NotAllowed) as refused:
        credentials.sign_in(store.start_work, "lijianguo", PASSWORD, "10.0.0.7")
    assert refused.value.code == "account.wait"
    assert credentials.sign_in(store.start_work, "lijianguo", PASSWORD, "10.0.0.8").person == person


@pytest.mark.parametrize("idle", [sessions.IDLE + timedelta(seconds=1), sessions.ABSOLUTE + timedelta(seconds=1)])
def test_a_session_ends_by_time(store: Store, person: int, clock: ManualClock, idle: timedelta) -> None:
    token = credentials.sign_in(store.start_work, "lijianguo", PASSWORD).token

    clock.move(idle)

    assert sessions.find(store.start_work, token) is None


def test_use_keeps_a_session_alive_but_not_beyond_its_absolute_end(
    store: Store, person: int, clock: ManualClock
) -> None:
    token = credentials.sign_in(store.start_work, "lijianguo", PASSWORD).token
    seen = []
    for _ in range(15):
        clock.move(sessions.IDLE - timedelta(minutes=1))
        seen.append(sessions.find(store.start_work, token))

    assert (seen[0], seen[12], seen[14]) == (person, person, None)


def test_a_new_password_ends_every_session(store: Store, person: int) -> None:
    token = credentials.sign_in(store.start_work, "lijianguo", PASSWORD).token

    credentials.change_password(store.start_work, person, PASSWORD, "battery staple")

    assert sessions.find(store.start_work, token) is None
    assert credentials.sign_in(store.start_work, "lijianguo", "battery staple").person == person


def test_signing_out_ends_the_session(store: Store, person: int) -> None:
    token = credentials.sign_in(store.start_work, "lijianguo", PASSWORD).token

    sessions.end(store.start_work, token)

    assert sessions.find(store.start_work, token) is None


def test_the_token_itself_is_kept_nowhere(store: Store, person: int) -> None:
    token = credentials.sign_in(store.start_work, "lijianguo", PASSWORD).token

    with store.start_work(reading=True) as work:
        assert token not in [session.id for session in sessions.of(work, person)]


def test_an_account_that_is_taken_is_refused(store: Store, person: int) -> None:
    with store.start_work() as work, pytest.raises(InvalidInput, match="taken"):
        credentials.set_password(work, persons.add(work, NewPerson("002", "李建果")), "lijianguo", HASHED)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(InvalidInput, match="8 to 200"):
        credentials.hashed("short")


def test_confirming_asks_for_the_own_password_again(store: Store, person: int) -> None:
    """domain.md §4: signing asks for the password once more."""
    credentials.confirm(store.start_work, person, PASSWORD)
    with pytest.raises(NotAllowed):
        credentials.confirm(store.start_work, person, "wrong one")
