"""Random block-structured processes against a small interpreter of what BPMN says about them."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as some

from engine.workflow.spiff import codec, linter, machine
from engine.workflow.spiff.migration.migrating import migrate
from engine.workflow.spiff.run import Run
from tests.unit.workflow.diagrams import boundary, drawn, flows, node, nodes, script, several, sub, timer
from tests.unit.workflow.plays import Play


@dataclass(frozen=True)
class Block:
    """A piece of a process; `picks` says which ways are gone, how often, whether time runs out."""

    kind: str
    parts: tuple["Block", ...] = ()
    picks: tuple[int, ...] = ()


def blocks() -> some.SearchStrategy[Block]:
    task = some.just(Block("task"))
    late = some.builds(lambda fires: Block("late", (), (int(fires),)), some.booleans())
    multi = some.builds(lambda size: Block("multi", (), (size,)), some.integers(0, 3))
    return some.recursive(task | late | multi, _around, max_leaves=6)


def _around(inner: some.SearchStrategy[Block]) -> some.SearchStrategy[Block]:
    several_parts = some.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        some.builds(lambda parts: Block("sequence", parts), several_parts)
        | some.builds(lambda parts: Block("and", parts), several_parts)
        | some.builds(lambda parts, way: Block("xor", parts, (way % len(parts),)), several_parts, some.integers(0, 2))
        | some.builds(lambda parts, ways: Block("or", parts, _some_of(parts, ways)), several_parts, some.integers(1, 7))
        | some.builds(lambda part, rounds: Block("loop", (part,), (rounds,)), inner, some.integers(1, 3))
        | some.builds(lambda part: Block("sub", (part,)), inner)
    )


def _some_of(parts: tuple[Block, ...], bits: int) -> tuple[int, ...]:
    return tuple(number for number in range(len(parts)) if bits >> number & 1) or (0,)


@dataclass
class Drawing:
    """Draws blocks, and notes what must happen when they run."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    fires: dict[str, bool] = field(default_factory=dict)

    def draw(self, block: Block, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        """The XML of a block, its first and last node, and how often each user task is left."""
        ident = f"n{next(self.numbers)}"
        made: tuple[str, str, str, Counter[str]] = getattr(self, f"_{block.kind}")(block, ident, path)
        return made

    def _task(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        return nodes(f"user:{ident}"), ident, ident, Counter({ident: 1})

    def _late(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        fires = bool(block.picks[0])
        self.fires[ident] = fires
        inner = nodes(f"user:{ident} user:{ident}h xor:{ident}j") + boundary(f"{ident}w", ident, timer("PT1H"))
        paths = flows(f"{ident} {ident}j", f"{ident}w {ident}h {ident}j")
        return inner + paths, ident, f"{ident}j", Counter({f"{ident}h" if fires else ident: 1})

    def _multi(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        items = ", ".join(str(number) for number in range(block.picks[0]))
        return (
            node("userTask", ident, several(f"[{items}]", result=f"r{ident}")),
            ident,
            ident,
            Counter({ident: block.picks[0]}),
        )

    def _sequence(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        drawn_parts = [self.draw(part, path) for part in block.parts]
        joined = flows(*(f"{a[2]} {b[1]}" for a, b in pairwise(drawn_parts)))
        total = sum((part[3] for part in drawn_parts), Counter[str]())
        return "".join(part[0] for part in drawn_parts) + joined, drawn_parts[0][1], drawn_parts[-1][2], total

    def _branches(
        self, block: Block, ident: str, kind: str, taken: tuple[int, ...]
    ) -> tuple[str, str, str, Counter[str]]:
        drawn_parts = [self.draw(part, []) for part in block.parts]
        ways = []
        for number, part in enumerate(drawn_parts):
            said = (
                ""
                if kind == "and"
                else f" : {number} in ({', '.join(map(str, taken))}, -1)".replace("(", "[").replace(")", "]")
            )
            ways += [f"{ident}f {part[1]}{said}", f"{part[2]} {ident}j"]
        total = sum((part[3] for number, part in enumerate(drawn_parts) if number in taken), Counter[str]())
        inner = "".join(part[0] for part in drawn_parts) + nodes(f"{kind}:{ident}f {kind}:{ident}j")
        return inner + flows(*ways), f"{ident}f", f"{ident}j", total

    def _and(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        return self._branches(block, ident, "and", tuple(range(len(block.parts))))

    def _xor(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        return self._branches(block, ident, "xor", block.picks)

    def _or(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        return self._branches(block, ident, "or", block.picks)

    def _loop(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        inner, first, last, once = self.draw(block.parts[0], path)
        around = (
            script(f"{ident}z", f"c{ident} = 0")
            + nodes(f"xor:{ident}m task:{ident}e")
            + script(f"{ident}c", f"c{ident} = c{ident} + 1")
            + node("exclusiveGateway", f"{ident}g", default=f"{ident}g-{ident}e")
        )
        ways = flows(
            f"{ident}z {ident}m {first}",
            f"{last} {ident}c {ident}g {ident}e",
            f"{ident}g {ident}m : c{ident} < {block.picks[0]}",
        )
        return (
            inner + around + ways,
            f"{ident}z",
            f"{ident}e",
            Counter({k: v * block.picks[0] for k, v in once.items()}),
        )

    def _sub(self, block: Block, ident: str, path: list[str]) -> tuple[str, str, str, Counter[str]]:
        inner, first, last, total = self.draw(block.parts[0], path)
        box = sub(ident, nodes(f"start:{ident}s end:{ident}x") + inner, f"{ident}s {first}", f"{last} {ident}x")
        return box, ident, ident, total


def whole(block: Block) -> tuple[bytes, Drawing, Counter[str]]:
    drawing = Drawing()
    inner, first, last, expected = drawing.draw(block, [])
    return drawn(nodes("start:s end:e") + inner, f"s {first}", f"{last} e"), drawing, expected


def played(content: bytes, drawing: Drawing, seed: int, rounds: int = 400) -> Play:
    """Answer open tasks in a random order; those whose time runs out are left until only they remain."""
    play, chance = Play(content), random.Random(seed)
    for _ in range(rounds):
        ready = [task for task in play.step.open if not drawing.fires.get(task.node.id)]
        if ready:
            task = chance.choice(ready)
            play.answer(task.node.id, task.index, **{f"v{task.node.id}": 1})
        elif play.step.timers:
            play.fire(play.step.timers[0].node.id)
        else:
            break
        loaded = codec.load(play.step.state, Run(play.program, play.world))
        assert codec.dump(loaded) == play.step.state, "saving what was loaded changes the state"
    return play


@settings(max_examples=150, deadline=None)
@given(blocks(), some.integers(0, 2**16))
def test_a_process_does_what_its_blocks_say_in_any_order_of_answers(block: Block, seed: int) -> None:
    content, drawing, expected = whole(block)

    play = played(content, drawing, seed)

    left = Counter(moved.node for moved in play.trace if moved.event == "leave" and moved.node in _tasks(play))
    assert play.outcome == "completed", play.failed
    assert left == +expected


@settings(max_examples=60, deadline=None)
@given(blocks(), some.integers(0, 2**16), some.integers(0, 2**16))
def test_the_order_of_parallel_answers_does_not_change_the_outcome(block: Block, one: int, other: int) -> None:
    content, drawing, _ = whole(block)

    assert played(content, drawing, one).data == played(content, drawing, other).data


@settings(max_examples=100, deadline=None)
@given(blocks())
def test_a_process_of_whole_blocks_has_no_finding(block: Block) -> None:
    assert linter.check({"p.bpmn": whole(block)[0]}) == []


@settings(max_examples=40, deadline=None)
@given(blocks())
def test_a_step_that_is_tried_twice_from_the_same_state_gives_the_same_bytes(block: Block) -> None:
    play = Play(whole(block)[0])
    for task in play.step.open:
        again = [
            machine.complete(play.program, play.step.state, task.token, machine.Answer({}), play.world).state
            for _ in range(2)
        ]
        assert again[0] == again[1]


@settings(max_examples=150, deadline=None)
@given(blocks(), some.integers(0, 2**16))
def test_migrating_to_the_same_version_changes_nothing_wherever_the_instance_stands(block: Block, seed: int) -> None:
    content, drawing, _ = whole(block)
    play = played(content, drawing, seed, seed % 5)

    done = migrate(play.program, play.program, play.step.state, {}, play.world, lambda _: play.world)

    assert done.findings == ()
    assert done.step == replace(play.step, moved=(), thrown=())


def _tasks(play: Play) -> set[str]:
    return {ident for ident, spec in play.program.nodes.items() if spec.kind == "userTask"}
