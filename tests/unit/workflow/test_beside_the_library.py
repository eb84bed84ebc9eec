"""What issue 4 asks to run, on the library as it comes and here: there it is refused, or goes wrong without a word."""

from collections import Counter

import pytest

from engine.workflow.simulate import Simulation, simulate
from engine.workflow.spiff import programs
from tests.unit.workflow.bare import Bare
from tests.unit.workflow.diagrams import (
    boundary,
    condition,
    definition,
    drawn,
    message,
    node,
    nodes,
    script,
    sub,
)
from tests.unit.workflow.plays import Play

SIGNAL = definition("signal", signalRef="d.g")
ERROR = definition("error", errorRef="d.x")
ESCALATION = definition("escalation", escalationRef="d.u")
LINK = '<bpmn:linkEventDefinition name="on"/>'
QUOTED = "<bpmn:timerEventDefinition><bpmn:timeDuration>{}</bpmn:timeDuration></bpmn:timerEventDefinition>"


def event_subprocess(start: str, *, interrupting: bool = True, ident: str = "ev") -> str:
    begin = node("startEvent", f"{ident}s", start, isInterrupting=str(interrupting).lower())
    inner = begin + nodes(f"task:{ident}t end:{ident}e")
    return sub(ident, inner, f"{ident}s {ident}t {ident}e", triggeredByEvent="true")


UNDOABLE = (
    nodes("task:a")
    + boundary("ca", "a", definition("compensate"))
    + node("task", "undo", isForCompensation="true")
    + '<bpmn:association id="as" sourceRef="ca" targetRef="undo"/>'
)
Visits = Counter[str]
TASKS = frozenset({"a", "b", "c", "got", "evt", "int", "after", "undo"})

CASES: dict[str, tuple[bytes, Visits, str]] = {
    "a signal end event throws": (
        drawn(
            nodes("start:s and:f task:got end:e")
            + node("intermediateCatchEvent", "k", SIGNAL)
            + node("endEvent", "t", SIGNAL),
            "s f k got e",
            "f t",
        ),
        Counter(["got"]),
        "completed",
    ),
    "a signal boundary event of another branch's signal interrupts": (
        drawn(
            nodes("start:s and:f task:got end:e end:e2")
            + node("receiveTask", "r", messageRef="d.m")
            + boundary("w", "r", SIGNAL)
            + node("endEvent", "t", SIGNAL),
            "s f r e",
            "w got e2",
            "f t",
        ),
        Counter(["got"]),
        "completed",
    ),
    "a link leads on": (
        drawn(
            nodes("start:s task:a end:e")
            + node("intermediateThrowEvent", "l", LINK)
            + node("intermediateCatchEvent", "k", LINK),
            "s l",
            "k a e",
        ),
        Counter(["a"]),
        "completed",
    ),
    "compensation undoes": (
        drawn(nodes("start:s") + UNDOABLE + node("endEvent", "e", definition("compensate")), "s a e"),
        Counter(["a", "undo"]),
        "completed",
    ),
    "an error event subprocess stays asleep without one": (
        drawn(nodes("start:s task:a end:e") + event_subprocess(ERROR), "s a e"),
        Counter(["a"]),
        "completed",
    ),
    "an interrupting signal event subprocess ends the rest of its scope": (
        drawn(
            nodes("start:s and:f end:e")
            + node("receiveTask", "r", messageRef="d.m")
            + node("endEvent", "t", SIGNAL)
            + event_subprocess(SIGNAL),
            "s f r e",
            "f t",
        ),
        Counter(["evt"]),
        "completed",
    ),
    "an event subprocess inside an event subprocess listens": (
        drawn(
            nodes("start:s task:a")
            + node("endEvent", "x", ESCALATION)
            + sub(
                "ev",
                node("startEvent", "evs", ESCALATION)
                + node("endEvent", "eve", SIGNAL)
                + event_subprocess(SIGNAL, ident="in"),
                "evs eve",
                triggeredByEvent="true",
            ),
            "s a x",
        ),
        Counter(["a", "int"]),
        "completed",
    ),
    "a conditional event sees what another branch sets": (
        drawn(
            nodes("start:s and:f and:j task:got end:e")
            + node("intermediateCatchEvent", "k", condition("x > 0"))
            + script("n", "x = 1"),
            "s f k got j e",
            "f n j",
        ),
        Counter(["got"]),
        "completed",
    ),
    "a complex gateway goes on at its count": (
        drawn(
            nodes("start:s and:f task:a task:b task:after end:e")
            + node("complexGateway", "j", "<bpmn:activationCondition>activationCount >= 1</bpmn:activationCondition>"),
            "s f a j after e",
            "f b j",
        ),
        Counter(["a", "b", "after"]),
        "completed",
    ),
    "an ad hoc subprocess does what is inside": (
        drawn(nodes("start:s end:e") + sub("box", nodes("task:a task:b"), tag="adHocSubProcess"), "s box e"),
        Counter(["a", "b"]),
        "completed",
    ),
    "an error that nothing catches is an incident": (
        drawn(nodes("start:s task:a") + node("endEvent", "x", ERROR), "s a x"),
        Counter(["a"]),
        "incident",
    ),
    "every plain start event begins": (
        drawn(nodes("start:s start:t task:a task:b end:e"), "s a e", "t b e"),
        Counter(["a", "b"]),
        "completed",
    ),
    "a process without a start event begins": (drawn(nodes("task:a task:b"), "a b"), Counter(["a", "b"]), "completed"),
    "several flows leave an activity": (
        drawn(nodes("start:s task:a task:b task:c end:e"), "s a", "a b e", "a c e"),
        Counter(["a", "b", "c"]),
        "completed",
    ),
    "a default flow of an activity is taken": (
        drawn(
            nodes("start:s task:b task:c end:e") + node("task", "a", default="a-c"),
            "s a",
            "a b : 1 > 2",
            "a c e",
            "b e",
        ),
        Counter(["a", "c"]),
        "completed",
    ),
    "the condition on the only flow of an activity is looked at": (
        drawn(nodes("start:s task:a task:b end:e"), "s a", "a b : 1 > 2", "b e"),
        Counter(["a"]),
        "incident",
    ),
    "a completion quantity gives several tokens": (
        drawn(nodes("start:s task:b end:e") + node("task", "a", completionQuantity="3"), "s a b e"),
        Counter({"a": 1, "b": 3}),
        "completed",
    ),
    "a decision task without the library's own parser runs": (
        drawn(nodes("start:s end:e") + node("businessRuleTask", "a"), "s a e"),
        Counter(["a"]),
        "completed",
    ),
}


def here(content: bytes) -> Simulation:
    return simulate(programs.compile({"p.bpmn": content}, "p"))


@pytest.mark.parametrize("name", CASES)
def test_here_it_runs_as_bpmn_says(name: str) -> None:
    content, visits, outcome = CASES[name]

    played = here(content)

    tasks = visits.keys() | TASKS
    assert Counter(one.node for one in played.trace if one.event == "leave" and one.node in tasks) == visits
    assert played.outcome == outcome


@pytest.mark.parametrize("name", CASES)
def test_bare_it_is_refused_or_goes_wrong(name: str) -> None:
    content, visits, outcome = CASES[name]

    assert bare(content, visits) != (visits, outcome)


def bare(content: bytes, visits: Visits) -> tuple[Visits, str] | str:
    """What the library visits, and how it ends; its refusal where it refuses."""
    try:
        instance = Bare(content).played()
    except Exception as refusal:  # noqa: BLE001 - the library raises whatever it likes
        return type(refusal).__name__
    tasks = visits.keys() | TASKS
    seen = Counter(ident for ident in instance.visited if ident in tasks)
    return seen, "completed" if instance.workflow.is_completed() else "waiting"


def test_two_timers_on_an_event_gateway_have_their_own_times_only_here() -> None:
    content = drawn(
        nodes("start:s event:g task:a task:b end:e")
        + node("intermediateCatchEvent", "t1", QUOTED.format('"PT1H"'))
        + node("intermediateCatchEvent", "t2", QUOTED.format('"PT5H"')),
        "s g t1 a e",
        "g t2 b e",
    )

    dues = {str(value) for value in Bare(content).run().timer_values}

    assert len(dues) == 1
    assert [one.node for one in here(content).trace if one.event == "enter" and one.node in "ab"] == ["a"]


def test_a_message_boundary_that_does_not_interrupt_fires_each_time_only_here() -> None:
    content = drawn(
        nodes("start:s user:a task:got end:e end:e2") + boundary("w", "a", message(), interrupting=False),
        "s a e",
        "w got e2",
    )

    there = Bare(content).run().send("news").send("news")
    play = Play(content).send().send()

    assert there.visited.count("w") == 1
    assert play.went("leave").count("w") == 2
