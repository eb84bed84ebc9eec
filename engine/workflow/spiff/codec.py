"""State as bytes: positional rows of tokens, each different value written once, no names but the program's.

Layout of format 1: one byte of format, one byte that says whether zlib follows, then JSON
`[counter, names, texts, values, forks, rows]`. A row is
`[id, parent, name, state, flags, data, fork, index, via, memory]`. Data are a flat list of text and value numbers:
rows may be read in any order (trap T2), and no key in them means anything to the reader (trap T3).
"""

import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import orjson

from engine.decisions.feel.values.calendar import Date, DateTime, Time, parse_date, parse_moment, parse_time
from engine.decisions.feel.values.durations import DaysDuration, YearsMonths, parse_duration
from engine.kernel.errors import BadDefinition
from engine.workflow.spiff.run import Run
from engine.workflow.spiff.tokens import Branch, Token

FORMAT = 1
_PAYS_FROM = 1_500  # bytes from which zlib saves more than it costs
_MARK = "\0"  # values.copy lets no key with NUL in, so this key can only be ours
_ENTERED, _LISTENING = 1, 2
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


def dump(run: Run) -> bytes:
    """The state of all tokens."""
    writer = _Writer(run.program.names)
    rows = [writer.row(token) for token in run.tasks.values()]
    body = orjson.dumps(
        [run.counter, writer.names, writer.texts, writer.values, writer.forks, rows], default=_plain, option=_OPTIONS
    )
    if len(body) < _PAYS_FROM:
        return bytes((FORMAT, 0)) + body
    return bytes((FORMAT, 1)) + zlib.compress(body, 1)


def load(state: bytes, run: Run) -> Run:
    """Put the tokens of a state into a run. Raises BadDefinition (`workflow.state_format`, `workflow.state_node`)."""
    counter, names, texts, values, forks, rows = _body(state)
    run.counter = counter
    _Reader(run, names, texts, [_rich(value) for value in values], forks).restore(rows)
    return run


def _body(state: bytes) -> list[Any]:
    if not state or state[0] != FORMAT:
        raise BadDefinition(
            "workflow.state_format",
            f"the state has format {state[0] if state else 'none'}; this release reads {FORMAT}: upgrade first",
        )
    body = zlib.decompress(state[2:]) if state[1] else state[2:]
    return list(orjson.loads(body))


class _Writer:
    def __init__(self, known: Mapping[int, str]) -> None:
        self.known = known
        self.names: list[str] = []
        self.texts: list[str] = []
        self.values: list[Any] = []
        self.forks: list[list[Any]] = []
        self._name_numbers: dict[str, int] = {}
        self._text_numbers: dict[str, int] = {}
        self._value_numbers: dict[int, int] = {}
        self._data_lists: dict[int, list[int]] = {}
        self._fork_numbers: dict[int, int] = {}
        self._kept: list[Any] = []  # an id is only good while its object lives

    def row(self, token: Token) -> list[Any]:
        return [
            token.id,
            token._parent,
            self._name(self.known[id(token.task_spec)]),
            token._state,
            token.entered * _ENTERED + token.listening * _LISTENING,
            self._data(token.data),
            self._fork(token.branch),
            token.index,
            token.via,
            self._memory(token.internal_data),
        ]

    def _name(self, name: str) -> int:
        return _number(name, self._name_numbers, self.names)

    def _data(self, data: Mapping[str, Any]) -> list[int]:
        known = self._data_lists.get(id(data))
        if known is None:
            known = []
            for name, value in data.items():
                known.append(_number(name, self._text_numbers, self.texts))
                known.append(self._value(value))
            self._data_lists[id(data)] = known
            self._kept.append(data)
        return known

    def _value(self, value: Any) -> int:
        number = self._value_numbers.get(id(value))
        if number is None:
            number = self._value_numbers[id(value)] = len(self.values)
            self.values.append(value)
        return number

    def _fork(self, branch: Branch | None) -> int | None:
        if branch is None:
            return None
        number = self._fork_numbers.get(id(branch))
        if number is None:
            row: list[Any] = [self._data(branch.base), self._fork(branch.parent)]
            number = self._fork_numbers[id(branch)] = len(self.forks)
            self.forks.append(row)
        return number

    def _memory(self, memory: dict[str, Any]) -> Any:
        """Contexts of process data are written as data, so that they share what they have in common with it."""
        if not memory:
            return 0
        return [
            {name: self._data(part) for name, part in memory.items() if name in _DATA},
            {name: part for name, part in memory.items() if name not in _DATA},
        ]


_DATA = frozenset({"entry", "result", "last", "local"})


class _Reader:
    def __init__(self, run: Run, names: list[str], texts: list[str], values: list[Any], forks: list[Any]) -> None:
        self.run = run
        self.specs = [_spec(run, name) for name in names]
        self.texts = texts
        self.values = values
        self.forks: list[Branch] = []
        for base, parent in forks:  # a fork is written after the fork around it
            self.forks.append(Branch(self._data(base), None if parent is None else self.forks[parent]))

    def restore(self, rows: list[list[Any]]) -> None:
        order = [(row[0], row[1]) for row in rows]
        made: dict[str, Token] = {}
        for row in rows:
            made[row[0]] = self._token(row)
        self.run.tasks = made
        for ident, parent in order:
            if parent is None:
                self.run.task_tree = made[ident]
            else:
                made[parent]._children.append(ident)

    def _token(self, row: list[Any]) -> Token:
        ident, parent, name, state, flags, data, fork, index, via, memory = row
        token = Token(self.run, self.specs[name], None, ident=ident)
        token._parent, token._state = parent, state
        token.entered, token.listening = bool(flags & _ENTERED), bool(flags & _LISTENING)
        token.data, token.index, token.via = self._data(data), index, via
        token.branch = None if fork is None else self.forks[fork]
        if memory:
            token.internal_data = {name: self._data(part) for name, part in memory[0].items()} | _rich(memory[1])
        return token

    def _data(self, numbers: list[int]) -> dict[str, Any]:
        texts, values = self.texts, self.values
        pairs = iter(numbers)
        return {texts[name]: values[value] for name, value in zip(pairs, pairs, strict=True)}


def _spec(run: Run, name: str) -> Any:
    spec = run.program.named.get(name)
    if spec is None:
        raise BadDefinition(
            "workflow.state_node",
            f"the instance stands at {name}, which this version of {run.program.key} does not have; move it first",
            node=name,
        )
    return spec


def _number(text: str, numbers: dict[str, int], texts: list[str]) -> int:
    number = numbers.get(text)
    if number is None:
        number = numbers[text] = len(texts)
        texts.append(text)
    return number


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each type
    """What JSON has no form for, under a key that no data can have."""
    if isinstance(value, Decimal):
        return {_MARK: "n" + str(value)}
    if isinstance(value, datetime):
        return {_MARK: "t" + value.isoformat()}
    if isinstance(value, date):
        return {_MARK: "d" + value.isoformat()}
    if isinstance(value, time):
        return {_MARK: "c" + value.isoformat()}
    if isinstance(value, timedelta):
        return {_MARK: f"s{value / timedelta(microseconds=1):.0f}"}
    if isinstance(value, DaysDuration | YearsMonths):
        return {_MARK: "p" + str(value)}
    for kind, letter in ((Date, "D"), (DateTime, "T"), (Time, "C")):
        if isinstance(value, kind):
            return {_MARK: letter + str(value)}
    raise TypeError(type(value).__name__)


_RICH: dict[str, Callable[[str], Any]] = {
    "n": Decimal,
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "c": time.fromisoformat,
    "s": lambda text: timedelta(microseconds=int(text)),
    "p": parse_duration,
    "D": parse_date,
    "T": parse_moment,
    "C": parse_time,
}


def _rich(value: Any) -> Any:
    if value.__class__ is dict:
        if len(value) == 1 and _MARK in value:
            text = value[_MARK]
            return _RICH[text[0]](text[1:])
        return {name: _rich(inner) for name, inner in value.items()}
    if value.__class__ is list:
        return [_rich(inner) for inner in value]
    return value
