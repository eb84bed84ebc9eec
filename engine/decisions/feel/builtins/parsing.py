"""`range(from)`: the only built-in function that reads a piece of FEEL (DMN 1.5 §10.3.4.1)."""

from engine.decisions.feel.budget import Run
from engine.decisions.feel.builtins.dates import date, date_and_time, duration, time
from engine.decisions.feel.builtins.registry import builtin
from engine.decisions.feel.compiler.names import make_interval
from engine.decisions.feel.errors import FeelError
from engine.decisions.feel.names import KnownNames
from engine.decisions.feel.parser import parse
from engine.decisions.feel.syntax import Call, Interval, Literal, Name, Negation, Node
from engine.decisions.feel.values.arithmetic import negate
from engine.decisions.feel.values.comparison import less
from engine.decisions.feel.values.ranges import Range

MAX_RANGE_TEXT = 200
_MAKERS = {"date": date, "time": time, "date and time": date_and_time, "duration": duration}
_NAMES = KnownNames(["date and time"])


@builtin("range", "from: string", "range")
def range_of(run: Run, text: str) -> Range | None:
    """The range that is written in the text, of literals only."""
    if len(text) > MAX_RANGE_TEXT:
        return None
    try:
        node = parse(text.strip(), _NAMES)
    except FeelError:
        return None
    if not isinstance(node, Interval):
        return None
    low, high = _end(run, node.low), _end(run, node.high)
    if low is None or high is None or less(high, low) is not False:
        return None
    return make_interval(low, high, node.low_included, node.high_included)


def _end(run: Run, node: Node) -> object:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal):
        return negate(node.operand.value)
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.arguments) == 1:
        argument, make = node.arguments[0], _MAKERS.get(node.function.name)
        return make(run, argument.value) if make and isinstance(argument, Literal) else None
    return None
