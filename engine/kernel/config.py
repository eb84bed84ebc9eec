"""The configuration: one typed object, read once from a file and the environment, all mistakes reported together."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from engine.kernel import durations
from engine.kernel.errors import InvalidInput

PREFIX = "LETTERFLOW_"
DEFAULT_FILE = Path("config.toml")
WEAK_KEYS = frozenset({"", "change-me", "changeme", "secret", "dev", "development", "letterflow"})
SHORTEST_KEY = 32


@dataclass(frozen=True)
class Database:
    """`[database]`: where the rows are; `pool_size` counts connections of one process to PostgreSQL."""

    url: str = "sqlite:///var/letterflow.sqlite3"
    pool_size: int = 20


@dataclass(frozen=True)
class Server:
    """`[server]`: the web server; `secure` says that people come over HTTPS (cookies then demand it).

    `api_per_minute` is how often one token or session may ask the API.
    `address` is what printed letters lead to (`https://letters.example.cn`); empty is where the reader stands.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 16
    secure: bool = True
    address: str = ""
    secret_key: str = ""
    api_per_minute: int = 1200


@dataclass(frozen=True)
class Jobs:
    """`[jobs]`: worker threads of one process, and how late the clock may notice what another process armed."""

    threads: int = 4
    tick: timedelta = timedelta(seconds=5)
    rescue: timedelta = timedelta(seconds=30)


@dataclass(frozen=True)
class Files:
    """`[files]`: where uploads lie and how large one may be."""

    folder: Path = Path("var/files")
    max_megabytes: int = 20


@dataclass(frozen=True)
class Mail:
    """`[mail]`: the server that takes mail for people; empty `server` sends none. `security`: starttls, tls or none."""

    server: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""


@dataclass(frozen=True)
class Backups:
    """`[backups]`: where copies of the database made from the pages lie, and how many are kept."""

    folder: Path = Path("var/backups")
    keep: int = 14


@dataclass(frozen=True)
class Config:
    """Everything that an installation can choose; `demo` seeds itself, moves the clock and makes its own secret key."""

    demo: bool = False
    processes: Path = Path("processes")
    log_level: str = "info"
    database: Database = field(default_factory=Database)
    server: Server = field(default_factory=Server)
    jobs: Jobs = field(default_factory=Jobs)
    files: Files = field(default_factory=Files)
    backups: Backups = field(default_factory=Backups)
    mail: Mail = field(default_factory=Mail)


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration of `path` (or `config.toml`, which may be missing), overridden by `LETTERFLOW_SECTION__KEY`.

    Raises InvalidInput `config.invalid` that lists every mistake, unknown keys with the nearest known one.
    """
    mistakes: list[str] = []
    written = _written(path, mistakes)
    _override(written, os.environ if environment is None else environment, mistakes)
    config: Config = _build(Config, written, "", mistakes)
    if mistakes:
        raise InvalidInput(
            "config.invalid", "the configuration cannot be used:\n" + "\n".join(mistakes), mistakes=mistakes
        )
    return config


def require_secret(config: Config) -> None:
    """Raises InvalidInput `config.secret_key` when pages would be signed with a key that anybody can guess."""
    key = config.server.secret_key
    if key.lower() in WEAK_KEYS or len(key) < SHORTEST_KEY:
        raise InvalidInput(
            "config.secret_key",
            f"server.secret_key is missing, a default or shorter than {SHORTEST_KEY} characters: put "
            'what `python -c "import secrets; print(secrets.token_urlsafe(48))"` prints there, '
            "or into LETTERFLOW_SERVER__SECRET_KEY",
        )


def _written(path: Path | None, mistakes: list[str]) -> dict[str, Any]:
    chosen = path or DEFAULT_FILE
    if not chosen.exists():
        if path is not None:
            mistakes.append(f"{path}: there is no such file")
        return {}
    try:
        return tomllib.loads(chosen.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        mistakes.append(f"{chosen}: {error}")
        return {}


def _override(written: dict[str, Any], environment: Mapping[str, str], mistakes: list[str]) -> None:
    for name, text in environment.items():
        if not name.startswith(PREFIX):
            continue
        place = name[len(PREFIX) :].lower().split("__")
        section = written
        for part in place[:-1]:
            section = section.setdefault(part, {})
            if not isinstance(section, dict):
                mistakes.append(f"{name}: {part} is no section")
                section = {}
        section[place[-1]] = _FromEnvironment(text)


class _FromEnvironment(str):
    """A text from the environment, where numbers and switches are texts too."""


def _build(kind: Any, written: Mapping[str, Any], place: str, mistakes: list[str]) -> Any:
    known = {each.name: each for each in fields(kind)}
    for name in written.keys() - known.keys():
        near = get_close_matches(name, known, 1)
        remedy = f"did you mean {place}{near[0]}?" if near else f"known here: {', '.join(known)}"
        mistakes.append(f"{place}{name}: unknown key, {remedy}")
    types_of = get_type_hints(kind)
    values = {
        name: _value(types_of[name], written[name], f"{place}{name}", mistakes) for name in known if name in written
    }
    return kind(**{name: value for name, value in values.items() if value is not MISSING})


def _value(kind: Any, value: Any, place: str, mistakes: list[str]) -> Any:
    if is_dataclass(kind):
        if isinstance(value, Mapping):
            return _build(kind, value, f"{place}.", mistakes)
        mistakes.append(f"{place}: is a section, write [{place}]")
        return MISSING
    try:
        return _READERS[kind](value)
    except (ValueError, InvalidInput):
        mistakes.append(f"{place}: {value!r} is no {_NAMES[kind]}")
        return MISSING


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, _FromEnvironment) and value.lower() in _SWITCHES:
        return _SWITCHES[value.lower()]
    raise ValueError(value)


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | _FromEnvironment) or int(value) < 0:
        raise ValueError(value)
    return int(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return str(value)


def _duration(value: Any) -> timedelta:
    """`"5 minutes"`, `"30 s"` or ISO 8601 (`"PT5M"`)."""
    number, _, unit = _text(value).strip().partition(" ")
    length = _UNITS.get(unit.strip().rstrip("s") or unit.strip())
    found = length * float(number) if length and unit else durations.parse(_text(value)).elapsed
    if found <= timedelta():
        raise ValueError(value)
    return found


_SWITCHES = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_UNITS = {
    "s": timedelta(seconds=1),
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
_READERS: dict[Any, Any] = {
    bool: _boolean,
    int: _number,
    str: _text,
    Path: lambda value: Path(_text(value)),
    timedelta: _duration,
}
_NAMES = {
    bool: "true or false",
    int: "whole number from 0 up",
    str: "text",
    Path: "path",
    timedelta: 'length of time such as "5 minutes" or "PT5M"',
}
