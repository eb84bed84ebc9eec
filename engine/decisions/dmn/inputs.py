"""Input data: what was given under a name, converted when it is looked at and read as the declared type."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.decisions.feel.values.borders import into
from engine.decisions.feel.values.calendar import parse_date, parse_moment, parse_time
from engine.decisions.feel.values.conformance import coerced
from engine.decisions.feel.values.durations import parse_duration
from engine.decisions.feel.values.types import FeelType

_READERS: dict[str, Callable[[str], Any]] = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_moment,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}


class Given(Mapping[str, Any]):
    """The caller's data as values of FEEL, each converted when it is first looked at."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = into(self._data[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def given_value(name: str, wanted: FeelType, given: Mapping[str, Any]) -> Any:
    """The given value as the wanted type, else null; null too when nothing was given.

    JSON has no dates: a text stands for a date, time or duration where one is wanted.
    """
    value = given.get(name)
    if value is None and name not in given:
        value = _nested(name, given)
    return coerced(as_typed(value, wanted), wanted)


def as_typed(value: Any, wanted: FeelType) -> Any:
    """The value with texts read as dates, times and durations where the type has them, at any depth."""
    if isinstance(value, str) and wanted.kind in _READERS:
        return _READERS[wanted.kind](value)
    if isinstance(value, list):
        element = wanted.element if wanted.kind == "list" else wanted
        return [as_typed(item, element) for item in value] if element else value
    if isinstance(value, dict) and wanted.members:
        return {
            name: as_typed(member, wanted.members[name]) if name in wanted.members else member
            for name, member in value.items()
        }
    return value


def _nested(name: str, given: Mapping[str, Any]) -> Any:
    """Input data of an imported model may be given under the name of its import."""
    for value in given.values():
        if value.__class__ is dict and name in value:
            return value[name]
    return None
