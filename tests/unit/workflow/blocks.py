"""Random block-structured processes: how each is drawn, and a small interpreter of what must happen when it runs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Any

from hypothesis import strategies as some

from tests.unit.workflow.diagrams import boundary, definition, drawn, flows, node, nodes, script, several, sub, timer

Visits = Counter[str]
NEVER = "P900D"
"""A time that never comes before everything else is done."""


@dataclass(frozen=True)
class Block:
    """A piece of a process; `picks` says which ways are gone, how often, whether time runs out."""

    kind: str
    parts: tuple["Block", ...] = ()
    picks: tuple[int, ...] = ()


def blocks() -> some.SearchStrategy[Block]:
    """Blocks of every kind, nested."""
    size, flag = some.integers(0, 3), some.booleans()
    leaf = (
        some.just(Block("task"))
        | some.builds(lambda fires: Block("late", (), (int(fires),)), flag)
        | some.builds(lambda number: Block("multi", (), (number,)), size)
        | some.builds(lambda number, done: Block("vote", (), (number + 1, done % (number + 1) + 1)), size, size)
        | some.builds(lambda first: Block("race", (), (int(first),)), flag)
    )
    return some.recursive(leaf | _many_times(), _around, max_leaves=6)


def _many_times() -> some.SearchStrategy[Block]:
    """A subprocess that runs for each element; what is inside has no time of its own."""
    plain = some.recursive(some.just(Block("task")), lambda inner: _several(inner, "sequence", "and"), max_leaves=3)
    return some.builds(lambda part, number: Block("each", (part,), (number,)), plain, some.integers(0, 2))


def _around(inner: some.SearchStrategy[Block]) -> some.SearchStrategy[Block]:
    parts = some.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        _several(inner, "sequence", "and")
        | some.builds(lambda each, way: Block("xor", each, (way % len(each),)), parts, some.integers(0, 2))
        | some.builds(lambda each, ways: Block("or", each, _some_of(each, ways)), parts, some.integers(1, 7))
        | some.builds(lambda part, rounds: Block("loop", (part,), (rounds,)), inner, some.integers(1, 3))
        | some.builds(lambda part: Block("sub", (part,)), inner)
        | some.builds(lambda part, fires: Block("deadline", (part,), (int(fires),)), inner, some.booleans())
        | some.builds(lambda part: Block("watch", (part,)), inner)
        | some.builds(lambda part: Block("remind", (part,)), inner)
        | some.builds(
            lambda part, fails: Block("fail", (part,), (int(fails and not _reminds(part)),)), inner, some.booleans()
        )
    )


def _several(inner: some.SearchStrategy[Block], *kinds: str) -> some.SearchStrategy[Block]:
    parts = some.lists(inner, min_size=2, max_size=3).map(tuple)
    return some.builds(Block, some.sampled_from(kinds), parts)


def _reminds(block: Block) -> bool:
    """Whether a path runs beside another in it, which an error would cut off at any point."""
    return block.kind in ("remind", "watch") or any(_reminds(part) for part in block.parts)


def _some_of(parts: tuple[Block, ...], bits: int) -> tuple[int, ...]:
    return tuple(number for number in range(len(parts)) if bits >> number & 1) or (0,)


@dataclass(frozen=True)
class Part:
    """A block drawn: its XML, where it begins and ends, how often each task is left, what stands in the data then."""

    xml: str
    first: str
    last: str
    visits: Visits
    data: Mapping[str, Any]


@dataclass
class Drawing:
    """Draws blocks; `left` are tasks that wait for a timer: for ever, or until the reminder named beside them."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    left: dict[str, str | None] = field(default_factory=dict)

    def draw(self, block: Block) -> Part:
        """The block with what must happen when it runs."""
        ident = f"n{next(self.numbers)}"
        part: Part = getattr(self, f"_{block.kind}")(block, ident)
        return part

    def _task(self, _: Block, ident: str) -> Part:
        return Part(nodes(f"user:{ident}"), ident, ident, Counter({ident: 1}), {f"v{ident}": 1})

    def _late(self, block: Block, ident: str) -> Part:
        fires = bool(block.picks[0])
        done = f"{ident}h" if fires else ident
        if fires:
            self.left[ident] = None
        xml = nodes(f"user:{ident} user:{ident}h xor:{ident}j") + boundary(f"{ident}w", ident, timer("PT1H"))
        xml += flows(f"{ident} {ident}j", f"{ident}w {ident}h {ident}j")
        return Part(xml, ident, f"{ident}j", Counter({done: 1}), {f"v{done}": 1})

    def _multi(self, block: Block, ident: str) -> Part:
        items = ", ".join(map(str, range(block.picks[0])))
        xml = node("userTask", ident, several(f"[{items}]", result=f"r{ident}"))
        results = [{f"v{ident}": 1}] * block.picks[0]
        return Part(xml, ident, ident, Counter({ident: block.picks[0]}), {f"r{ident}": results})

    def _vote(self, block: Block, ident: str) -> Part:
        asked, enough = block.picks
        loop = (
            f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>{asked}</bpmn:loopCardinality>"
            f"<bpmn:completionCondition>nrOfCompletedInstances >= {enough}</bpmn:completionCondition>"
            "</bpmn:multiInstanceLoopCharacteristics>"
        )
        xml = node("userTask", ident, loop)
        return Part(xml, ident, ident, Counter({ident: min(asked, enough)}), {f"v{ident}": 1})

    def _each(self, block: Block, ident: str) -> Part:
        inner, times = self.draw(block.parts[0]), block.picks[0]
        items = ", ".join(map(str, range(times)))
        loop = several(f"[{items}]", result=f"r{ident}")
        xml = self._boxed(ident, inner, loop)
        visits = Counter({name: number * times for name, number in inner.visits.items()})
        return Part(xml, ident, ident, visits, {f"r{ident}": [dict(inner.data)] * times})

    def _race(self, block: Block, ident: str) -> Part:
        times = ("PT2M", "PT1M") if block.picks[0] else ("PT1M", "PT2M")
        won = f"{ident}{'b' if block.picks[0] else 'a'}"
        xml = nodes(f"event:{ident} user:{ident}a user:{ident}b xor:{ident}j")
        for way, length in zip("ab", times, strict=True):
            xml += node("intermediateCatchEvent", f"{ident}{way}t", timer(length))
            xml += flows(f"{ident} {ident}{way}t {ident}{way} {ident}j")
        return Part(xml, ident, f"{ident}j", Counter({won: 1}), {f"v{won}": 1})

    def _sequence(self, block: Block, _: str) -> Part:
        parts = [self.draw(part) for part in block.parts]
        joined = flows(*(f"{one.last} {other.first}" for one, other in pairwise(parts)))
        return Part("".join(part.xml for part in parts) + joined, parts[0].first, parts[-1].last, *_together(parts))

    def _branches(self, block: Block, ident: str, kind: str, taken: tuple[int, ...]) -> Part:
        parts = [self.draw(part) for part in block.parts]
        ways = []
        for number, part in enumerate(parts):
            said = "" if kind == "and" else f" : {number} in [{', '.join(map(str, taken))}, -1]"
            ways += [f"{ident}f {part.first}{said}", f"{part.last} {ident}j"]
        xml = "".join(part.xml for part in parts) + nodes(f"{kind}:{ident}f {kind}:{ident}j") + flows(*ways)
        return Part(xml, f"{ident}f", f"{ident}j", *_together([parts[number] for number in taken]))

    def _and(self, block: Block, ident: str) -> Part:
        return self._branches(block, ident, "and", tuple(range(len(block.parts))))

    def _xor(self, block: Block, ident: str) -> Part:
        return self._branches(block, ident, "xor", block.picks)

    def _or(self, block: Block, ident: str) -> Part:
        return self._branches(block, ident, "or", block.picks)

    def _loop(self, block: Block, ident: str) -> Part:
        inner, rounds = self.draw(block.parts[0]), block.picks[0]
        xml = script(f"{ident}z", f"c{ident} = 0") + script(f"{ident}c", f"c{ident} = c{ident} + 1")
        xml += nodes(f"xor:{ident}m task:{ident}e") + node(
            "exclusiveGateway", f"{ident}g", default=f"{ident}g-{ident}e"
        )
        xml += flows(
            f"{ident}z {ident}m {inner.first}",
            f"{inner.last} {ident}c {ident}g {ident}e",
            f"{ident}g {ident}m : c{ident} < {rounds}",
        )
        visits = Counter({name: number * rounds for name, number in inner.visits.items()})
        return Part(inner.xml + xml, f"{ident}z", f"{ident}e", visits, {**inner.data, f"c{ident}": rounds})

    def _sub(self, block: Block, ident: str) -> Part:
        inner = self.draw(block.parts[0])
        return Part(self._boxed(ident, inner), ident, ident, inner.visits, inner.data)

    def _deadline(self, block: Block, ident: str) -> Part:
        """An interrupting timer at a subprocess; its first task waits for ever where the time runs out."""
        fires, inner = bool(block.picks[0]), self.draw(block.parts[0])
        if fires:
            self.left[f"{ident}g"] = None
        xml = self._guarded(ident, inner) + boundary(f"{ident}w", ident, timer("PT1M" if fires else NEVER))
        xml += nodes(f"user:{ident}h xor:{ident}j") + flows(f"{ident} {ident}j", f"{ident}w {ident}h {ident}j")
        if fires:
            return Part(xml, ident, f"{ident}j", Counter({f"{ident}h": 1}), {f"v{ident}h": 1})
        done = Counter({f"{ident}g": 1})
        return Part(xml, ident, f"{ident}j", inner.visits + done, {**inner.data, f"v{ident}g": 1})

    def _remind(self, block: Block, ident: str) -> Part:
        """A timer beside a subprocess that does not interrupt; the first task is done when the reminder is out."""
        inner = self.draw(block.parts[0])
        self.left[f"{ident}g"] = f"{ident}w"
        xml = self._guarded(ident, inner) + boundary(f"{ident}w", ident, timer("PT1M"), interrupting=False)
        xml += nodes(f"user:{ident}h end:{ident}q") + flows(f"{ident}w {ident}h {ident}q")
        own = Counter({f"{ident}g": 1, f"{ident}h": 1})
        return Part(xml, ident, ident, inner.visits + own, {**inner.data, f"v{ident}g": 1, f"v{ident}h": 1})

    def _watch(self, block: Block, ident: str) -> Part:
        """A subprocess with an event subprocess that a timer starts while two branches run."""
        inner = self.draw(block.parts[0])
        self.left[f"{ident}g"] = f"{ident}w"
        begin = node("startEvent", f"{ident}w", timer("PT1M"), isInterrupting="false")
        handler = sub(
            f"{ident}v",
            begin + nodes(f"user:{ident}h end:{ident}q"),
            f"{ident}w {ident}h {ident}q",
            triggeredByEvent="true",
        )
        ends = nodes(f"start:{ident}s and:{ident}f user:{ident}g and:{ident}j end:{ident}x")
        paths = (f"{ident}s {ident}f {ident}g {ident}j {ident}x", f"{ident}f {inner.first}", f"{inner.last} {ident}j")
        own = Counter({f"{ident}g": 1, f"{ident}h": 1})
        data = {**inner.data, f"v{ident}g": 1, f"v{ident}h": 1}
        return Part(sub(ident, ends + inner.xml + handler, *paths), ident, ident, inner.visits + own, data)

    def _fail(self, block: Block, ident: str) -> Part:
        """A subprocess that ends with an error, or does not."""
        fails, inner = bool(block.picks[0]), self.draw(block.parts[0])
        end = node("endEvent", f"{ident}x", definition("error", errorRef="d.x") if fails else "")
        box = sub(
            ident, nodes(f"start:{ident}s") + end + inner.xml, f"{ident}s {inner.first}", f"{inner.last} {ident}x"
        )
        xml = box + boundary(f"{ident}w", ident, definition("error", errorRef="d.x"))
        xml += nodes(f"user:{ident}h xor:{ident}j") + flows(f"{ident} {ident}j", f"{ident}w {ident}h {ident}j")
        more = Counter({f"{ident}h": int(fails)})
        data = {**inner.data, f"v{ident}h": 1} if fails else inner.data
        return Part(xml, ident, f"{ident}j", +(inner.visits + more), data)

    def _boxed(self, ident: str, inner: Part, loop: str = "") -> str:
        ends = nodes(f"start:{ident}s end:{ident}x")
        return sub(ident, ends + inner.xml + loop, f"{ident}s {inner.first}", f"{inner.last} {ident}x")

    def _guarded(self, ident: str, inner: Part) -> str:
        ends = nodes(f"start:{ident}s user:{ident}g end:{ident}x")
        return sub(ident, ends + inner.xml, f"{ident}s {ident}g {inner.first}", f"{inner.last} {ident}x")


def _together(parts: list[Part]) -> tuple[Visits, dict[str, Any]]:
    visits = sum((part.visits for part in parts), Counter[str]())
    return visits, {name: value for part in parts for name, value in part.data.items()}


@dataclass(frozen=True)
class Whole:
    """A process of one block, with what must happen."""

    content: bytes
    left: Mapping[str, str | None]
    visits: Visits
    data: Mapping[str, Any]


def whole(block: Block) -> Whole:
    """The block between a start and an end."""
    drawing = Drawing()
    part = drawing.draw(block)
    content = drawn(nodes("start:s end:e") + part.xml, f"s {part.first}", f"{part.last} e")
    return Whole(content, drawing.left, +part.visits, part.data)
