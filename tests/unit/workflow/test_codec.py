"""State as bytes: nothing is lost, nothing in it is trusted, old state stays readable."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.decisions.feel import DaysDuration, YearsMonths
from engine.kernel.errors import BadDefinition, InvalidInput
from engine.workflow.spiff import codec, machine, programs, values
from tests.paths import SHARED
from tests.unit.workflow.diagrams import boundary, drawn, node, nodes, several, timer
from tests.unit.workflow.plays import Play

HELD = Path(__file__).parent / "states"
TASK = drawn(nodes("start:s user:a user:b end:e"), "s a b e")
RICH = drawn(
    nodes("start:s user:first and:f user:a user:b and:j end:e end:e2")
    + node("userTask", "vote", several()) + boundary("w", "a", timer("R/PT1H", "timeCycle"), interrupting=False),
    "s first f a j e", "f b vote j", "w e2",
)  # fmt: skip

LEAVES = (
    some.none() | some.booleans() | some.integers(-(2**62), 2**62) | some.floats(allow_nan=False, allow_infinity=False)
    | some.text(max_size=8) | some.decimals(allow_nan=False, allow_infinity=False, places=3)
    | some.dates() | some.times() | some.datetimes(timezones=some.just(UTC)) | some.integers(0, 10**9).map(DaysDuration)
    | some.integers(-500, 500).map(YearsMonths)
)  # fmt: skip
KEYS = some.text(max_size=6).filter(lambda key: "\0" not in key) | some.sampled_from(["typename", "@", "v", "data"])
VALUES = some.recursive(
    LEAVES, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(KEYS, inner, max_size=3)
)


@given(some.dictionaries(KEYS, VALUES, max_size=5))
def test_what_goes_into_a_state_comes_out_of_it(data: dict[str, Any]) -> None:
    play = Play(TASK).answer("a", **{f"k{name}": value for name, value in data.items()})

    assert play.task("b").data == {f"k{name}": value for name, value in data.items()}
    assert [type(value) for value in play.task("b").data.values()] == [type(value) for value in data.values()]


def test_saving_what_was_loaded_gives_the_same_bytes() -> None:
    play = Play(RICH).answer("first", people=["u1", "u2"], amount=Decimal("1.50"), when=date(2026, 1, 5))

    for act in (lambda: play.fire("w"), lambda: play.answer("b", at=time(9)), lambda: play.answer("vote", 1, ok=True)):
        act()
        loaded = codec.load(play.step.state, machine.Run(play.program, play.world))
        assert codec.dump(loaded) == play.step.state


def test_branches_share_what_they_have_in_common() -> None:
    big = {"text": "".join(chr(33 + n % 90) for n in range(2000))}
    play = Play(RICH).answer("first", people=["u1", "u2", "u3", "u4"], **big).answer("b")

    body = json.dumps(codec._body(play.step.state))

    assert len(play.step.open) == 5
    assert len(body) < 2 * 2000


def test_a_step_of_the_purchase_stays_under_six_kilobytes() -> None:
    program = programs.compile({"p.bpmn": (SHARED / "bench/purchase24.bpmn").read_bytes()}, "purchase")
    play, sizes = Play(program), []
    while play.step.open:
        ident = play.open[0]
        form = (
            json.loads((SHARED / "bench/purchase.json").read_text())
            if ident == "submit"
            else {"ok": True, "vote": True}
        )
        play.answer(ident, **form)
        sizes.append(max(len(play.step.state), len(json.dumps(codec._body(play.step.state)))))

    assert play.outcome == "completed"
    assert max(sizes) <= 6 * 1024


@pytest.mark.parametrize("state", [b"", b"\x00", b"\x09\x00[]"])
def test_a_state_of_an_unknown_format_is_refused(state: bytes) -> None:
    program = programs.compile({"p.bpmn": TASK}, "p")

    with pytest.raises(BadDefinition) as refused:
        machine.look(program, state, Play(TASK).world)

    assert refused.value.code == "workflow.state_format"


def test_a_state_that_stands_at_a_node_the_program_lacks_says_so() -> None:
    play = Play(TASK)
    other = programs.compile({"p.bpmn": drawn(nodes("start:s user:b end:e"), "s b e")}, "p")

    with pytest.raises(BadDefinition) as refused:
        machine.look(other, play.step.state, play.world)

    assert refused.value.fields["node"] == "a"


def test_state_written_by_the_first_release_can_be_read_and_goes_on() -> None:
    held = sorted(HELD.glob("*.state"))
    assert held

    for path in held:
        play = Play(RICH)
        play.step = machine.look(play.program, path.read_bytes(), play.world)
        assert sorted(play.open) == ["a", "vote"]
        assert play.task("vote").data["amount"] == Decimal("1.50")
        assert [timer.seq for timer in play.step.timers] == [2]
        assert play.answer("vote", 1, ok=True).answer("a").outcome == "completed"
        assert play.data["votes"] == [{"ok": False}, {"ok": True}]


@pytest.mark.parametrize(
    "value", [{"\0": "nx"}, {1: 2}, object(), float], ids=["our own mark", "no text as key", "an object", "a type"]
)
def test_what_cannot_be_process_data_is_refused_at_the_border(value: Any) -> None:
    with pytest.raises(InvalidInput):
        Play(TASK).answer("a", x=value)


def test_numbers_beyond_json_stay_exact_and_no_numbers_become_null() -> None:
    play = Play(TASK).answer("a", big=2**70, nan=float("nan"), span=timedelta(hours=1))

    assert play.task("b").data == {"big": Decimal(2**70), "nan": None, "span": timedelta(hours=1)}


def test_values_nested_beyond_the_limit_are_refused() -> None:
    value: Any = 1
    for _ in range(values.MAX_DEPTH + 1):
        value = [value]

    with pytest.raises(InvalidInput):
        Play(TASK).answer("a", x=value)


def held_state() -> bytes:
    """How `states/format1.state` was made."""
    play = Play(RICH).answer(
        "first", people=["u1", "u2"], amount=Decimal("1.50"), when=datetime(2026, 1, 5, tzinfo=UTC)
    )
    return play.fire("w").fire("w").answer("b").answer("vote", 0, ok=False).step.state
