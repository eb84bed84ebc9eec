"""Random block-structured processes against a small interpreter of what BPMN says about them (`blocks`)."""

import random
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from engine.workflow.spiff import codec, linter, machine
from engine.workflow.spiff.run import Run
from engine.workflow.step import OpenTask
from tests.unit.workflow.blocks import Block, Whole, blocks, whole
from tests.unit.workflow.plays import Play

MOST_TURNS = 1_000


def played(made: Whole, seed: int, *, saving: bool = True, logging: bool = False) -> Play:
    """Answer open tasks in a random order; what waits for a timer waits until nothing else is open."""
    play, chance = Play(made.content), random.Random(seed)
    reminded: Counter[str] = Counter()
    for _ in range(MOST_TURNS):
        ready = [task for task in play.step.open if _ready(task, made, reminded)]
        if ready:
            task = chance.choice(ready)
            reminded[task.node.id] -= made.left.get(task.node.id) is not None
            play.answer(task.node.id, task.index, **_said(task, logging))
        elif play.step.timers:
            first = min(play.step.timers, key=lambda one: one.due)
            reminded.update(guard for guard, timer in made.left.items() if timer == first.node.id)
            play.fire(first.node.id)
        else:
            break
        if saving:
            loaded = codec.load(play.step.state, Run(play.program, play.world))
            assert codec.dump(loaded) == play.step.state, "saving what was loaded changes the state"
    return play


def _said(task: OpenTask, logging: bool) -> dict[str, Any]:
    said: dict[str, Any] = {f"v{task.node.id}": 1}
    if logging and task.index is None:
        said["log"] = [*task.data.get("log", []), task.node.id]
    return said


def _ready(task: OpenTask, made: Whole, reminded: Counter[str]) -> bool:
    return task.node.id not in made.left or reminded[task.node.id] > 0


def _left(play: Play) -> Counter[str]:
    tasks = {ident for ident, spec in play.program.nodes.items() if spec.kind == "userTask"}
    return Counter(moved.node for moved in play.trace if moved.event == "leave" and moved.node in tasks)


@settings(max_examples=200, deadline=None)
@given(blocks(), some.integers(0, 2**16))
def test_a_process_does_what_its_blocks_say_in_any_order_of_answers(block: Block, seed: int) -> None:
    made = whole(block)

    play = played(made, seed)

    assert play.outcome == "completed", play.failed
    assert _left(play) == made.visits
    assert play.data == made.data


@settings(max_examples=80, deadline=None)
@given(blocks(), some.integers(0, 2**16), some.integers(0, 2**16))
def test_the_order_of_parallel_answers_does_not_change_the_outcome(block: Block, one: int, other: int) -> None:
    made = whole(block)

    assert played(made, one, saving=False).data == played(made, other, saving=False).data


@settings(max_examples=150, deadline=None)
@given(blocks(), some.integers(0, 2**16))
def test_what_parallel_branches_add_to_one_list_is_neither_lost_nor_doubled(block: Block, seed: int) -> None:
    made = whole(block)

    play = played(made, seed, saving=False, logging=True)

    alone = {moved.node for moved in play.trace if moved.index is None}
    assert play.outcome == "completed", play.failed
    assert Counter(play.data.get("log", [])) == Counter({n: times for n, times in made.visits.items() if n in alone})


@settings(max_examples=120, deadline=None)
@given(blocks())
def test_a_process_of_whole_blocks_has_no_finding(block: Block) -> None:
    assert linter.check({"p.bpmn": whole(block).content}) == []


@settings(max_examples=60, deadline=None)
@given(blocks())
def test_a_step_that_is_tried_twice_from_the_same_state_gives_the_same_bytes(block: Block) -> None:
    play = Play(whole(block).content)
    for task in play.step.open:
        again = [
            machine.complete(play.program, play.step.state, task.token, machine.Answer({}), play.world).state
            for _ in range(2)
        ]
        assert again[0] == again[1]


@settings(max_examples=60, deadline=None)
@given(blocks())
def test_looking_at_a_state_moves_nothing(block: Block) -> None:
    play = Play(whole(block).content)

    looked = machine.look(play.program, play.step.state, play.world)

    assert (looked.state, looked.open, looked.timers) == (play.step.state, play.step.open, play.step.timers)
    assert looked.moved == ()
