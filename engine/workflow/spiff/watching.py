"""Conditional events that look at the clock: which programs have some, and whether one has come true unobserved."""

from engine.decisions import feel
from engine.decisions.feel import FeelError
from engine.kernel.errors import LetterflowError
from engine.workflow.spiff import codec, expressions
from engine.workflow.spiff.nodes.events import Catching
from engine.workflow.spiff.programs import Program
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Token
from engine.workflow.step import Ports

_CLOCK = frozenset({"now", "today", *expressions.HOST_NAMES})


def watches(program: Program) -> bool:
    """Whether a condition of the program, or of what it calls, may change as time goes on."""
    return any(_looks_at_the_clock(text) for spec in program.named.values() for text in _conditions(spec))


def ripe(program: Program, state: bytes, ports: Ports) -> bool:
    """Whether `machine.evaluate` would find a condition to be other than it was: nothing is moved or written."""
    run = codec.load(state, Run(program, ports))
    return any(_changed(token) for token in run.tokens() if isinstance(token.task_spec, Catching))


def _changed(token: Token) -> bool:
    arms = token.memory.get("arms")
    if arms is None:
        return False
    seen = token.task_spec.seen(token)
    for number, event in enumerate(token.task_spec.node.events):
        if event.kind == "conditional" and event.text and _looks_at_the_clock(event.text):
            try:
                holds = expressions.holds(event.text, seen, token.workflow.ports)
            except LetterflowError:
                continue  # the step that armed it has an incident for this
            if holds != arms[number].get("was", False):
                return True
    return False


def _conditions(spec: object) -> list[str]:
    node = getattr(spec, "node", None)
    events = node.events if node is not None else ()
    return [event.text for event in events if event.kind == "conditional" and event.text]


def _looks_at_the_clock(text: str) -> bool:
    try:
        return not _CLOCK.isdisjoint(feel.compile(text, functions=expressions.HOST_FUNCTIONS).free)
    except FeelError:
        return False
