"""History cannot be changed without being found out."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from engine.kernel import audit, audit_proof
from engine.kernel.audit_proof import Break
from engine.kernel.work import Store, Work
from tests.builders import counting

LETTER = "letter:7"


def _written(store: Store, count: int = 3, stream: str = LETTER) -> None:
    for number in range(count):
        with store.start_work() as work:
            audit.append(work, stream, "letter.saved", actor=1, detail={"number": number})
            work.commit()


def _tampered(store: Store, *statements: str) -> list[Break]:
    """What `verify` finds after someone with the database's password dropped the triggers and changed rows."""
    with store.start_work() as work:
        _drop_triggers(work)
        for statement in statements:
            work.connection.execute(text(statement))
        work.commit()
    with store.start_work(reading=True) as work:
        return audit_proof.verify(work)


def _drop_triggers(work: Work) -> None:
    sqlite = work.connection.dialect.name == "sqlite"
    for table in ("history", "audit_anchor"):
        names = (f"{table}_no_update", f"{table}_no_delete") if sqlite else (f"{table}_append_only",)
        for name in names:
            work.connection.execute(text(f"DROP TRIGGER {name}" if sqlite else f"DROP TRIGGER {name} ON {table}"))


def test_entries_come_back_in_order_with_everything_that_was_said(store: Store) -> None:
    with store.start_work() as work:
        audit.append(work, LETTER, "letter.approved", actor=1, for_person=2, detail={"意见": "同意"}, article="REQ-057")
        audit.append(work, LETTER, "letter.signed", actor=None)
        work.commit()

    with store.start_work(reading=True) as work:
        first, second = audit.of(work, LETTER)

    assert (first.seq, first.actor, first.for_person, first.detail, first.article) == (
        1,
        1,
        2,
        {"意见": "同意"},
        "REQ-057",
    )
    assert (second.seq, second.actor, second.at) == (2, None, store.clock.now())


def test_an_untouched_history_verifies(store: Store) -> None:
    _written(store)
    _written(store, stream="instance:1")

    with store.start_work(reading=True) as work:
        assert audit_proof.verify(work) == []


def test_nothing_is_kept_when_the_work_is_left_without_commit(store: Store) -> None:
    with store.start_work() as work:
        audit.append(work, LETTER, "letter.saved", actor=1)

    with store.start_work(reading=True) as work:
        assert audit.of(work, LETTER) == []


@pytest.mark.parametrize("expected", [(0, audit.START), (1, "f" * 64), (3, "f" * 64), (7, "f" * 64)])
def test_a_head_that_was_expected_wrongly_is_read_again(store: Store, expected: tuple[int, str]) -> None:
    _written(store)

    with store.start_work() as work:
        audit.expect(work, LETTER, *expected)
        audit.append(work, LETTER, "letter.signed", actor=1)
        work.commit()

    with store.start_work(reading=True) as work:
        assert ([entry.seq for entry in audit.of(work, LETTER)], audit_proof.verify(work)) == ([1, 2, 3, 4], [])


def test_a_head_that_was_expected_rightly_saves_reading_it(store: Store) -> None:
    with counting.statements() as counted, store.start_work() as work:
        audit.expect(work, LETTER, 0, audit.START)
        for act in ("letter.saved", "letter.signed"):
            audit.append(work, LETTER, act, actor=1)
            assert audit.of(work, LETTER)[-1].act == act  # what was expected is carried along
        work.commit()

    assert not [each for each in counted.texts if "DO UPDATE" in each]


def test_entries_after_a_mark_can_be_forgotten_with_their_savepoint(store: Store) -> None:
    with store.start_work() as work:
        audit.append(work, LETTER, "kept", actor=1)
        marked = audit.mark(work)
        audit.append(work, LETTER, "rolled.back", actor=1)
        audit.forget(work, marked)
        work.commit()

    with store.start_work(reading=True) as work:
        assert [entry.act for entry in audit.of(work, LETTER)] == ["kept"]


@pytest.mark.parametrize("statement", ["UPDATE history SET actor = 9", "DELETE FROM history"])
def test_the_database_refuses_to_change_history(store: Store, statement: str) -> None:
    _written(store)

    with store.start_work() as work, pytest.raises(DBAPIError, match="append-only"):
        work.connection.execute(text(statement))


def test_a_flipped_entry_is_found(store: Store) -> None:
    _written(store)

    assert _tampered(store, "UPDATE history SET actor = 9 WHERE seq = 2") == [Break(LETTER, 2, "flipped")]


def test_a_deleted_entry_is_found(store: Store) -> None:
    _written(store)

    assert Break(LETTER, 2, "missing") in _tampered(store, "DELETE FROM history WHERE seq = 2")


def test_a_truncated_stream_is_found(store: Store) -> None:
    _written(store)

    assert _tampered(store, "DELETE FROM history WHERE seq = 3") == [Break(LETTER, 3, "truncated")]


def test_a_stream_that_vanished_with_its_head_contradicts_its_anchor(store: Store) -> None:
    _written(store)
    with store.start_work() as work:
        sealed = audit_proof.anchor(work)
        work.commit()

    found = _tampered(store, "DELETE FROM history", "DELETE FROM audit_head")

    assert (sealed, found) == (1, [Break(LETTER, 3, "anchor")])


def test_a_changed_anchor_is_found(store: Store) -> None:
    _written(store)
    with store.start_work() as work:
        audit_proof.anchor(work)
        work.commit()

    found = _tampered(store, "UPDATE audit_anchor SET heads = '[]'")

    assert [each.code for each in found] == ["flipped"]


def test_an_anchor_covers_only_what_moved_since_the_last_one(store: Store) -> None:
    _written(store)
    _written(store, stream="letter:8")
    with store.start_work() as work:
        first = audit_proof.anchor(work)
        work.commit()
    _written(store, count=1)

    with store.start_work() as work:
        second = audit_proof.anchor(work)
        work.commit()

    assert (first, second) == (2, 1)
