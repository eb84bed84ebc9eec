"""What the played month checks at its end really notices what is wrong."""

import pytest
from sqlalchemy import insert, select, update

from engine.kernel import audit
from engine.kernel.work import Store
from engine.letters.items import ItemRow
from engine.letters.letters import LetterRow
from engine.letters.states import LetterState
from engine.workflow.tables import definition, instance, task
from tests.builders import drafts
from tests.integration.people.company import found
from webui.demo import invariants


@pytest.fixture
def letter(store: Store) -> int:
    """A letter in force whose weights sum to 100."""
    with store.start_work() as work:
        company = found(work)
        drafts.regulation(work)
        made = drafts.valid(work, company).id
        work.session.execute(update(LetterRow).where(LetterRow.id == made).values(status=LetterState.EFFECTIVE))
        work.commit()
    return made


def test_a_sound_database_breaks_nothing(store: Store, letter: int) -> None:
    assert [name for name, problems in invariants.broken(store.start_work).items() if problems] == []


def test_weights_that_do_not_sum_are_named(store: Store, letter: int) -> None:
    with store.start_work() as work:
        first = work.session.execute(select(ItemRow.id).where(ItemRow.letter_id == letter).limit(1)).scalar_one()
        work.session.execute(update(ItemRow).where(ItemRow.id == first).values(weight=10))
        work.commit()

    [problem] = invariants.broken(store.start_work)["weights"]
    assert "≠ 100" in problem


def test_a_timer_that_took_effect_twice_is_named(store: Store, letter: int) -> None:
    with store.start_work() as work:
        for _ in range(2):
            audit.append(work, "instance:1", "timer.fired", actor=None, detail={"timer": 7, "seq": 0})
        work.commit()

    assert invariants.broken(store.start_work)["timers_once"] == ["timer 7, occurrence 0: 2 times"]


def test_an_open_task_on_an_ended_instance_is_named(store: Store, letter: int) -> None:
    with store.start_work() as work:
        version = work.connection.execute(
            insert(definition)
            .values(key="p", version=1, sha256="0", name="p", status="active", calls=[], deployed_at=work.now)
            .returning(definition.c.id)
        ).scalar_one()
        over = {"key": "p", "definition_id": version, "title": "p", "status": "completed", "started_at": work.now}
        made = work.connection.execute(
            insert(instance).values(**over, pins={}, priority=50).returning(instance.c.id)
        ).scalar_one()
        left = {"token": "1", "node": "n", "name": "n", "kind": "userTask", "options": {}, "status": "open"}
        work.connection.execute(insert(task).values(instance_id=made, opened_at=work.now, **left))
        work.commit()

    assert len(invariants.broken(store.start_work)["nothing_left"]) == 1
