"""Every kind of event subprocess: interrupting or not, in the process, in a subprocess, in another event subprocess."""

import pytest

from tests.unit.workflow.diagrams import boundary, condition, definition, drawn, message, node, nodes, sub, timer
from tests.unit.workflow.plays import Play

STARTS = {
    "message": message(),
    "timer": timer("PT1H"),
    "signal": definition("signal", signalRef="d.g"),
    "conditional": condition("ready = true"),
    "escalation": definition("escalation", escalationRef="d.u"),
    "error": definition("error", errorRef="d.x"),
}
PLACES = ("process", "subprocess", "event subprocess")
ALL = [(kind, way) for kind in STARTS for way in (True, False) if way or kind != "error"]


def drawing(kind: str, place: str, *, interrupting: bool) -> bytes:
    """`work` and `step` run side by side; after `step` the branch throws what is thrown; `handle` is what it starts."""
    begin = node("startEvent", "hs", STARTS[kind], isInterrupting=str(interrupting).lower())
    handler = sub("handler", begin + nodes("user:handle end:he"), "hs handle he", triggeredByEvent="true")
    thrown = STARTS[kind] if kind in ("escalation", "error") else ""
    inner = nodes("and:f user:work user:step end:w") + node("endEvent", "x", thrown) + handler
    paths = ("f work w", "f step x")
    if place == "process":
        return drawn(nodes("start:s") + inner, "s f", *paths)
    if place == "subprocess":
        box = sub("box", nodes("start:s2") + inner, "s2 f", *paths)
        return drawn(nodes("start:s user:after end:e") + box, "s box after e")
    outer = sub("outer", node("startEvent", "os", timer("PT5M")) + inner, "os f", *paths, triggeredByEvent="true")
    return drawn(nodes("start:s user:main end:e") + outer, "s main e")


def happened(kind: str, play: Play) -> Play:
    """Let the event come."""
    if kind == "message":
        return play.send()
    if kind == "timer":
        return play.fire("hs")
    if kind == "signal":
        return play.signal()
    return play.answer("step", ready=True)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("kind", "interrupting"), ALL)
def test_an_event_subprocess_of_any_kind_begins_with_its_event(kind: str, place: str, interrupting: bool) -> None:
    play = Play(drawing(kind, place, interrupting=interrupting))
    if place == "event subprocess":
        play.fire("os")

    happened(kind, play)

    beside = [] if interrupting else ["work"]
    step = [] if interrupting or kind in ("conditional", "escalation") else ["step"]
    around = ["main"] if place == "event subprocess" and "main" in play.open else []
    assert sorted(play.open) == sorted(["handle", *beside, *step, *around])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("kind", "interrupting"), ALL)
def test_its_scope_goes_on_when_everything_in_it_is_done(kind: str, place: str, interrupting: bool) -> None:
    play = Play(drawing(kind, place, interrupting=interrupting))
    if place == "event subprocess":
        play.fire("os")
    happened(kind, play)

    for ident in ("handle", "work", "step", "main", "after"):
        if ident in play.open:
            play.answer(ident)

    assert play.outcome == "completed"
    assert play.failed == []


@pytest.mark.parametrize("kind", ["message", "signal", "escalation"])
def test_one_that_does_not_interrupt_begins_each_time(kind: str) -> None:
    thrown = STARTS[kind] if kind == "escalation" else ""
    begin = node("startEvent", "hs", STARTS[kind], isInterrupting="false")
    handler = sub("handler", begin + nodes("user:handle end:he"), "hs handle he", triggeredByEvent="true")
    twice = node("intermediateThrowEvent", "t1", thrown) + node("intermediateThrowEvent", "t2", thrown)
    play = Play(drawn(nodes("start:s user:work end:e") + twice + handler, "s t1 t2 work e"))

    for _ in range(0 if kind == "escalation" else 2):
        happened(kind, play)

    assert sorted(play.open) == ["handle", "handle", "work"]


def test_an_error_of_another_code_is_not_caught() -> None:
    other = drawing("error", "process", interrupting=True).replace(b'errorRef="d.x"', b'errorRef="d.y"', 1)

    play = Play(other).answer("step")

    assert (play.open, play.failed) == (["work"], [("x", "workflow.error_uncaught")])


ENDINGS = {
    "plain": ("", ["work"], []),
    "terminate": ("<bpmn:terminateEventDefinition/>", ["after"], []),
    "error": (definition("error", errorRef="d.x"), ["mended"], []),
    "cancel": (definition("cancel"), ["undo"], ["given_up"]),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_transaction_ends_in_four_ways(ending: str) -> None:
    """Plain: the rest goes on. Terminate: it is complete. Error: its boundary. Cancel: undone, then its boundary."""
    event, then, last = ENDINGS[ending]
    done = (
        nodes("user:a")
        + boundary("ca", "a", definition("compensate"))
        + node("userTask", "undo", isForCompensation="true")
        + '<bpmn:association id="as" sourceRef="ca" targetRef="undo"/>'
    )
    inner = nodes("start:s2 and:f user:work end:w") + done + node("endEvent", "x", event)
    box = sub("box", inner, "s2 f a x", "f work w", tag="transaction")
    content = drawn(
        nodes("start:s user:after user:mended user:given_up end:e end:e2 end:e3")
        + box
        + boundary("we", "box", definition("error", errorRef="d.x"))
        + boundary("wc", "box", definition("cancel")),
        "s box after e",
        "we mended e2",
        "wc given_up e3",
    )
    play = Play(content).answer("a")

    assert play.open == then
    if last:
        assert play.answer("undo").open == last
