"""One step of an instance in memory (load, complete, save) against the library's stock way, interleaved in one run.

python benchmarks/step.py          prints one JSON object; milliseconds are medians, the ratio is ours to the floor
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.workflow.spiff import codec, linter, machine, programs
from engine.workflow.step import Answer, OperationCall

BENCH = Path(__file__).resolve().parents[1] / "../shared/bench"


class World:
    """The `Ports` of this benchmark."""

    now = datetime(2026, 1, 5, tzinfo=UTC)
    functions: Mapping[str, Any] = {}

    def perform(self, call: OperationCall) -> Mapping[str, Any]:
        return {}

    def decide(self, table: str, decision: str | None, data: Mapping[str, Any]) -> Any:
        return None


def answer(node: str, form: Mapping[str, Any]) -> Mapping[str, Any]:
    if node.startswith("submit"):
        return form
    return {"vote": True} if node.startswith("cs") else {"ok": True}


class Ours:
    """Letterflow: state bytes, a program that was compiled once."""

    def __init__(self, name: str) -> None:
        self.program = programs.compile({name: (BENCH / name).read_bytes()}, "purchase")
        self.world = World()

    def play(self, form: Mapping[str, Any], note: Callable[[float, int], None]) -> int:
        step, count = machine.start(self.program, {}, self.world), 0
        while step.open:
            task = step.open[0]
            given = Answer(answer(task.node.id, form))
            at = time.perf_counter()
            step = machine.complete(self.program, step.state, task.token, given, self.world)
            note(time.perf_counter() - at, len(step.state))
            count += 1
        assert str(step.outcome) == "completed", step.failures
        return count


class Floor:
    """The library as it comes: stock JSON, the specification inside."""

    def __init__(self, name: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(_quoted((BENCH / name).read_bytes())))
        self.spec = parser.get_spec("purchase")
        self.subprocesses = parser.get_subprocess_specs("purchase")
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())

    def play(self, form: Mapping[str, Any], note: Callable[[float, int], None]) -> int:
        workflow = BpmnWorkflow(self.spec, self.subprocesses)
        workflow.do_engine_steps()
        state, count = self.serializer.serialize_json(workflow), 0
        while True:
            at = time.perf_counter()
            workflow = self.serializer.deserialize_json(state)
            ready = workflow.get_tasks(state=TaskState.READY, manual=True)
            if not ready:
                return count
            ready[0].data.update(answer(ready[0].task_spec.name, form))
            ready[0].run()
            workflow.do_engine_steps()
            state = self.serializer.serialize_json(workflow)
            note(time.perf_counter() - at, len(state))
            count += 1


def _quoted(content: bytes) -> bytes:
    """Bare ISO durations fail in the library; quoted they are Python texts."""
    return content.replace(b">P1D<", b'>"P1D"<').replace(b">P3D<", b'>"P3D"<')


def compare(nodes: int, rounds: int) -> Mapping[str, Any]:
    """Both ways through the purchase with that many nodes, one instance after the other."""
    form = json.loads((BENCH / "purchase.json").read_text())
    ways = {"ours": Ours(f"purchase{nodes}.bpmn"), "floor": Floor(f"purchase{nodes}.python.bpmn")}
    times: dict[str, list[float]] = {"ours": [], "floor": []}
    sizes: dict[str, int] = {"ours": 0, "floor": 0}

    for _ in range(rounds):
        for name, way in ways.items():

            def note(span: float, size: int, name: str = name) -> None:
                times[name].append(span)
                sizes[name] = max(sizes[name], size)

            way.play(form, note)
    found = {f"{name}_ms": round(statistics.median(spans) * 1e3, 3) for name, spans in times.items()}
    ratio = statistics.median(times["ours"]) / statistics.median(times["floor"])
    return {**found, "ratio": round(ratio, 3), "ours_bytes": sizes["ours"], "floor_bytes": sizes["floor"]}


def rejects(rounds: int) -> Mapping[str, Any]:
    """A thousand rejections: what the last round costs against the tenth, in time, bytes and tokens."""
    program = programs.compile({"a.bpmn": (BENCH / "approval.bpmn").read_bytes()}, "Process_approval")
    world = World()
    step, spans, tokens = machine.start(program, {}, world), [], []
    for _ in range(rounds):
        at = time.perf_counter()
        for values in ({"title": "t", "body": "x" * 200}, {"approved": False}):
            step = machine.complete(program, step.state, step.open[0].token, Answer(values), world)
        spans.append(time.perf_counter() - at)
        tokens.append(len(codec._body(step.state)[5]))
    early, late = statistics.median(spans[5:15]), statistics.median(spans[-10:])
    return {"tenth_ms": round(early * 1e3, 3), "last_ms": round(late * 1e3, 3), "ratio": round(late / early, 2),
            "tokens_tenth": tokens[9], "tokens_last": tokens[-1], "bytes_last": len(step.state)}  # fmt: skip


def deployment() -> float:
    """Reading, checking and compiling the 64 nodes once, in milliseconds."""
    content = (BENCH / "purchase64.bpmn").read_bytes()
    spans = []
    for number in range(10):
        files = {"p.bpmn": content + b" " * number}  # another content each time: nothing comes from the cache
        at = time.perf_counter()
        linter.check(files)
        programs.compile(files, "purchase")
        spans.append(time.perf_counter() - at)
    return round(statistics.median(spans) * 1e3, 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=30, help="instances of each way")
    rounds = options.parse_args().rounds
    json.dump(
        {
            "what": "load + complete + save in memory",
            "purchase24": compare(24, rounds),
            "purchase64": compare(64, max(rounds // 3, 1)),
            "rejects": rejects(1000),
            "deploy64_ms": deployment(),
        },
        sys.stdout,
        indent=2,
    )
    print()


if __name__ == "__main__":
    main()
