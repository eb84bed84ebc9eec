"""Whether a played scenario stands as it is expected to, in sentences."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.kernel.clock import local
from engine.workflow.scenarios.played import Standing

Check = Callable[[Any, Standing], Iterable[str]]


def unmet(expected: Mapping[str, Any], standing: Standing, place: str) -> list[str]:
    """What is not as expected; `place` says where in the scenario that is."""
    found = [
        problem for name, check in _CHECKS.items() if name in expected for problem in check(expected[name], standing)
    ]
    return [f"{place}: {problem}" for problem in found]


def _outcome(expected: str, standing: Standing) -> Iterable[str]:
    if standing.run.outcome != expected:
        why = "; ".join(f"{one.node.id}: {one.message}" for one in standing.run.failures)
        yield f"outcome is {standing.run.outcome}, expected {expected} {why}".rstrip()


def _waiting(expected: list[str], standing: Standing) -> Iterable[str]:
    found = sorted(task.node.id for task in standing.run.open)
    if found != sorted(expected):
        yield f"open are {found}, expected {sorted(expected)}"


def _armed(expected: list[str], standing: Standing) -> Iterable[str]:
    found = {timer.node.id for timer in standing.run.timers}
    missing = [name for name in expected if name not in found]
    if missing:
        yield f"timers {missing} are not armed; armed are {sorted(found)}"


def _passes(expected: list[str], standing: Standing) -> Iterable[str]:
    entered = iter([moved.node for moved in standing.played.trace if moved.event == "enter"])
    for name in expected:
        if name not in entered:  # `in` reads the iterator on: the order counts
            whole = [moved.node for moved in standing.played.trace if moved.event == "enter"]
            yield f"{name} was not entered in the expected order; entered were {whole}"
            return


def _never(expected: list[str], standing: Standing) -> Iterable[str]:
    entered = {moved.node for moved in standing.played.trace if moved.event == "enter"}
    wrong = [name for name in expected if name in entered]
    if wrong:
        yield f"{wrong} were entered and should not have been"


def _data(expected: Mapping[str, Any], standing: Standing) -> Iterable[str]:
    for name, value in expected.items():
        if standing.run.data.get(name) != value:
            yield f"{name} is {standing.run.data.get(name)!r}, expected {value!r}"


def _calls(expected: Mapping[str, Any], standing: Standing) -> Iterable[str]:
    for name, wanted in expected.items():
        inputs = [dict(call.inputs) for call in standing.played.calls if call.name == name]
        count = wanted if isinstance(wanted, int) else len(wanted)
        if len(inputs) != count:
            yield f"{name} was called {len(inputs)} times, expected {count}: {inputs}"
        elif not isinstance(wanted, int):
            for given, part in zip(inputs, wanted, strict=True):
                wrong = {key: given.get(key) for key, value in part.items() if given.get(key) != value}
                if wrong:
                    yield f"{name} was given {wrong}, expected {part}"


def _now(expected: str, standing: Standing) -> Iterable[str]:
    if local(standing.now).isoformat() != expected:
        yield f"it is {local(standing.now).isoformat()}, expected {expected}"


_CHECKS: Mapping[str, Check] = {
    "outcome": _outcome,
    "waiting": _waiting,
    "armed": _armed,
    "passes": _passes,
    "never": _never,
    "data": _data,
    "calls": _calls,
    "now": _now,
}
