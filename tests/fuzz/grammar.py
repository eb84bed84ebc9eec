"""Makes expressions that parse, from a stream of choices: hostile sizes, every form, every built-in function."""

from collections.abc import Callable

from engine.decisions.feel.builtins import FORMS

Choose = Callable[[int], int]  # a number from 0 to n - 1
NAMES = ("x", "a b", "得分", "list", "deep", "text", "days", "item", "partial", "nan", "unknown")
LITERALS = (
    "1", "0", "-1", "0.5", "1e6000", "9999999999999999999999999999999999", "1e-6000", "100000", "2.5", "null", "true",
    "false", '""', '"abc"', '"(a+)+$"', '"(x|x)*y"', '"[^a]"', '"a{2,3}"', '"$1"', '"2026-03-31"', '"P1D"', '"\\u0000"',
    '@"2026-03-31"', '@"999999999-12-31"', '@"-999999999-01-01T00:00:00Z"', '@"09:30:00@Asia/Shanghai"',
    '@"2026-03-31T09:30:00@Europe/Paris"', '@"P999999999999999999D"', '@"-P99999999Y"', '@"PT0.000000001S"', "[]", "{}",
    "[1..10]", "(<5)", "(!=3)", '["a".."z"]', '[@"2026-01-01"..@"2026-12-31"]', "1..100000", '"imsxq"', '"yyyy"',
)  # fmt: skip
TYPES = ("number", "list<number>", "context<a: string>", "function<number>->string", "range<date>", "date and time")
BINARY = ("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")
BUILTINS = tuple(sorted(FORMS))
MAX_DEPTH = 6


def expression(choose: Choose, depth: int = 0) -> str:
    """One expression; deeper ones are simpler."""
    if depth >= MAX_DEPTH or choose(4) == 0:
        return LITERALS[choose(len(LITERALS))] if choose(2) else NAMES[choose(len(NAMES))]
    return _FORMS[choose(len(_FORMS))](choose, depth + 1)


def tests(choose: Choose) -> str:
    """Unary tests."""
    made = ", ".join(_test(choose) for _ in range(1 + choose(3)))
    return f"not({made})" if choose(4) == 0 else made


def _test(choose: Choose) -> str:
    sign = ("<", "<=", ">", ">=", "=", "!=", "")[choose(7)]
    return f"{sign} {_bracketed(choose, 4)}" if sign else expression(choose, 3)


def _bracketed(choose: Choose, depth: int) -> str:
    return f"({expression(choose, depth)})"


def _binary(choose: Choose, depth: int) -> str:
    return f"{_bracketed(choose, depth)} {BINARY[choose(len(BINARY))]} {_bracketed(choose, depth)}"


def _chain(choose: Choose, depth: int) -> str:
    sign = f" {BINARY[choose(4)]} "
    return sign.join(expression(choose, MAX_DEPTH) for _ in range(2 + choose(30)))


def _call(choose: Choose, depth: int) -> str:
    name = BUILTINS[choose(len(BUILTINS))]
    forms = FORMS[name]
    form = forms[choose(len(forms))]
    count = len(form.parameters) if choose(4) else choose(5)
    if choose(4) == 0:
        pairs = [f"{parameter.name}: {expression(choose, depth)}" for parameter in form.parameters]
        return f"{name}({', '.join(pairs)})"
    return f"{name}({', '.join(expression(choose, depth) for _ in range(count))})"


def _loop(choose: Choose, depth: int) -> str:
    domain = expression(choose, depth) if choose(3) else f"1..{10 ** choose(6)}"
    kind = ("for {} return {}", "some {} satisfies {}", "every {} satisfies {}")[choose(3)]
    bound = f"y in {domain}" if choose(2) else f"y in {domain}, x in {expression(choose, depth)}"
    return f"({kind.format(bound, expression(choose, depth))})"


def _filter(choose: Choose, depth: int) -> str:
    return f"{_bracketed(choose, depth)}[{expression(choose, depth)}]"


def _path(choose: Choose, depth: int) -> str:
    member = ("a", "b", "year", "start included", "hours", "time offset")[choose(6)]
    return f"{_bracketed(choose, depth)}.{member}"


def _list(choose: Choose, depth: int) -> str:
    return f"[{', '.join(expression(choose, depth) for _ in range(choose(5)))}]"


def _context(choose: Choose, depth: int) -> str:
    entries = (f"{key}: {expression(choose, depth)}" for key in ("a", "b", '"c d"', "x")[: choose(5)])
    return f"{{{', '.join(entries)}}}"


def _function(choose: Choose, depth: int) -> str:
    wanted = f": {TYPES[choose(len(TYPES))]}" if choose(3) == 0 else ""
    return f"(function(x{wanted}, y) {expression(choose, depth)})"


def _applied(choose: Choose, depth: int) -> str:
    return f"{_function(choose, depth)}({expression(choose, depth)}, {expression(choose, depth)})"


def _recursion(choose: Choose, depth: int) -> str:
    return f"{{f: function(g, n) g(g, {expression(choose, depth)}), r: f(f, {expression(choose, depth)})}}.r"


def _if(choose: Choose, depth: int) -> str:
    parts = [expression(choose, depth) for _ in range(3)]
    return f"(if {parts[0]} then {parts[1]} else {parts[2]})"


def _instance(choose: Choose, depth: int) -> str:
    return f"({_bracketed(choose, depth)} instance of {TYPES[choose(len(TYPES))]})"


def _between(choose: Choose, depth: int) -> str:
    return f"({_bracketed(choose, depth)} between {_bracketed(choose, depth)} and {_bracketed(choose, depth)})"


def _range(choose: Choose, depth: int) -> str:
    return f"{'[('[choose(2)]}{_bracketed(choose, depth)}..{_bracketed(choose, depth)}{'])'[choose(2)]}"


def _grown(choose: Choose, depth: int) -> str:
    """Something large, used many times."""
    big = ("for i in 1..50000 return text", "for i in 1..300 return list", "string join(for i in 1..500 return text)")
    return (
        f"{{a: {big[choose(3)]}, b: {expression(choose, depth)}, x: a, r: for i in 1..{10 ** choose(5)} return x = a}}"
    )


_FORMS: tuple[Callable[[Choose, int], str], ...] = (
    _binary,
    _binary,
    _chain,
    _call,
    _call,
    _call,
    _call,
    _loop,
    _filter,
    _path,
    _list,
    _context,
    _applied,
    _function,
    _recursion,
    _if,
    _instance,
    _between,
    _range,
    _grown,
)
